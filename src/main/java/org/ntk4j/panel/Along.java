package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.ntk4j.chart.Axis;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Curve;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Plot;
import org.ntk4j.chart.Point;
import org.ntk4j.chart.Rule;
import org.ntk4j.chart.Words;

/** Loss and accuracy along training: the network, and what each kernel predicts at the same step. */
final class Along {

    /** Drawn from the first to the last, so that the network lies on top. */
    private static final List<String> ORDER = List.of("regression.infinite", "regression.init", "regression.trained", "linearized",
            "quadratic", "network");

    private Along() {
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        List<RunTables.Moment> all = tables.history().getOrDefault(spot, List.of());
        double last = all.stream().filter(m -> m.subject().equals("network")).mapToDouble(RunTables.Moment::step).max().orElse(0);
        if (last < 1) {
            return Optional.empty();
        }
        List<Plot> plots = new ArrayList<>();
        for (String split : List.of("test", "train")) {
            plots.add(plot("Loss, " + words(split), Axis.log("loss"), all, split, RunTables.Moment::loss, last));
            plots.add(plot("Accuracy, " + words(split), Axis.linear("accuracy"), all, split, RunTables.Moment::accuracy, last));
        }
        plots.add(stability(tables.results().of(spot), last));
        return Optional.of(Panel.of("training", title(all, last), sentence(tables, spot, all, last)).with(new Chart(plots, 290))
                .from("history.csv", tables.isSweep() ? "the rows of this point" : "all rows").numbers(table(all)));
    }

    private static String words(String split) {
        return split.equals("test") ? "test set" : "training set";
    }

    private static Plot plot(String title, Axis y, List<RunTables.Moment> all, String split, ToDoubleFunction<RunTables.Moment> value,
            double last) {
        Map<String, Map<String, List<Point>>> lines = new LinkedHashMap<>();
        for (RunTables.Moment m : all) {
            if (m.split().equals(split) && m.step() >= 1 && !Double.isNaN(value.applyAsDouble(m))) {
                lines.computeIfAbsent(m.subject(), s -> new LinkedHashMap<>()).computeIfAbsent(m.seed(), s -> new ArrayList<>())
                        .add(Point.of(m.step(), value.applyAsDouble(m)));
            }
        }
        List<Curve> curves = new ArrayList<>();
        lines.entrySet().stream().sorted(Comparator.comparingInt(e -> ORDER.indexOf(e.getKey()))).forEach(e -> e.getValue().values()
                .forEach(points -> curves.add(Curve.of(Ink.of(e.getKey()), e.getValue().size() > 1 ? Curve.Style.THIN : Curve.Style.LINE,
                        points))));
        return Plot.of(title, Axis.log("training step").within(1, last), y, curves).with(Rule.moment(last, ""));
    }

    /**
     * The learning rate over the largest stable one, which changes as the kernel does; empty where no stable rate is known. The first
     * step is taken with the kernel of step 0.
     */
    private static Plot stability(FactTable facts, double last) {
        Map<String, List<Point>> seeds = new LinkedHashMap<>();
        for (String kernel : List.of("ntk.init", "ntk.trained")) {
            facts.find(kernel, "", "train", "sharpnessRatio").forEach(f -> seeds.computeIfAbsent(f.seed(), s -> new ArrayList<>())
                    .add(Point.of(Math.max(f.stepNumber(), 1), f.value())));
        }
        seeds.values().forEach(points -> points.sort(Comparator.comparingDouble(Point::x)));
        double most = seeds.values().stream().flatMap(List::stream).mapToDouble(Point::y).filter(Double::isFinite).max().orElse(0);
        List<Curve> curves = seeds.values().stream().map(points -> Curve.of(Ink.of("network"), Curve.Style.MARKED, points)).toList();
        return Plot.of("Learning rate over the largest stable one", Axis.log("training step").within(1, last),
                Axis.linear("rate / stable rate").within(0, Math.max(1.2, 1.1 * most)), curves)
                .with(Rule.level(1, "stable below")).with(Rule.moment(last, ""));
    }

