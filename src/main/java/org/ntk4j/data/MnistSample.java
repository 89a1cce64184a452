package org.ntk4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.shape.Shape;

/** 1,000 training and 100 test images of MNIST, 100 and 10 of each digit, inside the program ({@code scripts/MnistSample.java}). */
record MnistSample() implements Source {

    @Override
    public String name() {
        return "mnist-sample";
    }

    @Override
    public Shape shape() {
        return IdxImages.SHAPE;
    }

    @Override
    public List<String> classNames() {
        return Mnist.DIGITS;
    }

    @Override
    public int[] counts(Part part) {
        int[] counts = new int[Mnist.DIGITS.size()];
        Arrays.fill(counts, part == Part.TRAIN ? 100 : 10);
        return counts;
    }

    @Override
    public int usual(Part part) {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean present(Path folder) {
        return true;
    }

    @Override
    public void fetch(Settings settings, Monitor monitor) {
        // It is inside the program.
    }

    @Override
    public Pool load(Settings settings, Monitor monitor) {
        return new Pool(examples(0), examples(2));
    }

    private static Examples examples(int first) {
        String images = "mnist-sample/" + IdxFiles.NAMES.get(first) + ".gz";
        String labels = "mnist-sample/" + IdxFiles.NAMES.get(first + 1) + ".gz";
        int[] digits = Idx.labels(bytes(labels), labels, Mnist.DIGITS.size());
        return IdxFiles.examples(Idx.images(bytes(images), images), images, digits, labels, IdxImages.SHAPE);
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = MnistSample.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw Failure.run(resource + " is missing in the program: build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw Failure.run(resource + " cannot be read from the program", e);
        }
    }
}
