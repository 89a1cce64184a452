package org.ntk4j.layer;

import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;

/**
 * The variance of a network's values on its way through the layers, and what small differences of inputs, and gradients, are multiplied by:
 * each pair of an activation and the linear map after it multiplies them by {@code χ = wStd² E[φ'(u)²]} (Poole et al. 2016; Schoenholz et
 * al. 2017), taken at the variances that the network really has. Layers say what they do to it ({@link Layer#propagate}).
 */
public final class Propagation {

    private double variance;
    private double slope = Double.NaN;
    private double logarithm;
    private int count;
    /** Of the last map: it counts only if an activation follows, since a readout distinguishes inputs however small it is. */
    private double last = Double.NaN;

    /** For inputs of this mean square. */
    public Propagation(double meanSquare) {
        this.variance = meanSquare;
    }

    /** The sum of log χ over the hidden layers so far. */
    public double logarithm() {
        return logarithm;
    }

    /** How many hidden layers that is. */
    public int count() {
        return count;
    }

    /** A linear map with weights of its own. */
    boolean linear(double wStd, OptionalDouble bStd) {
        if (!Double.isNaN(slope)) {
            last = Math.log(wStd * wStd * slope);
            slope = Double.NaN;
        }
        variance = wStd * wStd * variance + bStd.orElse(0) * bStd.orElse(0);
        return isFinite();
    }

    /** Layer normalization. */
    boolean normalize() {
        slope /= variance;
        variance = 1;
        return isFinite();
    }

    /** A function applied to every value. */
    public boolean activate(Nonlinearity phi) {
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
            count++;
            last = Double.NaN;
        }
        variance = pair.value[0];
        slope = Double.isNaN(slope) ? pair.slope[0] : slope * pair.slope[0];
        return isFinite();
    }

    private boolean isFinite() {
        return Double.isFinite(variance) && !Double.isInfinite(slope);
    }
}