    /** How far a kernel's prediction of the test loss is from the network's on average, as a factor; NaN where nothing can be compared. */
    private static double factor(List<RunTables.Moment> all, String subject) {
        Map<List<Object>, Double> network = new TreeMap<>(Comparator.comparing(Object::toString));
        all.stream().filter(m -> m.subject().equals("network") && m.split().equals("test") && m.loss() > 0 && m.step() >= 1)
                .forEach(m -> network.put(List.of(m.seed(), m.step()), m.loss()));
        double mean = all.stream().filter(m -> m.subject().equals(subject) && m.split().equals("test") && m.loss() > 0
                && network.containsKey(List.of(m.seed(), m.step())))
                .mapToDouble(m -> Math.abs(Math.log(m.loss() / Objects.requireNonNull(network.get(List.of(m.seed(), m.step())))))).average()
                        .orElse(Double.NaN);
        return Math.exp(mean) - 1;
    }

    private static Map<String, Double> factors(List<RunTables.Moment> all) {
        Map<String, Double> factors = new LinkedHashMap<>();
        all.stream().map(RunTables.Moment::subject).distinct().filter(s -> s.startsWith("regression.") || s.equals("linearized")
                || s.equals("quadratic"))
                .forEach(s -> {
            double factor = factor(all, s);
            if (!Double.isNaN(factor)) {
                factors.put(s, factor);
            }
        });
        return factors;
    }

    private static String title(List<RunTables.Moment> all, double last) {
        Map<String, Double> factors = factors(all);
        Optional<Map.Entry<String, Double>> best = factors.entrySet().stream().min(Map.Entry.comparingByValue());
        return best.map(b -> "Along training " + Ink.of(b.getKey()).symbol() + " foretells the network's test loss best, within "
                + Words.percent(b.getValue()) + " on average")
                .orElseGet(() -> "Training took " + Words.whole(last) + " steps");
    }

    private static String sentence(RunTables tables, Spot spot, List<RunTables.Moment> all, double last) {
        FactTable facts = tables.results().of(spot);
        StringBuilder text = new StringBuilder("The network trained for " + Words.whole(last) + " steps");
        Optional<Fact> rate = facts.find("network", "", "train", "learningRate").stream().findFirst();
        Optional<Fact> stable = facts.find("network", "", "train", "largestStableRate").stream().findFirst();
        rate.ifPresent(r -> text.append(" at a learning rate of ").append(Words.number(r.value())));
        stable.ifPresent(s -> text.append(", ").append(Words.number(rate.map(r -> r.value() / s.value()).orElse(Double.NaN)))
                .append(" of the largest stable one (").append(Words.number(s.value())).append(")"));
        Optional<RunTables.Moment> end = all.stream().filter(m -> m.subject().equals("network") && m.split().equals("test"))
                .reduce((a, b) -> b);
        end.ifPresent(m -> text.append(" and ended with a test loss of ").append(Words.number(m.loss()))
                .append(Double.isNaN(m.accuracy()) ? "" : " and a test accuracy of " + Words.number(m.accuracy())));
        text.append(". ");
        Map<String, Double> factors = factors(all);
        if (!factors.isEmpty()) {
            text.append("The predicted test loss is off by ")
                    .append(Words.list(factors.entrySet().stream()
                    .map(e -> Words.percent(e.getValue()) + " (" + Ink.of(e.getKey()).symbol() + ")").toList()))
                    .append(" on average. ");
        }
        int seeds = tables.seeds(spot).size();
        return text + (seeds > 1 ? "Each of the " + seeds + " seeds is a thin line. " : "") + "The dashed upright line marks the end"
                + (facts.find("ntk.init", "", "train", "sharpnessRatio").isEmpty() ? "." : ", the level one the largest stable rate.");
    }

    private static DataTable table(List<RunTables.Moment> all) {
        return new DataTable(List.of("seed", "step", "function", "split", "loss", "accuracy"),
                all.stream().filter(m -> m.split().equals("test"))
                .map(m -> List.of(m.seed(), Words.whole(m.step()), Ink.of(m.subject()).symbol(), m.split(), Words.number(m.loss()),
                        Words.number(m.accuracy()))).toList());
    }
}
