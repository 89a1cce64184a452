package org.ntk4j.gaussian;

import java.util.Optional;

/**
 * What infinite width needs to know of a function φ that is applied to every value: its expectations over Gaussian pairs, the closed form
 * that engines for many pairs take in vector instructions, the same as ops of a graph, and its mean.
 */
public interface Nonlinearity {

    /** Its name in the grammar. */
    String name();

    /** φ(x). */
    double value(double x);

    /** Writes E[φ(u)φ(v)] and E[φ'(u)φ'(v)] for Gaussian pairs (u, v). */
    void expectations(Pairs pairs);

    /** The form that the engines for many pairs know, if its expectations are of one: they then take it in vector instructions. */
    default Optional<Arc> arc() {
        return Optional.empty();
    }

    /**
     * The expectations as a series in the correlation, if they are one: the engines for many pairs then take it in vector instructions.
     *
     * @param single whether six digits are enough
     */
    default Optional<Series> series(boolean single) {
        return Optional.empty();
    }

    /** The expectations as ops of a graph, if it says them: without them the kernels of a network with it are not computed on a GPU. */
    default Optional<GraphForm> graph() {
        return arc().map(form -> pairs -> pairs.bend((Arc.Bend) form));
    }

    /** E[φ(u)] for u ~ N(0, variance): what layer normalization subtracts. */
    double mean(double variance);

    /** E[φ(u)] for u ~ N(0, variance) as ops of a graph. */
    GraphTerm mean(GraphTerm variance);

    /** Whether there is a function φ: false for a map of kernels alone, which has no values and no mean. */
    default boolean isFunction() {
        return true;
    }

    /** Whether φ is a scalar multiple of x: only then may it follow anything, Gaussian or not. */
    default boolean isLinear() {
        return false;
    }
}
