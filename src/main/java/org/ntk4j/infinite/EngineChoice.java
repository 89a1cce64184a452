package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.graph.GraphEngine;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.plane.Planes;
import org.ntk4j.infinite.sequence.Sequences;
import org.ntk4j.infinite.strip.Strips;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Pieces;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * The engines that can compute the infinite kernels of a network. The first of them does, and is what a plan names; the next one serves
 * inputs whose values the one before it does not hold.
 *
 * @param offers the best one first; the last one serves every input
 * @param reason why a better one that is asked for is not among them
 */
public record EngineChoice(List<Offer> offers, Optional<String> reason) {

    public EngineChoice {
        offers = List.copyOf(offers);
    }

    /**
     * The engines for inputs of this shape: the one that is asked for; else, where a GPU is, whichever of Java and a graph there is
     * expected to take less time.
     *
     * @param padded whether positions of some inputs are padding
     * @throws org.ntk4j.base.Failure naming the layer that does not fit
     */
    public static EngineChoice of(Serial network, Shape in, boolean padded, Settings settings) {
        network.checked(in);
        EngineChoice java = java(network, in, padded);
        boolean asked = settings.engine().equals(Optional.of("graph"));
        if (!asked && (settings.engine().isPresent() || !GraphEngine.wanted(settings))) {
            return java;
        }
        Optional<String> missing = GraphEngine.missing(network, in, padded);
        if (missing.isPresent()) {
            return new EngineChoice(java.offers, missing);
        }
        EngineChoice graph = graph(network, in, padded, settings);
        double times = graph.best().nanosPerPair(Precision.FLOAT64) / java.best().nanosPerPair(Precision.FLOAT64);
        return asked || times < 1 ? graph : new EngineChoice(java.offers, Optional.of(String.format(Locale.ROOT,
                "the %s would take about %.0f times as long", graph.best().description(), Math.ceil(times))));
    }

    /** The engines for these inputs. */
    public static EngineChoice of(Serial network, Inputs x1, Optional<Inputs> x2, Settings settings) {
        return of(network, x1.shape(), padded(x1, x2), settings);
    }

    private static boolean padded(Inputs x1, Optional<Inputs> x2) {
        return x1.hasPadding() || x2.map(Inputs::hasPadding).orElse(false);
    }

    /** Those in Java. */
    static EngineChoice java(Serial network, Shape in, boolean padded) {
        // Where space is gone from the start, so is padding.
        boolean seen = padded && !InputGram.shape(network, in).isVector();
        List<Offer> offers = new ArrayList<>();
        Strips.offer(network, in).ifPresent(offers::add);
        Optional<Offer> planes = Planes.offer(network, in, seen);
        planes.ifPresent(offers::add);
        // Where planes leave positions, pairs of them all may take less time.
        if (planes.isEmpty() || !planes.get().endsPositions()) {
            Sequences.offer(network, in, seen).ifPresent(offers::add);
            offers.sort(Comparator.comparingDouble(o -> o.nanosPerPair(Precision.FLOAT64)));
        }
        offers.add(LayerByLayer.offer(network, in));
        return new EngineChoice(offers, Optional.empty());
    }

    /** Those in Java, for these inputs. */
    static EngineChoice java(Serial network, Inputs x1, Optional<Inputs> x2) {
        return java(network, x1.shape(), padded(x1, x2));
    }

    /** A graph on the device of these settings, be it a CPU. */
    public static EngineChoice graph(Serial network, Shape in, boolean padded, Settings settings) {
        return new EngineChoice(List.of(GraphEngine.offer(network, in, settings, java(network, in, padded).offers)), Optional.empty());
    }

    /** These engines for the kernels of these names: where one of them alone is asked for, the other one is not given. */
    public EngineChoice of(List<String> names) {
        return isOfK(names) ? with(Offer::ofCovariances) : names.equals(List.of("ntk")) ? with(Offer::ofTangents) : this;
    }

    private EngineChoice with(UnaryOperator<Offer> change) {
        return new EngineChoice(offers.stream().map(change).toList(), reason);
    }

    /** Whether K alone is asked for. */
    static boolean isOfK(List<String> names) {
        return names.equals(List.of("nngp"));
    }

    /** The engine that computes. */
    public Offer best() {
        return offers.get(0);
    }

    /** In the words of a plan: {@code planes up to layer 10 (globalAvgPool), then strips}. */
    @Override
    public String toString() {
        return best().description() + reason.map(r -> ", because " + r).orElse("");
    }

    /**
     * The engine for these inputs.
     *
     * @param x2        the inputs of the columns; empty for a symmetric kernel of {@code x1} with itself
     * @param precision in which values are computed where the engine has the choice; else in float64
     */
    Engine open(Serial network, Inputs x1, Optional<Inputs> x2, Precision precision) {
        return open(network, x1, x2, precision, 1);
    }

    /** The same, made ready by so many threads. */
    Engine open(Serial network, Inputs x1, Optional<Inputs> x2, Precision precision, int threads) {
        InputGram rows = InputGram.of(network, x1, threads);
        InputGram columns = null;
        try {
            columns = x2.isPresent() ? InputGram.of(network, x2.get(), threads) : rows;
            for (Offer offer : offers) {
                Optional<Engine> engine = offer.open(rows, columns, precision);
                if (engine.isPresent()) {
                    // Tiles are as large as suits the best engine.
                    return offer == best() ? engine.get()
                            : new Pieces(engine.get(), offer.side(rows.count(), columns.count(), 1), rows == columns);
                }
            }
            throw new IllegalStateException("no engine for " + network);
        } catch (RuntimeException | Error e) {
            rows.close();
            if (columns != null) {
                columns.close();
            }
            throw e;
        }
    }
}
