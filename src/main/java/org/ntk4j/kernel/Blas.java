package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * Matrix products of row-major float64 arrays through OpenBLAS. The functions may be called from several threads at once.
 *
 * <p>Arrays are copied on their way to native memory, so a product of large, thin matrices is bound by that copy. A large matrix on the
 * left of a small one goes by rows, so that it is not there twice.
 */
public final class Blas {

    /** About how many operations in a second a thread does, in float64, in a factorisation. */
    public static final double FACTORING = 5e10;

    /** So many values, 32 MiB, are copied at once where the other operand is no larger. */
    private static final int COPIED = 1 << 22;

    private Blas() {
    }

    /** About how many operations in a second all processors do, in float64, in a factorisation. */
    static double expectedRate() {
        return FACTORING * Runtime.getRuntime().availableProcessors();
    }

    /**
     * The product {@code op(A)·op(B)}, {@code m × n}.
     *
     * @param transposeA false: A is {@code m × k}; true: A is {@code k × m} and its transpose is taken
     * @param transposeB false: B is {@code k × n}; true: B is {@code n × k} and its transpose is taken
     */
    public static double[] product(boolean transposeA, boolean transposeB, int m, int n, int k, double[] a, double[] b) {
        double[] c = new double[Math.multiplyExact(m, n)];
        gemm(transposeA, transposeB, m, n, k, 1, a, b, 0, c);
        return c;
    }

    /** {@code C ← alpha·op(A)·op(B) + beta·C}, shapes as in {@link #product}. */
    public static void gemm(boolean transposeA, boolean transposeB, int m, int n, int k,
            double alpha, double[] a, double[] b, double beta, double[] c) {
        if ((long) m * k > a.length || (long) k * n > b.length || (long) m * n > c.length) {
            throw Failure.run("a matrix product of " + m + " × " + k + " and " + k + " × " + n + " does not fit its arrays");
        }
        if (m == 0 || n == 0) {
            return;
        }
        if (!transposeA && (long) m * k > COPIED && (long) k * n <= COPIED) {
            byRows(transposeB, m, n, k, alpha, a, b, beta, c);
            return;
        }
        whole(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
    }

    /** So many rows of A at once that their copy is small; else a kernel would be there twice. */
    private static void byRows(boolean transposeB, int m, int n, int k, double alpha, double[] a, double[] b, double beta, double[] c) {
        int height = Math.max(1, COPIED / k);
        for (int row = 0; row < m; row += height) {
            int some = Math.min(height, m - row);
            double[] part = Arrays.copyOfRange(c, row * n, (row + some) * n);
            whole(false, transposeB, some, n, k, alpha, Arrays.copyOfRange(a, row * k, (row + some) * k), b, beta, part);
            System.arraycopy(part, 0, c, row * n, part.length);
        }
    }

    private static void whole(boolean transposeA, boolean transposeB, int m, int n, int k,
            double alpha, double[] a, double[] b, double beta, double[] c) {
        openblas.cblas_dgemm(openblas.CblasRowMajor,
                transposeA ? openblas.CblasTrans : openblas.CblasNoTrans,
                transposeB ? openblas.CblasTrans : openblas.CblasNoTrans,
                m, n, k, alpha, a, Math.max(1, transposeA ? m : k), b, Math.max(1, transposeB ? k : n), beta, c, n);
    }

    /** Runs work whose own threads call products: each product stays on the thread that calls it. */
    static void alone(Runnable work) {
        set(1);
        try {
            work.run();
        } finally {
            set(threads());
        }
    }

    /** The threads of a product that stands alone: those asked for, or as many as OpenBLAS began with. */
    static int threads() {
        return Threads.ASKED.get();
    }

    /**
     * Sets how many threads OpenBLAS uses for one product or factorisation. It holds for the whole process: to be called
     * once, at the start, by whoever owns the process; products called from several Java threads at once want 1. Never more than
     * OpenBLAS began with, one for each processor: those that it adds later have no room to work in, and end the process.
     */
    public static void setThreads(int count) {
        if (count < 1) {
            throw Failure.input("threads must be at least 1");
        }
        Threads.ASKED.set(Math.min(count, Threads.MOST));
        set(threads());
    }

    private static void set(int count) {
        Threads threads = Threads.FOUND;
        if (threads == null) {
            openblas.blas_set_num_threads(count);
        } else {
            threads.call(count);
        }
    }

    /** OpenBLAS's function for it: the binding looks for it, and for those of other libraries, with every call, for a millisecond. */
    private static final class Threads extends openblas_nolapack.SetNumThreads {
        private static final @Nullable Threads FOUND = found();
        private static final int MOST = most();
        /** The binding does not know how many threads OpenBLAS has: it gives the number that it was itself told, or -1. */
        private static final AtomicInteger ASKED = new AtomicInteger(MOST);

        private Threads(Pointer found) {
            put(found);
        }

        /** As many as OpenBLAS begins with: one for each processor, or what its variable says. */
        private static int most() {
            int processors = Runtime.getRuntime().availableProcessors();
            String said = System.getenv("OPENBLAS_NUM_THREADS");
            return said != null && said.matches("[1-9][0-9]{0,5}") ? Math.min(processors, Integer.parseInt(said)) : processors;
        }

        private static @Nullable Threads found() {
            Loader.load(openblas.class);
            Pointer found = Loader.addressof("openblas_set_num_threads");
            return found == null || Loader.addressof("MKL_Set_Num_Threads") != null ? null : new Threads(found);
        }
    }
}
