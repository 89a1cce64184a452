package org.ntk4j.infinite;

import java.util.Optional;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.graph.GraphEngine;
import org.ntk4j.infinite.plane.LayerByLayer;
import org.ntk4j.infinite.sequence.Sequences;
import org.ntk4j.infinite.strip.Strips;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Serial;

/** Which engine computes the tiles of a network. */
final class Engines {

    private Engines() {
    }

    /**
     * The engine for a network: strips where all of it is dense, else layer by layer, beginning with planes where these serve.
     *
     * @param x2         the inputs of the columns; empty for a symmetric kernel of {@code x1} with itself
     * @param arithmetic in which numbers, where the engine has a choice; else in float64
     */
    static Engine of(Serial network, Inputs x1, Optional<Inputs> x2, Precision arithmetic) {
        return of(network, x1, x2, arithmetic, Optional.empty());
    }

    /**
     * The same, or a graph where that computes.
     *
     * @param graph with which device and how many threads TensorFlow computes the network's graph; empty: Java computes
     */
    static Engine of(Serial network, Inputs x1, Optional<Inputs> x2, Precision arithmetic, Optional<Settings> graph) {
        InputGram rows = InputGram.of(network, x1);
        InputGram columns = null;
        try {
            columns = x2.isPresent() ? InputGram.of(network, x2.get()) : rows;
            if (graph.isPresent()) {
                return new GraphEngine(network, x1.shape(), rows, columns, arithmetic, graph.get());
            }
            Optional<Strips<?>> strips = Strips.of(network, arithmetic, rows, columns);
            if (strips.isPresent()) {
                return strips.get();
            }
            Optional<Sequences<?>> sequences = Sequences.of(network, arithmetic, rows, columns);
            return sequences.isPresent() ? sequences.get() : new LayerByLayer(network, rows, columns, arithmetic);
        } catch (RuntimeException | Error e) {
            rows.close();
            if (columns != null) {
                columns.close();
            }
            throw e;
        }
    }
}
