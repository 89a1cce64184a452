package org.ntk4j.solver;

import java.util.Arrays;
import java.util.Random;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * The largest eigenvalues of a kernel with their eigenvectors, from its products with blocks of vectors: Lanczos' recursion with full
 * reorthogonalisation (Golub &amp; Van Loan, 10.3.6). An eigenvalue counts as found when the residual of its vector is below
 * {@value #TOLERANCE} of the largest eigenvalue; its error is at most that, and of the order of the square of it.
 *
 * @param size    n
 * @param values  the largest first
 * @param vectors one a row, {@code values.length × n}
 * @param blocks  products with the kernel that it took
 */
public record BlockLanczos(int size, double[] values, double[] vectors, int blocks) {

    private static final double TOLERANCE = 1e-7;
    private static final int WIDTH = 8;

    /** The {@code count} largest; all where there are no more. */
    public static BlockLanczos of(KernelProduct kernel, int count, Monitor monitor) {
        return of(kernel, count, TOLERANCE, monitor);
    }

    /** The largest eigenvalue, to this relative error at most. */
    public static double largest(KernelProduct kernel, double tolerance, Monitor monitor) {
        return of(kernel, 1, tolerance, monitor).values[0];
    }

    private static BlockLanczos of(KernelProduct kernel, int count, double tolerance, Monitor monitor) {
        int n = kernel.rows();
        int wanted = Math.min(count, n);
        int width = Math.min(WIDTH, n);
        int room = Math.min(n, 3 * wanted + 12 * width);
        double[] basis = new double[Math.multiplyExact(room, n)];
        // By rows: a vector of the basis is a row.
        double[] next = random(width, n, 0);
        double[] image = new double[0];
        int m = 0;
        int blocks = 0;
        try (Monitor.Task task = monitor.begin("largest eigenvalues, Lanczos vectors", 0)) {
            while (true) {
                if (m + width > basis.length / n) {
                    basis = Arrays.copyOf(basis, Math.multiplyExact((int) Math.min(n, 2L * m + width), n));
                }
                int added = orthonormal(next, next.length / n, basis, m, n);
                if (added == 0 && m < wanted) {
                    // The space is exhausted, and what is left is orthogonal to all of it.
                    added = orthonormal(random(width, n, m), width, basis, m, n);
                }
                m += added;
                boolean full = added == 0 || m >= n;
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while computing eigenvalues");
                }
                if (added > 0) {
                    double[] block = Arrays.copyOfRange(basis, (m - added) * n, m * n);
                    next = turned(kernel.times(turned(block, added, n), added), n, added);
                    image = Arrays.copyOf(image, m * n);
                    System.arraycopy(next, 0, image, (m - added) * n, added * n);
                    blocks++;
                    task.done(m);
                }
                Ritz ritz = m >= Math.min(n, wanted + width) || full ? Ritz.of(basis, image, m, n, Math.min(wanted, m)) : null;
                if (ritz != null && (full || ritz.worst <= tolerance * Math.abs(ritz.values[0]))) {
                    return new BlockLanczos(n, ritz.values, ritz.vectors, blocks);
                }
            }
        }
    }

    /** Ritz values and vectors, the largest first, and the largest residual. */
    private record Ritz(double[] values, double[] vectors, double worst) {

        static Ritz of(double[] basis, double[] image, int m, int n, int wanted) {
            double[] t = Blas.product(false, true, m, m, n, basis, image);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < i; j++) {
                    t[i * m + j] = t[j * m + i] = (t[i * m + j] + t[j * m + i]) / 2;
                }
            }
            SymmetricEigen eigen = SymmetricEigen.of(t, m);
            double[] top = new double[wanted * m];
            double[] values = new double[wanted];
            for (int i = 0; i < wanted; i++) {
                values[i] = eigen.values()[m - 1 - i];
                System.arraycopy(eigen.vectors(), (m - 1 - i) * m, top, i * m, m);
            }
            double[] vectors = Blas.product(false, false, wanted, n, m, top, basis);
            double[] rest = Blas.product(false, false, wanted, n, m, top, image);
            double worst = 0;
            for (int i = 0; i < wanted; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    double v = rest[i * n + j] - values[i] * vectors[i * n + j];
                    sum += v * v;
                }
                worst = Math.max(worst, Math.sqrt(sum));
            }
            return new Ritz(values, vectors, worst);
        }
    }

    private static double[] random(int width, int n, long seed) {
        Random random = new Random(seed);
        double[] x = new double[width * n];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }

    /** Appends to an orthonormal basis of m vectors what is new in some others; returns how many that are. */
    private static int orthonormal(double[] next, int count, double[] basis, int m, int n) {
        double[] x = next.clone();
        double[] before = new double[count];
        for (int v = 0; v < count; v++) {
            before[v] = norm(x, v * n, n);
        }
        for (int round = 0; round < 2 && m > 0; round++) {
            double[] shares = Blas.product(false, true, count, m, n, x, basis);
            Blas.gemm(false, false, count, n, m, -1, shares, basis, 1, x);
        }
        int added = 0;
        for (int v = 0; v < count && m + added < basis.length / n; v++) {
            for (int round = 0; round < 2; round++) {
                for (int u = m; u < m + added; u++) {
                    double share = 0;
                    for (int j = 0; j < n; j++) {
                        share += basis[u * n + j] * x[v * n + j];
                    }
                    for (int j = 0; j < n; j++) {
                        x[v * n + j] -= share * basis[u * n + j];
                    }
                }
            }
            double after = norm(x, v * n, n);
            if (after > 1e-12 * before[v]) {
                for (int j = 0; j < n; j++) {
                    basis[(m + added) * n + j] = x[v * n + j] / after;
                }
                added++;
            }
        }
        return added;
    }

    private static double norm(double[] x, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += x[i] * x[i];
        }
        return Math.sqrt(sum);
    }

    /** From {@code rows × columns} to its transpose. */
    private static double[] turned(double[] a, int rows, int columns) {
        double[] b = new double[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                b[j * rows + i] = a[i * columns + j];
            }
        }
        return b;
    }
}
