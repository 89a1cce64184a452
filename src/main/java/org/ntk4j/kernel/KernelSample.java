package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * What some rows of a symmetric kernel tell of all of it, wherever its values are: sums over all values are estimated from the rows, with
 * standard errors by the jackknife over rows, drawn without replacement; the trace is exact. Random vectors, as Hutchinson's estimate takes
 * them, have an error that the largest eigenvalue sets: for the Frobenius norm of a kernel that one eigenvalue rules it is as large as the
 * norm, whereas rows differ little. What is asked of eigenvalues comes from products with vectors.
 */
public final class KernelSample {

    private static final int STEPS = 40;

    private final Kernel kernel;
    private final int n;
    private final int[] rows;
    private final double[] values;
    private final double[] diagonal;

    private KernelSample(Kernel kernel, int[] rows, double[] values, double[] diagonal) {
        this.kernel = kernel;
        this.n = kernel.rows();
        this.rows = rows;
        this.values = values;
        this.diagonal = diagonal;
    }

    /**
     * Reads some rows, and the diagonal.
     *
     * @param samples how many rows, at least 2; all where there are no more
     * @param seed    draws them: kernels of as many inputs have the same rows drawn
     */
    public static KernelSample of(Kernel kernel, int samples, long seed) {
        kernel.requireSymmetric("a sample of its rows");
        if (samples < 2) {
            throw Failure.input("statistics: samples must be at least 2, not " + samples);
        }
        int n = kernel.rows();
        int[] rows = new Random(seed).ints(0, n).distinct().limit(Math.min(samples, n)).sorted().toArray();
        double[] values = new double[Math.multiplyExact(rows.length, n)];
        kernel.rows(rows, values);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw FiniteValues.notFinite(kernel.name(), rows[i / n], i % n, values[i]);
            }
        }
        return new KernelSample(kernel, rows, values, kernel.diagonal());
    }

    /** How many rows were read. */
    public int samples() {
        return rows.length;
    }

    /** The sum of the diagonal; exact. */
    public Estimate trace() {
        return new Estimate(Arrays.stream(diagonal).sum(), 0);
    }

    /** The Frobenius norm. */
    public Estimate frobenius() {
        return estimate(squares(), t -> Math.sqrt(t[0]));
    }

    /** {@code (Σλ)²/Σλ²}. */
    public Estimate participationRatio() {
        double trace = trace().value();
        return estimate(squares(), t -> t[0] > 0 ? trace * trace / t[0] : 0);
    }

    /** The alignment with labels, as {@link LabelMetrics#alignment} has it. */
    public Estimate alignment(double[][] targets) {
        if (targets.length != n) {
            throw Failure.input(targets.length + " targets for a kernel of " + n + " inputs");
        }
        int k = targets[0].length;
        double[] y = new double[n * k];
        double norm = 0;
        for (int c = 0; c < k; c++) {
            double mean = 0;
            for (double[] row : targets) {
                mean += row[c] / n;
            }
            for (int i = 0; i < n; i++) {
                y[i * k + c] = targets[i][c] - mean;
                norm += y[i * k + c] * y[i * k + c];
            }
        }
        double[] product = Blas.product(false, false, rows.length, k, n, values, y);
        double[][] sums = squares();
        for (int s = 0; s < rows.length; s++) {
            double along = 0;
            for (int c = 0; c < k; c++) {
                along += y[rows[s] * k + c] * product[s * k + c];
            }
            sums[s] = new double[] {sums[s][0], along};
        }
        double all = norm;
        return estimate(sums, t -> t[0] > 0 && all > 0 ? t[1] / Math.sqrt(t[0]) / all : 0);
    }

    /** {@code ‖this − reference‖/‖reference‖} in the Frobenius norm. */
    public Estimate relativeFrobenius(KernelSample reference) {
        return estimate(pairs(reference), t -> Math.sqrt(t[Pair.DIFFERENCE] / t[Pair.BB]));
    }

    /** 1 less the cosine of the angle between both, as {@link KernelMetrics#kernelDistance} has it. */
    public Estimate kernelDistance(KernelSample reference) {
        return estimate(pairs(reference), t -> 1 - t[Pair.AB] / Math.sqrt(t[Pair.AA] * t[Pair.BB]));
    }

    /** The cosine of the angle between both after centring, as {@link KernelMetrics#cka} has it. */
    public Estimate cka(KernelSample reference) {
        return estimate(pairs(reference), t -> centred(t[Pair.AB], t[Pair.SUMS_AB], t[Pair.A], t[Pair.B])
                / Math.sqrt(centred(t[Pair.AA], t[Pair.SUMS_AA], t[Pair.A], t[Pair.A])
                        * centred(t[Pair.BB], t[Pair.SUMS_BB], t[Pair.B], t[Pair.B])));
    }

    /** {@code ⟨HAH, HBH⟩} of symmetric kernels. */
    private double centred(double product, double sums, double a, double b) {
        return product - 2 * sums / n + a / n * (b / n);
    }

    /** The places of the sums over a row of a pair of kernels. */
    private static final class Pair {
        static final int AB = 0;
        static final int AA = 1;
        static final int BB = 2;
        static final int SUMS_AB = 3;
        static final int SUMS_AA = 4;
        static final int SUMS_BB = 5;
        static final int A = 6;
        static final int B = 7;
        static final int DIFFERENCE = 8;
        static final int COUNT = 9;

        private Pair() {
        }
    }

    private double[][] pairs(KernelSample other) {
        if (!Arrays.equals(rows, other.rows) || n != other.n) {
            throw Failure.input("samples of two kernels are compared row by row: the same rows of as many inputs are needed");
        }
        double[][] sums = new double[rows.length][Pair.COUNT];
        for (int s = 0; s < rows.length; s++) {
            double[] t = sums[s];
            for (int j = 0; j < n; j++) {
                double a = values[s * n + j];
                double b = other.values[s * n + j];
                t[Pair.AB] += a * b;
                t[Pair.AA] += a * a;
                t[Pair.BB] += b * b;
                t[Pair.A] += a;
                t[Pair.B] += b;
                t[Pair.DIFFERENCE] += (a - b) * (a - b);
            }
            t[Pair.SUMS_AB] = t[Pair.A] * t[Pair.B];
            t[Pair.SUMS_AA] = t[Pair.A] * t[Pair.A];
            t[Pair.SUMS_BB] = t[Pair.B] * t[Pair.B];
        }
        return sums;
    }

    private double[][] squares() {
        double[][] sums = new double[rows.length][1];
        for (int i = 0; i < values.length; i++) {
            sums[i / n][0] += values[i] * values[i];
        }
        return sums;
    }

    /** A function of sums over all rows, from those over some of them: {@code sums[row][which]}. */
    private Estimate estimate(double[][] sums, ToDoubleFunction<double[]> function) {
        int count = sums.length;
        double[] totals = new double[sums[0].length];
        for (double[] row : sums) {
            for (int p = 0; p < totals.length; p++) {
                totals[p] += row[p];
            }
        }
        double[] without = new double[count];
        double mean = 0;
        for (int s = 0; s < count && count > 1; s++) {
            double[] t = new double[totals.length];
            for (int p = 0; p < t.length; p++) {
                t[p] = (totals[p] - sums[s][p]) * n / (count - 1);
            }
            without[s] = function.applyAsDouble(t);
            mean += without[s] / count;
        }
        double squares = 0;
        for (double value : without) {
            squares += (value - mean) * (value - mean);
        }
        double[] all = Arrays.stream(totals).map(v -> v * n / count).toArray();
        return new Estimate(function.applyAsDouble(all),
                count == n ? 0 : Math.sqrt(squares * (count - 1) / count * (1 - (double) count / n)));
    }

    /**
     * The effective rank {@code exp(−Σ p ln p)}, {@code p = λ/Σλ}, by stochastic Lanczos quadrature (Ubaru, Chen &amp; Saad 2017): the
     * entropy is a trace, which random signs estimate.
     *
     * @param probes how many vectors of signs, at least 2; each goes through {@value #STEPS} products with the kernel
     */
    public Estimate effectiveRank(int probes, long seed, Monitor monitor) {
        try (KernelProduct product = kernel.product(monitor)) {
            return effectiveRank(product, probes, seed, monitor);
        }
    }

    /** From products with the kernel that are there already. */
    public Estimate effectiveRank(KernelProduct product, int probes, long seed, Monitor monitor) {
        if (probes < 2) {
            throw Failure.input("statistics: probes must be at least 2, not " + probes);
        }
        double trace = trace().value();
        if (!(trace > 0)) {
            return new Estimate(0, 0);
        }
        double[] entropies = new double[probes];
        try (Monitor.Task task = monitor.begin("effective rank, vectors", probes)) {
            Random random = new Random(seed);
            for (int p = 0; p < probes; p++) {
                double[] start = new double[n];
                Arrays.setAll(start, i -> (random.nextBoolean() ? 1 : -1) / Math.sqrt(n));
                entropies[p] = n * quadrature(product, start, trace);
                task.done(p + 1);
            }
        }
        double mean = Arrays.stream(entropies).average().orElse(0);
        double variance = Arrays.stream(entropies).map(e -> (e - mean) * (e - mean)).sum() / (probes - 1) / probes;
        return new Estimate(Math.exp(mean), Math.exp(mean) * Math.sqrt(variance));
    }

    /** {@code vᵀ f(K/trace) v} with {@code f(p) = −p ln p}, v of length 1. */
    private double quadrature(KernelProduct product, double[] start, double trace) {
        Lanczos lanczos = new Lanczos(start);
        boolean more = true;
        while (more && lanczos.size() < STEPS) {
            more = lanczos.advance(product.times(lanczos.next(), 1));
        }
        SymmetricEigen eigen = lanczos.eigen();
        int m = lanczos.size();
        double sum = 0;
        for (int j = 0; j < m; j++) {
            double p = eigen.values()[j] / trace;
            double first = eigen.vectors()[j * m];
            sum -= p > 0 ? first * first * p * Math.log(p) : 0;
        }
        return sum;
    }

    @Override
    public String toString() {
        return kernel.name() + ", " + n + " × " + n + ", from " + rows.length + " rows: trace " + trace() + ", Frobenius norm "
                + frobenius() + ", participation ratio " + participationRatio();
    }
}
