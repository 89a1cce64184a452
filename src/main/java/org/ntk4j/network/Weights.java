package org.ntk4j.network;

import java.util.Arrays;
import java.util.List;

/**
 * One tensor of weights.
 *
 * @param name      {@code W} or {@code b}
 * @param shape     its sizes
 * @param deviation the standard deviation of the draw (mean 0)
 */
public record Weights(String name, List<Integer> shape, double deviation) {

    public Weights {
        shape = List.copyOf(shape);
    }

    /** Weights called {@code W}. */
    public static Weights of(double deviation, Integer... sizes) {
        return new Weights("W", Arrays.asList(sizes), deviation);
    }

    /** Biases, called {@code b}. */
    public static Weights bias(double deviation, int size) {
        return new Weights("b", List.of(size), deviation);
    }

    /** The same weights of layers that stand inside another one. */
    static List<Weights> inside(String step, List<Weights> weights) {
        return weights.stream().map(w -> new Weights(step + (w.name().contains("/") ? "." : "/") + w.name(), w.shape, w.deviation)).toList();
    }

    /** How many numbers there are. */
    public int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }
}
