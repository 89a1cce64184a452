package org.ntk4j.panel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ntk4j.files.Npy;

/** A small matrix that a table of a run names. */
final class NpyFile {

    private NpyFile() {
    }

    /** Its rows; empty if the file is not there, lies elsewhere, or is no matrix. */
    static Optional<double[][]> read(RunFiles run, String name) {
        Path file = run.folder().resolve(name).normalize();
        if (name.isEmpty() || !file.startsWith(run.folder().normalize()) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Npy read = Npy.read(file);
        if (read.shape().length != 2) {
            return Optional.empty();
        }
        double[][] rows = new double[read.shape()[0]][read.shape()[1]];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(read.values(), i * rows[i].length, rows[i], 0, rows[i].length);
        }
        return Optional.of(rows);
    }
}
