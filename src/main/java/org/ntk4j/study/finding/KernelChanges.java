package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * What training does to the tangent kernel, and where NN_T and f_∞ part, as tables for the screen: a line for each point of a sweep, means
 * over seeds.
 */
final class KernelChanges {

    private static final Subject INFINITE = Subject.REGRESSION_INFINITE;

    private final List<String> paths;
    private final List<Summary.Point> points;
    private final int width;

    KernelChanges(List<String> paths, List<Summary.Point> points, int width) {
        this.paths = paths;
        this.points = points;
        this.width = width;
    }

    /** Distance, alignment with the labels and effective rank of Θ_0, Θ_T and Θ_∞. */
    Optional<String> kernels() {
        List<List<Object>> rows = new ArrayList<>();
        for (Summary.Point p : points) {
            Optional<Double> moved = mean(p, Subject.NTK_TRAINED, Subject.NTK_INIT, Quantity.KERNEL_DISTANCE.metric());
            if (moved.isPresent()) {
                rows.add(row(p, String.format(Locale.ROOT, "%.5f", moved.get()), change(p, Subject.LABELS, Quantity.ALIGNMENT.metric()),
                        number(mean(p, Subject.NTK_INFINITE, Subject.LABELS, Quantity.ALIGNMENT.metric())),
                        change(p, Subject.NONE, Quantity.EFFECTIVE_RANK.metric()),
                                number(mean(p, Subject.NTK_INFINITE, Subject.NONE, Quantity.EFFECTIVE_RANK.metric()))));
            }
        }
        return table(rows, "Θ_T to Θ_0", "alignment Θ_0 → Θ_T", "of Θ_∞", "effective rank Θ_0 → Θ_T", "of Θ_∞ ")
                .map(t -> t + System.lineSeparator() + "tangent kernels on the training set: 1−cosine, alignment with the labels, "
                        + "effective rank");
    }

    /** Share, alignment and effective rank of each layer's part of Θ_0 and Θ_T, and how far that part moved. */
    Optional<String> layers() {
        List<List<Object>> rows = new ArrayList<>();
        for (Summary.Point p : points) {
            Set<String> names = new LinkedHashSet<>();
            p.seeds().forEach(c -> c.rows().stream().filter(r -> r.metric().quantity() == Quantity.SHARE)
                    .forEach(r -> r.metric().layer().ifPresent(names::add)));
            for (String layer : names) {
                rows.add(row(p, layer.replace("residual.layers.", ""), change(p, Subject.NONE, Quantity.SHARE.ofLayer(layer)),
                        change(p, Subject.LABELS, Quantity.ALIGNMENT.ofLayer(layer)), change(p, Subject.NONE,
                                Quantity.EFFECTIVE_RANK.ofLayer(layer)),
                        number(mean(p, Subject.NTK_TRAINED, Subject.NTK_INIT, Quantity.RELATIVE_FROBENIUS.ofLayer(layer)))));
            }
        }
        return table(rows, "layer", "share, Θ_0 → Θ_T", "alignment", "effective rank", "Θ_T to Θ_0");
    }

    /** In which eigendirections of Θ_∞ NN_T differs from f_∞. */
    Optional<String> directions() {
        List<List<Object>> rows = new ArrayList<>();
        for (Summary.Point p : points) {
            Optional<Double> top = mean(p, Subject.NETWORK, INFINITE, Quantity.DIFFERENCE_ENERGY_TOP.metric());
            if (top.isPresent()) {
                rows.add(row(p, percent(top), percent(mean(p, Subject.NETWORK, INFINITE, Quantity.FUNCTION_ENERGY_TOP.metric())),
                        largest(p)));
            }
        }
        return table(rows, "NN_T − f_∞", "NN_T", "most of NN_T − f_∞ in directions")
                .map(t -> t + System.lineSeparator() + "share of energy on the test set in the first " + LargestDifferences.COUNT
                        + " eigendirections of Θ_∞, counted from 0");
    }

    /** The test examples on which they differ most, for each point. */
    List<String> examples() {
        List<String> lines = new ArrayList<>();
        for (Summary.Point p : points) {
            List<Integer> most = LargestDifferences.examples(p.seeds());
            if (!most.isEmpty() && isCompared(p)) {
                lines.add((paths.isEmpty() ? "" : ScreenTable.where(p.swept()))
                        + "they differ most on the test examples (label: NN_T, f_∞) "
                        + String.join(", ", LargestDifferences.named(p.seeds(), most)));
            }
        }
        return lines;
    }

    private static boolean isCompared(Summary.Point point) {
        return point.seeds().stream().flatMap(c -> c.rows().stream())
                .anyMatch(r -> r.subject() == Subject.NETWORK && r.reference() == INFINITE);
    }

    /** {@code 0 (12 %), 3 (8 %), 1 (2 %)}. */
    private static String largest(Summary.Point p) {
        Map<Integer, Double> shares = new TreeMap<>();
        for (int i = 0; i < LargestDifferences.COUNT; i++) {
            int index = i;
            mean(p, Subject.NETWORK, INFINITE, Quantity.DIFFERENCE_ENERGY.of(i)).ifPresent(share -> shares.put(index, share));
        }
        return String.join(", ", shares.entrySet().stream().sorted((a, b) -> Double.compare(b.getValue(), a.getValue())).limit(3)
                .map(e -> e.getKey() + " (" + percent(Optional.of(e.getValue())) + ")").toList());
    }

    private List<Object> row(Summary.Point point, Object... values) {
        List<Object> row = ScreenTable.keys(paths, point.swept());
        row.addAll(Arrays.asList(values));
        return row;
    }

    private Optional<String> table(List<List<Object>> rows, String... columns) {
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        List<String> heads = new ArrayList<>(ScreenTable.heads(paths));
        heads.addAll(List.of(columns));
        return Optional.of(System.lineSeparator() + StackedTable.text(heads, rows, paths.size(), width).stripTrailing());
    }

    private static String change(Summary.Point p, Subject reference, Metric metric) {
        return number(mean(p, Subject.NTK_INIT, reference, metric)) + " → " + number(mean(p, Subject.NTK_TRAINED, reference, metric));
    }

    /** Over seeds, of what has steps at its last one. */
    private static Optional<Double> mean(Summary.Point point, Subject subject, Subject reference, Metric metric) {
        List<Double> values = new ArrayList<>();
        for (CellResult cell : point.seeds()) {
            Step last = Summary.lastStep(cell);
            cell.rows().stream().filter(r -> r.subject().equals(subject) && r.reference().equals(reference) && r.metric().equals(metric)
                    && (subject != Subject.NTK_TRAINED || r.step().equals(last))).findFirst().ifPresent(r -> values.add(r.value()));
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.stream().mapToDouble(v -> v).average().orElseThrow());
    }

    private static String number(Optional<Double> value) {
        return value.map(v -> String.format(Locale.ROOT, v < 10 ? "%.3f" : "%.1f", v)).orElse("");
    }

    private static String percent(Optional<Double> share) {
        return share.map(s -> String.format(Locale.ROOT, "%.0f %%", 100 * s)).orElse("");
    }
}
