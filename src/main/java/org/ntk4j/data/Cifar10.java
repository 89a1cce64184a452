package org.ntk4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;
import org.ntk4j.files.Tar;
import org.ntk4j.shape.Shape;

/**
 * CIFAR-10 (Krizhevsky 2009), the binary version: six files of 10,000 images, each a byte for the label, then 1,024 bytes of red, of
 * green and of blue, row by row. They may lie in the data folder's {@code cifar10}, in its {@code cifar-10-batches-bin}, or in the
 * archive as it is published.
 *
 * @param perFile how many images a file has
 */
record Cifar10(RemoteFile archive, Download download, int perFile) implements Source {

    private static final int SIDE = 32;
    private static final int COLOURS = 3;
    private static final int PIXELS = SIDE * SIDE;
    private static final int RECORD = 1 + COLOURS * PIXELS;
    private static final Shape SHAPE = Shape.of(SIDE, SIDE, COLOURS);
    private static final String FOLDER = "cifar-10-batches-bin";
    private static final List<String> TRAIN = IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList();
    private static final List<String> TEST = List.of("test_batch.bin");
    private static final int BATCH = 10_000;
    private static final double[] MEANS = {0.4914, 0.4822, 0.4465};
    private static final List<String> CLASSES = List.of(
            "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    /** From the data folder, else from the author's page. */
    Cifar10() {
        this(new RemoteFile("cifar-10-binary.tar.gz", 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
                Download.from("https://www.cs.toronto.edu/~kriz/"), BATCH);
    }

    @Override
    public String name() {
        return "cifar10";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public List<String> classNames() {
        return CLASSES;
    }

    @Override
    public int[] counts(Part part) {
        int[] counts = new int[CLASSES.size()];
        Arrays.fill(counts, perFile / CLASSES.size() * (part == Part.TRAIN ? TRAIN : TEST).size());
        return counts;
    }

    @Override
    public boolean present(Path folder) {
        return batches(folder).isPresent() || Files.isRegularFile(archive(folder));
    }

    private Path archive(Path folder) {
        return folder.resolve(name()).resolve(archive.name());
    }

    private Optional<Path> batches(Path folder) {
        return Stream.of(folder.resolve(name()), folder.resolve(name()).resolve(FOLDER), folder.resolve(FOLDER))
                .filter(f -> Stream.concat(TRAIN.stream(), TEST.stream()).allMatch(b -> Files.isRegularFile(f.resolve(b)))).findFirst();
    }

    @Override
    public void fetch(Settings settings, Monitor monitor) {
        if (present(settings.data())) {
            return;
        }
        Path home = settings.data().resolve(name());
        try {
            download.fetch(List.of(archive), home, monitor);
        } catch (IOException e) {
            throw Failure.run(name() + " is not in the data folder and cannot be downloaded (" + e.getMessage() + "). Put " + archive.name()
                    + " (the binary version) or its six files into " + home.toAbsolutePath() + ", or use mnist-sample, which works offline",
                            e);
        }
    }

    @Override
    public Pool load(Settings settings, Monitor monitor) {
        fetch(settings, monitor);
        Optional<Path> folder = batches(settings.data());
        try {
            if (folder.isEmpty()) {
                Path there = archive(settings.data());
                if (!archive.isAt(there)) {
                    monitor.note(name() + ": " + there + " is not what is published under that name (another SHA-256): data of one's own, "
                            + "or a damaged file; it is used as it is");
                }
                return fromArchive(there, monitor);
            }
            Pool pool = fromFolder(folder.get());
            // The six files have no checksums that are published.
            new PublishedMeans(name(), perFile / CLASSES.size() * TRAIN.size(), MEANS)
                    .difference(pool.train(), CLASSES.size(), SHAPE.size()).ifPresent(monitor::note);
            return pool;
        } catch (IOException e) {
            throw Failure.input(folder.orElse(archive(settings.data())) + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private Pool fromFolder(Path folder) throws IOException {
        Batches train = new Batches(TRAIN.size());
        for (String name : TRAIN) {
            train.add(Files.readAllBytes(folder.resolve(name)), folder.resolve(name).toString());
        }
        Batches test = new Batches(TEST.size());
        test.add(Files.readAllBytes(folder.resolve(TEST.get(0))), folder.resolve(TEST.get(0)).toString());
        return new Pool(train.examples(), test.examples());
    }

    private Pool fromArchive(Path archive, Monitor monitor) throws IOException {
        byte[][] train = new byte[TRAIN.size()][];
        byte[][] test = new byte[1][];
        try (Monitor.Task task = monitor.begin("reading " + archive.getFileName(), TRAIN.size() + TEST.size());
                InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16)) {
            int[] found = {0};
            Tar.read(in, (name, content) -> {
                String file = name.substring(name.lastIndexOf('/') + 1);
                if (TRAIN.contains(file)) {
                    train[TRAIN.indexOf(file)] = content;
                    task.done(++found[0]);
                } else if (TEST.contains(file)) {
                    test[0] = content;
                    task.done(++found[0]);
                }
            });
        }
        Batches all = new Batches(TRAIN.size());
        for (int i = 0; i < train.length; i++) {
            all.add(present(train[i], archive, TRAIN.get(i)), archive + " (" + TRAIN.get(i) + ")");
        }
        Batches last = new Batches(TEST.size());
        last.add(present(test[0], archive, TEST.get(0)), archive + " (" + TEST.get(0) + ")");
        return new Pool(all.examples(), last.examples());
    }

    private static byte[] present(byte[] content, Path archive, String name) {
        if (content == null) {
            throw Failure.input(archive + ": there is no " + name + " in it");
        }
        return content;
    }

    /** Images from several files. */
    private final class Batches {

        private final byte[][] pixels;
        private final int[] labels;
        private int count;

        Batches(int files) {
            pixels = new byte[files * perFile][];
            labels = new int[files * perFile];
        }

        void add(byte[] content, String name) {
            if (content.length != perFile * RECORD) {
                throw Failure.input(name + ": " + content.length + " bytes are not " + perFile + " images of " + RECORD
                        + " bytes; needed: " + perFile * RECORD);
            }
            for (int i = 0; i < perFile; i++) {
                int label = content[i * RECORD] & 0xff;
                if (label >= CLASSES.size()) {
                    throw Failure.input(name + ": the label of image " + i + " is " + label + "; allowed: 0 to " + (CLASSES.size() - 1));
                }
                byte[] image = new byte[COLOURS * PIXELS];
                for (int p = 0; p < PIXELS; p++) {
                    for (int c = 0; c < COLOURS; c++) {
                        image[p * COLOURS + c] = content[i * RECORD + 1 + c * PIXELS + p];
                    }
                }
                labels[count] = label;
                pixels[count++] = image;
            }
        }

        Examples examples() {
            return new ByteImages(pixels, labels);
        }
    }
}
