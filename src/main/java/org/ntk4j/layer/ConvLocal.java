package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * A convolution whose weights {@code [position…, in·Π filter, out]} and biases are not shared: each position has its own. At
 * infinite width only equal positions stay correlated (Novak et al. 2019).
 */
public record ConvLocal(int channels, Window window, double wStd, OptionalDouble bStd, Parameterization parameterization)
        implements FilterLayer {

    public static ConvLocal read(Options o) {
        ConvOptions c = ConvOptions.read(o);
        return new ConvLocal(c.channels(), c.window(), c.wStd(), c.bStd(), c.parameterization());
    }

    @Override
    public ConvLocal widened(int factor, int width) {
        return new ConvLocal(Math.multiplyExact(channels, factor), window, wStd, bStd, parameterization);
    }

    @Override
    public ConvLocal parameterized(Parameterization other) {
        return new ConvLocal(channels, window, wStd, bStd, other);
    }

    @Override
    public String name() {
        return "convLocal";
    }

    @Override
    public List<Weights> weights(Shape in) {
        Shape out = outputShape(in);
        List<Integer> sizes = new ArrayList<>(out.space());
        sizes.add(ConvOptions.of(this).fanIn(in));
        sizes.add(channels);
        List<Integer> biases = new ArrayList<>(out.space());
        biases.add(channels);
        return ConvOptions.of(this).weights(in, sizes, biases);
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        ConvOptions c = ConvOptions.of(this);
        return f.unshared(x, window, c.scale(x.shape()), bStd.isPresent() ? c.biasScale(x.shape()) : 0, outputShape(x.shape()));
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return ConvOptions.of(this).plane(in).map(step -> new PlaneStep.Chain(List.of(step, new PlaneStep.Unshare())));
    }

    @Override
    public Covariance kernel(Covariance c) {
        return ConvOptions.of(this).kernel(c, outputShape(c.shape()), window, false);
    }

    /** Only equal positions come out, and they look at equal positions only. */
    @Override
    public Span needs(Shape in, Span after) {
        return after;
    }
}
