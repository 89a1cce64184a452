package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Optional;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.layers.PairValues;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.shape.Shape;

/**
 * What the layers that another engine leaves take.
 *
 * @param network the whole network
 * @param in      the shape of its inputs
 * @param from    how many layers, all of them in one list, the other engine covers
 * @param after   the shape behind these
 * @param steps   the rest in strips; empty where that goes layer by layer
 */
public record StripTailOffer(Serial network, Shape in, int from, Shape after, Optional<List<StripStep>> steps)
        implements TailOffer {

    /**
     * The layers behind the first ones.
     *
     * @param origin what is known of the values there
     */
    public static StripTailOffer of(Serial network, Shape in, int from, Shape after, Covariance.Origin origin) {
        return new StripTailOffer(network, in, from, after,
                after.isVector() ? StripMoments.steps(network.flat(), from, after, origin) : Optional.empty());
    }

    @Override
    public String words() {
        return steps.isPresent() ? "strips" : "layer by layer";
    }

    @Override
    public boolean endsPositions() {
        return after.isVector();
    }

    @Override
    public double nanosPerPair(boolean tangents) {
        if (steps.isPresent()) {
            return StripOffer.nanos(steps.get(), false, tangents);
        }
        Serial flat = network.flat();
        Serial rest = new Serial(flat.layers().subList(from, flat.layers().size()));
        return after.isVector() ? LayerByLayer.NANOS_PER_VECTOR * (Offer.maps(rest, after) + 1)
                : (double) after.positions() * after.positions() * LayerByLayer.NANOS_PER_VALUE * Offer.maps(rest, after);
    }

    @Override
    public long bytesPerPair() {
        return PairValues.behind(network, in, from, (long) after.positions() * after.positions()) * LayerByLayer.BYTES_PER_VALUE;
    }

    @Override
    public long bytesKept(int inputs) {
        return keeps() ? StripOffer.bytesKept(steps.orElseThrow(), inputs) : 0;
    }

    /** Whether some step looks at more than variances, which takes as long as many pairs. */
    boolean keeps() {
        return steps.isPresent() && isLong(steps.get());
    }

    private static boolean isLong(List<StripStep> steps) {
        return steps.stream().anyMatch(s -> s instanceof StripStep.Activate a && a.form() == null
                || s.ways().stream().anyMatch(StripTailOffer::isLong));
    }

    @Override
    public StripTail open(InputGram rows, InputGram columns, boolean tangents) {
        return new StripTail(this, rows, columns, tangents);
    }
}
