package org.ntk4j.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.ntk4j.base.Failure;

/**
 * The shape of one example, without the batch axis: axes of space, then channels. A vector has no axis of space, a
 * sentence one ({@code [positions, channels]}), an image two ({@code [height, width, channels]}).
 *
 * @param space    the sizes of the axes of space, none for a vector
 * @param channels the size of the last axis
 */
public record Shape(List<Integer> space, int channels) {

    public Shape {
        space = List.copyOf(space);
        if (channels < 1 || space.stream().anyMatch(s -> s < 1)) {
            throw Failure.input("shape " + text(space, channels) + ": every size must be at least 1");
        }
    }

    /** The shape with these sizes, channels last; at least one size. */
    public static Shape of(int... sizes) {
        if (sizes.length == 0) {
            throw Failure.input("a shape has at least one size, the number of channels");
        }
        List<Integer> all = Arrays.stream(sizes).boxed().toList();
        return new Shape(all.subList(0, sizes.length - 1), sizes[sizes.length - 1]);
    }

    /** The number of positions: the product of the sizes of space, 1 for a vector. */
    public int positions() {
        return fitting(space.stream().mapToLong(Integer::longValue).reduce(1, Shape::bounded));
    }

    /** The number of values of one example. */
    public int size() {
        return fitting(bounded(positions(), channels));
    }

    private static long bounded(long a, long b) {
        return Math.min(1L << 32, a * b);
    }

    private int fitting(long product) {
        if (product > Integer.MAX_VALUE) {
            throw Failure.input("an example of shape " + this + " has more values than fit into one array (2,147,483,647)");
        }
        return (int) product;
    }

    /** True for a vector. */
    public boolean isVector() {
        return space.isEmpty();
    }

    /** This space with another number of channels. */
    public Shape withChannels(int count) {
        return new Shape(space, count);
    }

    /** All sizes, channels last. */
    public int[] sizes() {
        List<Integer> all = new ArrayList<>(space);
        all.add(channels);
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@code 28×28×1}. */
    @Override
    public String toString() {
        return text(space, channels);
    }

    private static String text(List<Integer> space, int channels) {
        String front = space.stream().map(String::valueOf).collect(Collectors.joining("×"));
        return front.isEmpty() ? String.valueOf(channels) : front + "×" + channels;
    }
}
