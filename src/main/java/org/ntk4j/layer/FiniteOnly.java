package org.ntk4j.layer;

import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/** A layer without a closed form at infinite width, where only estimates from finite networks are possible. */
interface FiniteOnly extends Layer {

    /** How to get an estimate instead, for the end of a message. */
    String ESTIMATE = "an estimate from finite networks: in a script, network.monteCarlo(100, 128).ntk(x), on the command line kernel … "
            + "--monte-carlo 100 --width 128";

    /** Why there is no closed form, and what to do. */
    String why();

    @Override
    default Optional<String> finiteOnly() {
        return Optional.of(why());
    }

    @Override
    default Covariance kernel(Covariance c) {
        throw Failure.input(c.where() + ": " + why());
    }

    @Override
    default boolean propagate(Propagation way) {
        return false;
    }

    @Override
    default Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
