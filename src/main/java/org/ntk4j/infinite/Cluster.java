package org.ntk4j.infinite;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.tile.TileShelf;

/** Many machines that compute tiles. What does it is found among the services of the class path; this knows nothing of it. */
public interface Cluster extends AutoCloseable {

    /**
     * The cluster that the settings name; empty where they name none.
     *
     * @throws Failure if they do, and nothing on the class path knows it
     */
    static Optional<Cluster> of(Settings settings) {
        return settings.spark().map(master -> ServiceLoader.load(Kind.class).findFirst().orElseThrow(() -> Failure.input("--spark " + master
                + ": Spark is not on the class path; start with scripts/ntk, which fetches it, or build with ./mvnw -Pspark package"))
                .at(master));
    }

    /** What stands among the services of a class path. */
    interface Kind {
        /** The cluster with this master. It starts when the first work begins. */
        Cluster at(String master);
    }

    /** Where its log goes; counts until the first work begins. */
    void logTo(Path file);

    /** What it is, in a few words: {@code Spark local[2]}. */
    String name();

    /** How many tiles it computes at once. */
    int cores();

    /**
     * Computes tiles and leaves each in a file of the shelf.
     *
     * @throws Failure if a tile fails or machines cannot do it, or after Ctrl-C; files of finished tiles stay
     */
    void compute(TileJob job, TileShelf shelf, Monitor monitor);

    /** Gives the machines back. */
    @Override
    void close();
}
