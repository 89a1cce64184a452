package org.ntk4j.infinite.tile;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What each example has with itself: many tiles ask for it, and it is computed once where it is small enough to be kept. A thread that asks
 * while another one computes it waits for that.
 */
public final class OwnValues {

    private static final long MOST_BYTES = 32L << 20;

    private final boolean keeps;
    private final ConcurrentHashMap<Integer, double[][]> kept = new ConcurrentHashMap<>();

    /** For this many examples, each with this many values of K and of Θ. */
    public OwnValues(int examples, int values) {
        this.keeps = bytes(examples, values) > 0;
    }

    /** The memory that it takes in the end; 0 where that is too much, and nothing is kept. */
    public static long bytes(int examples, int values) {
        long bytes = 2L * Double.BYTES * values * examples;
        return bytes <= MOST_BYTES ? bytes : 0;
    }

    /** K and Θ of an example with itself. */
    public double[][] of(int example, Supplier<double[][]> compute) {
        return keeps ? kept.computeIfAbsent(example, e -> compute.get()) : compute.get();
    }
}
