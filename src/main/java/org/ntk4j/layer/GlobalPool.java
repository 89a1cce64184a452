package org.ntk4j.layer;

import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/** The mean or the sum over all real positions; at infinite width over all pairs of them. */
interface GlobalPool extends Layer {

    /** Whether it takes the mean; otherwise the sum. */
    boolean isMean();

    @Override
    default Shape outputShape(Shape in) {
        return Shape.of(in.channels());
    }

    @Override
    default Signal forward(Forward f, Signal x) {
        return f.globalPool(x, isMean());
    }

    @Override
    default Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    default Optional<Ending> ending() {
        return Optional.of(isMean() ? Ending.MEAN : Ending.SUM);
    }

    @Override
    default Covariance kernel(Covariance c) {
        return c.globalPool(isMean());
    }

    @Override
    default Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
