package org.ntk4j.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFile;

/**
 * Where a run saves kernels and weights, as {@code .npy}.
 *
 * @param folder the folder of the run
 */
record KernelStore(Path folder) {

    /** {@code kernels/CELL/NAME.npy}. */
    void save(String cell, String name, Kernel kernel) {
        Path target = folder("kernels", cell);
        KernelFile.npy(target.resolve(name + ".npy"), kernel);
    }

    /** {@code weights/CELL/NAME/LAYER.W.npy}, flattened. */
    void weights(String cell, String name, Map<String, double[]> weights) {
        Path target = folder("weights", cell).resolve(name);
        try {
            Files.createDirectories(target);
            for (Map.Entry<String, double[]> w : weights.entrySet()) {
                Npy.write(target.resolve(w.getKey().replace('/', '.') + ".npy"), w.getValue(), w.getValue().length);
            }
        } catch (IOException e) {
            throw Failure.run(target + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private Path folder(String kind, String cell) {
        Path target = folder.resolve(kind).resolve(cell.replaceAll("[^A-Za-z0-9._=-]+", "_"));
        try {
            return Files.createDirectories(target);
        } catch (IOException e) {
            throw Failure.run(target + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
