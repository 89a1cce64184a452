package org.ntk4j.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Moved;
import org.ntk4j.network.Network;
import org.ntk4j.base.Precision;

/** The two faces of an activation at finite width: its graph gives its values, and the graph's gradient is its derivative. */
class ActivationGraphTest {

    private static final double[] GRID = {-20, -3.3, -1.7, -0.9, -0.31, -0.02, 0.015, 0.2, 0.77, 1.4, 2.6, 4.1, 20};

    static List<Activation> activations() {
        return List.of(Ntk.relu(), Ntk.leakyRelu(), Ntk.abRelu(0.5, 2), Ntk.abs(), Ntk.erf(0.7, 1.5, 0.2), Ntk.sigmoidLike(), Ntk.gelu(),
                Ntk.sin(1.3, 0.8, 0.4), Ntk.cos(0.9, 1.2, 0.3), Ntk.rbf(0.6), Ntk.exp(0.5, 0.6), Ntk.gaussian(1.5, -0.7), Ntk.sign(),
                Ntk.monomial(0), Ntk.monomial(1), Ntk.monomial(3), Ntk.monomial(6), Ntk.rectifiedMonomial(0), Ntk.rectifiedMonomial(1),
                Ntk.rectifiedMonomial(4), Ntk.polynomial(0.3), Ntk.polynomial(0.3, 0.8, -0.2, 0.1), Ntk.hermite(0), Ntk.hermite(1),
                        Ntk.hermite(5),
                Ntk.gabor(), Ntk.tanh(), Ntk.sigmoid(), Ntk.softplus(), Ntk.silu(), Ntk.elu(), Ntk.selu(), Ntk.mish(),
                Ntk.function(Math::atan, (tf, x) -> tf.math.atan(x)));
    }

    private static FiniteNetwork network(Activation phi, double weight) {
        return FiniteNetwork.of(Network.of(Ntk.dense(1), phi), new Seed(0)).precision(Precision.FLOAT64)
                .weights(Map.of("0.dense/W", new double[] {weight}));
    }

    private static Inputs grid() {
        double[][] rows = new double[GRID.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {GRID[i]};
        }
        return Ntk.inputs(rows);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void should_have_the_same_values_in_the_graph_and_in_java_and_its_derivative_as_gradient(Activation phi) {
        double h = 1e-5;
        FiniteNetwork network = network(phi, 1);
        List<double[][]> outputs = Moved.outputs(network, grid(), "0.dense/W",
                List.of(new double[] {1}, new double[] {1 + h}, new double[] {1 - h}));
        double[][] f = outputs.get(0);
        for (int i = 0; i < GRID.length; i++) {
            assertThat(f[i][0]).as("φ(%s)", GRID[i]).isCloseTo(phi.value(GRID[i]), within(1e-14 + 1e-13 * Math.abs(phi.value(GRID[i]))));
        }
        double[][] above = outputs.get(1);
        double[][] below = outputs.get(2);
        double[][] theta = network.ntk(grid()).toArray();
        for (int i = 0; i < GRID.length; i++) {
            for (int j = 0; j < GRID.length; j++) {
                double di = (above[i][0] - below[i][0]) / (2 * h);
                double dj = (above[j][0] - below[j][0]) / (2 * h);
                double size = (1 + Math.abs(phi.value(GRID[i]))) * (1 + Math.abs(phi.value(GRID[j])));
                assertThat(theta[i][j]).as("Θ(%s, %s)", GRID[i], GRID[j]).isCloseTo(di * dj, within(2e-8 * (size + Math.abs(di * dj))));
            }
        }
    }

    @Test
    void should_be_1_at_0_for_the_step() {
        assertThat(network(Ntk.rectifiedMonomial(0), 1).outputs(Ntk.inputs(new double[][] {{0}}))[0][0]).isEqualTo(1);
    }

    /** Without a twin: smooth ones, one with a kink, and straight lines far out. */
    @Test
    void should_tabulate_a_function_without_a_twin() {
        for (Activation phi : List.of(Ntk.function(Math::tanh), Ntk.function(v -> Math.max(v, 0.1 * v)), Ntk.function(Math::atan))) {
            double[][] f = network(phi, 1).outputs(grid());
            double[][] theta = network(phi, 1).ntk(grid()).toArray();
            for (int i = 0; i < GRID.length; i++) {
                double x = GRID[i];
                double slope = (phi.value(x + 1e-5) - phi.value(x - 1e-5)) / 2e-5;
                assertThat(f[i][0]).as("φ(%s)", x).isCloseTo(phi.value(x), within(1e-10));
                assertThat(theta[i][i]).as("φ'(%s)²", x).isCloseTo(x * x * slope * slope, within(1e-6 * (1 + x * x)));
            }
        }
        Activation leaky = Ntk.function(v -> Math.max(v, 0.1 * v));
        assertThat(network(leaky, 1).outputs(Ntk.inputs(new double[][] {{1000}, {-1000}, {63.999}, {-64}})))
                .satisfies(f -> {
                    assertThat(f[0][0]).isCloseTo(1000, within(1e-6));
                    assertThat(f[1][0]).isCloseTo(-100, within(1e-6));
                    assertThat(f[2][0]).isCloseTo(63.999, within(1e-9));
                    assertThat(f[3][0]).isCloseTo(-6.4, within(1e-9));
                });
        assertThatThrownBy(() -> network(Ntk.function(v -> v * v), 1).outputs(Ntk.inputs(new double[][] {{65}}))).as("beyond the table")
                .isInstanceOf(Failure.class).hasMessageContaining("the output at input 0 is not a finite number");
    }
}
