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
 * @param asked which kernels are asked for
 */
record StripOffer(Serial network, Shape in, List<StripStep> steps, Asked asked) implements Offer {

    /** Which kernels are asked for. */
    enum Asked {
        BOTH, COVARIANCES, TANGENTS;

        boolean tangents() {
            return this != COVARIANCES;
        }
    }

    /**
     * Measured, of a pair through steps: an activation with the linear map before it in closed form, by a series, by its expectations; a
     * normalization; a way of a sum.
     */
    private record Nanos(double closed, double series, double open, double normalize, double way) {

        static final Nanos IN_FLOAT32 = new Nanos(0.7, 3, 7, 0.1, 0.1);
        static final Nanos IN_FLOAT64 = new Nanos(1.3, 15, 10, 0.2, 0.15);

        double of(List<StripStep> steps, boolean single) {
            return steps.stream().mapToDouble(step -> {
                if (step instanceof StripStep.Activate a) {
                    return a.form() != null ? closed : a.phi().series(single).isPresent() ? series : open;
                }
                return step instanceof StripStep.Normalize ? normalize
                        : step.ways().stream().mapToDouble(inner -> way + of(inner, single)).sum();
            }).sum();
        }
    }

    /** What of it K alone takes. */
    private static final double OF_K = 0.8;
    /** Coefficients of a series that are kept of each input, as a rule. */
    private static final int TERMS = 32;
    /** Inner products of the inputs, for each channel: 784 of them at the rate of BLAS. */
    private static final double PRODUCT_IN_FLOAT32 = 0.02;
    private static final double PRODUCT_IN_FLOAT64 = 0.04;

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
        return nanos(steps, single, asked.tangents()) + in.size() * (single ? PRODUCT_IN_FLOAT32 : PRODUCT_IN_FLOAT64);
    }

    /** About how many nanoseconds steps take for a pair. */
    static double nanos(List<StripStep> steps, boolean single, boolean tangents) {
        Nanos nanos = single ? Nanos.IN_FLOAT32 : Nanos.IN_FLOAT64;
        return (nanos.of(steps, single) + nanos.closed) * (tangents ? 1 : OF_K);
    }

    @Override
    public Offer ofCovariances() {
        return new StripOffer(network, in, steps, Asked.COVARIANCES);
    }

    @Override
    public Offer ofTangents() {
        return new StripOffer(network, in, steps, Asked.TANGENTS);
    }

    @Override
    public long bytesPerPair() {
        return LayerByLayer.BYTES_PER_VALUE;
    }

    /** What is known of each input with itself at each step that looks at it. */
    @Override
    public long bytesKept(int inputs) {
        return bytesKept(steps, inputs);
    }

    static long bytesKept(List<StripStep> steps, int inputs) {
        return (long) Double.BYTES * inputs * (2 + valuesKept(steps));
    }

    private static long valuesKept(List<StripStep> all) {
        return all.stream().mapToLong(step -> {
            if (step instanceof StripStep.Activate a) {
                return a.form() == null ? (long) StripSide.ARRAYS + TERMS : StripSide.ARRAYS;
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
        return Strips.of(steps, precision, asked, rows, columns);
    }
}
