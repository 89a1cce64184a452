package org.ntk4j.layer;

import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/** The mean or the sum over a window; at infinite width both positions of the covariance are pooled. */
interface LinearPool extends WindowPool {

    /** Whether it takes the mean; otherwise the sum. */
    boolean isMean();

    /** Whether a mean leaves out the padding at the border. */
    default boolean normalizeEdges() {
        return false;
    }

    @Override
    default Signal forward(Forward f, Signal x) {
        return f.pool(x, window(), outputShape(x.shape()), isMean(), normalizeEdges());
    }

    @Override
    default Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    default Optional<PlaneStep> plane(Shape in) {
        return window().size().size() == in.space().size()
                ? Optional.of(PlaneStep.pool(window().along(in), in, isMean(), normalizeEdges())) : Optional.empty();
    }

    @Override
    default Covariance kernel(Covariance c) {
        return c.pool(outputShape(c.shape()), window(), isMean(), normalizeEdges());
    }

    @Override
    default Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
