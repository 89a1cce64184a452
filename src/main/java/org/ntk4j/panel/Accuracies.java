package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** How right each function is on the test set, and by how much the network differs from each other one. */
final class Accuracies {

    private static final List<String> FUNCTIONS = List.of("network", "linearized", "quadratic", "ensemble", "regression.init",
            "regression.trained", "regression.infinite", "regression.nngp",
            "regression.averaged", "path");

    private Accuracies() {
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        FactTable facts = tables.summary().of(spot);
        boolean classes = facts.limit("network", "labels", "accuracy").or(() -> facts.limit("regression.infinite", "labels", "accuracy"))
                .isPresent();
        String metric = classes ? "accuracy" : "mse";
        List<String> known = FUNCTIONS.stream().filter(f -> facts.limit(f, "labels", metric).isPresent()).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        List<Curve> curves = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Fact fact = facts.limit(known.get(i), "labels", metric).orElseThrow();
            double low = Answer.value(facts.limit(known.get(i), "labels", metric + "Low"));
            double high = Answer.value(facts.limit(known.get(i), "labels", metric + "High"));
            bar(curves, Ink.of(known.get(i)), fact.value(), low, high, i, fact.at().equals("limit") ? "in the limit" : "at the last step");
            rows.add(List.of(Ink.of(known.get(i)).symbol(), Words.number(fact.value()) + " " + Words.interval(low, high),
                    difference(facts, known.get(i), metric)));
        }
        Plot levels = Plot.of((classes ? "Accuracy" : "Mean squared error") + " on the test set",
                Axis.linear((classes ? "accuracy" : "mse") + ", 95 % interval"),
                Axis.words("", known.stream().map(f -> Ink.of(f).symbol()).toList()), curves);
        Panel panel = Panel.of("accuracy", title(facts, known, metric), sentence(facts, known, metric))
                .with(new Chart(List.of(levels, differences(facts, known, metric)), 100 + 28 * known.size()))
                .from("summary.csv", "where metric begins with " + metric + " and split is test")
                        .numbers(new DataTable(List.of("function", metric, "NN_T minus it"), rows));
        return Optional.of(panel);
    }

    private static void bar(List<Curve> curves, Ink ink, double value, double low, double high, int row, String label) {
        curves.add(Curve.of(ink, Curve.Style.INTERVALS, List.of(Point.of(low, row), Point.of(high, row))));
        curves.add(Curve.of(ink, Curve.Style.POINTS, List.of(new Point(value, row, label))));
    }

    private static Plot differences(FactTable facts, List<String> known, String metric) {
        List<Curve> curves = new ArrayList<>();
        List<String> others = known.stream().filter(f -> facts.trained("network", f, metric + "Difference").isPresent()).toList();
        for (int i = 0; i < others.size(); i++) {
            bar(curves, Ink.of(others.get(i)), Answer.value(facts.trained("network", others.get(i), metric + "Difference")),
                    Answer.value(facts.trained("network", others.get(i), metric + "DifferenceLow")),
                            Answer.value(facts.trained("network", others.get(i), metric + "DifferenceHigh")), i, "");
        }
        return Plot.of("NN_T minus each, paired", Axis.linear("difference of " + metric + ", 95 % interval"),
                Axis.words("", others.stream().map(f -> Ink.of(f).symbol()).toList()), curves)
                .with(Rule.moment(0, ""));
    }

    private static String difference(FactTable facts, String other, String metric) {
        Optional<Fact> by = facts.trained("network", other, metric + "Difference");
        return by.map(f -> Words.number(f.value()) + " "
                + Words.interval(Answer.value(facts.trained("network", other, metric + "DifferenceLow")),
                Answer.value(facts.trained("network", other, metric + "DifferenceHigh")))).orElse("");
    }

    /** Functions whose paired interval leaves 0 out, on this side of the network. */
    private static List<String> beyond(FactTable facts, List<String> known, String metric, boolean networkIsHigher) {
        return known.stream().filter(f -> {
            double low = Answer.value(facts.trained("network", f, metric + "DifferenceLow"));
            double high = Answer.value(facts.trained("network", f, metric + "DifferenceHigh"));
            return networkIsHigher ? low > 0 : high < 0;
        }).map(f -> Ink.of(f).symbol()).toList();
    }

    private static String title(FactTable facts, List<String> known, String metric) {
        List<String> higher = beyond(facts, known, metric, true);
        List<String> lower = beyond(facts, known, metric, false);
        boolean classes = metric.equals("accuracy");
        List<String> worse = classes ? higher : lower;
        List<String> better = classes ? lower : higher;
        String more = classes ? "more accurate than " : "closer to the targets than ";
        String less = classes ? "less accurate than " : "farther from the targets than ";
        if (!known.contains("network")) {
            return Words.list(known.stream().map(f -> Ink.of(f).symbol()).toList()) + " on the test set";
        }
        if (worse.isEmpty() && better.isEmpty()) {
            return "No other function is " + (classes ? "more or less accurate" : "closer to the targets or farther")
                    + " than NN_T beyond what chance gives";
        }
        List<String> parts = new ArrayList<>();
        if (!better.isEmpty()) {
            parts.add(less + Words.list(better));
        }
        if (!worse.isEmpty()) {
            parts.add(more + Words.list(worse));
        }
        return "NN_T is " + String.join(" and ", parts);
    }

    private static String sentence(FactTable facts, List<String> known, String metric) {
        return (metric.equals("accuracy") ? "Accuracy" : "Mean squared error") + " on the test set: "
                + Words.list(known.stream().map(f -> Ink.of(f).symbol() + " "
                        + Words.number(facts.limit(f, "labels", metric).orElseThrow().value())).toList())
                + ". Regressions in the limit, the network at its last step. Intervals are Wilson's for one accuracy, and by bootstrap "
                        + "over examples and seeds, both paired, for differences.";
    }
}
