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
 * The sum over a window. At infinite width both positions of the covariance are pooled.
 *
 * @param window window, strides (the window by default), padding
 */
public record SumPool(Window window) implements Layer {

    public static SumPool read(Options o) {
        return new SumPool(Window.read(o, "window", true, Window.VALID));
    }

    @Override
    public String name() {
        return "sumPool";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        window.write(options, "window");
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
        return f.pool(x, window, outputShape(x.shape()), false, false);
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return window.size().size() == in.space().size() ? Optional.of(PlaneStep.pool(window.along(in), in, false, false))
                : Optional.empty();
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.pool(outputShape(c.shape()), window, false, false);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
