package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * The mean over a window. It divides by the size of the window everywhere, or by the number of real pixels
 * ({@code normalizeEdges}). At infinite width both positions of the covariance are pooled.
 *
 * @param window         window, strides (the window by default), padding
 * @param normalizeEdges whether padding of the border is left out of the mean
 */
public record AvgPool(Window window, boolean normalizeEdges) implements Layer {

    public static AvgPool read(Options o) {
        return new AvgPool(Window.read(o, "window", true, Window.VALID), o.flag("normalizeEdges", false));
    }

    @Override
    public String name() {
        return "avgPool";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        window.write(options, "window");
        options.put("normalizeEdges", normalizeEdges);
        return options;
    }

    @Override
    public Shape outputShape(Shape in) {
        return window.outputShape(name(), in);
    }

    @Override
    public List<Weights> weights(Shape in) {
        return List.of();
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.pool(x, window, outputShape(x.shape()), true, normalizeEdges);
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return window.size().size() == in.space().size() ? Optional.of(PlaneStep.pool(window.along(in), in, true, normalizeEdges))
                : Optional.empty();
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.pool(outputShape(c.shape()), window, true, normalizeEdges);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
