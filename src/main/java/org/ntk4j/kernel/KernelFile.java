package org.ntk4j.kernel;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.files.WholeFile;

/** Kernels on disk: CSV without a head, one row per row of the kernel and all digits, or {@code .npy}. */
public final class KernelFile {

    private KernelFile() {
    }

    /**
     * Makes the folder and sees that it can be written, before the work begins.
     *
     * @param bytes what there must be room for
     * @throws Failure if it cannot
     */
    public static void prepare(@Nullable Path folder, long bytes) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".try", ""));
            long free = Files.getFileStore(folder).getUsableSpace();
            // A file system that does not know its size says 0.
            if (free > 0 && free < bytes) {
                throw Failure.input(folder + ": the results need about " + (bytes >> 20) + " MiB on disk and " + (free >> 20)
                        + " MiB are free; choose another folder with --out");
            }
        } catch (IOException e) {
            throw Failure.input(folder + ": results cannot be written there (" + WholeFile.reason(e)
                    + "); choose another folder with --out");
        }
    }

    /**
     * Writes CSV, whole or not at all, reading the kernel row by row.
     *
     * @param guard keeps what is left of the rows within the memory
     */
    public static void csv(Path file, Kernel kernel, HeapGuard guard) {
        Path aside = file.resolveSibling("." + file.getFileName() + ".writing");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(aside, StandardCharsets.UTF_8)) {
                for (int i = 0; i < kernel.rows(); i++) {
                    double[] row = kernel.row(i);
                    for (int j = 0; j < row.length; j++) {
                        out.write(j == 0 ? "" : ",");
                        out.write(Double.toString(row[j]));
                    }
                    out.write("\r\n");
                    guard.check();
                }
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** Writes {@code .npy}, whole or not at all: float64, C order. */
    public static void npy(Path file, Kernel kernel) {
        if (kernel.file().isPresent()) {
            copy(kernel.file().get(), file);
            return;
        }
        Npy.write(file, kernel.values(), kernel.rows(), kernel.columns());
    }

    /** Deletes what a process that was killed had begun to write. */
    public static void sweep(Path folder, List<String> names) {
        for (String name : names) {
            WholeFile.deleteQuietly(folder.resolve("." + name + ".csv.writing"));
            WholeFile.deleteQuietly(folder.resolve("." + name + ".npy.writing"));
        }
    }

    private static void copy(Path from, Path to) {
        if (from.equals(to)) {
            return;
        }
        Path aside = to.resolveSibling("." + to.getFileName() + ".writing");
        try {
            Files.copy(from, aside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(aside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.run(to + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }
}
