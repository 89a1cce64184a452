package org.ntk4j.infinite;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * What each example has with itself: many tiles ask for it, and it is computed once where it is small enough to be kept. Whoever computes it gets
 * the same values, so threads need not wait for each other.
 */
final class OwnValues {

    private static final long MOST_BYTES = 32L << 20;

    private final AtomicReferenceArray<double[][]> kept;

    /** For so many examples, each with so many values of K and of Θ. */
    OwnValues(int examples, int values) {
        this.kept = bytes(examples, values) > 0 ? new AtomicReferenceArray<>(examples) : null;
    }

    /** The memory that it takes in the end; 0 where that is too much, and nothing is kept. */
    static long bytes(int examples, int values) {
        long bytes = 2L * Double.BYTES * values * examples;
        return bytes <= MOST_BYTES ? bytes : 0;
    }

    /** K and Θ of an example with itself. */
    double[][] of(int example, Supplier<double[][]> compute) {
        double[][] found = kept == null ? null : kept.get(example);
        if (found == null) {
            found = compute.get();
            if (kept != null) {
                kept.set(example, found);
            }
        }
        return found;
    }
}
