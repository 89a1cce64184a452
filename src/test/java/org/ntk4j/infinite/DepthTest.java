package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.dfp.Dfp;
import org.hipparchus.dfp.DfpField;
import org.hipparchus.dfp.DfpMath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** Two hundred layers, far from criticality, inputs of any size: against the same recursion with 64 digits. */
class DepthTest {

    private static final DfpField FIELD = new DfpField(64);

    private static Dfp number(double value) {
        return FIELD.newDfp(value);
    }

    /** Inputs that are ordinary, nearly equal, opposite, equal, tiny, large and zero. */
    private static Inputs inputs(double scale) {
        double[][] rows = new double[9][4];
        for (int i = 0; i < 4; i++) {
            rows[0][i] = Cases.normal(3, 4)[i];
            rows[1][i] = Cases.normal(4, 4)[i];
            rows[2][i] = rows[0][i] + 1e-3 * rows[1][i];
            rows[3][i] = -rows[0][i];
            rows[4][i] = rows[1][i];
            rows[5][i] = 1e-8 * rows[1][i];
            rows[6][i] = 1e4 * rows[0][i] + 3e3 * rows[1][i];
            rows[8][i] = rows[0][i] + 1e-9 * rows[1][i];
        }
        for (double[] row : rows) {
            for (int i = 0; i < 4; i++) {
                row[i] *= scale;
            }
        }
        return Inputs.of(rows);
    }

    /** {@code K and Θ} of the pair, by the recursion. */
    private static Dfp[] exact(double[] x, double[] y, String activation, int depth, double wStd, double bStd) {
        Dfp w2 = number(wStd).multiply(number(wStd));
        Dfp b2 = number(bStd).multiply(number(bStd));
        Dfp[] k = {product(x, x), product(y, y), product(x, y)};
        Dfp t = FIELD.getZero();
        // Equal and opposite inputs stay so: their rounding must not grow.
        int same = Arrays.equals(x, y) ? 1 : k[2].add(k[0]).isZero() && k[0].equals(k[1]) ? -1 : 0;
        for (int layer = 0; layer <= depth; layer++) {
            if (layer > 0) {
                Dfp[] next = activation.equals("relu") ? relu(k) : erf(k);
                t = t.multiply(next[3]);
                k = next;
            }
            Dfp[] after = new Dfp[3];
            for (int i = 0; i < 3; i++) {
                after[i] = w2.multiply(k[i]).add(b2);
            }
            k = after;
            if (same != 0 && (same == 1 || bStd == 0 && activation.equals("erf"))) {
                k[2] = k[0].multiply(same);
            }
            t = k[2].add(w2.multiply(t));
        }
        return new Dfp[] {k[2], t};
    }

    private static Dfp product(double[] x, double[] y) {
        Dfp sum = FIELD.getZero();
        for (int i = 0; i < x.length; i++) {
            sum = sum.add(number(x[i]).multiply(number(y[i])));
        }
        return sum.divide(x.length);
    }

    private static Dfp[] relu(Dfp[] k) {
        Dfp square = k[0].multiply(k[1]).subtract(k[2].multiply(k[2]));
        Dfp root = square.lessThan(FIELD.getZero()) ? FIELD.getZero() : square.sqrt();
        Dfp angle = angle(root, k[2]);
        Dfp pi = FIELD.getPi();
        Dfp slope = number(0.5).subtract(angle.divide(pi.multiply(2)));
        return new Dfp[] {k[0].divide(2), k[1].divide(2), root.divide(pi.multiply(2)).add(slope.multiply(k[2])), slope};
    }

    /** atan2 of a y that is not negative. */
    private static Dfp angle(Dfp y, Dfp x) {
        if (x.isZero()) {
            return FIELD.getPi().divide(2);
        }
        Dfp angle = DfpMath.atan(y.divide(x));
        return x.lessThan(FIELD.getZero()) ? angle.add(FIELD.getPi()) : angle;
    }

