package org.ntk4j.infinite;

import java.util.Locale;
import java.util.Optional;
import org.ntk4j.layer.Propagation;
import org.ntk4j.layer.Serial;

/** Whether the weights of a deep network are in the ordered or in the chaotic phase. Networks with branches are left alone. */
final class Phase {

    /** Differences that shrink or grow by less than this factor on the way through the network are no matter. */
    private static final double NOTABLE = 100;

    private Phase() {
    }

    /** A note where it matters, for inputs of this mean square. */
    static Optional<String> of(Serial network, double meanSquare) {
        Propagation way = new Propagation(meanSquare);
        if (!network.propagate(way) || way.count() == 0 || !(Math.abs(way.logarithm()) > Math.log(NOTABLE))) {
            return Optional.empty();
        }
        boolean ordered = way.logarithm() < 0;
        return Optional.of(String.format(Locale.ROOT, "%s phase: each hidden layer multiplies small differences of inputs, and gradients, "
                + "by χ = %.3g (geometric mean), all %d "
                + "together by 1e%.0f: %s; weights are critical at χ = 1, with a %s wStd", ordered ? "ordered" : "chaotic",
                        Math.exp(way.logarithm() / way.count()), way.count(),
                way.logarithm() / Math.log(10), ordered ? "deep layers tell inputs apart no more"
                        : "deep layers tell even neighbours apart as if they had nothing in common",
                ordered ? "larger" : "smaller"));
    }
}
