package org.ntk4j.study;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentOperator;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.NativeMatrix;
import org.ntk4j.kernel.StoredProduct;
import org.ntk4j.result.Pair;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.Residuals;
import org.ntk4j.study.option.RegressionOptions;

/**
 * Tangent kernels of all outputs with all outputs, for regressions, the linearised network and the stable rate: stored up to some thousand
 * rows, and beyond where products through the network would take longer than with a stored matrix; else by products alone.
 *
 * @param way     how
 * @param bytes   of Java's heap and native memory that one takes while it is in use
 * @param seconds about as many for what is done with one, on all threads
 * @param why     where it is the mean over outputs after all: the reason
 */
record OutputKernels(Way way, long bytes, double seconds, String why) {

    /** How a kernel is represented. */
    enum Way {
        /** As a matrix. */
        STORED,
        /** By passes through the network. */
        PRODUCTS,
        /** Only its mean over outputs. */
        MEAN
    }

    /** Up to this many rows an eigendecomposition takes a few seconds. */
    private static final int DECOMPOSED = 3000;
    /** Up to this many rows a Cholesky factorisation takes a few seconds, and no condition number is too large for it. */
    private static final int FACTORED = 12_000;
    /** How many operations of a pass take as long as one value of a stored matrix in a product; measured on two cores. */
    private static final double PER_VALUE = 100;
    /** Products that a study takes of a kernel: about eighty along training, about a hundred for the limit. */
    private static final double PRODUCTS = 200;
    private static final double MOST_SECONDS = 1200;
    /** Operations in a second on a thread, in float32. */
    private static final double RATE = 2e10;
    /** Of 200 products about so many are taken where iterations end early, at so many operations in a second on a thread. */
    private static final double USUAL_PRODUCTS = 30;
    private static final double USUAL_RATE = 6e10;
    /** Bytes of a stored matrix in a second. */
    private static final double READING = 2e10;
    /** Operations of an eigendecomposition, over the cube of its rows. */
    private static final double DECOMPOSING = 6;
    /** The share of the remaining memory that all of them may take. */
    private static final double SHARE = 0.6;

    /**
     * What suits.
     *
     * @param option   {@code auto}, {@code full} or {@code mean}
     * @param n        training inputs
     * @param m        test inputs
     * @param k        outputs
     * @param products of weights with values in a forward pass of one example
     * @param passing  bytes that passes through the network take
     * @param held     bytes of the memory that are taken
     * @param count    how many of them stand in the memory at once
     */
    static OutputKernels of(String option, long n, long m, long k, double products, long passing, Settings settings, long held,
            int count) {
        if (k == 1) {
            return mean("");
        }
        if (option.equals(RegressionOptions.MEAN)) {
            return mean("regression.outputs is mean");
        }
        long rows = n * k;
        long stored = stored(rows, m * k);
        double ofProduct = n * 2.0 * products * (5 + k);
        boolean fits = fits(rows, m * k, settings, held, count);
        if (fits && (rows <= DECOMPOSED || ofProduct > PER_VALUE * rows * rows)) {
            double cube = (double) rows * rows * rows;
            double work = (rows <= DECOMPOSED ? DECOMPOSING * cube : rows <= FACTORED ? cube / 3 : 0) / Blas.FACTORING / settings.threads();
            double reading = PRODUCTS * Double.BYTES * rows * rows / 2 / READING;
            return new OutputKernels(Way.STORED, rows <= DECOMPOSED ? stored + 4 * Double.BYTES * rows * rows : stored, work + reading, "");
        }
        double seconds = PRODUCTS * ofProduct / RATE / settings.threads();
        if (option.equals(RegressionOptions.AUTO) && seconds > MOST_SECONDS) {
            return mean(String.format(Locale.ROOT,
                    "the %d × %d kernel of all outputs does not fit into the memory and its products would take about "
                    + "%.0f min; regression.outputs: full takes them", rows, rows, seconds / 60));
        }
        // Those of a cell multiply one after the other.
        double usual = USUAL_PRODUCTS * ofProduct / USUAL_RATE / settings.threads();
        return new OutputKernels(Way.PRODUCTS, passing / Math.max(1, count), usual, "");
    }

    /** The mean over outputs alone. */
    static OutputKernels mean(String why) {
        return new OutputKernels(Way.MEAN, 0, 0, why);
    }

    /** How many of them stand in the memory at once. */
    static int count(Definition d) {
        boolean start = d.train().isPresent() || d.kernels().contains(Subject.NTK_INIT);
        return (start ? 1 : 0) + (d.kernels().contains(Subject.NTK_TRAINED) ? 1 : 0);
    }

    private static long stored(long rows, long testRows) {
        return Double.BYTES * ((rows <= FACTORED ? 3 : 2) * rows * rows + rows * testRows);
    }

