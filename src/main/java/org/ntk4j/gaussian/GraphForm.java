package org.ntk4j.gaussian;

import org.jspecify.annotations.Nullable;

/** The expectations of an activation as ops of a graph: what the engine for a GPU needs of it. */
@FunctionalInterface
public interface GraphForm {

    /** Both expectations of Gaussian pairs. */
    Expectations of(GraphPairs pairs);

    /**
     * Both expectations.
     *
     * @param value E[φ(u)φ(v)]
     * @param slope E[φ'(u)φ'(v)]; null: 0 everywhere
     */
    record Expectations(GraphTerm value, @Nullable GraphTerm slope) {
    }
}
