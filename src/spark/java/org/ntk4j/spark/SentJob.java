package org.ntk4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.grammar.Document;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.kernel.Blas;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** A {@link TileJob} as it is broadcast: text and arrays. An executor makes it ready for products once, for all its tasks. */
final class SentJob implements Serializable {

    private static final String NETWORK = "network";

    private final String network;
    private final SentInputs x1;
    private final @Nullable SentInputs x2;
    private final int tile;
    private final int piece;
    private final String precision;
    private final @Nullable Destination destination;
    private final String fingerprint;
    private final Facts facts;
    private transient @Nullable Engine engine;

    private SentJob(TileJob job, @Nullable Destination destination, String fingerprint) {
        this.network = text(job.network());
        this.x1 = SentInputs.of(job.x1());
        this.x2 = SentInputs.of(job.x2()).orElse(null);
        this.tile = job.tile();
        this.piece = job.piece();
        this.precision = job.precision().toString();
        this.destination = destination;
        this.fingerprint = fingerprint;
        this.facts = Facts.here();
    }

    /**
     * A job whose tiles go where all machines reach them.
     *
     * @throws Failure if its network cannot be written down
     */
    static SentJob of(TileJob job, Destination destination) {
        try {
            return new SentJob(job, destination, destination.fingerprint()).checked(job);
        } catch (IOException e) {
            throw Failure.run(destination + ": the finished tiles cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** A job whose tiles stay with the executors. */
    static SentJob of(TileJob job) {
        return new SentJob(job, null, "").checked(job);
    }

    private SentJob checked(TileJob job) {
        if (!layers(network, job.x1().shape()).toYaml().toString().equals(job.network().toYaml().toString())) {
            throw Failure.input("this network cannot be sent to executors: written down and read again it is another one");
        }
        return this;
    }

    private static String text(Serial layers) {
        return Document.write(Map.of(NETWORK, layers.toYaml()));
    }

    private static Serial layers(String text, Shape in) {
        return Network.parse(text.substring(NETWORK.length() + 1)).layers(in);
    }

    /** Where the tiles go. */
    Destination destination() {
        return Objects.requireNonNull(destination);
    }

    /**
     * What computes the tiles in this process; made when it is first asked for.
     *
     * @throws Failure if this process cannot do it
     */
    synchronized Engine engine(String host) {
        Engine made = engine;
        if (made == null) {
            facts.check(host);
            checkDestination(host);
            Blas.setThreads(1);
            Shape in = Shape.of(x1.shape());
            made = new TileJob(layers(network, in), x1.inputs(), Optional.ofNullable(x2).map(SentInputs::inputs), tile, piece,
                    Precision.of(precision)).engine();
            engine = made;
        }
        return made;
    }

    private void checkDestination(String host) {
        Destination folder = destination;
        if (folder == null) {
            return;
        }
        try {
            if (folder.fingerprint().equals(fingerprint)) {
                return;
            }
        } catch (IOException e) {
            throw absent(host, folder, "it is not there");
        }
        throw absent(host, folder, "it is another one");
    }

    private static Failure absent(String host, Destination folder, String why) {
        return Failure.input("executor on " + host + ": " + folder + " is not the same folder as here: " + why + "; " + folder.advice());
    }

    /** Gives back what is outside the heap. */
    synchronized void close() {
        if (engine != null) {
            engine.close();
            engine = null;
        }
    }
}
