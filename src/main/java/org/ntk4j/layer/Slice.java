package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;

/**
 * {@code slice}: along each axis of space the positions from, from + step, … below to. Behind it positions count anew from 0. At infinite
 * width it keeps the pairs of those positions; the mask is sliced along.
 *
 * @param from the first position along each axis; empty: 0
 * @param to   the first position that is left out, along each axis; empty: the size
 * @param step the distance of neighbours along each axis; empty: 1
 */
public record Slice(List<Integer> from, List<Integer> to, List<Integer> step) implements Layer {

    private static final int MOST = 1 << 24;

    public Slice {
        from = List.copyOf(from);
        to = List.copyOf(to);
        step = List.copyOf(step);
        if (from.stream().anyMatch(f -> f < 0) || to.stream().anyMatch(t -> t < 1) || step.stream().anyMatch(s -> s < 1)) {
            throw Failure.input("slice from " + from + " to " + to + " in steps of " + step
                    + "; from is at least 0, to and step are at least 1, one number for each axis of space");
        }
    }

    public static Slice read(Options o) {
        return new Slice(o.integers("from", List.of(), 0, MOST), o.integers("to", List.of(), 1, MOST),
                o.integers("step", List.of(), 1, MOST));
    }

    /** The positions before this one, along each axis. */
    public Slice to(int... ends) {
        Required.value(ends, "ends");
        return new Slice(from, IntStream.of(ends).boxed().toList(), step);
    }

    /** Every position that is a multiple of this step away from the first, along each axis. */
    public Slice step(int... sizes) {
        Required.value(sizes, "sizes");
        return new Slice(from, to, IntStream.of(sizes).boxed().toList());
    }

    @Override
    public String name() {
        return "slice";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        putUnlessEmpty(options, "from", from);
        putUnlessEmpty(options, "to", to);
        putUnlessEmpty(options, "step", step);
        return options;
    }

    private static void putUnlessEmpty(Map<String, Object> options, String key, List<Integer> numbers) {
        if (!numbers.isEmpty()) {
            options.put(key, numbers);
        }
    }

    @Override
    public Shape outputShape(Shape in) {
        if (in.isVector()) {
            throw Failure.input("slice on an input of " + in + ", which has no positions; put it before flatten and pooling");
        }
        List<Integer> after = new ArrayList<>();
        for (int axis = 0; axis < in.space().size(); axis++) {
            after.add(along(axis, in).length);
        }
        return new Shape(after, in.channels());
    }

    private static int number(List<Integer> numbers, int axis, int otherwise, String word, Shape in) {
        if (!numbers.isEmpty() && numbers.size() != in.space().size()) {
            throw Failure.input("slice with " + word + " " + numbers + " on an input of " + in + ", which has " + in.space().size()
                    + (in.space().size() == 1 ? " axis" : " axes") + " of space; give one number for each axis");
        }
        return numbers.isEmpty() ? otherwise : numbers.get(axis);
    }

    private int[] along(int axis, Shape in) {
        int size = in.space().get(axis);
        int first = number(from, axis, 0, "from", in);
        int end = number(to, axis, size, "to", in);
        int distance = number(step, axis, 1, "step", in);
        if (end > size || first >= end) {
            throw Failure.input("slice from " + first + " to " + end + " along an axis of " + size + " positions, of an input of " + in
                    + ", "
                    + (end > size ? "reaches beyond them" : "leaves none") + "; from 0 up to before to, and to up to " + size
                            + ", are allowed");
        }
        return IntStream.iterate(first, i -> i < end, i -> i + distance).toArray();
    }

    private PositionMap map(Shape in) {
        PositionMap map = PositionMap.picking(in.space().get(0), along(0, in));
        for (int axis = 1; axis < in.space().size(); axis++) {
            map = map.beside(PositionMap.picking(in.space().get(axis), along(axis, in)));
        }
        return map;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.move(x, map(x.shape()), outputShape(x.shape()));
    }

    /** Planes keep all that steps leave of an image: other beginnings and ends are left to the layers. */
    @Override
    public Optional<PlaneStep> plane(Shape in) {
        int axes = in.space().size();
        if (axes < 1 || axes > 2 || from.stream().anyMatch(f -> f != 0) || !step.isEmpty() && step.size() != axes
                || !IntStream.range(0, axes).allMatch(axis -> isWhole(axis, in.space().get(axis)))) {
            return Optional.empty();
        }
        return Optional.of(new PlaneStep.Thin(axes == 1 ? 1 : step(0), step(axes - 1)));
    }

    private int step(int axis) {
        return step.isEmpty() ? 1 : step.get(axis);
    }

    private boolean isWhole(int axis, int size) {
        int end = to.isEmpty() ? size : axis < to.size() ? to.get(axis) : 0;
        return end <= size && (end + step(axis) - 1) / step(axis) == (size + step(axis) - 1) / step(axis);
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.move(map(c.shape()), outputShape(c.shape()));
    }
}
