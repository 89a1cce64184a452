package org.ntk4j.base;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What belongs to the machine and not to the experiment: folders, device, memory, threads.
 *
 * @param data    the data folder
 * @param out     where results go
 * @param device  {@code cpu}, {@code gpu} or {@code gpu:N}; empty: a GPU if TensorFlow sees one
 * @param memory  the budget for kernels and their tiles, in bytes
 * @param threads how many threads work at once
 * @param spark   the master of a cluster that computes; empty: this machine does
 * @param engine  of infinite kernels: {@code java}, or {@code graph} on the device; empty: whichever takes less time
 * @param tiles   where that cluster leaves tiles of kernels, a URI; empty: in a folder that all machines share
 */
public record Settings(Path data, Path out, Optional<String> device, long memory, int threads, Optional<String> spark,
        Optional<String> engine, Optional<String> tiles) {

    private static final long SMALLEST_MEMORY = 64L << 20;

    public Settings {
        if (device.isPresent() && !device.get().matches("cpu|gpu|gpu:\\d{1,3}")) {
            throw Failure.input("device '" + device.get() + "' is not known; allowed: cpu, gpu, gpu:0, gpu:1, …");
        }
        if (engine.isPresent() && !engine.get().matches("java|graph")) {
            throw Failure.input("engine '" + engine.get() + "' is not known; allowed: java, graph");
        }
        if (memory < SMALLEST_MEMORY) {
            throw Failure.input("memory of " + memory + " bytes is too small; at least 64m");
        }
        if (threads < 1) {
            throw Failure.input("threads must be at least 1");
        }
    }

    /** On this machine. */
    public Settings(Path data, Path out, Optional<String> device, long memory, int threads) {
        this(data, out, device, memory, threads, Optional.empty(), Optional.empty());
    }

    /** On this machine, or on a cluster that leaves tiles of kernels in a folder. */
    public Settings(Path data, Path out, Optional<String> device, long memory, int threads, Optional<String> spark,
            Optional<String> engine) {
        this(data, out, device, memory, threads, spark, engine, Optional.empty());
    }

    /**
     * The settings of this process: the system properties {@code ntk.data}, {@code ntk.out}, {@code ntk.device}, {@code ntk.memory},
     * {@code ntk.threads}, {@code ntk.spark}, {@code ntk.engine} and {@code ntk.tiles} that the command line sets, else defaults. The data
     * folder is else {@code NTK_DATA}, else {@code ntk4j} in the user's cache; the memory is else half of what the machine, or the
     * container, has free.
     */
    public static Settings ofProcess() {
        return new Settings(
                dataFolder(),
                property("ntk.out").map(Path::of).orElse(Path.of("out")),
                property("ntk.device"),
                property("ntk.memory").map(Settings::bytes).orElseGet(Settings::halfOfFreeMemory),
                property("ntk.threads").map(Settings::threads).orElse(Runtime.getRuntime().availableProcessors()),
                property("ntk.spark"),
                property("ntk.engine"),
                property("ntk.tiles"));
    }

    /** The data folder of this process. */
    public static Path dataFolder() {
        return property("ntk.data").or(() -> Optional.ofNullable(System.getenv("NTK_DATA")).filter(s -> !s.isBlank())).map(Path::of)
                .orElseGet(Settings::cache);
    }

    /** These settings with another device. */
    public Settings withDevice(String other) {
        return new Settings(data, out, Optional.of(other), memory, threads, spark, engine, tiles);
    }

    /** These settings with this engine of infinite kernels: {@code java} or {@code graph}. */
    public Settings withEngine(String other) {
        return new Settings(data, out, device, memory, threads, spark, Optional.of(other), tiles);
    }

    /** These settings with another budget of memory, in bytes. */
    public Settings withMemory(long bytes) {
        return new Settings(data, out, device, bytes, threads, spark, engine, tiles);
    }

    /** These settings with another number of threads. */
    public Settings withThreads(int count) {
        return new Settings(data, out, device, memory, count, spark, engine, tiles);
    }

    /** These settings with another folder for results. */
    public Settings withOut(Path folder) {
        return new Settings(data, folder, device, memory, threads, spark, engine, tiles);
    }

    /** These settings with another data folder. */
    public Settings withData(Path folder) {
        return new Settings(folder, out, device, memory, threads, spark, engine, tiles);
    }

    /**
     * Reads an amount of memory.
     *
     * @param text a number of bytes, or one with k, m, g or t: {@code 8g}, {@code 512m}, {@code 1.5g}
     */
    public static long bytes(String text) {
        String low = text.strip().toLowerCase(Locale.ROOT).replaceFirst("i?b$", "");
        if (!low.matches("\\d{1,15}(\\.\\d{1,6})?[kmgt]?")) {
            throw Failure.input("memory '" + text + "' is not an amount; allowed: a number with k, m, g or t, such as 8g or 512m");
        }
        int unit = "kmgt".indexOf(low.charAt(low.length() - 1));
        double number = Double.parseDouble(unit < 0 ? low : low.substring(0, low.length() - 1));
        return (long) (number * Math.pow(1024, unit + 1));
    }

    private static int threads(String text) {
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw Failure.input("threads '" + text + "' is not a whole number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty(name)).filter(s -> !s.isBlank());
    }

    /** The folder for this program in the user's cache. */
    public static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        Path base = xdg != null && !xdg.isBlank() ? Path.of(xdg) : mac ? home.resolve("Library/Caches") : home.resolve(".cache");
        return base.resolve("ntk4j");
    }

    private static long halfOfFreeMemory() {
        long free = 4L << 30;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            // The bean knows a container's limit, but counts the system's file cache as used; Linux says what is really available.
            free = Math.min(FreeMemory.ofLinux().bytes().orElse(system.getFreeMemorySize()), system.getTotalMemorySize());
        }
        return Math.max(SMALLEST_MEMORY, free / 2);
    }
}
