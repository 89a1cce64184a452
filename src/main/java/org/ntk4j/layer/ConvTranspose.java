package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;
import org.ntk4j.shape.Window;

/**
 * A transposed convolution: {@code z[p·s + a − shift] += wStd/√(in·Π filter) x[p] W[f−1−a]}. {@code valid}: out = in·s + max(f − s, 0),
 * shift 0; {@code same} and {@code circular}: out = in·s, shift = f − 1 − before with before = f − 1 if s &gt; f − 1, else ⌈(f+s−2)/2⌉.
 */
public record ConvTranspose(int channels, Window window, double wStd, OptionalDouble bStd, Parameterization parameterization)
        implements FilterLayer, Stencil {

    public static ConvTranspose read(Options o) {
        ConvOptions c = ConvOptions.read(o);
        return new ConvTranspose(c.channels(), c.window(), c.wStd(), c.bStd(), c.parameterization());
    }

    @Override
    public ConvTranspose widened(int factor, int width) {
        return new ConvTranspose(Math.multiplyExact(channels, factor), window, wStd, bStd, parameterization);
    }

    @Override
    public ConvTranspose parameterized(Parameterization other) {
        return new ConvTranspose(channels, window, wStd, bStd, other);
    }

    @Override
    public String name() {
        return "convTranspose";
    }

    @Override
    public Shape outputShape(Shape in) {
        if (in.space().size() != window.size().size()) {
            throw Failure.input("convTranspose with a filter of " + window.size() + " on an input of " + in
                    + "; give one size for each axis of space");
        }
        List<Integer> space = new ArrayList<>();
        for (int axis = 0; axis < in.space().size(); axis++) {
            long size = extentOf(axis, in.space().get(axis));
            if (size > Integer.MAX_VALUE) {
                throw Failure.input(String.format(Locale.ROOT, "convTranspose with strides of %s makes %,d positions along axis %d of an "
                        + "input of %s; at most 2,147,483,647", window.strides(), size, axis, in));
            }
            space.add((int) size);
        }
        return new Shape(space, channels);
    }

    private int extent(int axis, int n) {
        return (int) extentOf(axis, n);
    }

    private long extentOf(int axis, int n) {
        int s = window.strides().get(axis);
        return (long) n * s + (window.padding().equals(Window.VALID) ? Math.max(window.size().get(axis) - s, 0) : 0);
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        Signal z = f.gathered(x, "W", ConvOptions.of(this).scale(x.shape()), this, outputShape(x.shape()));
        return bStd.isEmpty() ? z : f.bias(z, "b", ConvOptions.of(this).biasScale(x.shape()));
    }

    @Override
    public Covariance kernel(Covariance c) {
        return ConvOptions.of(this).kernel(c, outputShape(c.shape()), this, true);
    }

    /** Positions spread out, with nothing between them, and then the mirrored window over them. */
    @Override
    public Optional<PlaneStep> plane(Shape in) {
        int axes = window.size().size();
        if (axes != in.space().size()) {
            return Optional.empty();
        }
        Shape out = outputShape(in);
        List<PlaneStep.Axis> spread = IntStream.range(0, axes)
                .mapToObj(a -> PlaneStep.Axis.spread(in.space().get(a), window.strides().get(a), out.space().get(a))).toList();
        PlaneStep.Border border = window.padding().equals(Window.CIRCULAR) ? PlaneStep.Border.WRAP : PlaneStep.Border.ZERO;
        return Optional.of(new PlaneStep.Chain(List.of(PlaneStep.pool(spread),
                ConvOptions.of(this).step(in, axes == 1 ? 0 : window.size().get(0) - 1 - shift(0),
                        window.size().get(axes - 1) - 1 - shift(axes - 1), border, 1, 1))));
    }

    /** How far behind a position the window ends that lies around it. */
    private int shift(int axis) {
        int f = window.size().get(axis);
        int s = window.strides().get(axis);
        int before = s > f - 1 ? f - 1 : (f + s - 1) / 2;
        return window.padding().equals(Window.VALID) ? 0 : f - 1 - before;
    }

    @Override
    public int area() {
        return window.area();
    }

    /** Offsets are counted as the weights are: offset w moves by f − 1 − w. */
    @Override
    public int[][][] along(Shape in) {
        int axes = in.space().size();
        int[][][] along = new int[axes][][];
        for (int axis = 0; axis < axes; axis++) {
            int f = window.size().get(axis);
            int s = window.strides().get(axis);
            int n = in.space().get(axis);
            int out = extent(axis, n);
            int shift = shift(axis);
            along[axis] = new int[f][out];
            for (int w = 0; w < f; w++) {
                for (int t = 0; t < out; t++) {
                    int source = t + shift - (f - 1 - w);
                    if (window.padding().equals(Window.CIRCULAR)) {
                        source = Math.floorMod(source, out);
                    }
                    boolean inside = source >= 0 && source % s == 0 && source / s < n;
                    along[axis][w][t] = inside ? source / s : Window.OUTSIDE;
                }
            }
        }
        return along;
    }

    @Override
    public int[][] sentence(Shape in, int length) {
        throw Failure.input("convTranspose makes the value depend on how much padding there is; use it on inputs without padding");
    }

    @Override
    public int lengthAfter(int length) {
        return extent(0, length);
    }

    @Override
    public boolean keepsPositions() {
        return false;
    }

    @Override
    public String border() {
        return window.padding();
    }
}
