package org.ntk4j.infinite;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.infinite.tile.TileShelf;

/** Many machines that compute tiles. What does it is found among the services of the class path; this knows nothing of it. */
public interface Cluster extends AutoCloseable {

    /** The system property that the option {@code --spark} sets. */
    String PROPERTY = "ntk.spark";

    /**
     * The cluster of this process; empty where none was asked for.
     *
     * @throws Failure if one was, and nothing on the class path knows it
     */
    static Optional<Cluster> ofProcess() {
        String master = System.getProperty(PROPERTY, "");
        if (master.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(ServiceLoader.load(Cluster.class).findFirst().orElseThrow(() -> Failure.input("--spark " + master
                + ": Spark is not on the class path; start with scripts/ntk, which fetches it, or build with ./mvnw -Pspark package")));
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
