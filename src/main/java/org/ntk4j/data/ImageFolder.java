package org.ntk4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;

/**
 * A folder with one sub-folder a class, each with PNG or JPEG files of one size; classes and files in the order of their names,
 * hidden files and what systems leave there ({@code Thumbs.db}, {@code __MACOSX}) left out.
 *
 * @param channels 1 or 3; 0: as many as the first image has
 * @param listing  what lies in the folder
 */
record ImageFolder(DataFile folder, int channels, Once<Listing> listing) implements Undivided {

    /** The sub-folders, their files, and the shape of the first image. */
    record Listing(List<String> classes, List<List<Path>> files, Shape shape) {
    }

    private ImageFolder(DataFile folder, int channels) {
        this(folder, channels, new Once<>(() -> list(folder.find(), channels)));
    }

    /** Reads {@code folder, channels (those of the first image)}; none where the folder is missing. */
    static Optional<Source> read(Options options) {
        Optional<DataFile> folder = DataFile.read(options, "folder", "images", "a folder with one sub-folder a class");
        String channels = options.choice("channels", "auto", "auto", "1", "3");
        return folder.map(f -> new ImageFolder(f, channels.equals("auto") ? 0 : Integer.parseInt(channels)));
    }

    private static Listing list(Path folder, int channels) {
        if (!Files.isDirectory(folder)) {
            throw Failure.input(folder + ": this is a file, not a folder");
        }
        List<Path> classes = children(folder).stream().filter(Files::isDirectory).toList();
        if (classes.size() < 2) {
            throw Failure.input(folder + ": one sub-folder for each class is needed, at least two; there "
                    + (classes.size() == 1 ? "is 1" : "are none"));
        }
        FileMistakes mistakes = new FileMistakes(folder);
        List<List<Path>> files = new ArrayList<>();
        for (Path each : classes) {
            List<Path> images = children(each);
            if (images.isEmpty()) {
                mistakes.add(each, "there are no images in this folder");
            }
            files.add(images);
        }
        mistakes.check();
        Path first = files.get(0).get(0);
        Shape shape = ImageFile.shape(first).orElseThrow(() -> Failure.input(first + ": this is no image; PNG and JPEG are read"));
        return new Listing(classes.stream().map(c -> c.getFileName().toString()).toList(), files,
                channels == 0 ? shape : shape.withChannels(channels));
    }

    /** What systems leave beside the files of their users. */
    private static boolean isHousekeeping(String name) {
        return name.startsWith(".") || List.of("thumbs.db", "desktop.ini", "__macosx", "icon\r").contains(name.toLowerCase(Locale.ROOT));
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> !isHousekeeping(p.getFileName().toString())).sorted().toList();
        } catch (IOException e) {
            throw Failure.input(folder + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    @Override
    public void check() {
        Listing all = listing.get();
        FileMistakes mistakes = new FileMistakes(folder.find());
        for (Path image : all.files().stream().flatMap(List::stream).toList()) {
            Optional<Shape> shape = Files.isRegularFile(image) ? ImageFile.shape(image) : Optional.empty();
            if (!Files.isRegularFile(image)) {
                mistakes.add(image, Files.isDirectory(image)
                        ? "this is a folder inside the folder of a class; images are needed" : "this is no file");
            } else if (shape.isEmpty()) {
                mistakes.add(image, "this is no image; PNG and JPEG are read");
            } else if (!shape.get().space().equals(all.shape().space())) {
                mistakes.add(image, "the image is " + shape.get().space().get(0) + "×" + shape.get().space().get(1)
                        + " (height × width); the first one is "
                        + all.shape().space().get(0) + "×" + all.shape().space().get(1));
            }
        }
        mistakes.check();
    }

    @Override
    public String name() {
        return "images";
    }

    @Override
    public Shape shape() {
        return listing.get().shape();
    }

    @Override
    public List<String> classNames() {
        return listing.get().classes();
    }

    @Override
    public boolean labelsAreNumbers() {
        return false;
    }

    @Override
    public int[] counts() {
        return listing.get().files().stream().mapToInt(List::size).toArray();
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("folder", folder.found());
        map.put("channels", shape().channels());
        return map;
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        Listing all = listing.get();
        int count = all.files().stream().mapToInt(List::size).sum();
        byte[][] pixels = new byte[count][];
        int[] labels = new int[count];
        FileMistakes mistakes = new FileMistakes(folder.find());
        int done = 0;
        try (Monitor.Task task = monitor.begin("reading images", count)) {
            for (int label = 0; label < all.files().size(); label++) {
                for (Path file : all.files().get(label)) {
                    if (monitor.cancelled()) {
                        throw Failure.cancelled("Ctrl-C while reading " + folder.written());
                    }
                    byte[] image = new byte[all.shape().size()];
                    if (!Files.isRegularFile(file)) {
                        mistakes.add(file, "this is no file");
                        continue;
                    }
                    ImageFile.read(file, all.shape(), image).ifPresent(wrong -> mistakes.add(file, wrong));
                    pixels[done] = image;
                    labels[done] = label;
                    task.done(++done);
                }
            }
        }
        mistakes.check();
        return new ByteImages(pixels, labels);
    }
}
