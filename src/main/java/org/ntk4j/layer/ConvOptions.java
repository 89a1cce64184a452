package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;
import org.ntk4j.shape.Window;

/**
 * What {@code conv}, {@code convLocal} and {@code convTranspose} have in common: channels, a window, and the scale
 * {@code wStd/√(C_in·Π filter)}, which is the same at zero-padded borders.
 *
 * @param channels         the number of channels that it gives
 * @param window           filter, strides, padding
 * @param wStd             the scale of the weights
 * @param bStd             the scale of the bias; empty: no bias
 * @param parameterization {@code ntk}, {@code standard}, {@code meanField} or {@code muP}
 */
record ConvOptions(int channels, Window window, double wStd, OptionalDouble bStd, Parameterization parameterization) {

    private static final int MOST = 1 << 24;

    ConvOptions {
        if (channels < 1 || channels > MOST) {
            throw Failure.input("conv: channels of " + channels + " is not a whole number from 1 to " + MOST);
        }
        Scales.check("conv", wStd, bStd);
    }

    static ConvOptions of(int channels, int... filter) {
        List<Integer> size = filter.length == 0 ? List.of(3, 3) : Arrays.stream(filter).boxed().toList();
        return new ConvOptions(channels, new Window(size, size.stream().map(s -> 1).toList(), Window.VALID), 1, OptionalDouble.empty(),
                Parameterization.NTK);
    }

    static ConvOptions of(FilterLayer c) {
        return new ConvOptions(c.channels(), c.window(), c.wStd(), c.bStd(), c.parameterization());
    }

    static ConvOptions read(Options o) {
        return new ConvOptions(o.requiredInteger("channels", 1, MOST), Window.read(o, "filter", false, Window.VALID), Scales.wStd(o),
                Scales.bStd(o),
                Parameterization.of(o.choice("parameterization", "ntk", Parameterization.words().toArray(String[]::new))));
    }

    Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("channels", channels);
        window.write(options, "filter");
        Scales.write(options, wStd, bStd);
        options.put("parameterization", parameterization.toString());
        return options;
    }

    /** What of it the infinite width depends on, when in NTK parameterization. */
    Object infiniteKey(String name) {
        Map<String, Object> options = options();
        if (parameterization != Parameterization.STANDARD) {
            options.remove("channels");
            options.remove("parameterization");
        }
        return List.of(name, options);
    }

    int fanIn(Shape in) {
        return in.channels() * window.area();
    }

    /** The factor of the weights in the forward pass. */
    double scale(Shape in) {
        return parameterization.scale(wStd, fanIn(in));
    }

    double biasScale(Shape in) {
        return parameterization.biasScale(bStd.orElse(0), fanIn(in));
    }

    /** Its weights, of these sizes. */
    List<Weights> weights(Shape in, List<Integer> sizes, List<Integer> biasSizes) {
        boolean byWidth = parameterization.byWidth();
        List<Weights> weights = new ArrayList<>();
        weights.add(new Weights("W", sizes, parameterization.deviation(wStd, fanIn(in)), true, byWidth));
        bStd.ifPresent(b -> weights.add(new Weights("b", biasSizes, parameterization.biasDeviation(b, fanIn(in)), true, byWidth)));
        return weights;
    }

    /** {@code filter…, in, out}. */
    List<Integer> sharedSizes(Shape in) {
        List<Integer> sizes = new ArrayList<>(window.size());
        sizes.add(in.channels());
        sizes.add(channels);
        return sizes;
    }

    private Covariance.Tangent rule(Shape in) {
        double w2 = wStd * wStd;
        return parameterization == Parameterization.STANDARD ? new Covariance.Tangent(fanIn(in), w2, bStd.isPresent() ? 1 : 0)
                : new Covariance.Tangent(w2, w2, bStd.orElse(0) * bStd.orElse(0));
    }

    /** What it does to pairs of positions whose offset the strides divide. */
    Optional<PlaneStep> plane(Shape in) {
        int axes = window.size().size();
        if (axes != in.space().size()) {
            return Optional.empty();
        }
        boolean shrinks = window.padding().equals(Window.VALID);
        PlaneStep.Border border = shrinks ? PlaneStep.Border.NONE : window.padding().equals(Window.CIRCULAR)
                ? PlaneStep.Border.WRAP : PlaneStep.Border.ZERO;
        return Optional.of(step(in, axes == 1 ? 0 : window.before(0, in.space().get(0)),
                window.before(axes - 1, in.space().get(axes - 1)), border, axes == 1 ? 1 : window.strides().get(0),
                window.strides().get(axes - 1)));
    }

    /** Its weights over a window that begins so many rows above and columns before its position. */
    PlaneStep step(Shape in, int top, int left, PlaneStep.Border border, int down, int across) {
        int axes = window.size().size();
        return new PlaneStep.Linear(axes == 1 ? 1 : window.size().get(0), window.size().get(axes - 1), top, left, border, down, across,
                wStd * wStd, bStd.orElse(0) * bStd.orElse(0), rule(in));
    }

    /**
     * {@code K' = wStd² A(K) + bStd²}, {@code Θ' = K' + wStd² A(Θ)}; in standard parameterization {@code Θ' = fanIn A(K) + wStd² A(Θ) + 1}.
     */
    Covariance kernel(Covariance c, Shape after, Stencil stencil, boolean shared) {
        double w2 = wStd * wStd;
        double b2 = bStd.isPresent() ? bStd.getAsDouble() * bStd.getAsDouble() : 0;
        Covariance.Tangent rule = rule(c.shape());
        Covariance patches = c.patches(after.withChannels(c.shape().channels()), stencil);
        return shared ? patches.linear(channels, w2, b2, rule) : patches.unsharedLinear(channels, w2, b2, rule);
    }
}
