package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * What strips take: in memory and in tiles what the layers take, one after the other, and what is known of each input; in time the inner
 * products and little more.
 *
 * @param tangents whether Θ is asked for, or K alone
 */
record StripOffer(Serial network, Shape in, List<StripStep> steps, boolean tangents) implements Offer {

    /** Measured, of a pair through an activation with the linear map before it: in closed form, by a series, by its expectations. */
    private static final double NANOS_CLOSED = 1.5;
    private static final double NANOS_SERIES = 6;
    private static final double NANOS_OPEN = 20;
    /** Through a normalization, and for each way of a sum. */
    private static final double NANOS_NORMALIZE = 0.6;
    private static final double NANOS_WAY = 0.6;
    /** What of it K alone takes. */
    private static final double OF_K = 0.8;
    /** Coefficients of a series that are kept of each input, as a rule. */
    private static final int TERMS = 32;
    /** Inner products of the inputs, for each channel. */
    private static final double NANOS_PER_PRODUCT = 0.1;

    @Override
    public String name() {
        return Strips.NAME;
    }

    @Override
    public String description() {
        return "strips";
    }

    @Override
    public double nanosPerPair(Precision precision) {
        boolean single = precision == Precision.FLOAT32;
        return (nanos(steps, single) + NANOS_CLOSED) * (tangents ? 1 : OF_K) + in.size() * NANOS_PER_PRODUCT;
    }

    private static double nanos(List<StripStep> all, boolean single) {
        return all.stream().mapToDouble(step -> {
            if (step instanceof StripStep.Activate a) {
                return a.form() != null ? NANOS_CLOSED : a.phi().series(single).isPresent() ? NANOS_SERIES : NANOS_OPEN;
            }
            return step instanceof StripStep.Normalize ? NANOS_NORMALIZE
                    : step.ways().stream().mapToDouble(way -> NANOS_WAY + nanos(way, single)).sum();
        }).sum();
    }

    @Override
    public Offer ofCovariances() {
        return new StripOffer(network, in, steps, false);
    }

    @Override
    public long bytesPerPair() {
        return LayerByLayer.BYTES_PER_VALUE;
    }

    /** What is known of each input with itself at each step that looks at it. */
    @Override
    public long bytesKept(int inputs) {
        return (long) Double.BYTES * inputs * (2 + valuesKept(steps));
    }

    private static long valuesKept(List<StripStep> all) {
        return all.stream().mapToLong(step -> {
            if (step instanceof StripStep.Activate a) {
                return StripSide.ARRAYS + (a.form() == null ? TERMS : 0);
            }
            return step instanceof StripStep.Normalize ? StripSide.ARRAYS : step.ways().stream().mapToLong(StripOffer::valuesKept).sum();
        }).sum();
    }

    @Override
    public int side(int rows, int columns, int threads) {
        return LayerByLayer.offer(network, in).side(rows, columns, threads);
    }

    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return Strips.of(steps, precision, tangents, rows, columns);
    }
}
