package org.ntk4j.study.finding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ntk4j.report.FunctionMetrics;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/** The test examples on which NN_T and f_∞ differ most, both at their ends. */
public final class LargestDifferences {

    /** This many examples, and as many directions in which they differ. */
    static final int COUNT = 10;

    static final Subject REFERENCE = Subject.REGRESSION_INFINITE;

    private LargestDifferences() {
    }

    /** Their places in the test set, over all seeds, the largest difference first. */
    public static List<Integer> examples(List<CellResult> seeds) {
        double[] distance = null;
        for (CellResult cell : seeds) {
            Optional<double[][]> f = cell.function(Subject.NETWORK, Summary.lastStep(cell));
            Optional<double[][]> g = reference(cell);
            if (f.isEmpty() || g.isEmpty() || distance != null && distance.length != f.get().length) {
                return List.of();
            }
            double[] squares = Residuals.squares(f.get(), g.get());
            distance = distance == null ? new double[squares.length] : distance;
            for (int i = 0; i < distance.length; i++) {
                distance[i] += squares[i];
            }
        }
        if (distance == null) {
            return List.of();
        }
        double[] all = distance;
        return IntStream.range(0, all.length).boxed().sorted(Comparator.comparingDouble((Integer i) -> -all[i])).limit(COUNT).toList();
    }

    private static Optional<double[][]> reference(CellResult cell) {
        return cell.function(REFERENCE, Step.NONE).or(() -> cell.function(REFERENCE, Summary.lastStep(cell)));
    }

    /** These examples with their label and both predicted classes, those of the first seed. */
    static List<String> named(List<CellResult> seeds, List<Integer> examples) {
        CellResult first = seeds.get(0);
        double[][] network = first.function(Subject.NETWORK, Summary.lastStep(first)).orElseThrow();
        double[][] other = reference(first).orElseThrow();
        List<Object> labels = examples.stream().map(i -> label(first, i)).toList();
        return IntStream.range(0, labels.size()).mapToObj(k -> examples.get(k) + " (" + shown(labels.get(k)) + ": "
                + shown(choice(first, network[examples.get(k)])) + ", "
                + shown(choice(first, other[examples.get(k)])) + ")").toList();
    }

    private static Object shown(Object choice) {
        return choice instanceof Double value ? String.format(Locale.ROOT, "%.3g", value) : choice;
    }

    private static Object label(CellResult cell, int example) {
        return cell.hasClasses() ? (Object) cell.labels()[example] : choice(cell, cell.targets()[example]);
    }

    /** The class that a function chooses; the values themselves where there are no classes. */
    private static Object choice(CellResult cell, double[] values) {
        return cell.hasClasses() ? (Object) FunctionMetrics.classes(new double[][] {values})[0]
                : values.length == 1 ? (Object) values[0] : Arrays.stream(values).mapToObj(String::valueOf)
                        .collect(Collectors.joining(" "));
    }

    /**
     * The rows of {@code examples.csv}: rank, place in the test set, label, the classes that both choose, and the norm of their difference.
     */
    static List<List<Object>> table(CellResult cell) {
        boolean compared = cell.rows().stream().anyMatch(r -> r.subject() == Subject.NETWORK && r.reference() == REFERENCE);
        List<Integer> most = compared ? examples(List.of(cell)) : List.of();
        if (most.isEmpty()) {
            return List.of();
        }
        double[][] f = cell.function(Subject.NETWORK, Summary.lastStep(cell)).orElseThrow();
        double[][] g = reference(cell).orElseThrow();
        double[][] difference = Residuals.minus(f, g);
        return IntStream.range(0, most.size()).mapToObj(rank -> {
            int i = most.get(rank);
            return List.<Object>of(rank, i, label(cell, i), choice(cell, f[i]), choice(cell, g[i]),
                    Math.sqrt(dot(difference[i], difference[i])));
        }).toList();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
