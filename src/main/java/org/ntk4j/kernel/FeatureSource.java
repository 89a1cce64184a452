package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * Inner products of features. A product with vectors goes through the features, so its time is that of reading them.
 *
 * @param left      the features of the rows
 * @param right     of the columns; the same object where the kernel is one of inputs with themselves
 * @param inPlaceOf the kernel that it comes near to, if that is known
 */
record FeatureSource(KernelFeatures left, KernelFeatures right, Optional<Kernel> inPlaceOf) implements KernelSource {

    private static final int SIDE = 1024;
    /** Rows of the exact kernel that the error is measured on. */
    private static final int SEEN = 256;

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        double[] rows = features(left, fromRow, toRow);
        double[] columns = features(right, fromColumn, toColumn);
        Blas.gemm(false, true, toRow - fromRow, toColumn - fromColumn, left.count(), 1, rows, columns, 0, target);
    }

    private static double[] features(KernelFeatures of, int from, int to) {
        double[] some = new double[Math.multiplyExact(to - from, of.count())];
        of.read(from, to, some);
        return some;
    }

    @Override
    public void tiles(TileVisitor visitor, Monitor monitor) {
        for (int i = 0; i < left.rows(); i += SIDE) {
            int i1 = Math.min(left.rows(), i + SIDE);
            for (int j = left == right ? i : 0; j < right.rows(); j += SIDE) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while multiplying features");
                }
                int j1 = Math.min(right.rows(), j + SIDE);
                double[] tile = new double[(i1 - i) * (j1 - j)];
                read(i, i1, j, j1, tile);
                visitor.visit(0, i, j, i1 - i, j1 - j, tile);
            }
        }
    }

    @Override
    public Optional<double[]> diagonal() {
        double[] diagonal = new double[left.rows()];
        int m = left.count();
        for (int from = 0; from < diagonal.length; from += SIDE) {
            int to = Math.min(diagonal.length, from + SIDE);
            double[] some = features(left, from, to);
            for (int i = 0; i < some.length; i++) {
                diagonal[from + i / m] += some[i] * some[i];
            }
        }
        return Optional.of(diagonal);
    }

    @Override
    public Optional<KernelProduct> product(Monitor monitor) {
        return Optional.of(new Product(monitor));
    }

    /** {@code ‖ΨΨᵀ − K‖/‖K‖} in the Frobenius norm, on some rows of K. */
    Optional<Double> error() {
        return inPlaceOf.map(exact -> {
            int n = left.rows();
            int[] some = new Random(0).ints(0, n).distinct().limit(Math.min(SEEN, n)).sorted().toArray();
            double difference = 0;
            double norm = 0;
            double[] truth = new double[some.length * n];
            exact.rows(some, truth);
            double[] rows = new double[some.length * left.count()];
            for (int s = 0; s < some.length; s++) {
                System.arraycopy(features(left, some[s], some[s] + 1), 0, rows, s * left.count(), left.count());
            }
            for (int from = 0; from < n; from += SIDE) {
                int to = Math.min(n, from + SIDE);
                double[] near = Blas.product(false, true, some.length, to - from, left.count(), rows, features(left, from, to));
                for (int s = 0; s < some.length; s++) {
                    for (int j = from; j < to; j++) {
                        double value = truth[s * n + j];
                        double error = near[s * (to - from) + j - from] - value;
                        difference += error * error;
                        norm += value * value;
                    }
                }
            }
            return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
        });
    }

    /** {@code L(RᵀB)}. */
    private final class Product implements KernelProduct {

        private final Monitor monitor;

        Product(Monitor monitor) {
            this.monitor = monitor;
        }

        @Override
        public int rows() {
            return left.rows();
        }

        @Override
        public int columns() {
            return right.rows();
        }

        @Override
        public double[] times(double[] b, int k) {
            int m = right.count();
            double[] inside = new double[m * k];
            for (int from = 0; from < columns(); from += SIDE) {
                int to = Math.min(columns(), from + SIDE);
                Blas.gemm(true, false, m, k, to - from, 1, features(right, from, to), Arrays.copyOfRange(b, from * k, to * k), 1, inside);
                stopIfCancelled();
            }
            double[] product = new double[Math.multiplyExact(rows(), k)];
            for (int from = 0; from < rows(); from += SIDE) {
                int to = Math.min(rows(), from + SIDE);
                double[] some = Blas.product(false, false, to - from, k, m, features(left, from, to), inside);
                System.arraycopy(some, 0, product, from * k, some.length);
                stopIfCancelled();
            }
            return product;
        }

        private void stopIfCancelled() {
            if (monitor.cancelled()) {
                throw Failure.cancelled("stopped during a product with features");
            }
        }

        @Override
        public void close() {
        }
    }
}
