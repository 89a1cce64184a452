package org.ntk4j.solver;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.NativeMatrix;

/**
 * A partial pivoted Cholesky factorisation {@code K ≈ FᵀF} with m of the n columns of K: the Nyström approximation on the pivots. They are
 * drawn in blocks, each with a probability that is its share of what is left of the diagonal (Chen, Epperly, Tropp &amp; Webber 2022);
 * seeded, so the same each time. F lies in native memory, and nowhere else. Close it when done.
 *
 * @param factor F, {@code m × n}: {@code L⁻¹K(S, ·)} with {@code K(S, S) = LLᵀ}; fewer rows than asked for where nothing is left of the
 *               diagonal
 * @param pivots S, in the order of the rows
 * @param left   {@code tr(K − FᵀF)/tr K}, the relative error of the approximation in the nuclear norm
 */
public record PivotedCholesky(NativeMatrix factor, int[] pivots, double left) implements AutoCloseable {

    private static final int BLOCK = 64;
    /** A share of the diagonal: where less than this is left, the rest is rounding. */
    private static final double EXHAUSTED = 1e-14;
    private static final double JITTER = 1e-15;
    /** Columns of F that leverages take at once, three times over. */
    public static final int COLUMNS = 4096;

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
        int[] pivots = new int[most];
        double[] left = diagonal.clone();
        double all = Arrays.stream(diagonal).sum();
        double largest = Arrays.stream(diagonal).max().orElse(0);
        Random random = new Random(0);
        int m = 0;
        double[] block = new double[Math.min(BLOCK, most) * n];
        NativeMatrix rows = NativeMatrix.empty(most, n);
        try (Monitor.Task task = monitor.begin("pivoted Cholesky factorisation, columns of " + n + " × " + n, most)) {
            while (m < most) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped during a pivoted Cholesky factorisation");
                }
                int[] drawn = draw(left, Math.min(BLOCK, most - m), EXHAUSTED * largest, random);
                if (drawn.length == 0) {
                    break;
                }
                int taken = extend(kernel, rows, m, drawn, block, pivots, left, largest);
                if (taken == 0) {
                    break;
                }
                m += taken;
                task.done(m);
            }
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
        double rest = Arrays.stream(left).map(v -> Math.max(v, 0)).sum();
        return new PivotedCholesky(rows.first(m), Arrays.copyOf(pivots, m), all > 0 ? rest / all : 0);
    }

    /** m. */
    public int rank() {
        return factor.rows();
    }

    /** n. */
    public int size() {
        return factor.columns();
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

    /** Rows for a block of pivots, in g; those that depend on the ones before are left out. Returns how many were added. */
    private static int extend(Kernel kernel, NativeMatrix rows, int m, int[] drawn, double[] g, int[] pivots, double[] left,
            double largest) {
        int n = kernel.rows();
        int t = drawn.length;
        kernel.rows(drawn, g);
        for (int i = 0; i < t * n; i++) {
            if (!Double.isFinite(g[i])) {
                int row = drawn[i / n];
                throw Failure.run(kernel.name() + ": the value at row " + Math.min(i % n, row) + ", column " + Math.max(i % n, row)
                        + " is " + g[i]);
            }
        }
        double[] before = new double[t * m];
        for (int i = 0; i < t; i++) {
            for (int l = 0; l < m; l++) {
                before[i * m + l] = rows.get(l, drawn[i]);
            }
        }
        rows.subtract(g, before, t, m);
        // Within the block row by row: each takes off what those before it hold, the largest pivot that is left first.
        boolean[] done = new boolean[t];
        double[] row = new double[n];
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
            for (int j = 0; j < n; j++) {
                row[j] = g[best * n + j] / root;
                left[j] -= row[j] * row[j];
            }
            rows.put(m + taken, 1, row, 0);
            left[drawn[best]] = 0;
            pivots[m + taken] = drawn[best];
            for (int i = 0; i < t; i++) {
                double share = row[drawn[i]];
                for (int j = 0; !done[i] && j < n; j++) {
                    g[i * n + j] -= share * row[j];
                }
            }
            taken++;
        }
        return taken;
    }

    /** The factorisation of {@code FFᵀ + r} that {@link #weights} and {@link #leverages} ask for, from that square. */
    public Cholesky factored(double[] square, double ridge) {
        int m = rank();
        double trace = 0;
        for (int i = 0; i < m; i++) {
            trace += square[i * m + i];
        }
        Optional<Cholesky> found = Cholesky.of(square, m, ridge);
        for (double jitter = JITTER * trace; found.isEmpty(); jitter *= 10) {
            found = Cholesky.of(square, m, ridge + jitter);
        }
        return found.get();
    }

    /**
     * Weights on the pivots alone that minimise {@code ‖FᵀF w − b‖² + r wᵀFᵀF w}: {@code α = L⁻ᵀ(FFᵀ + r)⁻¹F b}.
     *
     * @param b      {@code n × k} by rows
     * @param square of {@code FFᵀ + r}
     * @return {@code n × k} by rows, 0 except on the pivots
     */
    public double[] weights(double[] b, int k, Cholesky square) {
        int m = rank();
        double[] beta = square.solve(factor.times(b, k), k);
        double[] weights = new double[Math.multiplyExact(size(), k)];
        double[] row = new double[size()];
        // F(·, S) = Lᵀ is upper triangular.
        for (int i = m - 1; i >= 0; i--) {
            factor.get(i, 0, row.length, row, 0);
            for (int c = 0; c < k; c++) {
                double sum = beta[i * k + c];
                for (int j = i + 1; j < m; j++) {
                    sum -= row[pivots[j]] * weights[pivots[j] * k + c];
                }
                weights[pivots[i] * k + c] = sum / row[pivots[i]];
            }
        }
        return weights;
    }

    /**
     * Diagonal of {@code Fᵀ(FFᵀ + r)⁻¹F}: what each input has to say in its own prediction.
     *
     * @param square of {@code FFᵀ + r}
     */
    public double[] leverages(Cholesky square) {
        int m = rank();
        double[] leverages = new double[size()];
        for (int from = 0; from < leverages.length; from += COLUMNS) {
            int some = Math.min(COLUMNS, leverages.length - from);
            double[] columns = new double[m * some];
            for (int i = 0; i < m; i++) {
                factor.get(i, from, some, columns, i * some);
            }
            double[] solved = square.solve(columns, some);
            for (int i = 0; i < columns.length; i++) {
                leverages[from + i % some] += columns[i] * solved[i];
            }
        }
        return leverages;
    }

    /** {@code FᵀF w}, n × k. */
    public double[] times(double[] w, int k) {
        return factor.transposedTimes(factor.times(w, k), k);
    }

    @Override
    public void close() {
        factor.close();
    }
}
