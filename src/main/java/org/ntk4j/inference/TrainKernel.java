package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.LongStep;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;

/** K(train, train), made exactly symmetric, with its eigendecomposition on demand: computed once, for all ridges and times. */
final class TrainKernel {

    private static final double LARGEST_ASYMMETRY = 1e-3;
    private static final double SAME_INPUT = 1e-7;
    private static final int BLOCK = 64;
    /** Bytes for each value: a copy, eigenvectors, and twice as much for LAPACK. */
    private static final long WORK_OF_EIGEN = 4L * Double.BYTES;

    private final Kernel kernel;
    private final double asymmetry;
    private final Kernel plain;
    private @Nullable SymmetricEigen eigen;

    private TrainKernel(Kernel kernel, double asymmetry) {
        this(kernel, asymmetry, kernel);
    }

    private TrainKernel(Kernel kernel, double asymmetry, Kernel plain) {
        this.kernel = kernel;
        this.asymmetry = asymmetry;
        this.plain = plain;
    }

    static TrainKernel of(Kernel k) {
        int n = k.rows();
        if (n != k.columns()) {
            throw Failure.input("K(train, train) must be square; " + k.name() + " is " + n + " × " + k.columns());
        }
        if (n == 0) {
            throw Failure.input("K(train, train) is empty: at least one training input is needed");
        }
        if (k.isSymmetric() && !k.isInHeap()) {
            return new TrainKernel(k, 0);
        }
        double[] v = k.values();
        double largest = 0;
        double difference = 0;
        for (int from = 0; from < n; from += BLOCK) {
            // By squares that fit a cache, since one of the two is read against its rows.
            for (int first = 0; first <= from; first += BLOCK) {
                for (int i = from; i < Math.min(n, from + BLOCK); i++) {
                    for (int j = first; j < Math.min(i + 1, first + BLOCK); j++) {
                        largest = Math.max(largest, Math.max(Math.abs(v[i * n + j]), Math.abs(v[j * n + i])));
                        difference = Math.max(difference, Math.abs(v[i * n + j] - v[j * n + i]));
                    }
                }
            }
        }
        if (difference == 0) {
            return new TrainKernel(k, 0);
        }
        double asymmetry = difference / largest;
        if (asymmetry > LARGEST_ASYMMETRY) {
            throw Failure.input("K(train, train) must be symmetric; " + k.name() + " differs from its transpose by " + asymmetry
                    + " of its largest value");
        }
        double[] symmetric = new double[v.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                symmetric[i * n + j] = v[i * n + j] / 2 + v[j * n + i] / 2;
            }
        }
        return new TrainKernel(Kernel.symmetric(k.name(), n, symmetric), asymmetry);
    }

    /**
     * This kernel with the variance of each example's noise on its diagonal; predictions on the training inputs are made without it.
     *
     * @throws Failure if there is not one number from 0 up for each input, or the kernel lies in a file
     */
    TrainKernel withNoise(double[] noise) {
        int n = size();
        if (noise.length != n) {
            throw Failure.input(noise.length + " variances of noise for " + n + " training inputs; one each is needed");
        }
        if (!kernel.isInHeap()) {
            throw Failure.input("the noise of single examples needs K(train, train) in the memory, and it lies in a file; use one ridge "
                    + "for all");
        }
        double[] values = plain.values().clone();
        for (int i = 0; i < n; i++) {
            if (!(noise[i] >= 0 && Double.isFinite(noise[i]))) {
                throw Failure.input("the noise of training input " + i + " is " + noise[i] + "; a variance is a number from 0 up");
            }
            values[i * n + i] += noise[i];
        }
        return new TrainKernel(Kernel.symmetric(plain.name(), n, values), asymmetry, plain);
    }

    /** Without the noise of single examples. */
    Kernel plain() {
        return plain;
    }

    int size() {
        return kernel.rows();
    }

    Kernel kernel() {
        return kernel;
    }

    /** The largest difference to the transpose, over the largest value, before it was made symmetric. */
    double asymmetry() {
        return asymmetry;
    }

    double meanDiagonal() {
        double mean = 0;
        for (double value : kernel.diagonal()) {
            mean += value / size();
        }
        return mean;
    }

    /** The eigendecomposition, made when it is first asked for. */
    synchronized SymmetricEigen eigen(Monitor monitor) {
        if (eigen == null) {
            eigen = LongStep.run(monitor, "eigendecomposition of " + kernel.name() + ", " + size() + " × " + size(),
                    SymmetricEigen.seconds(size()), () -> SymmetricEigen.of(kernel.values(), size()));
        }
        return eigen;
    }

    SymmetricEigen eigen() {
        return eigen(Monitor.silent());
    }

    synchronized boolean hasEigen() {
        return eigen != null;
    }

    /** Bytes that an eigendecomposition takes beside the kernel. */
    static long eigenBytes(int n) {
        return WORK_OF_EIGEN * n * n;
    }

    /** Whether an eigendecomposition is there, or can be made within this memory beside the kernel. */
    boolean decomposes(long memory) {
        int n = size();
        boolean small = n < SolverChoice.CHOLESKY_FROM;
        return hasEigen() || !kernel.isElsewhere() && (small || kernel.isInHeap() && eigenBytes(n) <= memory);
    }

    /**
     * The gain of each eigendirection. A direction whose eigenvalue with the ridge is below the cut-off is taken as 0, and is
     * left out once its gain would exceed 1/cut-off: there only rounding is amplified.
     */
    double[] gains(Filter filter, double ridge, double epsilon) {
        double cutoff = eigen().cutoff(epsilon);
        double[] gains = new double[size()];
        for (int j = 0; j < gains.length; j++) {
            double mu = eigen().values()[j] + ridge;
            if (mu > cutoff) {
                gains[j] = filter.gain(mu);
                if (!Double.isFinite(gains[j])) {
                    throw filter.divergence();
                }
            } else if (mu >= -cutoff) {
                double gain = filter.gain(Math.max(mu, 0));
                gains[j] = gain * cutoff <= 1 ? gain : 0;
            }
        }
        return gains;
    }

    /** Inputs that repeat an earlier one: their rows of the kernel agree, to the precision of float32. */
    List<Diagnosis.Duplicate> duplicates() {
        List<Diagnosis.Duplicate> found = new ArrayList<>();
        if (!kernel.isInHeap()) {
            // Each value would be read from far away, and there are n² of them.
            return found;
        }
        double[] diagonal = kernel.diagonal();
        for (int i = 1; i < size(); i++) {
            for (int j = 0; j < i; j++) {
                if (same(i, j, diagonal)) {
                    found.add(new Diagnosis.Duplicate(j, i));
                    break;
                }
            }
        }
        return List.copyOf(found);
    }

    private boolean same(int i, int j, double[] diagonal) {
        double a = diagonal[i];
        double b = diagonal[j];
        double tolerance = SAME_INPUT * Math.max(Math.abs(a), Math.abs(b));
        if (Math.abs(a - b) > tolerance || Math.abs(kernel.get(i, j) - a) > tolerance) {
            return false;
        }
        for (int c = 0; c < size(); c++) {
            double scale = Math.sqrt(Math.abs(a)) * Math.sqrt(Math.abs(diagonal[c]));
            if (Math.abs(kernel.get(i, c) - kernel.get(j, c)) > SAME_INPUT * scale) {
                return false;
            }
        }
        return a != 0;
    }
}
