package org.ntk4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.infinite.TileWork;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.kernel.Blas;

/** A {@link TileWork} as it is broadcast, with where its tiles go. An executor makes it ready for products once, for all its tasks. */
final class SentJob implements Serializable {

    private final SentWork work;
    private final @Nullable Destination destination;
    private final String fingerprint;
    private final Facts facts;
    private transient @Nullable Engine engine;

    private SentJob(TileWork work, @Nullable Destination destination, String fingerprint) {
        this.work = SentWork.of(work);
        this.destination = destination;
        this.fingerprint = fingerprint;
        this.facts = Facts.here();
    }

    /**
     * A job whose tiles go where all machines reach them.
     *
     * @throws Failure if its network cannot be written down
     */
    static SentJob of(TileWork work, Destination destination) {
        try {
            return new SentJob(work, destination, destination.fingerprint());
        } catch (IOException e) {
            throw Failure.run(destination + ": the finished tiles cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** A job whose tiles stay with the executors. */
    static SentJob of(TileWork work) {
        return new SentJob(work, null, "");
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
            made = work.work().engine();
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
