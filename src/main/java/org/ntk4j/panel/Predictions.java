package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions on the test set, as {@code predictions.csv} has them: those of the first seed, and only those that are drawn. */
final class Predictions {

    private static final List<String> DRAWN = List.of("network", "regression.trained", "regression.infinite", "regression.init");

    private final Map<String, Outputs> outputs = new LinkedHashMap<>();
    private final List<String> labels = new ArrayList<>();
    private Optional<String> seed = Optional.empty();

    /** Grows with the file: one row of outputs for each example. */
    private static final class Outputs {
        private final List<double[]> rows = new ArrayList<>();

        void set(int example, int output, double value) {
            while (rows.size() <= example) {
                rows.add(new double[0]);
            }
            double[] row = rows.get(example);
            if (row.length <= output) {
                row = Arrays.copyOf(row, output + 1);
                rows.set(example, row);
            }
            row[output] = value;
        }
    }

    void add(Csv line) {
        seed = seed.or(() -> Optional.of(line.text("seed")));
        String subject = line.text("subject");
        if (!seed.equals(Optional.of(line.text("seed"))) || !DRAWN.contains(subject) || line.has("split") && !line.is("split", "test")) {
            return;
        }
        int example = line.index("example");
        outputs.computeIfAbsent(subject + "@" + line.text("step"), key -> new Outputs())
                .set(example, line.index("output"), line.number("value"));
        while (labels.size() <= example) {
            labels.add("");
        }
        labels.set(example, line.text("label"));
    }

    /** One row of outputs for each example, at a network's own step where the function is known there, else in the limit. */
    Optional<double[][]> of(String subject) {
        String own = network().orElse("");
        Outputs found = outputs.get(subject + "@" + own);
        if (found == null) {
            found = outputs.entrySet().stream().filter(e -> e.getKey().startsWith(subject + "@")).map(Map.Entry::getValue).findFirst()
                    .orElse(null);
        }
        return Optional.ofNullable(found).map(o -> o.rows.toArray(double[][]::new));
    }

    /** In the limit, else at the last step. */
    Optional<double[][]> limit(String subject) {
        Outputs found = outputs.get(subject + "@");
        return found == null ? of(subject) : Optional.of(found.rows.toArray(double[][]::new));
    }

    private Optional<String> network() {
        return outputs.keySet().stream().filter(key -> key.startsWith("network@")).map(key -> key.substring("network@".length()))
                .findFirst();
    }

    /** The label of each example. */
    List<String> labels() {
        return labels;
    }
}
