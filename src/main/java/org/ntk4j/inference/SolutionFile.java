package org.ntk4j.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.files.WholeFile;

/** The solution of an iteration on disk, once a minute: where a killed run goes on. */
final class SolutionFile {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final String VALUES = "weights.npy";
    private static final String KEY = "weights.txt";

    private final Resources resources;
    private final int n;
    private final int k;
    private long last = System.nanoTime();

    private SolutionFile(Resources resources, int n, int k) {
        this.resources = resources;
        this.n = n;
        this.k = k;
    }

    static SolutionFile of(Resources resources, int n, int k) {
        return new SolutionFile(resources, n, k);
    }

    /** What was kept of the same kernel, or zeros. */
    double[] start() {
        if (resources.folder().isPresent()) {
            Path folder = resources.folder().get();
            try {
                if (Files.isRegularFile(folder.resolve(KEY)) && Files.readString(folder.resolve(KEY)).equals(resources.key())) {
                    Npy kept = Npy.read(folder.resolve(VALUES));
                    if (kept.values().length == n * k) {
                        resources.monitor().note("going on with the weights in " + folder.resolve(VALUES));
                        return kept.values();
                    }
                }
            } catch (IOException e) {
                throw Failure.run(folder + ": cannot be read (" + e.getMessage() + ")", e);
            }
        }
        return new double[Math.multiplyExact(n, k)];
    }

    /** Writes the solution so far if a minute has passed since the last time. */
    void keep(double[] x, int iterations) {
        if (resources.folder().isEmpty() || System.nanoTime() - last < MINUTE) {
            return;
        }
        Path folder = resources.folder().get();
        try {
            Files.createDirectories(folder);
            Npy.write(folder.resolve(VALUES), x, n, k);
            WholeFile.write(folder.resolve(KEY), resources.key());
        } catch (IOException e) {
            throw Failure.run(folder + ": cannot be written (" + e.getMessage() + ")", e);
        }
        last = System.nanoTime();
    }
}
