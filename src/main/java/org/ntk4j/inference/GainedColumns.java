package org.ntk4j.inference;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;

/**
 * What a moment makes of columns beside the targets, by products with a kernel that cannot be decomposed: {@code (K + r)⁻¹(1 − p)B}, or
 * with p² in place of p. At infinity p is 0 and they are solves; at another moment each column has a Krylov space. Close it when done.
 */
final class GainedColumns implements AutoCloseable {

    /** Columns that grow their Krylov spaces at once. */
    private static final int BLOCK = 16;

    private final Problem problem;
    private final Moment moment;
    private final @Nullable ColumnSolver solver;

    GainedColumns(Problem problem, Moment moment) {
        this.problem = problem;
        this.moment = moment;
        this.solver = moment.isInfinite() ? ColumnSolver.of(problem) : null;
    }

    /** What is made of some rows of a kernel of test with training inputs. */
    interface Block {

        /**
         * @param from    the first of the test inputs
         * @param count   how many they are
         * @param columns their rows of the kernel as columns, n × count
         * @param gained  what the moment makes of these
         */
        void at(int from, int count, double[] columns, double[] gained);
    }

    /** Some test inputs after the other. */
    void each(Kernel kTest, boolean squared, Block block) {
        for (int from = 0; from < kTest.rows(); from += block()) {
            int count = Math.min(block(), kTest.rows() - from);
            double[] columns = columns(kTest, from, from + count);
            block.at(from, count, columns, of(columns, count, squared));
        }
    }

    private int block() {
        return moment.isInfinite() ? ColumnSolver.BLOCK : BLOCK;
    }

    /** Rows {@code from} to before {@code to} of a kernel of test with training inputs as columns, {@code n × (to − from)} by rows. */
    double[] columns(Kernel kTest, int from, int to) {
        int n = problem.inputs();
        OutputRows.requireColumns(kTest, n);
        int count = to - from;
        double[] rows = new double[Math.multiplyExact(count, n)];
        kTest.read(from, to, 0, n, rows);
        double[] columns = new double[rows.length];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < n; j++) {
                columns[j * count + i] = rows[i * n + j];
            }
        }
        return columns;
    }

    /**
     * Of n × c columns by rows.
     *
     * @throws Failure if they cannot be had to the accuracy that a variance needs
     */
    private double[] of(double[] b, int c, boolean squared) {
        if (solver == null) {
            return KrylovWeights.of(problem, b, c, moment, squared);
        }
        ColumnSolver.Solved solved = solver.solve(b, c);
        if (!solved.reached()) {
            throw Failure.run(String.format(Locale.ROOT, "variances at test inputs: conjugate gradients ended at a relative residual of "
                    + "%.2g; use a ridge, or solver: cholesky", solved.relative()));
        }
        return solved.x();
    }

    @Override
    public void close() {
        if (solver != null) {
            solver.close();
        }
    }
}
