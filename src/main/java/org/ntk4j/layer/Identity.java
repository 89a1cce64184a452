package org.ntk4j.layer;

import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/** {@code identity}: changes nothing. */
public record Identity() implements Layer {

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public Shape outputShape(Shape in) {
        return in;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return x;
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return Optional.of(new PlaneStep.Pass());
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c;
    }
}
