package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.kernel.StoredProduct;
import org.ntk4j.kernel.SymmetricEigen;

/** The limit of a regression through all outputs, in each way in which its kernel may be there. */
class FullRegressionTest {

    private static final int INPUTS = 24;
    private static final int OUTPUTS = 3;
    private static final int ROWS = INPUTS * OUTPUTS;
    private static final double RIDGE = 1e-6;

    private final Random random = new Random(5);
    private final double[] train = narrow();
    private final double[][] targets = random(INPUTS, OUTPUTS);
    private final double[][] zero = new double[INPUTS][OUTPUTS];

    /** As of a CNN with global pooling: nearly all in one direction, and other outputs' gradients in the small ones. */
    private double[] narrow() {
        double[] factor = new double[ROWS * ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < ROWS; j++) {
                factor[i * ROWS + j] = (j < OUTPUTS ? i % OUTPUTS == j ? 30 : 0 : Math.pow(10, -2.0 * j / ROWS)) * (j < OUTPUTS
                        ? 1 + 0.1 * random.nextGaussian() : random.nextGaussian());
            }
        }
        double[] product = new double[ROWS * ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int l = 0; l < ROWS; l++) {
                    sum += factor[i * ROWS + l] * factor[j * ROWS + l];
                }
                product[i * ROWS + j] = sum;
                product[j * ROWS + i] = sum;
            }
        }
        return product;
    }

    private double[][] random(int rows, int columns) {
        double[][] all = new double[rows][columns];
        for (double[] row : all) {
            for (int c = 0; c < columns; c++) {
                row[c] = random.nextGaussian();
            }
        }
        return all;
    }

    private SymmetricEigen mean() {
        double[] mean = new double[INPUTS * INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            for (int j = 0; j < INPUTS; j++) {
                for (int c = 0; c < OUTPUTS; c++) {
                    mean[i * INPUTS + j] += train[(i * OUTPUTS + c) * ROWS + j * OUTPUTS + c] / OUTPUTS;
                }
            }
        }
        return SymmetricEigen.of(mean, INPUTS);
    }

    private double[][] limit(OutputKernel kernel, List<String> notes) {
        try (kernel) {
            return new FullRegression(kernel, mean(), RIDGE, 1e-16, Monitor.silent(), notes::add)
                    .at(zero, zero, targets, List.of(Moment.infinity())).get(0).train();
        }
    }

    @Test
    void a_stored_kernel_should_reach_the_limit_whatever_its_condition_number() {
        double[][] expected = limit(new Held(true, false), new ArrayList<>());
        assertThat(rmse(expected, targets)).as("the decomposition takes nearly all of the targets").isLessThan(0.3);
        List<String> notes = new ArrayList<>();
        assertThat(rmse(limit(new Held(false, true), notes), expected)).isLessThan(1e-6);
        assertThat(notes).isEmpty();
    }

    @Test
    void where_products_do_not_reach_the_limit_a_factorisation_should() {
        double[][] expected = limit(new Held(true, false), new ArrayList<>());
        List<String> notes = new ArrayList<>();
        Held late = new Held(false, true, false);
        assertThat(rmse(limit(late, notes), expected)).isLessThan(1e-3);
        assertThat(notes).isEmpty();
    }

    @Test
    void products_that_do_not_reach_the_limit_should_be_told() {
        List<String> notes = new ArrayList<>();
        double[][] expected = limit(new Held(true, false), new ArrayList<>());
        double[][] found = limit(new Held(false, false), notes);
        assertThat(notes.isEmpty()).isEqualTo(rmse(found, expected) < 1e-3);
    }

    private static double rmse(double[][] a, double[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                sum += (a[i][c] - b[i][c]) * (a[i][c] - b[i][c]);
            }
        }
        return Math.sqrt(sum / a.length / a[0].length);
    }

    /** The kernel, with itself as that of the test inputs. */
    private final class Held implements OutputKernel {
        private final Kernel kernel = Kernel.symmetric("Θ", ROWS, train);
        private final StoredProduct product = StoredProduct.of(kernel);
        private final boolean decomposed;
        private final boolean factored;
        private final boolean atOnce;

        Held(boolean decomposed, boolean factored) {
            this(decomposed, factored, factored);
        }

        Held(boolean decomposed, boolean factored, boolean atOnce) {
            this.decomposed = decomposed;
            this.factored = factored;
            this.atOnce = atOnce;
        }

        @Override
        public boolean isStored() {
            return atOnce;
        }

        @Override
        public int outputs() {
            return OUTPUTS;
        }

        @Override
        public int size() {
            return ROWS;
        }

        @Override
        public double[] times(double[] x) {
            return product.times(x);
        }

        @Override
        public double[] test(double[] w) {
            return times(w);
        }

        @Override
        public Optional<Pair> stored() {
            return decomposed ? Optional.of(new Pair(kernel, kernel)) : Optional.empty();
        }

        @Override
        public Optional<double[]> solved(double shift, double[] b) {
            if (!factored) {
                return Optional.empty();
            }
            try (Cholesky factor = Cholesky.of(train, ROWS, shift).orElseThrow()) {
                return Optional.of(factor.solve(b));
            }
        }

        @Override
        public void close() {
            product.close();
        }
    }
}