    private static Dfp[] erf(Dfp[] k) {
        Dfp u = k[0].multiply(2).add(1);
        Dfp v = k[1].multiply(2).add(1);
        Dfp d = u.multiply(v).subtract(k[2].multiply(k[2]).multiply(4)).sqrt();
        Dfp pi = FIELD.getPi();
        return new Dfp[] {arc(k[0].multiply(2), k[0].multiply(4).add(1).sqrt()), arc(k[1].multiply(2), k[1].multiply(4).add(1).sqrt()),
                arc(k[2].multiply(2), d),
            FIELD.getOne().multiply(4).divide(pi).divide(d)};
    }

    private static Dfp arc(Dfp y, Dfp x) {
        return DfpMath.atan(y.divide(x)).multiply(2).divide(FIELD.getPi());
    }

    @ParameterizedTest
    @CsvSource({"relu, 200, 1.4142135623730951, 0, 1, false", "relu, 200, 3, 0.2, 1e4, false", "erf, 200, 0.5, 0.3, 1e-8, false"})
    void two_hundred_layers_should_be_right_to_ten_digits(String activation, int depth, double wStd, double bStd, double scale,
            boolean chaotic) {
        // 8: nearly equal to 0, where rounding must not grow with the layers.
        check(activation, depth, wStd, bStd, scale, chaotic, 0, 2, 6, 7, 8);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"relu, 200, 1.4142135623730951, 0.1, 1, false", "relu, 200, 0.5, 0, 1, false", "relu, 200, 0.5, 1, 1e-8, false",
            "relu, 200, 5, 0, 1e4, false",
        "erf, 200, 0.5, 0.3, 1, false", "erf, 100, 1.5, 0.1, 1, true", "erf, 50, 8, 0.3, 1, true", "erf, 70, 3, 0, 1e4, true",
                "erf, 50, 0.3, 0, 1e-8, false"})
    void deep_networks_far_from_criticality_should_be_right_to_ten_digits(String activation, int depth, double wStd, double bStd,
            double scale, boolean chaotic) {
        check(activation, depth, wStd, bStd, scale, chaotic, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /**
     * In the chaotic phase the distance of neighbours grows with χ to the power of the depth, and so does rounding: those that 16 digits
     * cannot tell apart are left out.
     */
    private static void check(String activation, int depth, double wStd, double bStd, double scale, boolean chaotic, int... rows) {
        Inputs x = Cases.pick(inputs(scale), rows);
        InfiniteKernels kernels = Network.parse(String.format(Locale.ROOT, "mlp: {depth: %d, activation: %s, wStd: %s, bStd: %s}", depth,
                activation, wStd, bStd)).infinite(x);
        double worst = 0;
        double worstNear = 0;
        for (int i = 0; i < x.count(); i++) {
            for (int j = i; j < x.count(); j++) {
                Dfp[] exact = exact(x.row(i), x.row(j), activation, depth, wStd, bStd);
                double apart = i == j ? 1 : 1 - Math.abs(rho(x.row(i), x.row(j), wStd, bStd));
                boolean near = apart < 1e-8;
                if (chaotic && apart < 1e-6 && !Arrays.equals(x.row(i), x.row(j))) {
                    continue;
                }
                for (int which = 0; which < 2; which++) {
                    Kernel kernel = which == 0 ? kernels.nngp() : kernels.ntk();
                    double error = number(kernel.get(i, j)).subtract(exact[which]).abs().divide(number(Cases.largest(kernel.values())))
                            .toDouble();
                    worst = near ? worst : Math.max(worst, error);
                    worstNear = near ? Math.max(worstNear, error) : worstNear;
                    assertThat(error).as("%s, inputs %d and %d", kernel.name(), rows[i], rows[j]).isLessThan(near ? 1e-7 : 1e-10);
                }
            }
        }
        System.out.printf("%s depth %d wStd %s bStd %s scale %s: %.1e, where rho is near 1: %.1e%n", activation, depth, wStd, bStd, scale,
                worst, worstNear);
    }

    /** The correlation after the first layer. */
    private static double rho(double[] x, double[] y, double wStd, double bStd) {
        Dfp w2 = number(wStd).multiply(number(wStd));
        Dfp b2 = number(bStd).multiply(number(bStd));
        Dfp root = w2.multiply(product(x, x)).add(b2).multiply(w2.multiply(product(y, y)).add(b2)).sqrt();
        return root.isZero() ? 0 : w2.multiply(product(x, y)).add(b2).divide(root).toDouble();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mlp: {depth: 200, wStd: 40} | leaves the range of float64",
        "mlp: {depth: 200, wStd: 0.02} | less than float64 holds; use a larger wStd",
        "mlp: {depth: 3, wStd: 1.0e-100} | less than float64 holds",
        "cnn: {depth: 150, wStd: 60, readout: gap} | leaves the range of float64",
        "cnn: {depth: 150, wStd: 0.01, readout: gap} | less than float64 holds",
        "cnn: {depth: 150, wStd: 60} | leaves the range of float64",
        "[{repeat: {times: 200, layers: [{dense: {units: 4, wStd: 0.01}}, relu]}}, {dense: {units: 1}}] | less than float64 holds"})
    void where_float64_is_left_should_be_an_error_that_names_the_layer_and_the_variance(String network, String message) {
        Inputs x = Cases.inputs(1, 3, 4, 4, 2);
        assertThatThrownBy(() -> Network.parse(network.startsWith("[") ? network.replace("[{r", "[flatten, {r") : network).ntk(x))
                .isInstanceOf(Failure.class)
                .hasMessageMatching("(?s)network\\.\\d+\\..*: a .*variance .*").hasMessageContaining(message);
    }

    @Test
    void a_tangent_kernel_that_alone_leaves_float64_should_name_the_layer() {
        Inputs x = Cases.times(Cases.inputs(1, 3, 4), 2e153);
        String network = "mlp: {depth: 30, wStd: 1.4142135623730951}";
        assertThatCode(() -> Network.parse("mlp: {depth: 0, wStd: 1.4142135623730951}").ntk(x)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Network.parse(network).ntk(x)).isInstanceOf(Failure.class)
                .hasMessageMatching("network\\.\\d+\\.dense: a tangent kernel of Infinity .*variance there is up to .*");
        Inputs images = Cases.times(Cases.inputs(1, 2, 3, 3, 1), 2e153);
        assertThatThrownBy(() -> Network.parse("cnn: {depth: 40, wStd: 1.5, readout: gap, padding: circular}").ntk(images))
                .isInstanceOf(Failure.class).hasMessageMatching("network\\.\\d+\\..*");
    }

    @Test
    void inputs_whose_squares_vanish_should_be_an_error() {
        assertThatThrownBy(() -> Network.mlp().ntk(Cases.times(Cases.inputs(1, 3, 4), 1e-170))).isInstanceOf(Failure.class)
                .hasMessageContaining("input 0").hasMessageContaining("scale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp: {depth: 50}", "mlp: {depth: 100, activation: erf, wStd: 0.7}", "cnn: {depth: 30, wStd: 1, readout: gap}",
            "[flatten, {repeat: {times: 40, layers: [{dense: {units: 2}}, relu]}}, {dense: {units: 1}}]"})
    void deep_networks_of_small_weights_should_be_noted_as_ordered(String network) {
        Kernel k = Network.parse(network).ntk(Cases.inputs(1, 3, 4, 4, 1));
        assertThat(k.notes()).anyMatch(n -> n.startsWith("ordered phase"));
        assertThat(k.toString()).contains("ordered phase", "χ");
    }

    @Test
    void deep_networks_of_large_weights_should_be_noted_as_chaotic_and_critical_ones_not_at_all() {
        Inputs x = Cases.inputs(1, 3, 4);
        assertThat(Network.parse("mlp: {depth: 30, activation: erf, wStd: 4}").nngp(x).notes())
                .anyMatch(n -> n.startsWith("chaotic phase"));
        for (String quiet : new String[] {"mlp: {depth: 200, wStd: 1.4142135623730951}", "mlp: {depth: 3}",
                "mlp: {depth: 2, activation: erf, wStd: 3}", "mlp: {depth: 0}"}) {
            assertThat(Network.parse(quiet).ntk(x).notes()).as(quiet).isEmpty();
        }
    }
}
