package org.ntk4j.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFile;
import org.ntk4j.shape.Shape;

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

    /** {@code weights/CELL/NAME/1.dense.W.npy}, each with the shape that the layer gives it: {@code network.load(folder)} reads them. */
    void weights(String cell, String name, FiniteNetwork network, Shape in) {
        network.save(folder("weights", cell).resolve(name), in);
    }

    /** {@code report/thinned/CELL/NAME.npy}; its path within the run's folder. */
    String thinned(String cell, String name, double[] values, int size) {
        Path file = folder("report/thinned", cell).resolve(name + ".npy");
        Npy.write(file, values, size, size);
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** {@code report/looks/NAME}. */
    void picture(String name, byte[] png) {
        Path file = folder.resolve("report").resolve("looks").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, png);
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + e.getMessage() + ")", e);
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
