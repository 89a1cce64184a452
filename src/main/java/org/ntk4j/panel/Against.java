package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Arrays;
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

/** Function against function on the test set, and the examples on which they differ most. */
final class Against {

    private static final List<String> OTHERS = List.of("regression.trained", "regression.infinite");
    /** More points than this hide each other. */
    private static final int MOST = 800;

    private Against() {
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        Predictions functions = tables.functions().get(spot);
        Optional<double[][]> network = functions == null ? Optional.empty() : functions.of("network");
        List<String> known = OTHERS.stream().filter(f -> functions != null && functions.of(f).isPresent()).toList();
        if (functions == null || network.isEmpty() || known.isEmpty()) {
            return Optional.empty();
        }
        double[] range = range(network.get());
        List<Plot> plots = new ArrayList<>();
        for (String other : known) {
            Ink ink = Ink.of(other);
            plots.add(Plot.of(ink.symbol() + " against NN_T", Axis.linear("output of NN_T"), Axis.linear("output of " + ink.symbol()),
                    List.of(Curve.of(ink, Curve.Style.CLOUD, points(network.get(), functions.of(other).orElseThrow(), functions.labels()))))
                            .with(Rule.diagonal(range[0], range[1])));
        }
        Most most = Most.of(tables, spot, functions);
        Panel panel = Panel.of("functions", title(tables, spot, known), sentence(tables, spot, known, most)).with(new Chart(plots, 380))
                .with(most.tiles())
                .from("predictions.csv", "where subject is network, regression.trained or regression.infinite"
                        + (tables.seeds(spot).size() > 1 ? "; the first seed" : ""))
                .numbers(new DataTable(List.of("test example", "label", "NN_T says", "f_T says", "f_∞ says", "‖NN_T − f_∞‖"), most.rows()));
        return Optional.of(panel);
    }

    private static double[] range(double[][] values) {
        return new double[] {Arrays.stream(values).flatMapToDouble(Arrays::stream).min().orElse(0),
                Arrays.stream(values).flatMapToDouble(Arrays::stream).max().orElse(1)};
    }

    /** Every k-th output of every example, so that the picture stays light. */
    private static List<Point> points(double[][] x, double[][] y, List<String> labels) {
        List<Point> all = new ArrayList<>();
        for (int i = 0; i < Math.min(x.length, y.length); i++) {
            for (int c = 0; c < Math.min(x[i].length, y[i].length); c++) {
                all.add(new Point(x[i][c], y[i][c], "test example " + i + " (label " + labels.get(i) + "), output " + c));
            }
        }
        // No divisor of a usual number of outputs, so that all of them are met.
        int each = (all.size() + MOST - 1) / MOST;
        int stride = each > 1 && each % 2 == 0 ? each + 1 : each % 5 == 0 ? each + 2 : each;
        List<Point> kept = new ArrayList<>();
        for (int i = 0; i < all.size(); i += Math.max(1, stride)) {
            kept.add(all.get(i));
        }
        return kept;
    }

    private static String title(RunTables tables, Spot spot, List<String> known) {
        FactTable facts = tables.summary().of(spot);
        List<String> words = known.stream().filter(f -> facts.trained(f, "network", "correlation").isPresent())
                .map(f -> Ink.of(f).symbol() + " (" + Words.number(facts.trained(f, "network", "correlation").orElseThrow().value()) + ")")
                        .toList();
        if (words.size() < 2) {
            return "How the outputs of " + Words.list(known.stream().map(f -> Ink.of(f).symbol()).toList()) + " go with those of NN_T";
        }
        double trained = Answer.value(facts.trained("regression.trained", "network", "correlation"));
        double infinite = Answer.value(facts.trained("regression.infinite", "network", "correlation"));
        return trained > infinite ? "The outputs of NN_T go with those of " + words.get(0) + " more than with those of " + words.get(1)
                : "The outputs of NN_T go with those of " + words.get(1) + " no less than with those of " + words.get(0);
    }

    private static String sentence(RunTables tables, Spot spot, List<String> known, Most most) {
        FactTable facts = tables.summary().of(spot);
        StringBuilder text = new StringBuilder("Each dot is one output of one test example; on the dashed diagonal both functions agree. ");
        for (String f : known) {
            text.append(Ink.of(f).symbol()).append(" and NN_T: correlation ")
                    .append(Words.number(Answer.value(facts.trained(f, "network", "correlation")))).append(", RMSE ")
                    .append(Words.number(Answer.value(facts.trained(f, "network", "rmse"))))
                            .append(facts.trained(f, "network", "agreement").map(a -> ", the same class on " + Words.percent(a.value()))
                            .orElse("")).append(". ");
        }
        return text + most.sentence();
    }
}
