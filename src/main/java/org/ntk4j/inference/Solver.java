package org.ntk4j.inference;

import java.util.Map;
import org.ntk4j.base.Failure;

/** How the weights of a regression are found; YAML has it under {@code regression.solver}. */
public sealed interface Solver {

    /** The relative residual at which conjugate gradients stop, in float64. */
    double RESIDUAL = 1e-8;

    /**
     * What the size of the kernel and the memory allow: Cholesky in float64, an eigendecomposition where that fails, Cholesky in float32
     * with refinement, conjugate gradients.
     */
    record Auto() implements Solver {
    }

    /**
     * A Cholesky factorisation: in float64 where the memory holds it, else in float32, refined until the residual in float64 is
     * {@value Solver#RESIDUAL}.
     */
    record Cholesky() implements Solver {
    }

    /** An eigendecomposition, small eigenvalues left out by the cut-off of {@link org.ntk4j.kernel.SymmetricEigen#cutoff}. */
    record Eigen() implements Solver {
    }

    /**
     * Conjugate gradients for all outputs at once, preconditioned by a partial pivoted Cholesky factorisation.
     *
     * @param residual stops where {@code ‖(K + r)w − b‖/‖b‖} of each output is below it
     * @param rank     columns of the preconditioner; 0: what suits the number of inputs
     */
    record ConjugateGradient(double residual, int rank) implements Solver {

        public ConjugateGradient {
            if (!(residual > 0 && residual < 1)) {
                throw Failure.input("residual must be between 0 and 1, not " + residual);
            }
            requireCount("rank", rank, 0);
        }

        /** Until this relative residual. */
        public ConjugateGradient residual(double relative) {
            return new ConjugateGradient(relative, rank);
        }

        /** With this many columns in the preconditioner. */
        public ConjugateGradient rank(int columns) {
            return new ConjugateGradient(residual, columns);
        }
    }

    /**
     * The Nyström approximation: weights on m of the training inputs only, which minimise the same objective (Williams and Seeger 2001).
     *
     * @param rank m; they are chosen by randomly pivoted Cholesky (Chen et al. 2022)
     */
    record Nystrom(int rank) implements Solver {

        public Nystrom {
            requireCount("rank", rank, 1);
        }

        /** With this many training inputs. */
        public Nystrom rank(int inputs) {
            return new Nystrom(inputs);
        }
    }

    /**
     * Random features: the kernel is replaced by the inner products of this many random features of the infinite network.
     *
     * @param count how many
     */
    record RandomFeatures(int count) implements Solver {

        public RandomFeatures {
            requireCount("count", count, 1);
        }

        /** This many features. */
        public RandomFeatures count(int features) {
            return new RandomFeatures(features);
        }
    }

    private static void requireCount(String what, int value, int least) {
        if (value < least) {
            throw Failure.input(what + " must be at least " + least + ", not " + value);
        }
    }

    /** The solver that the sizes suggest. */
    static Solver auto() {
        return new Auto();
    }

    /** This solver, or conjugate gradients instead of {@code auto} where the kernel lies on other machines: they ask for products alone. */
    default Solver whereKernelIs(boolean elsewhere) {
        return elsewhere && this instanceof Auto ? new ConjugateGradient(RESIDUAL, 0) : this;
    }

    /** Its name in the grammar. */
    default String name() {
        String simple = getClass().getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    /** As in YAML: a word, or a map of one. */
    default Object toYaml() {
        if (this instanceof ConjugateGradient c) {
            return Map.of(name(), Map.of("residual", c.residual, "rank", c.rank));
        }
        return this instanceof Nystrom n ? Map.of(name(), Map.of("rank", n.rank))
                : this instanceof RandomFeatures r ? Map.of(name(), Map.of("count", r.count)) : name();
    }
}
