package org.ntk4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder (default: NTK_DATA, else ntk4j in the user's cache).")
    private @Nullable Path data;

    @Option(names = "--device", paramLabel = "D", description = "cpu, gpu or gpu:N (default: a GPU if TensorFlow sees one).")
    private @Nullable String device;

    @Option(names = "--gpu", description = "Use TensorFlow's build for GPUs; without --device, --device gpu.")
    private boolean gpu;

    @Option(names = "--memory", paramLabel = "SIZE", description = "The budget for kernels, inputs and what is in between, such as 8g "
            + "(default: half of what is free; a container's limit counts). 'kernel' computes in tiles that fit, and keeps kernels that do "
                    + "not in files.")
    private @Nullable String memory;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads work at once (default: one a core).")
    private @Nullable String threads;

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
        put(properties, "ntk.memory", memory);
        put(properties, "ntk.threads", threads);
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
        check(mistakes, "--memory", memory, () -> plain.withMemory(Settings.bytes(Objects.requireNonNull(memory))));
        check(mistakes, "--threads", threads, this::checkThreads);
        check(mistakes, "--data", data, () -> checkFolder(data));
        return mistakes;
    }

    private @Nullable String device() {
        return device == null && gpu ? "gpu" : device;
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
