package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;

/**
 * Distances between two kernels of the same shape, square or not. A measure that is not defined, because one of them is
 * zero (or constant, where they are centred), is empty.
 */
public final class KernelMetrics {

    private KernelMetrics() {
    }

    /**
     * All of these distances, and that to A: of kernels that are not in the heap from one way through both.
     *
     * @param threads how many work at once
     * @throws org.ntk4j.base.Failure if their shapes differ, or after Ctrl-C
     */
    public static KernelPair pair(Kernel a, Kernel b, int threads, Monitor monitor) {
        requireSameShape(a, b);
        if (inHeap(a, b)) {
            return new KernelPair(relativeFrobenius(a, b), relativeFrobenius(b, a), kernelDistance(a, b), cka(a, b));
        }
        PairSums sums = PairSums.of(a, b, threads, monitor);
        return new KernelPair(sums.relativeToB(), sums.relativeToA(), sums.kernelDistance(), sums.cka());
    }

    /** {@code ‖A − B‖_F/‖B‖_F}, B the reference; empty where B is zero and A is not. */
    public static OptionalDouble relativeFrobenius(Kernel a, Kernel b) {
        requireSameShape(a, b);
        if (!inHeap(a, b)) {
            return sums(a, b).relativeToB();
        }
        double scale = Math.max(largest(a.values()), largest(b.values()));
        double[] x = scaled(a.values(), scale);
        double[] y = scaled(b.values(), scale);
        double distance = 0;
        for (int i = 0; i < x.length; i++) {
            distance += (x[i] - y[i]) * (x[i] - y[i]);
        }
        double norm = Math.sqrt(dot(y, y));
        return distance == 0 ? OptionalDouble.of(0) : norm > 0 ? OptionalDouble.of(Math.sqrt(distance) / norm) : OptionalDouble.empty();
    }

    /** {@code 1 − ⟨A, B⟩/(‖A‖ ‖B‖)}, 0 for proportional kernels (Fort et al. 2020); empty where one of them is zero. */
    public static OptionalDouble kernelDistance(Kernel a, Kernel b) {
        requireSameShape(a, b);
        if (!inHeap(a, b)) {
            return sums(a, b).kernelDistance();
        }
        double[] x = unit(a.values());
        double[] y = unit(b.values());
        if (x.length == 0 || y.length == 0) {
            return OptionalDouble.empty();
        }
        // Half of the squared distance of the unit matrices: 1 − cosine without its cancellation.
        double distance = 0;
        for (int i = 0; i < x.length; i++) {
            distance += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return OptionalDouble.of(distance / 2);
    }

    /** The cosine {@code ⟨A, B⟩/(‖A‖ ‖B‖)}; empty where one of them is zero. */
    public static OptionalDouble cosine(Kernel a, Kernel b) {
        requireSameShape(a, b);
        return inHeap(a, b) ? cosine(a.values(), b.values()) : sums(a, b).cosine();
    }

    private static PairSums sums(Kernel a, Kernel b) {
        return PairSums.of(a, b, Settings.ofProcess().threads(), Monitor.silent());
    }

    private static boolean inHeap(Kernel a, Kernel b) {
        return a.isInHeap() && b.isInHeap();
    }

    /**
     * Centred kernel alignment: the cosine of both kernels after the mean of each row and of each column has been taken
     * off (biased HSIC, Kornblith et al. 2019). A kernel of test against train inputs is centred in the same way, over its
     * rows and over its columns. Empty where a centred kernel is zero.
     */
    public static OptionalDouble cka(Kernel a, Kernel b) {
        requireSameShape(a, b);
        return inHeap(a, b) ? cosine(centred(a), centred(b)) : sums(a, b).cka();
    }

    /**
     * The largest principal angle between the spans of the m leading eigenvectors, in radians, 0 to π/2. Where eigenvalues
     * m and m + 1 are equal, the span itself is arbitrary.
     */
    public static double eigenspaceAngle(Kernel a, Kernel b, int m) {
        requireSameShape(a, b);
        a.requireSymmetric("the angle between eigenspaces");
        b.requireSymmetric("the angle between eigenspaces");
        if (m < 1 || m > a.rows()) {
            throw Failure.input("m = " + m + " leading eigenvectors: allowed are 1 to " + a.rows());
        }
        double[] p = leading(a, m);
        double[] q = leading(b, m);
        int n = a.rows();
        double[] overlap = Blas.product(false, true, m, m, n, p, q);
        double[] outside = q.clone();
        Blas.gemm(true, false, m, n, m, -1, overlap, p, 1, outside);
        double sine = Math.sqrt(Math.max(0, SymmetricEigen.valuesOf(Blas.product(false, true, m, m, n, outside, outside), m)[m - 1]));
        double cosine = Math.sqrt(Math.max(0, SymmetricEigen.valuesOf(Blas.product(true, false, m, m, m, overlap, overlap), m)[0]));
        return Math.atan2(sine, cosine);
    }

    private static double[] leading(Kernel k, int m) {
        double[] vectors = SymmetricEigen.of(k.values(), k.rows()).vectors();
        return Arrays.copyOfRange(vectors, (k.rows() - m) * k.rows(), k.rows() * k.rows());
    }

    private static OptionalDouble cosine(double[] a, double[] b) {
        double[] x = unit(a);
        double[] y = unit(b);
        return x.length == 0 || y.length == 0 ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(-1, Math.min(1, dot(x, y))));
    }

    /** Of Frobenius norm 1; empty for zero. Scaled first, so that squares neither overflow nor vanish. */
    private static double[] unit(double[] values) {
        double scale = largest(values);
        if (scale == 0) {
            return new double[0];
        }
        double[] x = scaled(values, scale);
        return scaled(x, Math.sqrt(dot(x, x)));
    }

    private static double[] centred(Kernel k) {
        int rows = k.rows();
        int columns = k.columns();
        double scale = largest(k.values());
        double[] x = scaled(k.values(), scale);
        double[] columnMean = new double[columns];
        double[] rowMean = new double[rows];
        double mean = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                rowMean[i] += x[i * columns + j] / columns;
                columnMean[j] += x[i * columns + j] / rows;
            }
            mean += rowMean[i] / rows;
        }
        double rounding = 8 * Math.ulp(1.0) * Math.max(rows, columns);
        boolean constant = true;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                x[i * columns + j] += mean - rowMean[i] - columnMean[j];
                constant &= Math.abs(x[i * columns + j]) <= rounding;
            }
        }
        // What is left of a kernel that does not vary is rounding, and its angle to anything means nothing.
        return constant ? new double[x.length] : x;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double[] scaled(double[] values, double scale) {
        double[] x = new double[values.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = scale == 0 ? 0 : values[i] / scale;
        }
        return x;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static void requireSameShape(Kernel a, Kernel b) {
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw Failure.input("two kernels of different shapes cannot be compared: " + a.name() + " is " + a.rows() + " × " + a.columns()
                    + ", " + b.name() + " is " + b.rows() + " × " + b.columns());
        }
    }
}
