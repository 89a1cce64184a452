package org.ntk4j.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;

/**
 * What is drawn from a source, and how it is scaled.
 *
 * @param train   how many training examples; 0: as many as usual
 * @param test    how many test examples; 0: as many as usual
 * @param classes the labels wanted, in the order of the targets' columns; none: all
 */
record Drawing(int train, int test, long seed, Normalization normalize, Targets targets, List<Integer> classes) {

    static final Drawing USUAL = new Drawing(0, 0, 0, Normalization.UNIT, Targets.CENTRED, List.of());

    /** So that training and test examples are drawn independently. */
    private static final long TEST_SEED = 0x5DEECE66DL;
    private static final int NOT_TO_BE_DRAWN = -1;
    private static final int SHARE_TO_TEST_ON = 5;

    Drawing {
        classes = List.copyOf(classes);
    }

    /** Throws where the source has no such classes, or fewer examples. */
    void check(Source source) {
        int known = source.classNames().size();
        for (int label : classes) {
            if (label < 0 || label >= known) {
                throw Failure.input("classes: " + source.name() + " has no label " + label + "; allowed: 0 to " + (known - 1));
            }
        }
        if (classes.size() == 1 || new HashSet<>(classes).size() != classes.size()) {
            throw Failure.input("classes: " + classes + ": at least two labels are needed, each once");
        }
        for (Part part : Part.values()) {
            int available = available(source, part);
            if (count(source, part) > available) {
                throw Failure.input(count(source, part) + " " + what(source, part) + " were asked for; there are " + available);
            }
        }
    }

    /**
     * How many examples of the classes wanted the source has; where it is one collection, the test examples are not among those to
     * learn from, and at least one must be left to learn from.
     */
    int available(Source source, Part part) {
        int[] counts = source.counts(part);
        int all = Arrays.stream(labels(source)).map(label -> counts[label]).sum();
        return source.divided() ? all : part == Part.TEST ? all - 1 : all - count(source, Part.TEST);
    }

    /** How many are drawn; of a small collection a fifth to test on. */
    int count(Source source, Part part) {
        int given = part == Part.TRAIN ? train : test;
        if (given > 0) {
            return given;
        }
        int available = available(source, part);
        int most = source.divided() || part == Part.TRAIN ? available : Math.max(1, available / SHARE_TO_TEST_ON);
        return Math.max(1, Math.min(source.usual(part), most));
    }

    List<String> classNames(Source source) {
        return Arrays.stream(labels(source)).mapToObj(source.classNames()::get).toList();
    }

    Sample sample(Source source, Pool pool) {
        int[] trainIndices = indices(source, pool, Part.TRAIN, count(source, Part.TRAIN));
        int[] testIndices = indices(source, pool, Part.TEST, count(source, Part.TEST));
        UnaryOperator<double[]> scaling = scaling(source, pool, trainIndices);
        return new Sample(
                split(source, pool.train(), trainIndices, scaling), split(source, pool.test(), testIndices, scaling), classNames(source));
    }

    /** So many training inputs, scaled like the training set, of which they are a part where it is at least as large. */
    Inputs inputs(Source source, Pool pool, int count) {
        UnaryOperator<double[]> scaling = scaling(source, pool, indices(source, pool, Part.TRAIN, count(source, Part.TRAIN)));
        return inputs(source, pool.train(), indices(source, pool, Part.TRAIN, count), scaling);
    }

    private UnaryOperator<double[]> scaling(Source source, Pool pool, int[] train) {
        return normalize.fit(() -> inputs(source, pool.train(), train, input -> input).values());
    }

    private int[] indices(Source source, Pool pool, Part part, int count) {
        long own = part == Part.TRAIN ? seed : seed ^ TEST_SEED;
        int[] labels = pool.part(part).labels();
        if (!source.divided() && part == Part.TRAIN) {
            // Test examples first, so that they stay the same whatever the number of those to learn from.
            labels = labels.clone();
            for (int index : indices(source, pool, Part.TEST, count(source, Part.TEST))) {
                labels[index] = NOT_TO_BE_DRAWN;
            }
        }
        return Draw.balanced(labels, labels(source), count, own, what(source, part));
    }

    private Split split(Source source, Examples examples, int[] indices, UnaryOperator<double[]> scaling) {
        int[] wanted = labels(source);
        int[] columns = new int[source.classNames().size()];
        IntStream.range(0, wanted.length).forEach(column -> columns[wanted[column]] = column);
        int[] labels = Arrays.stream(indices).map(i -> columns[examples.labels()[i]]).toArray();
        return new Split(inputs(source, examples, indices, scaling), targets.of(labels, wanted.length), labels, indices);
    }

    private static Inputs inputs(Source source, Examples examples, int[] indices, UnaryOperator<double[]> scaling) {
        int size = source.shape().size();
        double[] values = new double[Math.multiplyExact(indices.length, size)];
        double[] input = new double[size];
        for (int i = 0; i < indices.length; i++) {
            examples.copy(indices[i], input, 0);
            System.arraycopy(scaling.apply(input), 0, values, i * size, size);
        }
        return Inputs.of(values, indices.length, source.shape());
    }

    String what(Source source, Part part) {
        return part + " examples of " + source.name() + (classes.isEmpty() ? "" : " with labels " + classes);
    }

    private int[] labels(Source source) {
        return classes.isEmpty()
                ? IntStream.range(0, source.classNames().size()).toArray()
                : classes.stream().mapToInt(Integer::intValue).toArray();
    }
}
