package org.ntk4j.network;

import java.util.List;
import java.util.Map;
import org.ntk4j.finite.Forward;
import org.ntk4j.finite.Signal;
import org.ntk4j.infinite.Covariance;

/** {@code identity}: changes nothing. */
public record Identity() implements Layer {

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of();
    }

    @Override
    public Shape outputShape(Shape in) {
        return in;
    }

    @Override
    public List<Weights> weights(Shape in) {
        return List.of();
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return x;
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c;
    }
}
