package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** Derivatives of what data say for a kernel, against definitions and differences; what tuning finds. */
class TuningTest {

    private static final Network NET = Network.parse("[{dense: {units: 3, wStd: 1.3, bStd: 0.2}}, erf, {residual: {layers: [{dense: "
            + "{units: 3, wStd: 0.8}}, relu, {dense: {units: 3, bStd: 0.4}}]}}, {dense: {units: 1, wStd: 1.1}}]");

    private static double[][] targets(int n, int k) {
        Random random = new Random(4);
        double[][] y = new double[n][k];
        for (double[] row : y) {
            for (int c = 0; c < k; c++) {
                row[c] = random.nextGaussian();
            }
        }
        return y;
    }

    /** The objective by its definition, with a plain elimination: no factor, no identity. */
    private static double plain(String objective, Kernel kernel, double ridge, double[][] y) {
        int n = y.length;
        int k = y[0].length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = kernel.get(i, j) + (i == j ? ridge : 0);
            }
            a[i][n + i] = 1;
        }
        double logDeterminant = 0;
        for (int p = 0; p < n; p++) {
            logDeterminant += Math.log(a[p][p]);
            double pivot = a[p][p];
            for (int j = 0; j < 2 * n; j++) {
                a[p][j] /= pivot;
            }
            for (int i = 0; i < n; i++) {
                double factor = i == p ? 0 : a[i][p];
                for (int j = 0; j < 2 * n; j++) {
                    a[i][j] -= factor * a[p][j];
                }
            }
        }
        double fit = 0;
        double error = 0;
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                double w = 0;
                for (int j = 0; j < n; j++) {
                    w += a[i][n + j] * y[j][c];
                }
                fit += w * y[i][c];
                error += w * w / (a[i][n + i] * a[i][n + i]) / n / k;
            }
        }
        return objective.equals("leaveOneOut") ? error : -(fit + k * logDeterminant + n * k * Math.log(2 * Math.PI)) / 2;
    }

    @ParameterizedTest
    @CsvSource({"marginalLikelihood, true", "marginalLikelihood, false", "leaveOneOut, true", "leaveOneOut, false"})
    void derivatives_should_be_those_of_the_definition(String objective, boolean tangent) {
        Inputs x = Cases.inputs(1, 14, 5);
        double[][] y = targets(14, 2);
        Kernel kernel = tangent ? NET.ntk(x) : NET.nngp(x);
        Tuned<Network> here = Regression.of(kernel).ridge(Ridge.absolute(0.3)).fit(y).derivatives(NET, x, objective);
        assertThat(here.value()).isCloseTo(plain(objective, kernel, 0.3, y), within(1e-11));
        assertThat(here.derivatives().keySet()).containsExactlyInAnyOrder("0.dense/wStd", "0.dense/bStd", "2.residual.layers.0.dense/wStd",
                "2.residual.layers.2.dense/wStd", "2.residual.layers.2.dense/bStd", "3.dense/wStd", "ridge");
        double h = 1e-5;
        double byRidge = (plain(objective, kernel, 0.3 + h, y) - plain(objective, kernel, 0.3 - h, y)) / (2 * h);
        assertThat(here.derivatives().get("ridge").value()).isCloseTo(byRidge, within(1e-7 * Math.abs(byRidge)));
        assertThat(here.derivatives().get("ridge").error()).isZero();
        Map<String, Double> scales = NET.scales(x.shape(), 2);
        scales.forEach((name, value) -> {
            double[] at = new double[2];
            for (int side = 0; side < 2; side++) {
                Map<String, Double> moved = new LinkedHashMap<>(scales);
                moved.put(name, value + (side == 0 ? h : -h));
                Network other = NET.scaled(moved, x.shape(), 2);
                at[side] = plain(objective, tangent ? other.ntk(x) : other.nngp(x), 0.3, y);
            }
            Derivative d = here.derivatives().get(name);
            double central = (at[0] - at[1]) / (2 * h);
            assertThat(d.value()).as(name).isCloseTo(central, within(1e-6 * Math.abs(central) + 1e-8));
            assertThat(d.error()).as(name).isBetween(0.0, 1e-7 * Math.abs(central) + 1e-9);
        });
    }

    /** Targets drawn from a Gaussian process are told from which: the scales come back, within what so many examples say. */
    @Test
    void tuning_should_find_the_process_that_the_targets_come_from() {
        Network truth = Ntk.mlp().depth(1).activation(Ntk.erf()).wStd(2.2).bStd(0.3);
        Inputs x = Cases.inputs(3, 45, 2);
        double[][] y = drawn(truth.nngp(x), 0.01, 6);
        Network start = Ntk.mlp().depth(1).activation(Ntk.erf()).wStd(1).bStd(1);
        Fit fit = Regression.of(start.nngp(x)).ridge(Ridge.absolute(0.1)).fit(y);
        Tuned<Network> tuned = fit.tune(start, x);
        double atTruth = Regression.of(truth.nngp(x)).ridge(Ridge.absolute(0.01)).fit(y).derivatives(truth, x, "marginalLikelihood")
                .value();
        assertThat(tuned.value()).as("at least as likely as the truth").isGreaterThan(atTruth - 0.5).isGreaterThan(tuned.before() + 50);
        assertThat(tuned.ridge()).isBetween(0.006, 0.016);
        tuned.derivatives().forEach((name, d) -> assertThat(d.value() * (name.equals("ridge") ? tuned.ridge() : tuned.scales().get(name)))
                .as("in the logarithm of " + name).isBetween(-2.0, 2.0));
        assertThat(tuned.fit().ridge()).isCloseTo(tuned.ridge(), within(1e-12));
        assertThat(tuned.predict(x)).hasDimensions(45, 6);
        assertThat(tuned.toString()).startsWith("marginalLikelihood").contains("before", "0.dense/wStd", "ridge");
    }

    @Test
    @Tag("slow")
    void the_leave_one_out_error_should_fall() {
        Inputs x = Cases.inputs(5, 40, 3);
        double[][] y = new double[40][1];
        for (int i = 0; i < 40; i++) {
            y[i][0] = Math.sin(2 * x.values()[3 * i]) + x.values()[3 * i + 1];
        }
        Network start = Ntk.mlp().depth(1).activation(Ntk.relu()).wStd(0.5).bStd(0.1);
        Fit fit = Regression.of(start.ntk(x)).ridge(0.1).fit(y);
        Tuned<Network> tuned = fit.tune(start, x, "leaveOneOut");
        assertThat(tuned.before()).isCloseTo(fit.looError(), within(1e-10));
        assertThat(tuned.value()).isLessThan(0.8 * tuned.before());
        assertThat(tuned.fit().looError()).isCloseTo(tuned.value(), within(1e-8));
    }

    private static double[][] drawn(Kernel kernel, double noise, int k) {
        int n = kernel.rows();
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = kernel.get(i, j) + (i == j ? noise : 0);
                for (int m = 0; m < j; m++) {
                    sum -= l[i][m] * l[j][m];
                }
                l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
            }
        }
        Random random = new Random(8);
        double[][] y = new double[n][k];
        for (int c = 0; c < k; c++) {
            double[] z = random.doubles(n).map(u -> random.nextGaussian()).toArray();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    y[i][c] += l[i][j] * z[j];
                }
            }
        }
        return y;
    }

    @Test
    void should_refuse_what_does_not_go_together() {
        Inputs x = Cases.inputs(1, 4, 5);
        Fit fit = Regression.of(NET.ntk(x)).ridge(0.1).fit(targets(4, 1));
        assertThatThrownBy(() -> fit.tune(NET, x, "likelihood")).isInstanceOf(Failure.class)
                .hasMessageContaining("allowed: marginalLikelihood, leaveOneOut");
        assertThatThrownBy(() -> fit.tune(NET, x.slice(0, 2))).isInstanceOf(Failure.class).hasMessageContaining("2 inputs");
    }
}
