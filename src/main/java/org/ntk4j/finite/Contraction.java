package org.ntk4j.finite;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ntk4j.forward.AdditiveMap;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.forward.UnsharedMap;
import org.ntk4j.forward.WordMap;

/**
 * How a trained map's share of a tangent kernel is computed, and why. A map {@code z_p = h_p W} has
 * {@code Σ_pq ⟨h_p, h'_q⟩⟨δ_p, δ'_q⟩}: either product by product as it stands, or as the inner product of the per-example
 * gradients {@code Σ_p h_p ⊗ δ_p} (Novak, Sohl-Dickstein and Schoenholz 2022). The one with fewer operations is taken.
 *
 * @param map       the path of its layer
 * @param positions at how many positions it works
 * @param in        channels of its input
 * @param out       channels of its output
 * @param outputs   for how many outputs of the network it is done: 1 where all of them share one
 * @param gram      operations by Gram products; infinite where that is impossible
 * @param gradients operations by per-example gradients; infinite where that is impossible
 * @param way       which of them is taken
 */
public record Contraction(String map, int positions, int in, int out, int outputs, double gram, double gradients, Way way) {

    /** The two ways. */
    public enum Way {
        /** Inner products of inputs times inner products of δ, pair of positions by pair of positions. */
        GRAM("Gram products"),
        /** Inner products of per-example gradients. */
        GRADIENTS("per-example gradients");

        private final String words;

        Way(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * Multiplying the two values of a pair and adding them up takes as long as this many operations of a matrix product: memory limits it.
     */
    private static final double PER_VALUE = 80;

    /**
     * The cheaper way for a map.
     *
     * @param outputs  for how many outputs of the network it is done
     * @param pairs    of how many pairs of examples
     * @param examples from how many examples
     * @param forced   the way that is taken whatever it costs; null: the cheaper one
     */
    static Contraction of(TrainedMap given, int outputs, double pairs, double examples, @Nullable Way forced) {
        TrainedMap map = given.whole();
        double p = map.positions();
        double k = outputs;
        double gram = Double.POSITIVE_INFINITY;
        double gradients;
        int in = map instanceof AdditiveMap ? map.positions() : map.in();
        int out = map.out();
        if (map instanceof LinearMap) {
            gram = pairs * p * p * (2.0 * in + 2 * k * out + PER_VALUE);
            gradients = 2 * k * in * out * (examples * p + pairs);
        } else if (map instanceof UnsharedMap) {
            gram = pairs * p * (2.0 * in + 2 * k * out + PER_VALUE);
            gradients = 2 * k * p * in * out * (examples + pairs);
        } else if (map instanceof WordMap) {
            gram = pairs * p * p * (2 + 2 * k * out + PER_VALUE);
            gradients = Double.POSITIVE_INFINITY;
        } else {
            gradients = 2 * k * p * out * (examples * p + pairs);
        }
        Way cheaper = gram <= gradients ? Way.GRAM : Way.GRADIENTS;
        return new Contraction(map.name(), map.positions(), in, out, outputs, gram, gradients,
                forced == null || gram == Double.POSITIVE_INFINITY || gradients == Double.POSITIVE_INFINITY ? cheaper : forced);
    }

    /** The last linear map, whose δ are unit vectors: only its inputs meet. */
    static Contraction readout(LinearMap map, double pairs) {
        return new Contraction(map.name(), 1, map.in(), map.out(), 1, pairs * 2 * map.in(), Double.POSITIVE_INFINITY, Way.GRAM);
    }

    /** The operations of the way taken. */
    public double operations() {
        return way == Way.GRAM ? gram : gradients;
    }

    /** {@code 0.conv: 9 → 64 at 784 positions: per-example gradients, 2 GFLOP (Gram products: 33,000)}. */
    @Override
    public String toString() {
        double other = way == Way.GRAM ? gradients : gram;
        return String.format(Locale.ROOT, "%s: %d → %d%s: %s%s, %s GFLOP%s", map, in, out,
                positions == 1 ? "" : " at " + positions + " positions", way,
                outputs == 1 ? "" : " for each output", giga(operations()),
                Double.isInfinite(other) ? "" : " (" + (way == Way.GRAM ? Way.GRADIENTS : Way.GRAM) + ": " + giga(other) + ")");
    }

    private static String giga(double operations) {
        return String.format(Locale.ROOT, operations < 1e10 ? "%.2g" : "%,.0f", operations / 1e9);
    }
}
