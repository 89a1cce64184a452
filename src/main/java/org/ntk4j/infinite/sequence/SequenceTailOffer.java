package org.ntk4j.infinite.sequence;

import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.layers.PairValues;
import org.ntk4j.infinite.layers.Rest;
import org.ntk4j.infinite.layers.Tail;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.sequence.path.SequencePath;
import org.ntk4j.infinite.strip.StripTailOffer;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.shape.Shape;

/**
 * What the layers take that another engine leaves with positions of which all pairs meet.
 *
 * @param network the whole network
 * @param in      the shape of its inputs
 * @param from    how many layers, all of them in one list, the other engine covers
 * @param path    what follows, up to the layer that ends the positions
 * @param behind  the layers behind that
 */
public record SequenceTailOffer(Serial network, Shape in, int from, SequencePath path, TailOffer behind) implements TailOffer {

    /**
     * The layers behind the first ones: by pairs of positions, in strips, or layer by layer.
     *
     * @param after  the shape behind the first ones
     * @param origin what is known of the values there
     */
    public static TailOffer of(Serial network, Shape in, int from, Shape after, Covariance.Origin origin) {
        Optional<SequencePath> path = SequencePath.of(network, from, after, false, origin);
        return path.isEmpty() ? StripTailOffer.of(network, in, from, after, origin) : new SequenceTailOffer(network, in, from, path.get(),
                StripTailOffer.of(network, in, path.get().layers(), path.get().after(), path.get().origin()));
    }

    @Override
    public String words() {
        return behind.name(Sequences.NAME);
    }

    @Override
    public boolean endsPositions() {
        return true;
    }

    private SequenceOffer offer(boolean tangents) {
        return new SequenceOffer(path, behind, tangents);
    }

    @Override
    public double nanosPerPair(boolean tangents) {
        return offer(tangents).nanosPerPair(Precision.FLOAT64);
    }

    /** As layer by layer, which some inputs may need. */
    @Override
    public long bytesPerPair() {
        return PairValues.behind(network, in, from, (long) path.in().positions() * path.in().positions()) * LayerByLayer.BYTES_PER_VALUE;
    }

    @Override
    public long bytesPerImage() {
        return offer(true).bytesPerImage();
    }

    @Override
    public long bytesPerThread() {
        return offer(true).bytesPerThread();
    }

    @Override
    public long bytesKept(int inputs) {
        return behind.bytesKept(inputs);
    }

    @Override
    public Tail open(InputGram rows, InputGram columns, boolean tangents) {
        return new SequenceTail(path, behind.open(rows, columns, tangents), Rest.of(network, from, rows, columns), tangents);
    }
}
