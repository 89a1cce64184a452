package org.ntk4j.infinite;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.layer.Conv;
import org.ntk4j.layer.ConvLocal;
import org.ntk4j.layer.ConvTranspose;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerNorm;
import org.ntk4j.layer.Repeat;
import org.ntk4j.layer.Serial;

/**
 * Whether the weights of a deep network are in the ordered or in the chaotic phase (Poole et al. 2016; Schoenholz et al. 2017): each pair of an activation
 * and the linear map after it multiplies small differences of inputs, and gradients, by {@code χ = wStd² E[φ'(u)²]}, taken here at the
 * variances that the network really has on its way. Networks with branches are left alone.
 */
final class Phase {

    /** Differences that shrink or grow by less than this factor on the way through the network are no matter. */
    private static final double NOTABLE = 100;

    private double variance;
    private double slope = Double.NaN;
    private double logarithm;
    private int layers;
    /** Of the map seen last: it counts only if an activation follows, as the readout tells inputs apart no less for being small. */
    private double last = Double.NaN;

    private Phase(double variance) {
        this.variance = variance;
    }

    /** A note where it matters, for inputs of this mean square. */
    static Optional<String> of(Serial network, double meanSquare) {
        Phase phase = new Phase(meanSquare);
        if (!phase.through(network) || phase.layers == 0 || !(Math.abs(phase.logarithm) > Math.log(NOTABLE))) {
            return Optional.empty();
        }
        boolean ordered = phase.logarithm < 0;
        return Optional.of(String.format(Locale.ROOT, "%s phase: each hidden layer multiplies small differences of inputs, and gradients, by χ = %.3g (geometric mean), all %d "
                + "together by 1e%.0f: %s; weights are critical at χ = 1, with a %s wStd", ordered ? "ordered" : "chaotic", Math.exp(phase.logarithm / phase.layers), phase.layers,
                phase.logarithm / Math.log(10), ordered ? "deep layers tell inputs apart no more" : "deep layers tell even neighbours apart as if they had nothing in common",
                ordered ? "larger" : "smaller"));
    }

    private boolean through(Serial serial) {
        for (Layer layer : serial.layers()) {
            if (!through(layer) || !Double.isFinite(variance) || Double.isInfinite(slope)) {
                return false;
            }
        }
        return true;
    }

    private boolean through(Layer layer) {
        if (layer instanceof Serial s) {
            return through(s);
        }
        if (layer instanceof Repeat r) {
            for (int i = 0; i < r.times(); i++) {
                if (!through(r.layers())) {
                    return false;
                }
            }
            return true;
        }
        if (layer instanceof Nonlinearity phi) {
            return activate(phi);
        }
        if (layer instanceof LayerNorm) {
            slope /= variance;
            variance = 1;
            return true;
        }
        if (layer instanceof Dense d) {
            return linear(d.wStd(), d.bStd());
        }
        if (layer instanceof Conv c) {
            return linear(c.wStd(), c.bStd());
        }
        if (layer instanceof ConvLocal c) {
            return linear(c.wStd(), c.bStd());
        }
        if (layer instanceof ConvTranspose c) {
            return linear(c.wStd(), c.bStd());
        }
        return layer.lists().isEmpty() && !layer.name().equals("selfAttention");
    }

    private boolean linear(double wStd, OptionalDouble bStd) {
        if (!Double.isNaN(slope)) {
            last = Math.log(wStd * wStd * slope);
            slope = Double.NaN;
        }
        variance = wStd * wStd * variance + bStd.orElse(0) * bStd.orElse(0);
        return true;
    }

    private boolean activate(Nonlinearity phi) {
        Pairs pair = new Pairs(1);
        pair.n = 1;
        pair.q11[0] = variance;
        pair.q22[0] = variance;
        pair.q12[0] = variance;
        pair.scale1[0] = Pairs.scale(variance);
        pair.scale2[0] = pair.scale1[0];
        try {
            phi.expectations(pair);
        } catch (Failure e) {
            return false;
        }
        if (!Double.isNaN(last)) {
            logarithm += last;
            layers++;
            last = Double.NaN;
        }
        variance = pair.value[0];
        slope = Double.isNaN(slope) ? pair.slope[0] : slope * pair.slope[0];
        return true;
    }
}
