package org.ntk4j.infinite;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.graph.GraphEngine;
import org.ntk4j.infinite.plane.Planes;
import org.ntk4j.infinite.sequence.Sequences;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * Which engine computes the infinite kernels of a network, and about what a pair of inputs costs: values of the covariance times layers
 * with weights, times what such a value took when it was measured. A first tile tells better.
 *
 * @param name         in words: {@code planes up to layer 10 (globalAvgPool), then layer by layer}
 * @param nanosPerPair on one core
 */
public record EngineChoice(String name, double nanosPerPair) {

    private static final double STRIPS = 1.5;
    private static final double PLANES32 = 2;
    private static final double PLANES64 = 5;
    private static final double SEQUENCES32 = 3;
    private static final double SEQUENCES64 = 6;
    private static final double LAYERS = 200;
    /** Measured on an NVIDIA H100: what a value is read and written for, op by op, is what limits it. */
    private static final double GRAPH64 = 40;
    private static final double GRAPH32 = 31;

    /** The choice for these inputs and kernels of this precision. On a GPU, if one is asked for and the network has a graph form. */
    public static EngineChoice of(Serial network, Shape in, Precision precision, Settings settings) {
        if (!GraphEngine.wanted(settings)) {
            return of(network, in, precision);
        }
        Optional<String> missing = GraphEngine.missing(network, in, false);
        if (missing.isPresent()) {
            EngineChoice java = of(network, in, precision);
            return new EngineChoice(java.name + ", because " + missing.get(), java.nanosPerPair);
        }
        // The device does not work faster on more of the cores that the time is divided by.
        double values = GraphEngine.valuesOfPair(network, in) * (maps(network.layers(), in) + 1.0);
        return new EngineChoice("graph on " + settings.device().orElseThrow(),
                values * (precision == Precision.FLOAT32 ? GRAPH32 : GRAPH64) * settings.threads());
    }

    /** The choice for a CPU. */
    static EngineChoice of(Serial network, Shape in, Precision precision) {
        List<Layer> layers = network.layers();
        Optional<Planes> planes = Planes.of(network, in);
        if (planes.isPresent()) {
            layers = network.flat().layers();
            int end = planes.get().layers();
            boolean equal = planes.get().equalPositions();
            double nanos = (equal ? in.positions() : Math.pow(in.positions(), 2)) * (maps(layers.subList(0, end), in) + 1)
                    * (precision == Precision.FLOAT32 ? PLANES32 : PLANES64);
            Shape shape = new Serial(layers.subList(0, end)).outputShape(in);
            int left = maps(layers.subList(end, layers.size()), shape);
            double after = planes.get().valuesAfter();
            return new EngineChoice("planes up to layer " + (end - 1) + " (" + layers.get(end - 1).name() + "), then layer by layer",
                    nanos + (after > 1 ? after * left * LAYERS : 0));
        }
        if (Sequences.serves(network, in)) {
            return new EngineChoice("sequences", Math.pow(in.positions(), 2) * (maps(layers, in) + 1)
                    * (precision == Precision.FLOAT32 ? SEQUENCES32 : SEQUENCES64));
        }
        boolean flat = in.isVector() || layers.get(0).outputShape(in).isVector();
        double values = flat ? 1 : network.needs(in, Span.EQUAL) == Span.ALL ? Math.pow(in.positions(), 2) : in.positions();
        boolean dense = flat && layers.stream().skip(in.isVector() ? 0 : 1).allMatch(l -> l.plane(Shape.of(1)).isPresent());
        return new EngineChoice(dense ? "strips" : "layer by layer",
                values * (maps(layers, in) + 1) * (flat ? STRIPS : LAYERS) + 2.0 * in.size() / 20);
    }

    private static int maps(List<Layer> layers, Shape in) {
        return (int) new Serial(layers).weights(in).stream().filter(w -> w.shape().size() > 1).count();
    }
}
