package org.ntk4j.layer;

import java.util.List;
import java.util.Map;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/** {@code globalAvgPool}: the mean over all real positions; at infinite width over all pairs of them. */
public record GlobalAvgPool() implements Layer {

    @Override
    public String name() {
        return "globalAvgPool";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of();
    }

    @Override
    public Shape outputShape(Shape in) {
        return Shape.of(in.channels());
    }

    @Override
    public List<Weights> weights(Shape in) {
        return List.of();
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.globalPool(x, true);
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.globalPool(true);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
