package org.ntk4j.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.ntk4j.base.Failure;

/**
 * Arrays with names: NumPy's {@code .npz} (a zip of {@code NAME.npy}, as {@code numpy.savez} writes it), or a folder of {@code NAME.npy}.
 */
public final class NamedArrays {

    private static final String NPY = ".npy";

    private NamedArrays() {
    }

    /** Whether a path means an archive: its name ends in {@code .npz}. */
    public static boolean isArchive(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
    }

    /**
     * Reads all arrays of an archive or a folder, by their names.
     *
     * @throws Failure if it is not there, has none, or one of them is damaged
     */
    public static Map<String, Npy> read(Path path) {
        Map<String, Npy> arrays = new TreeMap<>();
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    for (Path file : files.filter(f -> f.toString().endsWith(NPY) && Files.isRegularFile(f)).sorted().toList()) {
                        arrays.put(name(file.getFileName().toString()), Npy.read(file));
                    }
                }
            } else {
                archive(path, arrays);
            }
        } catch (NoSuchFileException e) {
            throw Failure.input(path + ": there is no such file or folder");
        } catch (ZipException e) {
            throw Failure.input(path + ": this is neither a folder of .npy files nor an .npz (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw Failure.input(path + ": cannot be read (" + WholeFile.reason(e) + ")");
        }
        if (arrays.isEmpty()) {
            throw Failure.input(path + ": there are no arrays, .npy, in it");
        }
        return arrays;
    }

    private static void archive(Path path, Map<String, Npy> arrays) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().endsWith(NPY)) {
                    try (InputStream stream = zip.getInputStream(entry)) {
                        arrays.put(name(entry.getName()), Npy.read(stream, path.resolve(entry.getName()).toString()));
                    }
                }
            }
        }
    }

    private static String name(String file) {
        return file.substring(0, file.length() - NPY.length());
    }

    /**
     * Writes arrays in float64: an archive, whole or not at all, or a folder.
     *
     * @throws Failure if that cannot be
     */
    public static void write(Path path, Map<String, Npy> arrays) {
        try {
            if (!isArchive(path)) {
                Files.createDirectories(path);
                arrays.forEach((name, array) -> Npy.write(path.resolve(name + NPY), array.values(), array.shape()));
                return;
            }
            Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
            Files.createDirectories(folder);
            Path aside = folder.resolve("." + path.getFileName() + ".writing");
            try (OutputStream out = Files.newOutputStream(aside); ZipOutputStream zip = new ZipOutputStream(out)) {
                // Weights are noise: to compress them takes time and saves nothing.
                zip.setLevel(0);
                WritableByteChannel channel = Channels.newChannel(zip);
                for (Map.Entry<String, Npy> array : arrays.entrySet()) {
                    zip.putNextEntry(new ZipEntry(array.getKey() + NPY));
                    Npy.write(channel, array.getValue().values(), array.getValue().shape());
                    zip.closeEntry();
                }
            }
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.run(path + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /**
     * Writes a matrix: as {@code .npy}, or as CSV, one row a line, all digits, no head.
     *
     * @throws Failure if the name ends in neither, or the file cannot be written
     */
    public static void matrix(Path file, List<double[]> rows) {
        int columns = rows.isEmpty() ? 0 : rows.get(0).length;
        if (rows.stream().anyMatch(row -> row.length != columns)) {
            throw Failure.input(file + ": the rows differ in length");
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            switch (ending(file)) {
                case "npy" -> Npy.write(file, rows.stream().flatMapToDouble(Arrays::stream).toArray(), rows.size(), columns);
                case "csv" -> {
                    StringBuilder text = new StringBuilder();
                    for (double[] row : rows) {
                        for (int j = 0; j < columns; j++) {
                            text.append(j == 0 ? "" : ",").append(row[j]);
                        }
                        text.append("\r\n");
                    }
                    WholeFile.write(file, text.toString());
                }
                default -> throw unknownEnding(file);
            }
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** What follows the last dot of a file's name, in small letters. */
    public static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** The name says no format that numbers are written in. */
    public static Failure unknownEnding(Path file) {
        return Failure.input(file + ": the ending says the format; allowed: .csv, .npy");
    }
}
