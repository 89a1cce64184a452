package org.ntk4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Mistakes;

/**
 * What is drawn from a source, and how it is scaled.
 *
 * @param train   how many training examples; 0: as many as usual
 * @param test    how many test examples; 0: as many as usual
 * @param classes the labels wanted, as they stand in the data, in the order of the targets' columns; none: all
 */
record Drawing(int train, int test, long seed, Normalization normalize, Targets targets, List<String> classes) {

    static final Drawing USUAL = new Drawing(0, 0, 0, Normalization.UNIT, Targets.CENTRED, List.of());

    /** So that training and test examples are drawn independently. */
    private static final long TEST_SEED = 0x5DEECE66DL;
    private static final int NOT_TO_BE_DRAWN = -1;
    private static final int SHARE_TO_TEST_ON = 5;

    Drawing {
        classes = List.copyOf(classes);
    }

    /** For a source whose inputs are names for things: they are left as they are. */
    Drawing suiting(Source source) {
        return source.vocabulary().isPresent() ? new Drawing(train, test, seed, Normalization.NONE, targets, classes) : this;
    }

    /** Throws where the source has no such classes, or fewer examples. */
    void check(Source source) {
        labels(source);
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
        return source.divided() ? all : part == Part.TEST ? all - 1 : Math.max(0, all - count(source, Part.TEST));
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

    /** The names of the targets' columns: those of the classes, or of real-valued targets. */
    List<String> classNames(Source source) {
        return isReal(source) ? source.targetNames() : Arrays.stream(labels(source)).mapToObj(source.classNames()::get).toList();
    }

    Sample sample(Source source, Pool pool) {
        int[] trainIndices = indices(source, pool, Part.TRAIN, count(source, Part.TRAIN));
        int[] testIndices = indices(source, pool, Part.TEST, count(source, Part.TEST));
        UnaryOperator<double[]> scaling = scaling(source, pool, trainIndices);
        return new Sample(
                split(source, pool.train(), trainIndices, scaling), split(source, pool.test(), testIndices, scaling), classNames(source));
    }

    /** This many training inputs, scaled like the training set, of which they are a part where it is at least as large. */
    Inputs inputs(Source source, Pool pool, int count) {
        UnaryOperator<double[]> scaling = scaling(source, pool, indices(source, pool, Part.TRAIN, count(source, Part.TRAIN)));
        return inputs(source, pool.train(), indices(source, pool, Part.TRAIN, count), scaling);
    }

    private UnaryOperator<double[]> scaling(Source source, Pool pool, int[] train) {
        return normalize.fit(() -> inputs(source, pool.train(), train, input -> input));
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

    private static boolean isReal(Source source) {
        return !source.targetNames().isEmpty();
    }

    private Split split(Source source, Examples examples, int[] indices, UnaryOperator<double[]> scaling) {
        Inputs inputs = inputs(source, examples, indices, scaling);
        if (isReal(source)) {
            return Split.real(inputs, Arrays.stream(indices).mapToObj(examples::targets).toArray(double[][]::new), indices);
        }
        int[] wanted = labels(source);
        int[] columns = new int[source.classNames().size()];
        IntStream.range(0, wanted.length).forEach(column -> columns[wanted[column]] = column);
        int[] labels = Arrays.stream(indices).map(i -> columns[examples.labels()[i]]).toArray();
        return new Split(inputs, targets.of(labels, wanted.length), labels, indices);
    }

    private static Inputs inputs(Source source, Examples examples, int[] indices, UnaryOperator<double[]> scaling) {
        int size = source.shape().size();
        if ((long) indices.length * size > Integer.MAX_VALUE - 8) {
            throw Failure.input(indices.length + " inputs of " + source.shape()
                    + " are more values than fit into one array (2,147,483,639); use fewer examples");
        }
        double[] values = new double[indices.length * size];
        double[] input = new double[size];
        for (int i = 0; i < indices.length; i++) {
            examples.copy(indices[i], input, 0);
            System.arraycopy(scaling.apply(input), 0, values, i * size, size);
        }
        Inputs drawn = Inputs.of(values, indices.length, source.shape());
        return source.hasGraphs() ? drawn.graphs(Arrays.stream(indices).mapToObj(examples::edges).toList()) : drawn;
    }

    String what(Source source, Part part) {
        return part + " examples of " + source.name() + (classes.isEmpty() ? "" : " with labels " + classes);
    }

    /** The labels wanted, as indices into the names of the source's classes. */
    private int[] labels(Source source) {
        List<String> names = source.classNames();
        if (classes.isEmpty()) {
            return IntStream.range(0, names.size()).toArray();
        }
        if (isReal(source)) {
            throw Failure.input("classes: the targets of " + source.name() + " are real values, there are no classes to choose from");
        }
        int[] labels = classes.stream().mapToInt(label -> source.label(label)).toArray();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw Failure.input("classes: " + source.name() + " has no label "
                        + (classes.get(i).matches("\\d+") ? classes.get(i) : TextNumber.shown(classes.get(i)))
                        + Mistakes.suggestion(classes.get(i), source.allowedLabels()));
            }
        }
        if (labels.length == 1 || Arrays.stream(labels).distinct().count() != labels.length) {
            throw Failure.input("classes: " + classes + ": at least two labels are needed, each once");
        }
        return labels;
    }
}
