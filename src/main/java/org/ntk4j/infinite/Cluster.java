package org.ntk4j.infinite;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.tile.TileShelf;
import org.ntk4j.kernel.Kernel;

/** Many machines that compute tiles. What does it is found among the services of the class path; this knows nothing of it. */
public interface Cluster extends AutoCloseable {

    /**
     * The cluster that the settings name; empty where they name none.
     *
     * @throws Failure if they do, and nothing on the class path knows it
     */
    static Optional<Cluster> of(Settings settings) {
        return settings.spark().map(master -> at(master, settings.tiles()));
    }

    private static Cluster at(String master, Optional<String> tiles) {
        Optional<Cluster> cluster;
        try {
            cluster = ServiceLoader.load(Kind.class).findFirst().map(kind -> kind.at(master, tiles));
        } catch (ServiceConfigurationError | NoClassDefFoundError e) {
            // Our side of it is there, left by another build, and Spark is not.
            cluster = Optional.empty();
        }
        return cluster.orElseThrow(() -> Failure.input("--spark " + master
                + ": Spark is not on the class path; start with scripts/ntk, which fetches it, or build with ./mvnw -Pspark package"));
    }

    /** What stands among the services of a class path. */
    interface Kind {
        /**
         * The cluster with this master. It starts when the first work begins; that its libraries are there shows at once.
         *
         * @param tiles where its machines leave tiles, a URI; empty: in the folder of the shelf, which they all share
         */
        Cluster at(String master, Optional<String> tiles);
    }

    /** Where its log goes; counts until the first work begins. */
    void logTo(Path file);

    /** How many bytes are free where {@code --tiles} leads; empty if that is not known within some seconds, or there is no such place. */
    OptionalLong room();

    /**
     * Where tiles go, and what is free there: {@code OUT/tiles, where 120.0 GB are free}.
     *
     * @param folder of the results
     */
    static String tilesGoTo(Settings settings, Path folder) {
        String where = settings.tiles().orElse(folder.resolve("tiles").toString());
        OptionalLong free = settings.tiles().isPresent() ? there(settings).map(Cluster::room).orElse(OptionalLong.empty()) : free(folder);
        return where + (free.isEmpty() ? ", where it is not known how much is free"
                : String.format(Locale.ROOT, ", where %.3g GB are free", free.getAsLong() / 1e9));
    }

    /** A plan is made without Spark too. */
    private static Optional<Cluster> there(Settings settings) {
        try {
            return of(settings);
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    private static OptionalLong free(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            // A file system that does not know its size says 0.
            return free > 0 ? OptionalLong.of(free) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** What it is, in a few words: {@code Spark local[2]}. */
    String name();

    /** How many tiles it computes at once. */
    int cores();

    /** How many cores it has at most; empty where only the cluster itself knows. It need not have started. */
    OptionalInt mostCores();

    /**
     * Computes tiles and leaves each in a file of the shelf.
     *
     * @throws Failure if a tile fails or machines cannot do it, or after Ctrl-C; files of finished tiles stay
     */
    void compute(TileWork job, TileShelf shelf, Monitor monitor);

    /**
     * Kernels whose tiles stay on the machines that computed them, in memory or on their disks: for products with vectors and single rows.
     * The first use computes them.
     *
     * @param names {@code ntk}, {@code nngp} or both
     */
    Map<String, Kernel> kernels(TileJob job, List<String> names, Monitor monitor);

    /** Work that any machine can do, piece by piece. */
    interface Job extends Serializable {
        /** One piece; what is returned is small. Another attempt may come after one that failed. */
        String run(int index, Place place);
    }

    /** What a piece of work may use where it is done. */
    interface Place {
        /** How many threads. */
        int threads();

        /** How many bytes of memory. */
        long memory();

        /** Whether it is to end. */
        boolean cancelled();
    }

    /**
     * Does pieces of work, each whole on one machine.
     *
     * @param what for the progress
     * @param take told of each piece and what it returned, in any order and one at a time
     * @throws Failure if a piece fails again and again, or after Ctrl-C
     */
    void run(String what, Job job, List<Integer> indices, BiConsumer<Integer, String> take, Monitor monitor);

    /** Gives the machines back. */
    @Override
    void close();
}
