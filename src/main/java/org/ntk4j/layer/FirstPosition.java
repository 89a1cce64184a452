package org.ntk4j.layer;

import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.shape.Shape;

/** {@code firstPosition}: what stands at the first position; the readout {@code first} of {@code transformer}. */
public record FirstPosition() implements Layer {

    @Override
    public String name() {
        return "firstPosition";
    }

    @Override
    public Shape outputShape(Shape in) {
        return Shape.of(in.channels());
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.firstPosition(x);
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Optional<Ending> ending() {
        return Optional.of(Ending.FIRST);
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.firstPosition();
    }
}
