package org.ntk4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.tensorflow.Devices;
import picocli.CommandLine.Option;

/**
 * The options that belong to the machine. They are put into the system properties that {@link Settings#ofProcess()} reads:
 * scripts and the shell see them there and nowhere else.
 */
final class MachineOptions {

    private static final Pattern COUNTS = Pattern.compile("local(?:-cluster)?\\[(\\d+)(?:,(\\d+),\\d+)?]");
    private static final Pattern MASTER = Pattern.compile("local(\\[(\\*|[1-9]\\d{0,3})])?|local-cluster\\[[1-9]\\d{0,3},[1-9]\\d{0,3},"
            + "[1-9]\\d{2,6}]|spark://\\S+|yarn|k8s://\\S+");

    private static final Pattern TILES = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://[^\\s?#]*");

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder (default: NTK_DATA, else ntk4j in the user's cache).")
    private @Nullable Path data;

    @Option(names = "--device", paramLabel = "D", description = "cpu, gpu or gpu:N (default: a GPU if TensorFlow sees one).")
    private @Nullable String device;

    @Option(names = "--gpu", description = "Use TensorFlow's build for GPUs; without --device, --device gpu.")
    private boolean gpu;

    @Option(names = "--engine", paramLabel = "E", description = "Infinite kernels by java or by a graph on the device (default: whichever "
            + "is expected to take less time).")
    private @Nullable String engine;

    @Option(names = "--memory", paramLabel = "SIZE", description = "The budget for kernels, inputs and what is in between, such as 8g "
            + "(default: half of what is free; a container's limit counts). 'kernel' computes in tiles that fit, and keeps kernels that do "
                    + "not in files.")
    private @Nullable String memory;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads work at once (default: one a core).")
    private @Nullable String threads;

    @Option(names = "--spark", paramLabel = "MASTER", description = "Compute on Apache Spark, which is fetched at its first use (220 MB): "
            + "local[2], local[*], local-cluster[2,1,2048], spark://HOST:7077; yarn and k8s://… by spark-submit.")
    private @Nullable String spark;

    @Option(names = "--tiles", paramLabel = "URI", description = "With --spark: where its machines leave tiles of kernels, such as "
            + "s3a://BUCKET/FOLDER or hdfs://HOST/FOLDER (default: the folder of results, on a disk that they share).")
    private @Nullable String tiles;

    /**
     * Checks the options, then sets the properties.
     *
     * @throws Failure with all that is wrong
     */
    void apply() {
        apply(Map.of());
    }

    /** Applies the options, with further properties. */
    void apply(Map<String, String> more) {
        List<String> mistakes = mistakes();
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        Map<String, String> properties = new LinkedHashMap<>(more);
        put(properties, "ntk.data", data);
        put(properties, "ntk.device", device());
        put(properties, "ntk.engine", engine);
        put(properties, "ntk.memory", memory);
        put(properties, "ntk.threads", threads);
        put(properties, "ntk.spark", spark);
        put(properties, "ntk.tiles", tiles);
        properties.forEach(System::setProperty);
    }

    /**
     * Applies the options for work, and checks that the device is there.
     *
     * @throws Failure with all that is wrong
     */
    void applyToWork(Map<String, String> more) {
        apply(more);
        if (device() != null) {
            Devices.used(Settings.ofProcess());
        }
    }

    /** What is wrong with the options, one line each. */
    List<String> mistakes() {
        List<String> mistakes = new ArrayList<>();
        Settings plain = new Settings(Path.of("."), Path.of("."), Optional.empty(), Long.MAX_VALUE, 1);
        check(mistakes, "--device", device(), () -> plain.withDevice(Objects.requireNonNull(device())));
        check(mistakes, "--engine", engine, () -> plain.withEngine(Objects.requireNonNull(engine)));
        check(mistakes, "--memory", memory, () -> plain.withMemory(Settings.bytes(Objects.requireNonNull(memory))));
        check(mistakes, "--threads", threads, this::checkThreads);
        check(mistakes, "--data", data, () -> checkFolder(data));
        check(mistakes, "--spark", spark, () -> checkMaster(Objects.requireNonNull(spark)));
        check(mistakes, "--tiles", tiles, () -> checkTiles(Objects.requireNonNull(tiles)));
        return mistakes;
    }

    private @Nullable String device() {
        return device == null && gpu ? "gpu" : device;
    }

    /** Whether other machines compute. */
    boolean isSpread() {
        return spark != null;
    }

    /** How many cores the master's name says that there are: {@code local[2]}, {@code local-cluster[2,1,2048]}. */
    OptionalInt cores() {
        Matcher counts = COUNTS.matcher(spark == null ? "" : spark);
        return counts.matches() ? OptionalInt.of(Integer.parseInt(counts.group(1)) * (counts.group(2) == null ? 1
                : Integer.parseInt(counts.group(2)))) : OptionalInt.empty();
    }

    private static void checkMaster(String master) {
        if (!MASTER.matcher(master).matches()) {
            throw Failure.input("'" + master + "' is no master of Spark; allowed: local, local[2], local[*], local-cluster[2,1,2048] "
                    + "(executors, cores and MiB of each), spark://HOST:7077, yarn, k8s://…");
        }
    }

    private void checkTiles(String uri) {
        if (!TILES.matcher(uri).matches()) {
            throw Failure.input("'" + uri + "' is no URI of a folder; allowed: s3a://BUCKET/FOLDER, hdfs://HOST/FOLDER, or another that "
                    + "Hadoop's file systems know; a folder on a disk that all machines share is given by --out");
        }
        if (spark == null) {
            throw Failure.input("it belongs to --spark MASTER, which is not given");
        }
    }

    private void checkThreads() {
        if (threads != null && !threads.matches("[1-9]\\d{0,3}")) {
            throw Failure.input("'" + threads + "' is not a whole number from 1 to 9999");
        }
    }

    /** A folder that may not be there yet, but must not be a file. */
    static void checkFolder(@Nullable Path folder) {
        if (folder == null || folder.toString().isBlank()) {
            throw Failure.input("a folder is needed");
        }
        if (folder.toString().matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*")) {
            throw Failure.input(folder.toString().replaceFirst(":/", "://") + " is no folder of this machine; results are written here, "
                    + "and with --spark tiles of kernels go there by --tiles");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Failure.input(folder + " is a file, not a folder");
        }
    }

    static void check(List<String> mistakes, String option, @Nullable Object value, Runnable check) {
        if (value != null) {
            try {
                check.run();
            } catch (Failure e) {
                e.lines().forEach(line -> mistakes.add(option + ": " + line));
            }
        }
    }

    private static void put(Map<String, String> properties, String name, @Nullable Object value) {
        if (value != null) {
            properties.put(name, value.toString());
        }
    }
}
