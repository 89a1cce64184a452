package org.ntk4j.data;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;
import org.ntk4j.shape.Shape;

/**
 * The four files of MNIST and of the data sets made in its likeness: training images and labels, test images and labels.
 * Each may lie there with or without gzip and {@code .gz}, also as {@code train-images.idx3-ubyte} and where torchvision puts it.
 *
 * @param name     the data set, and its folder in the data folder
 * @param files    as they can be downloaded, in this order
 * @param download where from
 * @param bare     whether the files may also lie directly in the data folder
 * @param others   another folder for them in the data folder
 */
record IdxFiles(String name, List<RemoteFile> files, Download download, boolean bare, String others) {

    private static final String GZIP = ".gz";

    /** The four names, without {@code .gz}. */
    static final List<String> NAMES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    /** Whether all four are there. */
    boolean present(Path folder) {
        return NAMES.stream().allMatch(file -> find(folder, file).isPresent());
    }

    /**
     * Downloads those that are not there.
     *
     * @throws Failure where that cannot be done, with what to put where
     */
    void fetch(Path folder, Monitor monitor) {
        List<RemoteFile> missing = files.stream().filter(f -> find(folder, plain(f)).isEmpty()).toList();
        if (missing.isEmpty()) {
            return;
        }
        Path home = folder.resolve(name);
        try {
            download.fetch(missing, home, monitor);
        } catch (FileSystemException e) {
            throw Failure.run(name + " is not in the data folder and cannot be downloaded: " + e.getFile() + " cannot be written"
                    + (e.getReason() == null ? "" : " (" + e.getReason() + ")") + "; choose another data folder with --data or NTK_DATA",
                            e);
        } catch (IOException e) {
            String wanted = missing.stream().map(IdxFiles::plain).filter(file -> find(folder, file).isEmpty())
                    .collect(Collectors.joining(", "));
            throw Failure.run(name + " is not in the data folder and cannot be downloaded (" + e.getMessage() + "). Put " + wanted
                    + " (or the same with .gz) into " + home.toAbsolutePath() + ", or use mnist-sample, which works offline", e);
        }
    }

    /** Reads the four files; images must have the shape given. */
    Pool load(Path folder, Shape shape, int classes, Monitor monitor) {
        // What cannot be read at all is not worth a note on what it might be.
        Pool pool = new Pool(examples(folder, 0, shape, classes), examples(folder, 2, shape, classes));
        verify(folder).ifPresent(monitor::note);
        return pool;
    }

    /** Files of the right form may hold anything: which of them are not the published ones. */
    private Optional<String> verify(Path folder) {
        List<String> different = new ArrayList<>();
        for (RemoteFile file : files) {
            Path there = found(folder, plain(file));
            try {
                // Of a file that was unpacked only the content can be known.
                boolean comparable = there.toString().endsWith(GZIP) || !file.content().isEmpty();
                if (comparable && !file.isAt(there)) {
                    different.add(there.toString());
                }
            } catch (IOException e) {
                throw Failure.input(there + ": cannot be read (" + e.getMessage() + ")");
            }
        }
        return different.isEmpty() ? Optional.empty() : Optional.of(name + ": " + String.join(", ", different)
                + (different.size() == 1 ? " is" : " are")
                + " not what is published under that name (another SHA-256): data of one's own, or a damaged file; it is used as it is");
    }

    private Examples examples(Path folder, int first, Shape shape, int classes) {
        Path images = found(folder, NAMES.get(first));
        Path labels = found(folder, NAMES.get(first + 1));
        return examples(Idx.images(images), images.toString(), Idx.labels(labels, classes), labels.toString(), shape);
    }

    /** Images with their labels, after checking that they fit. */
    static Examples examples(Idx.Images images, String imagesName, int[] labels, String labelsName, Shape shape) {
        Shape found = Shape.of(images.rows(), images.columns(), 1);
        if (!found.equals(shape)) {
            throw Failure.input(imagesName + ": its images are " + found + "; needed: " + shape);
        }
        if (labels.length != images.count()) {
            throw Failure.input(labelsName + ": " + labels.length + " labels do not match the " + images.count() + " images in "
                    + imagesName);
        }
        return new LabelledImages(images, labels);
    }

    private Path found(Path folder, String file) {
        return find(folder, file).orElseThrow(() -> Failure.run(folder.resolve(name).resolve(file) + ": there is no such file"));
    }

    private Optional<Path> find(Path folder, String file) {
        Stream<Path> folders = Stream.of(folder.resolve(name), folder.resolve(others), inOthers(folder),
                folder.resolve(Path.of(others).getName(0)), bare ? folder : folder.resolve(name));
        List<String> names = List.of(file, file.replaceFirst("-idx", ".idx"));
        return folders.flatMap(f -> names.stream().flatMap(n -> Stream.of(f.resolve(n), f.resolve(n + GZIP), f.resolve(n).resolve(n))))
                .filter(Files::isRegularFile).findFirst();
    }

    /** The data folder may be the outer one of the two that others keep these files in, such as {@code MNIST}. */
    private Path inOthers(Path folder) {
        Path inner = Path.of(others);
        boolean outer = folder.toAbsolutePath().normalize().endsWith(inner.getName(0));
        return folder.resolve(outer ? inner.getFileName() : inner);
    }

    private static String plain(RemoteFile file) {
        return file.name().substring(0, file.name().length() - GZIP.length());
    }
}
