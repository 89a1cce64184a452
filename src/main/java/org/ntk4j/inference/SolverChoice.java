package org.ntk4j.inference;

import java.util.Locale;
import org.ntk4j.kernel.NativeMatrix;
import org.ntk4j.solver.ConjugateGradients;
import org.ntk4j.solver.PivotedCholesky;
import org.ntk4j.solver.TiledFactor;

/**
 * The way in which the weights of a regression at infinity are found: what the plan names and the regression does.
 *
 * @param way     which
 * @param bytes   memory beside the kernel
 * @param disk    bytes on disk
 * @param factor  operations of the factorisation; products with the kernel come to that
 * @param products about how many products with the kernel it takes
 * @param rank    columns of an approximation of low rank
 */
public record SolverChoice(Way way, long bytes, long disk, double factor, int products, int rank) {

    /** The ways. */
    public enum Way {
        /** An eigendecomposition in float64. */
        EIGEN,
        /** Cholesky in float64, an eigendecomposition where the kernel is not positive definite. */
        CHOLESKY64,
        /** Cholesky in float32 in memory, refined by conjugate gradients with residuals in float64. */
        CHOLESKY32,
        /** Cholesky's factor in float32 in mapped files, with residuals in float64. */
        CHOLESKY32_IN_FILES,
        /** Conjugate gradients with a preconditioner of low rank. */
        CONJUGATE_GRADIENT,
        /** Weights on some of the inputs. */
        NYSTROM,
        /** Random features of the network. */
        RANDOM_FEATURES
    }

    /** Below this many inputs an eigendecomposition takes less than a second, and says more. */
    static final int CHOLESKY_FROM = 1500;
    /** Eight were met at 50,000 images; two more find what all inputs have in common and fill the tiles of the factor. */
    private static final int REFINEMENTS = 9 + 2;
    /** A second factorisation, and the inverse, which is two of them. */
    private static final double WITH_LEAVE_ONE_OUT = 4;
    /** Of Cholesky in float64, each over the factor or the kernel: for the largest and the smallest eigenvalue, the weights, refined. */
    private static final int PASSES = 34;
    /**
     * Bytes of a value of a kernel that Cholesky in float64 takes beside it: factor and kernel share an array. One that is not in the heap
     * is read into it first, and once more for the leave-one-out error.
     */
    private static final int FACTOR = Double.BYTES;
    private static final int READ = 2 * Double.BYTES;
    /** Vectors beside that array: random signs for a trace, solved for. */
    private static final int VECTORS = 3 * LeaveOneOut.PROBES + 2;
    /** For each output: weights, what they leave, their correction. */
    private static final int VECTORS_OF_OUTPUT = 8;
    /**
     * For each column that conjugate gradients solve for: what is given, solution, residual, direction, the preconditioned residual, and
     * the product with the kernel, which takes the vectors once more in float64 and in float32.
     */
    private static final int VECTORS_OF_COLUMN = 9;
    /** Beside a factor of low rank: its square, decomposed in and outside the heap. */
    private static final int SQUARES = 6;
    private static final int PRODUCTS = 60;
    private static final int MOST_RANK = 2000;

    /**
     * The choice.
     *
     * @param n      training inputs
     * @param k      outputs
     * @param inHeap whether the kernel is an array in the heap
     * @param memory bytes beside the kernel
     * @param files  whether there is a folder for files
     */
    public static SolverChoice of(Solver solver, int n, int k, boolean inHeap, long memory, boolean files) {
        double cube = (double) n * n * n;
        boolean array = (long) n * n < Integer.MAX_VALUE - 8;
        if (solver instanceof Solver.Eigen || solver instanceof Solver.Auto && n < CHOLESKY_FROM) {
            return new SolverChoice(Way.EIGEN, TrainKernel.eigenBytes(n), 0, 12 * cube, 1, 0);
        }
        if (solver instanceof Solver.Nystrom nystrom) {
            return lowRank(Way.NYSTROM, nystrom.rank(), n, k, 1);
        }
        if (solver instanceof Solver.RandomFeatures features) {
            double m = features.count();
            // The square of the features, its factor, and some vectors.
            long room = (long) (Double.BYTES * (3 * m * m + 8.0 * n * k));
            return new SolverChoice(Way.RANDOM_FEATURES, room, 0, 2 * n * m * m + m * m * m / 3, 1, features.count());
        }
        if (solver instanceof Solver.ConjugateGradient gradient) {
            return gradients(gradient.rank(), n, k, memory);
        }
        long inMemory = (long) n * n * (FACTOR + (inHeap ? 0 : READ)) + (long) Double.BYTES * n * (VECTORS + VECTORS_OF_OUTPUT * (long) k);
        if (array && inMemory <= memory && (inHeap || n < CHOLESKY_FROM)) {
            return new SolverChoice(Way.CHOLESKY64, inMemory, 0, cube / 3, PASSES, 0);
        }
        return beyondFloat64(n, k, memory, files);
    }

