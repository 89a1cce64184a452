package org.ntk4j.study;

import java.util.Set;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Solver;
import org.ntk4j.inference.SolverChoice;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.HeldSource;
import org.ntk4j.result.Subject;

/**
 * How large the kernels of a cell are for the memory that there is: whether they stand in the heap or are computed tile by tile whenever
 * they are needed, and how their regressions are solved.
 *
 * @param computed whether they are computed anew
 * @param eigen    whether an eigendecomposition is made, because something asked for needs it
 * @param memory   bytes that are left for a solver
 * @param solver   of the regressions at infinity, where no eigendecomposition is there to serve them too
 * @param holding  where the values of computed kernels stay once they are there
 */
record Scale(boolean computed, boolean eigen, SolverChoice solver, long memory, Holding holding) {

    /** Where the values of a computed kernel of the training inputs stay. */
    enum Holding {
        /** They are computed anew for each product. */
        NOWHERE,
        /** In memory beside the solver. */
        IN_MEMORY,
        /** In files, from where they come faster than they are computed. */
        IN_FILES
    }

    static final Set<Subject> INFINITE = Set.of(Subject.NTK_INFINITE, Subject.NNGP_INFINITE);
    /** Bytes in a second that a product reads of values in memory, and in files. */
    private static final double MEMORY_RATE = 5e9;
    private static final double FILE_RATE = 0.7e9;
    /** Seconds from which on it is worth the disk. */
    private static final double WORTH_FILES = 30;
    /** Seconds that are not to be lost by a kill. */
    private static final double LONG = 300;
    /** A heap is not filled to its brim. */
    private static final double SHARE_OF_HEAP = 0.85;

    /**
     * The scale of a cell.
     *
     * @param least bytes in use at least where kernels stand in the heap
     * @param held  bytes of them that stay to the end
     */
    static Scale of(Definition d, Settings settings, long least, long held) {
        int n = d.data().trainCount();
        int k = d.outputs();
        boolean onCluster = settings.spark().isPresent();
        // With estimated tangent kernels only the limit is given where the kernels at infinity are not in memory.
        boolean inOnePlace = asksForEigen(d)
                || !(onCluster && isFollowed(d) || d.statistics().isPresent()) && d.train().isPresent();
        boolean possible = !inOnePlace && INFINITE.containsAll(d.stored()) && !d.layers()
                && !d.save().contains("kernels");
        boolean tooLarge = HeapGuard.budgetFor(least) > settings.memory() || (long) n * n > Integer.MAX_VALUE - 8
                || held > SHARE_OF_HEAP * Runtime.getRuntime().maxMemory();
        // On a cluster it is asked for by its solver.
        boolean elsewhere = onCluster && (tooLarge || d.regression().solver() instanceof Solver.ConjugateGradient);
        boolean computed = possible && (tooLarge || elsewhere);
        long memory = Math.max(0, settings.memory() - HeapGuard.overhead(settings.memory()) - (computed ? inputs(d) : held));
        SolverChoice solver = SolverChoice.of(d.regression().solver().whereKernelIs(computed && elsewhere), n, k, !computed, memory,
                computed);
        return new Scale(computed, needsEigen(d) && !computed, solver, memory, Holding.NOWHERE);
    }

    /**
     * With the values of its kernels held, where that is faster.
     *
     * @param product   seconds in which the values of a kernel are computed
     * @param onCluster whether other machines compute and hold them
     */
    Scale holding(Definition d, double product, boolean onCluster) {
        SolverChoice.Way way = solver.way();
        boolean oneProduct = way == SolverChoice.Way.NYSTROM || way == SolverChoice.Way.RANDOM_FEATURES;
        long bytes = heldBytes(d);
        boolean fits = solving(d) + d.stored().size() * bytes <= memory && product < LONG;
        Holding holding = !computed || oneProduct || onCluster ? Holding.NOWHERE
                : fits ? Holding.IN_MEMORY : product > WORTH_FILES + bytes / FILE_RATE ? Holding.IN_FILES : Holding.NOWHERE;
        return new Scale(computed, eigen, solver, memory, holding);
    }

    /** Seconds for a product with a kernel, once its values are there. */
    double product(Definition d, double computing) {
        return switch (holding) {
            case NOWHERE -> computing;
            case IN_MEMORY -> heldBytes(d) / MEMORY_RATE;
            case IN_FILES -> heldBytes(d) / FILE_RATE;
        };
    }

    /** Bytes of the values of a kernel of the training inputs. */
    static long heldBytes(Definition d) {
        return HeldSource.bytes(d.data().trainCount(), d.precision() == Precision.FLOAT32);
    }

    /** Whether something that was asked for needs the whole eigendecomposition. */
    static boolean needsEigen(Definition d) {
        return asksForEigen(d) || d.train().isPresent() && d.stored().stream().anyMatch(name -> name != Subject.NNGP_INFINITE);
    }

    private static boolean asksForEigen(Definition d) {
        return d.spectrum().whole(d.data().trainCount()) || d.modes() > 0 || d.regression().ridge().isEmpty()
                || d.regression().solver() instanceof Solver.Eigen;
    }

    /** Whether the regressions' functions along training can be had from products with the kernels alone. */
    private static boolean isFollowed(Definition d) {
        return d.train().filter(Training::hasClosedForm).isPresent() && d.centred() && !d.linearized() && !d.quadratic()
                && !d.regression().path() && d.record().isEmpty();
    }

    /** Bytes of the regressions with all kernels: what one of them takes, beside what those before it keep. */
    private long solving(Definition d) {
        return solver.bytes() + Math.max(0, d.stored().size() - 1) * solver.kept(d.data().trainCount());
    }

    /** Bytes of a cell whose kernels are computed: inputs, regressions, and the values that are held in memory. */
    long bytes(Definition d) {
        return inputs(d) + solving(d) + (holding == Holding.IN_MEMORY ? d.stored().size() * heldBytes(d) : 0);
    }

    /** Bytes of the inputs, as they were read and where products read them. */
    static long inputs(Definition d) {
        return 3L * Double.BYTES * d.data().shape().size() * (d.data().trainCount() + d.data().testCount());
    }
}
