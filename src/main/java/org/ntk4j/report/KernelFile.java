package org.ntk4j.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.ntk4j.Failure;
import org.ntk4j.data.Npy;
import org.ntk4j.kernel.Kernel;

/** Kernels on disk: CSV without a head, one row per row of the kernel and all digits, or {@code .npy}. */
public final class KernelFile {

    private KernelFile() {
    }

    /**
     * Makes the folder and sees that it can be written, before the work begins.
     *
     * @throws Failure if it cannot
     */
    public static void prepare(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".try", ""));
        } catch (IOException e) {
            throw Failure.input(folder + ": results cannot be written there (" + WholeFile.reason(e) + "); choose another folder with --out");
        }
    }

    /** Writes CSV, whole or not at all. */
    public static void csv(Path file, Kernel kernel) {
        Path aside = file.resolveSibling("." + file.getFileName() + ".writing");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(aside, StandardCharsets.UTF_8)) {
                for (int i = 0; i < kernel.rows(); i++) {
                    for (int j = 0; j < kernel.columns(); j++) {
                        out.write(j == 0 ? "" : ",");
                        out.write(Double.toString(kernel.get(i, j)));
                    }
                    out.write("\r\n");
                }
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** Writes {@code .npy}: float64, C order. */
    public static void npy(Path file, Kernel kernel) {
        Npy.write(file, kernel.values(), kernel.rows(), kernel.columns());
    }
}
