package org.ntk4j.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.CountFile;
import org.ntk4j.files.Npy;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.KernelFeatures;

/**
 * Sums over all inputs of features Ψ and targets b, some inputs after the other: once a minute they are kept on disk, where a killed run
 * goes on, to the same bits.
 *
 * @param values    {@code ΨᵀΨ}, m × m
 * @param projected {@code Ψᵀb}, m × k
 */
record FeatureSquare(double[] values, double[] projected) {

    private static final int BLOCK = 1024;
    static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final String KEY = "features.txt";

    /**
     * Sums, going on with what was kept in the folder of the resources.
     *
     * @param pause nanoseconds between two times that the sums are kept, {@link #MINUTE} as a rule
     */
    static FeatureSquare of(KernelFeatures features, double[] b, int k, Resources resources, long pause) {
        return new Summing(features, b, k, resources, pause).sums();
    }

    /** The work. */
    private static final class Summing {

        private final KernelFeatures features;
        private final double[] b;
        private final int n;
        private final int m;
        private final int k;
        private final Monitor monitor;
        private final @Nullable Path folder;
        private final String key;
        private final long pause;

        Summing(KernelFeatures features, double[] b, int k, Resources resources, long pause) {
            this.features = features;
            this.b = b;
            this.n = features.rows();
            this.m = features.count();
            this.k = k;
            this.monitor = resources.monitor();
            this.folder = resources.folder().orElse(null);
            this.key = resources.key() + " " + features.describe() + " " + n + " " + m + " " + k + " " + Arrays.hashCode(b);
            this.pause = pause;
        }

        FeatureSquare sums() {
            int begun = begun();
            FeatureSquare sums = begun == 0 ? new FeatureSquare(new double[Math.multiplyExact(m, m)], new double[m * k]) : kept(begun);
            long last = System.nanoTime();
            try (Monitor.Task task = monitor.begin("square of " + m + " features, inputs", n)) {
                task.done(begun);
                for (int from = begun; from < n; from += BLOCK) {
                    int to = Math.min(n, from + BLOCK);
                    double[] some = new double[Math.multiplyExact(to - from, m)];
                    features.read(from, to, some);
                    Blas.gemm(true, false, m, m, to - from, 1, some, some, 1, sums.values);
                    Blas.gemm(true, false, m, k, to - from, 1, some, Arrays.copyOfRange(b, from * k, to * k), 1, sums.projected);
                    if (monitor.cancelled()) {
                        throw Failure.cancelled("stopped while solving with random features");
                    }
                    if (folder != null && to < n && System.nanoTime() - last >= pause) {
                        keep(sums, to);
                        last = System.nanoTime();
                    }
                    task.done(to);
                }
            }
            return sums;
        }

        private Path file(String what, int inputs) {
            return folder().resolve(what + "-" + inputs + ".npy");
        }

        private Path folder() {
            return Optional.ofNullable(folder).orElseThrow();
        }

        /** How many inputs are in the sums that were kept; 0 where there are none, or those of something else. */
        private int begun() {
            int inputs = folder == null ? 0 : progress().read();
            return inputs > 0 && Files.isRegularFile(file("square", inputs)) && Files.isRegularFile(file("projected", inputs)) ? inputs : 0;
        }

        private CountFile progress() {
            return new CountFile(folder().resolve(KEY), key);
        }

        private FeatureSquare kept(int inputs) {
            monitor.note("going on with the sums over " + inputs + " of " + n + " inputs in " + file("square", inputs));
            return new FeatureSquare(Npy.read(file("square", inputs)).values(), Npy.read(file("projected", inputs)).values());
        }

        /** The new files are named only when they are whole; then the old ones go. */
        private void keep(FeatureSquare sums, int inputs) {
            int before = begun();
            try {
                Files.createDirectories(folder());
                Npy.write(file("square", inputs), sums.values, m, m);
                Npy.write(file("projected", inputs), sums.projected, m, k);
                progress().write(inputs);
                if (before > 0) {
                    Files.deleteIfExists(file("square", before));
                    Files.deleteIfExists(file("projected", before));
                }
            } catch (IOException e) {
                throw Failure.run(folder + ": cannot be written (" + e.getMessage() + ")", e);
            }
        }
    }
}
