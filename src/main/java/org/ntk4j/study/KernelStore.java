package org.ntk4j.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
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

    private static final String AVERAGES = "averages";

    /** {@code kernels/CELL/NAME.npy}. */
    void save(String cell, String name, Kernel kernel) {
        Path target = folder("kernels", cell);
        KernelFile.npy(target.resolve(name + ".npy"), kernel);
    }

    /** {@code averages/CELL/NAME.npy}: until the kernels of all seeds are there. */
    void leave(String cell, String name, Kernel kernel) {
        Npy.write(folder(AVERAGES, cell).resolve(name + ".npy"), kernel.values(), kernel.rows(), kernel.columns());
    }

    /** What was left there; empty if it is not there, or another size. */
    Optional<Kernel> left(String cell, String name, int rows, int columns) {
        Path file = path(AVERAGES, cell).resolve(name + ".npy");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Npy values = Npy.read(file);
        return Arrays.equals(values.shape(), new int[] {rows, columns}) ? Optional.of(Kernel.of(name, rows, columns, values.values()))
                : Optional.empty();
    }

    /** Deletes what was left for averages. */
    void averaged() {
        delete(folder.resolve(AVERAGES));
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

    /** {@code solver/CELL/NAME}: for the factors of a regression. */
    Path solver(String cell, String name) {
        return path("solver", cell).resolve(name);
    }

    /** Deletes the factors of the regressions of a cell, whose results are there. */
    void solved(String cell) {
        Path all = folder.resolve("solver");
        if (!Files.isDirectory(all)) {
            return;
        }
        delete(path("solver", cell));
        try (Stream<Path> others = Files.list(all)) {
            if (others.findAny().isEmpty()) {
                Files.delete(all);
            }
        } catch (IOException e) {
            throw Failure.run(all + ": cannot be deleted (" + e.getMessage() + ")", e);
        }
    }

    private static void delete(Path target) {
        if (!Files.isDirectory(target)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(target)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw Failure.run(target + ": cannot be deleted (" + e.getMessage() + ")", e);
        }
    }

    private Path path(String kind, String cell) {
        return folder.resolve(kind).resolve(cell.replaceAll("[^A-Za-z0-9._=-]+", "_"));
    }

    private Path folder(String kind, String cell) {
        Path target = path(kind, cell);
        try {
            Files.createDirectories(target);
            return target;
        } catch (IOException e) {
            throw Failure.run(target + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
