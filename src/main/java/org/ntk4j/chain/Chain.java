package org.ntk4j.chain;

import java.util.List;
import org.ntk4j.rows.NamedSums64;
import org.ntk4j.rows.NamedSums32;

/**
 * Linear maps one behind the other, with a rectifier between each two.
 *
 * @param links the maps; behind the last one, each channel goes to the outputs by itself
 * @param wants what is wanted at each of them but the last
 */
public record Chain(List<Link> links, List<Wish> wants) {

    /** More numbers than any vectors have side by side. */
    private static final int MOST_WIDE = 256;
    /** Fewer places than this would not be worth the way that weights have to be put in. */
    private static final int PLACES = 32;

    /** What is wanted at a map. */
    public enum Wish {
        /** Nothing. */
        NOTHING,
        /** δ at its output. */
        DELTAS,
        /** The gradients of its weights. */
        GRADIENTS,
        /** These, and those of its biases. */
        GRADIENTS_WITH_BIASES;

        boolean ofWeights() {
            return this == GRADIENTS || this == GRADIENTS_WITH_BIASES;
        }
    }

    public Chain {
        links = List.copyOf(links);
        wants = List.copyOf(wants);
    }

    int last() {
        return links.size() - 1;
    }

    /** The first map at which something is wanted. */
    public int first() {
        int first = 0;
        while (wants.get(first) == Wish.NOTHING) {
            first++;
        }
        return first;
    }

    /** The first map of which it counts what comes in. */
    public int firstImage() {
        return first() + (wants.get(first()).ofWeights() ? 0 : 1);
    }

    /** How many examples go back together: where each has few positions, more of them meet the weights that are at hand. */
    public int together() {
        int positions = links.stream().mapToInt(Link::after).max().orElseThrow();
        return Math.max(1, PLACES / positions);
    }

    /** Outputs as they are computed: some at a time. */
    public static int padded(int outputs) {
        return (outputs + NamedSums64.COLUMN - 1) / NamedSums64.COLUMN * NamedSums64.COLUMN;
    }

    /**
     * The operations of a way back of one example, with those for lanes and outputs that are there for nothing, where every other unit is
     * off.
     */
    public double operations(int outputs, boolean float32) {
        int width = float32 ? NamedSums32.WIDTH : NamedSums64.WIDTH;
        double sum = 0;
        for (int l = first() + 1; l <= last(); l++) {
            Link link = links.get(l);
            int channels = (link.channels() + width - 1) / width * width;
            sum += (double) link.after() * link.area() * link.out() * channels;
        }
        return sum * padded(outputs);
    }

    /** Whether arrays hold what a way back needs for so many outputs. */
    public boolean fits(int outputs) {
        double most = 0;
        for (Link link : links) {
            double area = (double) link.area() * Math.max(link.channels(), MOST_WIDE) * link.out();
            most = Math.max(most, Math.max((double) together() * link.after() * link.out(), area) * padded(outputs));
            most = Math.max(most, (double) link.before() * Math.max(link.channels(), MOST_WIDE));
        }
        return most < Integer.MAX_VALUE;
    }

    /** Whether δ at the map before go on from there: to the maps before that one, or into gradients of its weights. */
    boolean goesOnBehind(int l) {
        return l - 1 > first() || wants.get(l - 1).ofWeights();
    }

    /** The most places: positions of the examples that go together. */
    int places() {
        return together() * links.stream().mapToInt(Link::after).max().orElseThrow();
    }

    /** The most values at the outputs of a map. */
    int largest() {
        return links.stream().mapToInt(l -> together() * l.after() * l.out()).max().orElseThrow();
    }

    int channels() {
        return links.stream().mapToInt(Link::out).max().orElseThrow();
    }

    /** The most values of δ that are wanted, of an output. */
    int whole() {
        int most = 0;
        for (int l = 0; l < last(); l++) {
            most = wants.get(l) == Wish.DELTAS ? Math.max(most, together() * links.get(l).after() * links.get(l).out()) : most;
        }
        return most;
    }

    /** The most values of a gradient, of an output. */
    int gradients() {
        int most = 0;
        for (int l = 0; l < last(); l++) {
            most = wants.get(l).ofWeights() ? Math.max(most, links.get(l).in() * links.get(l).out()) : most;
        }
        return most;
    }

    /** The most positions at which gradients look. */
    int seen() {
        int most = 0;
        for (int l = 0; l < last(); l++) {
            most = wants.get(l).ofWeights() ? Math.max(most, links.get(l).after()) : most;
        }
        return most;
    }
}
