package org.ntk4j.layer;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;

/**
 * One tensor of weights.
 *
 * @param name      {@code W} or {@code b}
 * @param shape     its sizes
 * @param deviation the standard deviation of the draw (mean 0)
 * @param trained   false if training leaves them as they were drawn
 * @param byWidth   whether its learning rate goes with the width of the network, see {@link Parameterization}
 * @param measured  of numbers that are not drawn but measured on the training set: what each is before that
 */
public record Weights(String name, List<Integer> shape, double deviation, boolean trained, boolean byWidth, OptionalDouble measured) {

    /** Weights that are drawn. */
    public Weights(String name, List<Integer> shape, double deviation, boolean trained, boolean byWidth) {
        this(name, shape, deviation, trained, byWidth, OptionalDouble.empty());
    }

    /** Weights with the learning rate of the training. */
    public Weights(String name, List<Integer> shape, double deviation, boolean trained) {
        this(name, shape, deviation, trained, false);
    }

    public Weights {
        shape = List.copyOf(shape);
    }

    /** Weights that are trained. */
    public Weights(String name, List<Integer> shape, double deviation) {
        this(name, shape, deviation, true);
    }

    /** These weights, which training leaves alone. */
    Weights untrained() {
        return new Weights(name, shape, deviation, false, byWidth, measured);
    }

    /** The path of their layer. */
    public String layer() {
        return name.substring(0, name.indexOf('/'));
    }

    /** Weights called {@code W}. */
    public static Weights of(double deviation, Integer... sizes) {
        return new Weights("W", Arrays.asList(sizes), deviation);
    }

    /** Biases, called {@code b}. */
    public static Weights bias(double deviation, int size) {
        return new Weights("b", List.of(size), deviation);
    }

    /** A number for each channel that is measured: {@code before} until then. */
    public static Weights measured(String name, int size, double before) {
        return new Weights(name, List.of(size), 0, false, false, OptionalDouble.of(before));
    }

    /** These weights with names for layers that stand inside another one. */
    static List<Weights> inside(String step, List<Weights> weights) {
        return weights.stream()
                .map(w -> new Weights(step + (w.name().contains("/") ? "." : "/") + w.name(), w.shape, w.deviation, w.trained,
                        w.byWidth, w.measured)).toList();
    }

    /**
     * How many numbers there are.
     *
     * @throws Failure if they do not fit into one array
     */
    public int size() {
        long size = 1;
        for (int s : shape) {
            size *= s;
            if (size > Integer.MAX_VALUE) {
                throw Failure.input("weights '" + name + "' of sizes " + shape
                        + " are more than fit into one array (2,147,483,647 numbers); use smaller widths");
            }
        }
        return (int) size;
    }
}
