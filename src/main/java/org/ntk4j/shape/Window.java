package org.ntk4j.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Options;

/**
 * A window that slides over space: the filter of a convolution or the window of a pooling. {@code same} pads by
 * {@code max((⌈in/s⌉−1)·s + f − in, 0)} in all, the smaller half in front; {@code circular} wraps around by the same amounts.
 *
 * @param size    its extent along each axis of space
 * @param strides its steps along each axis
 * @param padding {@code valid}, {@code same} or {@code circular}
 */
public record Window(List<Integer> size, List<Integer> strides, String padding) implements Stencil {

    /** Position of a source that lies in the padding. */
    public static final int OUTSIDE = -1;

    public static final String VALID = "valid";
    public static final String SAME = "same";
    public static final String CIRCULAR = "circular";
    private static final int MOST = 1 << 20;

    public Window {
        size = List.copyOf(size);
        strides = List.copyOf(strides);
        if (size.isEmpty() || size.size() > 2 || strides.size() != size.size()) {
            throw Failure.input("a window of " + size + " with strides " + strides
                    + ": one number for each axis of space is needed, one or two");
        }
        if (size.stream().anyMatch(s -> s < 1) || strides.stream().anyMatch(s -> s < 1)) {
            throw Failure.input("a window of " + size + " with strides " + strides + ": every number must be at least 1");
        }
        if (!List.of(VALID, SAME, CIRCULAR).contains(padding)) {
            throw Failure.input("padding '" + padding + "' is not known; allowed: valid, same, circular");
        }
        if (area(size) > Integer.MAX_VALUE) {
            throw Failure.input("a window of " + size + " covers " + area(size) + " positions; at most " + Integer.MAX_VALUE);
        }
    }

    /** Reads a filter or window; strides that are not given are 1, or the window itself. */
    public static Window read(Options o, String sizeKey, boolean stridesAreSize, String padding) {
        if (o.entry(sizeKey).isEmpty() && stridesAreSize) {
            o.mistakes().add(o.place(), o.path() + ": '" + sizeKey
                    + "' is missing: a list with one size for each axis of space, such as [2, 2]");
        }
        List<Integer> size = o.integers(sizeKey, stridesAreSize ? List.of(2, 2) : List.of(3, 3), 1, MOST);
        List<Integer> strides = o.integers("strides", stridesAreSize ? size : size.stream().map(s -> 1).toList(), 1, MOST);
        if (size.isEmpty() || size.size() > 2 || strides.size() != size.size()) {
            o.mistake(o.entry("strides").isPresent() ? "strides" : sizeKey,
                    sizeKey + " " + size + " and strides " + strides + " need one number for each axis of space, one or two");
            o.entry("padding");
            return new Window(List.of(1, 1), List.of(1, 1), VALID);
        }
        if (area(size) > Integer.MAX_VALUE) {
            o.mistake(sizeKey, size + " covers " + area(size) + " positions; at most " + Integer.MAX_VALUE);
            o.entry("padding");
            return new Window(List.of(1, 1), List.of(1, 1), VALID);
        }
        return new Window(size, strides, o.choice("padding", padding, VALID, SAME, CIRCULAR));
    }

    public void write(Map<String, Object> options, String sizeKey) {
        options.put(sizeKey, size);
        options.put("strides", strides);
        options.put("padding", padding);
    }

    @Override
    public int area() {
        return (int) area(size);
    }

    private static long area(List<Integer> size) {
        return size.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> Math.min(1L << 40, a * b));
    }

    @Override
    public boolean keepsPositions() {
        return padding.equals(SAME) && strides.stream().allMatch(s -> s == 1);
    }

    /**
     * The sizes of space after it.
     *
     * @throws Failure in the user's words if the space has other axes, or {@code valid} finds no place
     */
    public Shape outputShape(String layer, Shape in) {
        String word = layer.endsWith("Pool") ? "window" : "filter";
        if (in.space().size() != size.size()) {
            String axes = in.isVector() ? "has no positions" : in.space().size() == 1
                    ? "is a sentence with one axis of positions" : "has " + in.space().size() + " axes of space";
            throw Failure.input(layer + " with a " + text() + " " + word + " on an input of " + in + ", which " + axes + "; "
                    + (in.isVector() ? "use dense" : "give one size for each axis"));
        }
        List<Integer> out = new ArrayList<>();
        for (int axis = 0; axis < size.size(); axis++) {
            int n = in.space().get(axis);
            if (padding.equals(VALID) && size.get(axis) > n) {
                throw Failure.input(layer + " with a " + text() + " " + word + " and `valid` padding on an input of " + in
                        + "; use `same`, or a " + word + " up to "
                        + String.join("×", in.space().stream().map(String::valueOf).toList()));
            }
            out.add(extent(axis, n));
        }
        return new Shape(out, in.channels());
    }

    @Override
    public String border() {
        return padding;
    }

    private int extent(int axis, int n) {
        int s = strides.get(axis);
        return padding.equals(VALID) ? (n - size.get(axis)) / s + 1 : (n + s - 1) / s;
    }

    private String text() {
        return String.join("×", size.stream().map(String::valueOf).toList());
    }

    @Override
    public int[][][] along(Shape in) {
        int[][][] along = new int[size.size()][][];
        for (int axis = 0; axis < along.length; axis++) {
            along[axis] = alongAxis(axis, in.space().get(axis));
        }
        return along;
    }

    /**
     * The sources for a sentence of which only the first {@code length} positions are real: as if the rest were not there.
     */
    @Override
    public int[][] sentence(Shape in, int length) {
        int positions = in.space().get(0);
        int[][] table = alongAxis(0, length);
        int after = extent(0, positions);
        int[][] whole = new int[table.length][after];
        for (int o = 0; o < table.length; o++) {
            Arrays.fill(whole[o], OUTSIDE);
            System.arraycopy(table[o], 0, whole[o], 0, Math.min(after, table[o].length));
        }
        return whole;
    }

    @Override
    public int lengthAfter(int real) {
        return padding.equals(VALID) && size.get(0) > real ? 0 : extent(0, real);
    }

    /** Positions of padding in front of an axis of n. */
    public int before(int axis, int n) {
        return padding.equals(VALID) ? 0 : Math.max((extent(axis, n) - 1) * strides.get(axis) + size.get(axis) - n, 0) / 2;
    }

    private int[][] alongAxis(int axis, int n) {
        int f = size.get(axis);
        int s = strides.get(axis);
        int out = padding.equals(VALID) && f > n ? 0 : extent(axis, n);
        int before = before(axis, n);
        int[][] table = new int[f][out];
        for (int o = 0; o < f; o++) {
            for (int p = 0; p < out; p++) {
                int source = p * s + o - before;
                boolean inside = source >= 0 && source < n;
                table[o][p] = inside ? source : padding.equals(CIRCULAR) ? Math.floorMod(source, n) : OUTSIDE;
            }
        }
        return table;
    }
}