    /** The choice where neither a factor in float64 nor an eigendecomposition is to be had. */
    static SolverChoice beyondFloat64(int n, int k, long memory, boolean files) {
        double cube = (double) n * n * n;
        long factor = TiledFactor.bytes(n);
        long vectors = (long) Double.BYTES * n * (k + LeaveOneOut.LEFT_OUT + LeaveOneOut.PROBES) * 8;
        if (factor + vectors <= memory) {
            return new SolverChoice(Way.CHOLESKY32, factor + vectors, 0, cube / 3, REFINEMENTS, 0);
        }
        if (files) {
            return new SolverChoice(Way.CHOLESKY32_IN_FILES, vectors, factor, cube / 3, REFINEMENTS, 0);
        }
        return gradients(0, n, k, memory);
    }

    private static SolverChoice gradients(int asked, int n, int k, long memory) {
        return lowRank(Way.CONJUGATE_GRADIENT, Math.min(n, asked > 0 ? asked : rank(n, memory)), n, k, PRODUCTS);
    }

    /** Columns of a preconditioner of low rank that suit. */
    static int rank(int n, long memory) {
        // A factor of n × rank, beside the preconditioner of another kernel and vectors.
        int fits = (int) Math.max(1, Math.min(Integer.MAX_VALUE / Math.max(1, n), memory / 3 / Double.BYTES / n));
        return Math.min(n, Math.min(fits, Math.min(MOST_RANK, Math.max(50, n / 10))));
    }

    private static SolverChoice lowRank(Way way, int rank, int n, int k, int products) {
        int m = Math.min(rank, n);
        double cube = (double) m * m * m;
        boolean approximated = way == Way.NYSTROM;
        // The leave-one-out error takes columns of the factor at a time, or vectors of its own.
        long beside = approximated ? 3L * PivotedCholesky.COLUMNS * m
                : (long) m * NativeMatrix.COLUMNS + VECTORS_OF_COLUMN * (long) n * (LeaveOneOut.LEFT_OUT + LeaveOneOut.PROBES)
                        + (long) n * ConjugateGradients.KEPT_VECTORS;
        double operations = approximated ? 4.0 * n * m * m + 4 * cube : 5.0 * n * m * m + 12 * cube;
        long squares = (approximated ? 4L : SQUARES) * m * m;
        return new SolverChoice(way, Double.BYTES * ((long) n * m + beside + squares + VECTORS_OF_OUTPUT * (long) n * k), 0, operations,
                products, m);
    }

    /** Bytes, among {@link #bytes}, that stay until the leave-one-out errors of all kernels are there: a preconditioner of low rank. */
    public long kept(int n) {
        return way == Way.CONJUGATE_GRADIENT ? (long) Double.BYTES * n * rank : 0;
    }

    /**
     * About how many seconds it takes, at a number of operations a second in float64 and of seconds for a product with the kernel; with
     * the leave-one-out error, for which Cholesky in float64 factors once more and inverts, and conjugate gradients solve once more with
     * the same preconditioner; with Cholesky in float32 its columns share the products of the targets.
     */
    public double seconds(double rate, double product) {
        boolean single = way == Way.CHOLESKY32 || way == Way.CHOLESKY32_IN_FILES;
        double both = way == Way.CHOLESKY64 ? WITH_LEAVE_ONE_OUT * factor : factor;
        return both / (single ? 2 * rate : rate) + (way == Way.CONJUGATE_GRADIENT ? 2 : 1) * products * product;
    }

    /** What it is, in a few words. */
    public String describe() {
        return switch (way) {
            case EIGEN -> "eigendecomposition in float64";
            case CHOLESKY64 -> "Cholesky in float64";
            case CHOLESKY32 -> "Cholesky in float32, refined with residuals in float64";
            case CHOLESKY32_IN_FILES -> "Cholesky in float32 in files, refined with residuals in float64";
            case CONJUGATE_GRADIENT -> String.format(Locale.ROOT, "conjugate gradients, preconditioned by pivoted Cholesky of rank %d",
                    rank);
            case NYSTROM -> String.format(Locale.ROOT, "Nyström approximation on %d inputs", rank);
            case RANDOM_FEATURES -> String.format(Locale.ROOT, "%d random features", rank);
        };
    }
}
