package org.ntk4j.inference;

import org.jspecify.annotations.Nullable;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * What is to be solved: a kernel, the residual y − f_0 and the offset f_0 ({@code n × k} by rows, null for none), and the
 * ridge as it was given and as the number that it came to.
 */
record Problem(TrainKernel kernel, int outputs, double[] residual, double @Nullable [] offset, Ridge choice, double ridge, double epsilon,
        Solver solver, Resources resources) {

    /** By whatever solver, with all that there is. */
    Problem(TrainKernel kernel, int outputs, double[] residual, double @Nullable [] offset, Ridge choice, double ridge, double epsilon) {
        this(kernel, outputs, residual, offset, choice, ridge, epsilon, Solver.auto(), Resources.unlimited());
    }

    /** This problem with other targets and no offset. */
    Problem on(double[] targets) {
        return new Problem(kernel, outputs, targets, null, choice, ridge, epsilon, solver, resources);
    }

    /** The way in which the weights at infinity are found. */
    SolverChoice choiceOfSolver() {
        return SolverChoice.of(solver.whereKernelIs(kernel.kernel().isElsewhere()), inputs(), outputs, kernel.kernel().isInHeap(),
                resources.memory(), resources.folder().isPresent());
    }

    /**
     * The way in which columns beside the targets are solved for where no eigendecomposition is to be had: a factor in float64 is gone by
     * then, and one in float32 serves.
     */
    SolverChoice choiceWithoutFloat64() {
        SolverChoice choice = choiceOfSolver();
        return choice.way() == SolverChoice.Way.CHOLESKY64 || choice.way() == SolverChoice.Way.EIGEN
                ? SolverChoice.beyondFloat64(inputs(), outputs, resources.memory(), resources.folder().isPresent()) : choice;
    }

    /** The kernel applied to vectors; copied out of the heap, for many products, where the memory has room for it beside these bytes. */
    KernelProduct product(long beside) {
        Kernel k = kernel.kernel();
        boolean copied = k.isInHeap() && (long) Double.BYTES * inputs() * inputs() <= resources.memory() - beside;
        return copied ? k.product(resources.monitor()) : k.product(resources.threads(), resources.monitor());
    }

    /** Whether the kernel's entries carry the rounding of float32. */
    boolean isSingle() {
        return epsilon * inputs() >= Math.ulp(1f) / 2;
    }

    /** Whether the moments of training are found from products with the kernel alone: its values are far away, or too many to be held. */
    boolean byProducts() {
        return !kernel.kernel().isInHeap() && !kernel.hasEigen();
    }

    /**
     * Whether an eigendecomposition is there, or can be made: of a kernel on this machine that is small, or in the heap with the memory for
     * it beside.
     */
    boolean decomposes() {
        return kernel.decomposes(resources.memory());
    }

    /** The eigendecomposition of the kernel. */
    SymmetricEigen eigen() {
        return kernel.eigen(resources.monitor());
    }

    int inputs() {
        return kernel.size();
    }

    /** The filter of a moment on this kernel. */
    Filter filter(Moment moment) {
        double lambdaMax = moment.kind() == Moment.Kind.STEPS ? eigen().largest() + ridge : 0;
        return Filter.of(moment, lambdaMax, inputs(), outputs);
    }

    /** The gains of a moment, one for each eigendirection. */
    double[] gains(Moment moment) {
        return kernel.gains(filter(moment), ridge, epsilon);
    }
}
