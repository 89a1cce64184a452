package org.ntk4j.infinite.layers;

import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Serial;

/** What the layers that another engine leaves take. */
public interface TailOffer {

    /** The whole network. */
    Serial network();

    /** How many layers, all of them in one list, the other engine covers. */
    int from();

    /** How they go: {@code strips}. */
    String words();

    /** Whether no layer with positions is left to go layer by layer. */
    boolean endsPositions();

    /** About how many nanoseconds a pair of inputs takes. */
    double nanosPerPair(boolean tangents);

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

    /** Bytes that are kept of this many inputs until the end. */
    long bytesKept(int inputs);

    /** What computes them; it takes the inputs over. */
    Tail open(InputGram rows, InputGram columns, boolean tangents);

    /** The name of an engine that leaves them. */
    default String name(String engine) {
        return network().flat().layers().size() == from() ? engine : engine + ", then " + words();
    }

    /** In the words of a plan: {@code planes up to layer 10 (globalAvgPool), then strips}. */
    default String description(String engine) {
        int last = from() - 1;
        return name(engine + " up to layer " + last + " (" + network().flat().layers().get(last).name() + ")");
    }
}
