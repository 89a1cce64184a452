package org.ntk4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.kernel.Blas;

/**
 * A part of {@code scripts/gpu-check}: it runs in a process of its own, so that neither an error nor a long wait takes another part with
 * it.
 *
 * @param title   its name
 * @param device  {@code cpu}, or {@code gpu} where it asks for the device
 * @param seconds after which it is ended
 * @param exact   whether products are computed in full float32: a GPU's shorter TF32 is told to stay away
 */
public record DevicePart(String title, String device, int seconds, boolean exact) {

    private static final String GOLDEN = "golden kernels";
    private static final String FINITE = "finite networks";
    private static final String TRAINING = "training";
    private static final String PRODUCTS = "products";
    private static final String SHORT = "products in TF32";
    private static final String SHORT_FINITE = "finite networks in TF32";
    private static final List<Case> CASES = List.of(Case.CNN_GAP, Case.CNN_GAP_FLOAT32, Case.INFINITE_MLP, Case.INFINITE_MLP_FLOAT32,
            Case.EMPIRICAL_MLP, Case.EMPIRICAL_CNN,
            Case.TRAIN_MLP, Case.CNN_DEEP, Case.CNN_DEEP_FLOAT32);
    private static final int SHORTEST = 40;
    private static final int LONGEST = 80;

    /** All of them, what matters most first; the CPU's cases after the device's. */
    public static List<DevicePart> all() {
        List<DevicePart> parts = new ArrayList<>(List.of(new DevicePart(PRODUCTS, "gpu", SHORTEST, true),
                new DevicePart(GOLDEN, "gpu", LONGEST, true),
                new DevicePart(FINITE, "gpu", LONGEST, true), new DevicePart(TRAINING, "gpu", LONGEST, true)));
        parts.addAll(CASES.stream().map(c -> new DevicePart(c.title, "gpu", SHORTEST, true)).toList());
        parts.add(new DevicePart(PRODUCTS, "cpu", SHORTEST, true));
        parts.addAll(CASES.stream().map(c -> new DevicePart(c.title, "cpu", SHORTEST, true)).toList());
        parts.add(new DevicePart(SHORT, "gpu", SHORTEST, false));
        parts.add(new DevicePart(SHORT_FINITE, "gpu", LONGEST, false));
        return parts;
    }

    /** The part of this name on a device; both as {@link #all} has them. */
    public static DevicePart of(String title, String device) {
        return all().stream().filter(p -> p.title.equals(title) && p.device.equals(device)).findFirst().orElseThrow();
    }

    /** The cases that both devices are timed with, in the order of {@link #all}. */
    public static List<String> cases() {
        return CASES.stream().map(c -> c.title).toList();
    }

    /** Floating-point operations of a case's products; 0 where they do not limit it. */
    public static double operations(String title) {
        Case work = Case.of(title);
        return work == null || work.title.startsWith("infinite") ? 0 : work.operations(work.size);
    }

    /** Does the work of this part in this process: the device is that of the settings. */
    public void run(Settings settings, Consumer<Measurement> figures) {
        Blas.setThreads(settings.threads());
        switch (title) {
            case PRODUCTS, SHORT -> Stream.of(Precision.values())
                    .forEach(p -> figures.accept(Measurement.of(title + " " + p.name().toLowerCase(Locale.ROOT), device, rate(settings, p),
                            "GFLOP/s")));
            case GOLDEN -> GoldenKernels.check(settings, device, figures);
            case FINITE -> FiniteOnDevice.kernels(settings, device, figures);
            case SHORT_FINITE -> FiniteOnDevice.kernels(settings, device,
                    f -> figures.accept(Measurement.of(f.what() + " in TF32", f.device(), f.value(), "error")));
            case TRAINING -> FiniteOnDevice.training(settings, device, figures);
            default -> time(Objects.requireNonNull(Case.of(title), title), figures);
        }
    }

    private static double rate(Settings settings, Precision precision) {
        double rate = Limits.product(settings, precision);
        return settings.device().orElse("").equals("cpu") ? Math.max(rate, Limits.blas(precision)) : rate;
    }

    private void time(Case work, Consumer<Measurement> figures) {
        double[] seconds = work.times(work.size, 2).stream().mapToDouble(Case.Time::wall).toArray();
        figures.accept(Measurement.of(title + " first", device, seconds[0], "s"));
        figures.accept(Measurement.of(title, device, Arrays.stream(seconds).skip(1).min().orElseThrow(), "s"));
        figures.accept(Measurement.of(title + " memory", device, (double) CaseProcess.peak(Path.of("/proc/self/status")), "MiB"));
    }
}
