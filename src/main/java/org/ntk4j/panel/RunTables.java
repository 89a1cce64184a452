package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the tables of one or several runs say, by the points of the sweep.
 *
 * @param runs      where it stands
 * @param spots     the points of the sweep, in the order of the tables
 * @param results   every number of every network
 * @param summary   means over seeds
 * @param history   training, by point
 * @param spectra   eigenvalues, by point
 * @param functions on the test set, of the first seed, by point
 * @param notes     what the run remarked, with the number of networks that it was said of
 */
record RunTables(List<RunFiles> runs, List<Spot> spots, FactTable results, FactTable summary, Map<Spot, List<Moment>> history,
        Map<Spot, List<Eigenvalue>> spectra,
        Map<Spot, Predictions> functions, Map<String, Integer> notes) {

    /** A line of {@code history.csv}. */
    record Moment(String seed, String subject, String split, double step, double loss, double accuracy) {
    }

    /** A line of {@code spectrum.csv}, and of {@code energy.csv} where {@code value} is a share of the labels' energy. */
    record Eigenvalue(String seed, String subject, String step, int index, double value) {
    }

    /** Reads everything but pictures and kernels. */
    static RunTables of(List<RunFiles> runs) {
        List<Fact> results = new ArrayList<>();
        List<Fact> summary = new ArrayList<>();
        Map<Spot, List<Moment>> history = new LinkedHashMap<>();
        Map<Spot, List<Eigenvalue>> spectra = new LinkedHashMap<>();
        Map<Spot, Predictions> functions = new LinkedHashMap<>();
        Map<String, Integer> notes = new LinkedHashMap<>();
        for (RunFiles run : runs) {
            run.read("results.csv", List.of("subject", "metric", "value"), (line, spot) -> results.add(fact(line, spot, "value")));
            run.read("summary.csv", List.of("subject", "metric", "mean"), (line, spot) -> summary.add(fact(line, spot, "mean")));
            run.read("history.csv", List.of("step", "subject", "split", "loss"),
                    (line, spot) -> history.computeIfAbsent(spot, s -> new ArrayList<>())
                    .add(new Moment(line.text("seed"), line.text("subject"), line.text("split"), line.number("step"), line.number("loss"),
                            line.number("accuracy"))));
            run.read("spectrum.csv", List.of("subject", "index", "eigenvalue"),
                    (line, spot) -> spectra.computeIfAbsent(spot, s -> new ArrayList<>())
                    .add(new Eigenvalue(line.text("seed"), line.text("subject"), line.text("step"), line.index("index"),
                            line.number("eigenvalue"))));
            run.read("predictions.csv", List.of("subject", "example", "output", "value"),
                    (line, spot) -> functions.computeIfAbsent(spot, s -> new Predictions()).add(line));
            Remarks.read(run).forEach((note, count) -> notes.merge(note, count, Integer::sum));
        }
        List<Fact> timed = timed(results);
        List<Fact> means = timed(summary.isEmpty() ? results : summary);
        Set<Spot> spots = new LinkedHashSet<>();
        timed.forEach(f -> spots.add(f.spot()));
        spots.addAll(history.keySet());
        return new RunTables(List.copyOf(runs), List.copyOf(spots), new FactTable(timed), new FactTable(means), history, spectra, functions,
                notes);
    }

    private static Fact fact(Csv line, Spot spot, String value) {
        return new Fact(spot, line.text("seed"), line.text("subject"), line.text("reference"), line.text("split"), line.text("step"),
                line.text("at"), line.text("metric"),
                line.number(value), line.number("deviation"));
    }

    /** Tables of version 0.2 have no column {@code at}: the step says it, next to the network's last one. */
    private static List<Fact> timed(List<Fact> facts) {
        if (facts.stream().anyMatch(f -> !f.at().isEmpty())) {
            return facts;
        }
        Map<List<Object>, Double> last = new HashMap<>();
        facts.stream().filter(f -> f.subject().equals("network") && f.reference().equals("labels") && !Double.isNaN(f.stepNumber()))
                .forEach(f -> last.merge(List.of(f.spot(), f.seed()), f.stepNumber(), Math::max));
        return facts.stream()
                .map(f -> new Fact(f.spot(), f.seed(), f.subject(), f.reference(), f.split(), f.step(),
                moment(f, last.get(List.of(f.spot(), f.seed()))), f.metric(),
                f.value(), f.deviation())).toList();
    }

    private static String moment(Fact f, @Nullable Double last) {
        if (f.step().isEmpty()) {
            return f.subject().startsWith("ntk.") || f.subject().startsWith("nngp.") || f.metric().equals("ridge") ? "" : "limit";
        }
        return f.step().equals("0") ? "start" : f.step().equals("trained") || last != null && f.stepNumber() == last ? "trained" : "step";
    }

    /** The swept paths that take more than one value. */
    List<String> varied() {
        return spots.stream().flatMap(s -> s.keys().keySet().stream()).distinct()
                .filter(path -> spots.stream().map(s -> s.keys().getOrDefault(path, "")).distinct().count() > 1).toList();
    }

    /** The seeds of a point, as they stand in the tables. */
    List<String> seeds(Spot spot) {
        return results.of(spot).all().stream().map(Fact::seed).filter(s -> !s.isEmpty()).distinct().toList();
    }

    boolean isSweep() {
        return spots.size() > 1;
    }

    /** The run to which a point belongs. */
    RunFiles run(Spot spot) {
        String label = spot.keys().getOrDefault("run", "");
        return runs.stream().filter(r -> r.label().equals(label)).findFirst().orElse(runs.get(0));
    }
}
