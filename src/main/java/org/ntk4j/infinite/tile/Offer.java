package org.ntk4j.infinite.tile;

import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * What an engine offers for a network on inputs of one shape: how far it goes, what it takes, and the engine itself. Plans and runs ask the
 * same offer.
 */
public interface Offer {

    /** The name of its engine, as {@link Engine#name} says it. */
    String name();

    /** In the words of a plan, with how far it goes: {@code planes up to layer 10 (globalAvgPool), then strips}. */
    default String description() {
        return name();
    }

    /** Whether no layer with positions is left to go layer by layer. */
    default boolean endsPositions() {
        return true;
    }

    /** About how many nanoseconds a pair of inputs takes on one core. The first tiles tell better. */
    double nanosPerPair(Precision precision);

    /** Bytes for each pair that is computed at once. */
    long bytesPerPair();

    /** Bytes for each input of a tile. */
    default long bytesPerImage() {
        return 0;
    }

    /** Bytes for each thread. */
    default long bytesPerThread() {
        return 0;
    }

    /** Bytes for each thread that works on tiles, or pieces of them, with this side. */
    default long bytesPerThread(int side) {
        return bytesPerThread();
    }

    /** How many values of K, and as many of Θ, are kept of each input until the end. */
    default int ownValues() {
        return 0;
    }

    /** Bytes that are kept of this many inputs until the end. */
    default long bytesKept(int inputs) {
        return OwnValues.bytes(inputs, ownValues());
    }

    /** The side of a tile of this many inputs with this many others. */
    int side(int rows, int columns, int threads);

    /** How many tiles are computed at once. */
    default int workers(int threads) {
        return threads;
    }

    /** How many of the bytes that are free it can use for tiles. */
    default long usable(long bytes) {
        return bytes;
    }

    /**
     * The engine, which takes the inputs over; empty if it does not hold the values of these inputs.
     *
     * @param columns the same object as {@code rows} for a symmetric kernel
     */
    Optional<Engine> open(InputGram rows, InputGram columns, Precision precision);

    /** What it offers where K alone is asked for; Θ is not looked at then. */
    default Offer ofCovariances() {
        return this;
    }

    /** What it offers where Θ alone is asked for; K is not looked at then. */
    default Offer ofTangents() {
        return this;
    }

    /** How many linear maps with weights a network has: what the time of a pair grows with. */
    static int maps(Serial network, Shape in) {
        return (int) network.weights(in).stream().filter(w -> w.shape().size() > 1).count();
    }
}
