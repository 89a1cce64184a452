package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.network.Network;
import org.ntk4j.base.Precision;

/** The kernel of all outputs with all outputs: as a matrix, by products, and by Jacobians of central differences. */
class TangentOperatorTest {

    private static final double STEP = 1e-5;
    private static final String MLP = "[{dense: {units: 5, wStd: 1.3, bStd: 0.2}}, erf, {dense: {units: 4, bStd: 0.3}}, erf, {dense: "
            + "{units: 3, bStd: 0.1}}]";
    private static final String IMAGES = "[{conv: {channels: 3, filter: [2, 2], padding: same, wStd: 1.3, bStd: 0.4}}, erf, {convLocal: "
            + "{channels: 2, filter: [2, 2], bStd: 0.2}}, erf, flatten, {dense: {units: 3}}]";
    private static final String SENTENCES = "[{selfAttention: {heads: 2, positions: sum, wPosStd: 0.7, bStd: 0.3}}, erf, globalAvgPool, "
            + "{dense: {units: 3, wStd: 0.7}}]";
    private static final String STANDARD = "[{dense: {units: 5, wStd: 1.3, bStd: 0.2, parameterization: standard}}, erf, {dense: {units: "
            + "3, bStd: 0.1}}]";

    private static FiniteNetwork network(String definition) {
        return Network.parse(definition).init(5).outputs(3).precision(Precision.FLOAT64).on(Cases.settings());
    }

    private static Inputs inputs(String definition, int seed, int count) {
        return definition.equals(IMAGES) ? Cases.inputs(seed, count, 3, 3, 2) : definition.equals(SENTENCES)
                ? Cases.inputs(seed, count, 4, 4) : Cases.inputs(seed, count, 6);
    }

    /** {@code J}, one row for each output of each input, by moving each weight by itself. */
    private static double[][] jacobian(FiniteNetwork network, Inputs x) {
        Map<String, double[]> weights = network.weights(x.shape());
        int size = weights.values().stream().mapToInt(w -> w.length).sum();
        double[][] jacobian = new double[x.count() * 3][size];
        int column = 0;
        for (Map.Entry<String, double[]> w : weights.entrySet()) {
            List<double[]> steps = new ArrayList<>();
            for (int i = 0; i < w.getValue().length; i++) {
                steps.add(moved(w.getValue(), i, STEP));
                steps.add(moved(w.getValue(), i, -STEP));
            }
            List<double[][]> outputs = Moved.outputs(network, x, w.getKey(), steps);
            for (int i = 0; i < w.getValue().length; i++) {
                double[] up = Cases.flat(outputs.get(2 * i));
                double[] down = Cases.flat(outputs.get(2 * i + 1));
                for (int r = 0; r < up.length; r++) {
                    jacobian[r][column] = (up[r] - down[r]) / (2 * STEP);
                }
                column++;
            }
        }
        return jacobian;
    }

    private static double[] moved(double[] values, int index, double by) {
        double[] other = values.clone();
        other[index] += by;
        return other;
    }

    @Test
    void should_be_the_product_of_jacobians() {
        Inputs x = inputs(MLP, 1, 3);
        Inputs other = inputs(MLP, 2, 2);
        double[][] j = jacobian(network(MLP), x);
        double[][] k = jacobian(network(MLP), other);
        Kernel full = new EmpiricalKernel(network(MLP)).full(x, Monitor.silent());
        Kernel test = new EmpiricalKernel(network(MLP)).full(other, x, Monitor.silent());
        for (int a = 0; a < 9; a++) {
            for (int b = 0; b < 9; b++) {
                assertThat(full.get(a, b)).isCloseTo(dot(j[a], j[b]), within(1e-7));
            }
            for (int b = 0; b < 6; b++) {
                assertThat(test.get(b, a)).isCloseTo(dot(k[b], j[a]), within(1e-7));
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {MLP, IMAGES, SENTENCES, STANDARD})
    void should_multiply_as_the_matrix_does(String definition) {
        Inputs x = inputs(definition, 1, 7);
        Inputs other = inputs(definition, 2, 4);
        EmpiricalKernel theta = new EmpiricalKernel(network(definition));
        Kernel full = theta.full(x, Monitor.silent());
        Kernel again = theta.full(x, Cases.pick(x, 0, 1, 2, 3, 4, 5, 6), Monitor.silent());
        assertThat(Cases.relative(full, again)).as("half of it computed, or all").isLessThan(1e-12);
        assertThat(Cases.relative(theta.tile(3).together(2).full(x, Monitor.silent()), again)).as("in tiles").isLessThan(1e-12);
        double[] v = Cases.normal(9, 21);
        try (TangentOperator operator = new TangentOperator(network(definition), x, other)) {
            assertThat(Cases.difference(operator.times(v), product(full, v))).isLessThan(1e-10 * Cases.largest(full.values()));
            assertThat(Cases.difference(operator.test(v), product(theta.full(other, x, Monitor.silent()), v)))
                    .isLessThan(1e-10 * Cases.largest(full.values()));
            double largest = SymmetricEigen.of(full.values(), 21).largest();
            assertThat(Lanczos.largest(operator, Monitor.silent())).isCloseTo(largest, within(1e-4 * largest));
        }
    }

    private static double[] product(Kernel kernel, double[] v) {
        double[] product = new double[kernel.rows()];
        for (int i = 0; i < product.length; i++) {
            product[i] = dot(kernel.row(i), v);
        }
        return product;
    }
}