    private static boolean fits(long rows, long testRows, Settings settings, long held, int count) {
        return rows * rows < Integer.MAX_VALUE - 8 && rows * testRows < Integer.MAX_VALUE - 8
                && count * stored(rows, testRows) < SHARE * (settings.memory() - held);
    }

    /** Whether regressions go through all outputs. */
    boolean full() {
        return way != Way.MEAN;
    }

    /** The kernel of a network; where it is not stored, as products. */
    OutputKernel kernel(FiniteNetwork network, Sample sample, int outputs, long held, Monitor monitor) {
        return way == Way.STORED ? new Stored(network, sample, outputs, held, monitor)
                : new Products(network, sample, outputs, held, monitor);
    }

    /**
     * Which share of the first step's change of the function on the training set the mean over outputs does not have:
     * {@code ‖(Θ − mean)y‖/‖Θy‖}.
     */
    static double shareLeftOut(OutputKernel all, Kernel mean, double[][] targets) {
        int k = all.outputs();
        double[] y = Residuals.flat(targets);
        double[] full = all.times(y);
        double[] without;
        try (NativeMatrix matrix = NativeMatrix.of(mean)) {
            without = matrix.times(y, k);
        }
        double left = 0;
        double whole = 0;
        for (int i = 0; i < full.length; i++) {
            left += (full[i] - without[i]) * (full[i] - without[i]);
            whole += full[i] * full[i];
        }
        return whole == 0 ? 0 : Math.sqrt(left / whole);
    }

    private static final class Stored implements OutputKernel {
        private final int outputs;
        private final Optional<Pair> pair;
        private final Kernel test;
        private final StoredProduct product;
        private final Kernel train;
        /** Of the kernel with the shift that was asked for last: functions of one cell share their ridge. */
        private @Nullable Cholesky factor;
        private double shift;

        Stored(FiniteNetwork network, Sample sample, int outputs, long held, Monitor monitor) {
            this.outputs = outputs;
            EmpiricalKernel theta = new EmpiricalKernel(network).beside(held);
            this.train = theta.full(sample.train().inputs(), monitor);
            this.test = theta.full(sample.test().inputs(), sample.train().inputs(), monitor);
            this.pair = train.rows() <= DECOMPOSED ? Optional.of(new Pair(train, test)) : Optional.empty();
            this.product = StoredProduct.of(train);
        }

        @Override
        public int outputs() {
            return outputs;
        }

        @Override
        public int size() {
            return product.size();
        }

        @Override
        public double[] times(double[] x) {
            return product.times(x);
        }

        @Override
        public double[] test(double[] w) {
            try (NativeMatrix matrix = NativeMatrix.of(test)) {
                return matrix.times(w, 1);
            }
        }

        @Override
        public Optional<Pair> stored() {
            return pair;
        }

        @Override
        public boolean isStored() {
            return true;
        }

        @Override
        public Optional<double[]> solved(double asked, double[] b) {
            if (train.rows() > FACTORED) {
                return Optional.empty();
            }
            if (factor == null || shift != asked) {
                release();
                factor = Cholesky.of(train.values(), train.rows(), asked).orElse(null);
                shift = asked;
            }
            return Optional.ofNullable(factor).map(f -> f.solve(b));
        }

        private void release() {
            if (factor != null) {
                factor.close();
                factor = null;
            }
        }

        @Override
        public void close() {
            release();
            product.close();
        }
    }

    private static final class Products implements OutputKernel {
        private final int outputs;
        private final TangentOperator operator;
        private final Supplier<Optional<Stored>> whole;
        private @Nullable Stored stored;

        Products(FiniteNetwork network, Sample sample, int outputs, long held, Monitor monitor) {
            this.outputs = outputs;
            long rows = (long) sample.train().count() * outputs;
            this.whole = () -> rows <= FACTORED && fits(rows, (long) sample.test().count() * outputs, network.settings(), held, 2)
                    ? Optional.of(new Stored(network, sample, outputs, held, monitor)) : Optional.empty();
            this.operator = new TangentOperator(network, sample.train().inputs(), sample.test().inputs());
        }

        @Override
        public int outputs() {
            return outputs;
        }

        @Override
        public int size() {
            return operator.size();
        }

        @Override
        public double[] times(double[] x) {
            return operator.times(x);
        }

        @Override
        public double[] test(double[] w) {
            return operator.test(w);
        }

        @Override
        public Optional<Pair> stored() {
            return Optional.empty();
        }

        @Override
        public Optional<double[]> solved(double shift, double[] b) {
            if (stored == null) {
                stored = whole.get().orElse(null);
            }
            return Optional.ofNullable(stored).flatMap(s -> s.solved(shift, b));
        }

        @Override
        public void close() {
            operator.close();
            if (stored != null) {
                stored.close();
            }
        }
    }
}
