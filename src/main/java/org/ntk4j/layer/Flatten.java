package org.ntk4j.layer;

import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.shape.Shape;

/** {@code flatten}: all positions become channels; at infinite width the mean over equal positions. */
public record Flatten() implements Layer {

    @Override
    public String name() {
        return "flatten";
    }

    @Override
    public Shape outputShape(Shape in) {
        return Shape.of(in.size());
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.reshape(x, outputShape(x.shape()));
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Optional<Ending> ending() {
        return Optional.of(Ending.EQUAL_POSITIONS);
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.flatten();
    }
}
