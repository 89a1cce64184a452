package org.ntk4j.layer;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.base.Required;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * A convolution (a correlation: the filter is not mirrored), the same weights {@code [filter…, in, out]} at every position:
 * {@code z[p] = wStd/√(in·Π filter) Σ_o x[p·s + o − pad] W[o] + bStd b}.
 *
 * <p>Infinite width (Novak et al. 2019; Arora et al. 2019): {@code K' = wStd² A(K) + bStd²}, {@code Θ' = K' + wStd² A(Θ)} with
 * A the mean over the filter's offsets, applied to both positions alike.
 */
public record Conv(int channels, Window window, double wStd, OptionalDouble bStd, Parameterization parameterization)
        implements FilterLayer {

    /** A convolution with the grammar's defaults: 3×3, stride 1, {@code valid}, wStd 1, no bias. */
    public static Conv of(int channels, int... filter) {
        Required.value(filter, "filter");
        return from(ConvOptions.of(channels, filter));
    }

    public static Conv read(Options o) {
        return from(ConvOptions.read(o));
    }

    private static Conv from(ConvOptions c) {
        return new Conv(c.channels(), c.window(), c.wStd(), c.bStd(), c.parameterization());
    }

    /** This layer with another scale of the weights. */
    public Conv wStd(double value) {
        return new Conv(channels, window, value, bStd, parameterization);
    }

    /** This layer with a bias of this scale. */
    public Conv bStd(double value) {
        return new Conv(channels, window, wStd, OptionalDouble.of(value), parameterization);
    }

    /** This layer with {@code valid}, {@code same} or {@code circular} padding. */
    public Conv padding(String padding) {
        Required.value(padding, "padding");
        return new Conv(channels, new Window(window.size(), window.strides(), padding), wStd, bStd, parameterization);
    }

    /** This layer with other strides. */
    public Conv strides(int... strides) {
        Required.value(strides, "strides");
        return new Conv(channels, new Window(window.size(), Arrays.stream(strides).boxed().toList(), window.padding()), wStd, bStd,
                parameterization);
    }

    @Override
    public Conv widened(int factor, int width) {
        return new Conv(Math.multiplyExact(channels, factor), window, wStd, bStd, parameterization);
    }

    @Override
    public Conv parameterized(Parameterization other) {
        return new Conv(channels, window, wStd, bStd, other);
    }

    @Override
    public String name() {
        return "conv";
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        Signal z = f.convolution(x, "W", ConvOptions.of(this).scale(x.shape()), window, outputShape(x.shape()));
        return bStd.isEmpty() ? z : f.bias(z, "b", ConvOptions.of(this).biasScale(x.shape()));
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return ConvOptions.of(this).plane(in);
    }

    @Override
    public Covariance kernel(Covariance c) {
        return ConvOptions.of(this).kernel(c, outputShape(c.shape()), window, true);
    }
}
