package org.ntk4j.solver;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.NativeMatrix;

/**
 * A partial pivoted Cholesky factorisation {@code K ≈ FᵀF} with m of the n columns of K: the Nyström approximation on the pivots. They are
 * drawn in blocks, each with a probability that is its share of what is left of the diagonal (Chen, Epperly, Tropp &amp; Webber 2022);
 * seeded, so the same each time.
 *
 * @param rank   m; fewer than asked for where nothing is left of the diagonal
 * @param size   n
 * @param factor F, {@code m × n} by rows: {@code L⁻¹K(S, ·)} with {@code K(S, S) = LLᵀ}
 * @param pivots S, in the order of the rows
 * @param left   {@code tr(K − FᵀF)/tr K}, the relative error of the approximation in the nuclear norm
 */
public record PivotedCholesky(int rank, int size, double[] factor, int[] pivots, double left) {

    private static final int BLOCK = 64;
    /** A share of the diagonal: where less than this is left, the rest is rounding. */
    private static final double EXHAUSTED = 1e-14;
    private static final double JITTER = 1e-15;

    /**
     * Factors.
     *
     * @param diagonal of the kernel
     * @throws Failure after Ctrl-C
     */
    public static PivotedCholesky of(Kernel kernel, double[] diagonal, int rank, Monitor monitor) {
        int n = kernel.rows();
        int most = Math.min(rank, n);
        if ((long) most * n > Integer.MAX_VALUE - 8) {
            throw Failure.input("rank " + most + ": a factor of " + most + " × " + n + " has more values than an array holds; at most "
                    + (Integer.MAX_VALUE - 8) / n);
        }
        double[] factor = new double[most * n];
        int[] pivots = new int[most];
        double[] left = diagonal.clone();
        double all = Arrays.stream(diagonal).sum();
        double largest = Arrays.stream(diagonal).max().orElse(0);
        Random random = new Random(0);
        int m = 0;
        try (NativeMatrix rows = NativeMatrix.empty(most, n);
                Monitor.Task task = monitor.begin("pivoted Cholesky factorisation, columns of " + n + " × " + n, most)) {
            while (m < most) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped during a pivoted Cholesky factorisation");
                }
                int[] drawn = draw(left, Math.min(BLOCK, most - m), EXHAUSTED * largest, random);
                if (drawn.length == 0) {
                    break;
                }
                int taken = extend(kernel, factor, rows, m, drawn, pivots, left, largest);
                if (taken == 0) {
                    break;
                }
                rows.put(m, taken, factor, m * n);
                m += taken;
                task.done(m);
            }
        }
        double rest = Arrays.stream(left).map(v -> Math.max(v, 0)).sum();
        return new PivotedCholesky(m, n, m == most ? factor : Arrays.copyOf(factor, m * n), Arrays.copyOf(pivots, m),
                all > 0 ? rest / all : 0);
    }

    /** Distinct indices, each with the probability of its share; those with nothing left are not drawn. */
    private static int[] draw(double[] left, int count, double least, Random random) {
        double[] sums = new double[left.length];
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] > least ? left[i] : 0;
            sums[i] = sum;
        }
        if (sum == 0) {
            return new int[0];
        }
        double total = sum;
        return IntStream.generate(() -> place(sums, random.nextDouble() * total)).limit(count).distinct().toArray();
    }

    /** The first index whose sum is above a value. */
    private static int place(double[] sums, double value) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Rows for a block of pivots; those that depend on the ones before are left out. Returns how many were added. */
    private static int extend(Kernel kernel, double[] factor, NativeMatrix rows, int m, int[] drawn, int[] pivots, double[] left,
            double largest) {
        int n = kernel.rows();
        int t = drawn.length;
        double[] g = new double[t * n];
        kernel.rows(drawn, g);
        for (int i = 0; i < g.length; i++) {
            if (!Double.isFinite(g[i])) {
                int row = drawn[i / n];
                throw Failure.run(kernel.name() + ": the value at row " + Math.min(i % n, row) + ", column " + Math.max(i % n, row)
                        + " is " + g[i]);
            }
        }
        double[] before = new double[t * m];
        for (int i = 0; i < t; i++) {
            for (int l = 0; l < m; l++) {
                before[i * m + l] = factor[l * n + drawn[i]];
            }
        }
        rows.subtract(g, before, t, m);
        // Within the block row by row: each takes off what those before it hold, the largest pivot that is left first.
        boolean[] done = new boolean[t];
        int taken = 0;
        for (int step = 0; step < t; step++) {
            int best = -1;
            for (int i = 0; i < t; i++) {
                best = !done[i] && (best < 0 || g[i * n + drawn[i]] > g[best * n + drawn[best]]) ? i : best;
            }
            double pivot = g[best * n + drawn[best]];
            done[best] = true;
            if (!(pivot > EXHAUSTED * largest)) {
                break;
            }
            double root = Math.sqrt(pivot);
            int at = (m + taken) * n;
            for (int j = 0; j < n; j++) {
                factor[at + j] = g[best * n + j] / root;
                left[j] -= factor[at + j] * factor[at + j];
            }
            left[drawn[best]] = 0;
            pivots[m + taken] = drawn[best];
            for (int i = 0; i < t; i++) {
                double share = factor[at + drawn[i]];
                for (int j = 0; !done[i] && j < n; j++) {
                    g[i * n + j] -= share * factor[at + j];
                }
            }
            taken++;
        }
        return taken;
    }

    /**
     * Weights on the pivots alone that minimise {@code ‖FᵀF w − b‖² + r wᵀFᵀF w}: {@code α = L⁻ᵀ(FFᵀ + r)⁻¹F b}.
     *
     * @param b {@code n × k} by rows
     * @return {@code n × k} by rows, 0 except on the pivots
     */
    public double[] weights(double[] b, int k, double ridge) {
        double[] beta;
        try (Cholesky square = square(ridge)) {
            beta = square.solve(Blas.product(false, false, rank, k, size, factor, b), k);
        }
        double[] weights = new double[Math.multiplyExact(size, k)];
        // F(·, S) = Lᵀ is upper triangular.
        for (int i = rank - 1; i >= 0; i--) {
            for (int c = 0; c < k; c++) {
                double sum = beta[i * k + c];
                for (int j = i + 1; j < rank; j++) {
                    sum -= factor[i * size + pivots[j]] * weights[pivots[j] * k + c];
                }
                weights[pivots[i] * k + c] = sum / factor[i * size + pivots[i]];
            }
        }
        return weights;
    }

    /** Diagonal of {@code Fᵀ(FFᵀ + r)⁻¹F}: what each input has to say in its own prediction. */
    public double[] leverages(double ridge) {
        try (Cholesky square = square(ridge)) {
            double[] solved = square.solve(factor, size);
            double[] leverages = new double[size];
            for (int i = 0; i < factor.length; i++) {
                leverages[i % size] += factor[i] * solved[i];
            }
            return leverages;
        }
    }

    /** {@code FᵀF w}, n × k. */
    public double[] times(double[] w, int k) {
        return Blas.product(true, false, size, k, rank, factor, Blas.product(false, false, rank, k, size, factor, w));
    }

    /** Of {@code FFᵀ + r}. */
    private Cholesky square(double ridge) {
        double[] square = Blas.product(false, true, rank, rank, size, factor, factor);
        double trace = 0;
        for (int i = 0; i < rank; i++) {
            trace += square[i * rank + i];
        }
        Optional<Cholesky> found = Cholesky.of(square, rank, ridge);
        for (double jitter = JITTER * trace; found.isEmpty(); jitter *= 10) {
            found = Cholesky.of(square, rank, ridge + jitter);
        }
        return found.get();
    }
}
