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

/** The question of every study: is f_T closer to NN_T than f_∞ and f_0 are? */
final class Answer {

    private static final String SUBJECT = "regression.trained";
    private static final List<String> REFERENCES = List.of("regression.infinite", "regression.init");
    private static final List<String> FUNCTIONS = List.of("regression.init", "regression.trained", "regression.infinite",
            "regression.nngp");

    private Answer() {
    }

    /** A verdict at a point of the sweep: by how much f_T is closer than the reference, with the ends of the interval. */
    private record Verdict(Spot spot, String reference, double by, double low, double high, int verdict) {
        String word() {
            return verdict > 0 ? "yes" : verdict < 0 ? "no" : "undecided";
        }
    }

    static Optional<Panel> of(RunTables tables) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Spot spot : tables.spots()) {
            for (String reference : REFERENCES) {
                verdict(tables.summary().of(spot), spot, reference).ifPresent(verdicts::add);
            }
        }
        if (verdicts.isEmpty()) {
            return Optional.empty();
        }
        List<Spot> spots = tables.spots().stream().filter(s -> verdicts.stream().anyMatch(v -> v.spot().equals(s))).toList();
        boolean single = spots.size() == 1;
        Chart chart = new Chart(List.of(single ? distances(tables, spots.get(0)) : distances(tables, spots),
                differences(spots, verdicts, single)), height(single ? 4 : spots.size()));
        Panel panel = Panel.of("answer", single ? title(verdicts) : title(verdicts, spots.size()), sentence(tables, verdicts, spots))
                .with(chart)
                .from("summary.csv", "where metric is rmse with reference network, and where it begins with closer")
                .numbers(table(tables, spots, verdicts));
        return Optional.of(panel.noting(tables.notes().entrySet().stream()
                .map(e -> e.getKey() + (e.getValue() > 1 ? " (said " + e.getValue() + " times)" : "")).toList()));
    }

    private static int height(int rows) {
        return Math.max(200, 100 + 26 * rows);
    }

    private static Optional<Verdict> verdict(FactTable facts, Spot spot, String reference) {
        Optional<Fact> by = facts.trained(SUBJECT, reference, "closerBy");
        Optional<Fact> verdict = facts.trained(SUBJECT, reference, "closerVerdict");
        if (by.isEmpty() || verdict.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Verdict(spot, reference, by.get().value(), value(facts.trained(SUBJECT, reference, "closerByLow")),
                value(facts.trained(SUBJECT, reference, "closerByHigh")),
                (int) Math.signum(verdict.get().value())));
    }

    static double value(Optional<Fact> fact) {
        return fact.map(Fact::value).orElse(Double.NaN);
    }

    private static String title(List<Verdict> verdicts) {
        List<String> yes = symbols(verdicts, 1);
        List<String> no = symbols(verdicts, -1);
        List<String> open = symbols(verdicts, 0);
        List<String> parts = new ArrayList<>();
        if (!yes.isEmpty()) {
            parts.add("f_T is closer to NN_T than " + Words.list(yes) + (yes.size() > 1 ? " are" : " is"));
        }
        if (!no.isEmpty()) {
            parts.add((yes.isEmpty() ? "f_T" : "it") + " is farther from " + (yes.isEmpty() ? "NN_T" : "it") + " than " + Words.list(no));
        }
        if (!open.isEmpty()) {
            parts.add(parts.isEmpty() ? "whether f_T is closer to NN_T than " + String.join(" or ", open) + " is not decided"
                    : "against " + Words.list(open) + " it is not decided");
        }
        String text = String.join("; ", parts);
        return text.startsWith("whether") ? "W" + text.substring(1) : text;
    }

    private static List<String> symbols(List<Verdict> verdicts, int which) {
        return verdicts.stream().filter(v -> v.verdict() == which).map(v -> Ink.of(v.reference()).symbol()).toList();
    }

    private static String title(List<Verdict> verdicts, int spots) {
        List<String> parts = new ArrayList<>();
        for (String reference : REFERENCES) {
            List<Verdict> own = verdicts.stream().filter(v -> v.reference().equals(reference)).toList();
            if (!own.isEmpty()) {
                parts.add("than " + Ink.of(reference).symbol() + " in " + own.stream().filter(v -> v.verdict() > 0).count());
            }
        }
        return "f_T is closer to NN_T " + String.join(", and ", parts) + " of " + spots + " points of the sweep";
    }

    private static String sentence(RunTables tables, List<Verdict> verdicts, List<Spot> spots) {
        StringBuilder text = new StringBuilder();
        if (spots.size() == 1) {
            FactTable facts = tables.summary().of(spots.get(0));
            for (Verdict v : verdicts) {
                String other = Ink.of(v.reference()).symbol();
                text.append("Is f_T closer to NN_T than ").append(other).append(" is? ").append(v.word()).append(": RMSE ")
                        .append(Words.number(value(facts.trained(SUBJECT, "network", "rmse"))))
                        .append(" against ").append(Words.number(value(facts.trained(v.reference(), "network", "rmse"))))
                                .append(", difference ").append(Words.number(v.by())).append(' ')
                        .append(Words.interval(v.low(), v.high())).append(". ");
            }
        } else {
            for (String reference : REFERENCES) {
                List<Verdict> own = verdicts.stream().filter(v -> v.reference().equals(reference)).toList();
                if (!own.isEmpty()) {
                    text.append("Closer than ").append(Ink.of(reference).symbol()).append(": yes at ").append(count(own, 1))
                            .append(", no at ").append(count(own, -1)).append(", undecided at ")
                            .append(count(own, 0)).append(". ");
                }
            }
        }
        int seeds = spots.stream().mapToInt(spot -> tables.seeds(spot).size()).max().orElse(1);
        return text + "On the test set at the network's own step (in the limit where the regressions do not know it); brackets are 95 % "
                + "intervals over test examples" + (seeds > 1 ? " and seeds; the draw of the training set is held fixed."
                        : "; the network's seed and the draw of the training set are held fixed.");
    }

    private static String count(List<Verdict> verdicts, int which) {
        List<Verdict> own = verdicts.stream().filter(v -> v.verdict() == which).toList();
        return own.size() + (own.isEmpty() || own.size() > 4
                ? "" : " (" + String.join("; ", own.stream().map(v -> v.spot().name()).toList()) + ")");
    }

    private static Plot distances(RunTables tables, Spot spot) {
        FactTable facts = tables.summary().of(spot);
        List<String> known = FUNCTIONS.stream().filter(f -> facts.trained(f, "network", "rmse").isPresent()).toList();
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Fact fact = facts.trained(known.get(i), "network", "rmse").orElseThrow();
            curves.add(Curve.of(Ink.of(known.get(i)), Curve.Style.POINTS,
                    List.of(new Point(fact.value(), i, fact.at().equals("limit") ? "in the limit" : "at the network's step"))));
        }
        return Plot.of("How far from NN_T", Axis.linear("RMSE to NN_T on the test set").from(0),
                Axis.words("", known.stream().map(f -> Ink.of(f).symbol()).toList()), curves);
    }

    private static Plot distances(RunTables tables, List<Spot> spots) {
        List<Curve> curves = new ArrayList<>();
        for (String function : FUNCTIONS) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < spots.size(); i++) {
                points.add(new Point(value(tables.summary().of(spots.get(i)).trained(function, "network", "rmse")), i,
                        spots.get(i).name()));
            }
            curves.add(Curve.of(Ink.of(function), Curve.Style.POINTS, points.stream().filter(p -> !Double.isNaN(p.x())).toList()));
        }
        return Plot.of("How far from NN_T", Axis.linear("RMSE to NN_T on the test set").from(0),
                Axis.words("", spots.stream().map(Spot::name).toList()), curves);
    }

    private static Plot differences(List<Spot> spots, List<Verdict> verdicts, boolean single) {
        List<String> rows = single ? verdicts.stream().map(v -> "than " + Ink.of(v.reference()).symbol()).toList()
                : spots.stream().map(Spot::name).toList();
        List<Curve> curves = new ArrayList<>();
        for (String reference : REFERENCES) {
            Ink ink = Ink.of(reference);
            List<Point> dots = new ArrayList<>();
            List<Point> bars = new ArrayList<>();
            for (Verdict v : verdicts) {
                if (v.reference().equals(reference)) {
                    // Two intervals of one point stand a little apart.
                    double y = single ? verdicts.indexOf(v) : spots.indexOf(v.spot());
                    dots.add(new Point(v.by(), y, v.word()));
                    bars.add(Point.of(v.low(), y));
                    bars.add(Point.of(v.high(), y));
                }
            }
            curves.add(new Curve(ink.symbol(), ink, Curve.Style.INTERVALS, bars));
            curves.add(new Curve(ink.symbol(), ink, Curve.Style.POINTS, dots));
        }
        return Plot.of("By how much f_T is closer", Axis.linear("RMSE of the other minus that of f_T, 95 %"), Axis.words("", rows), curves)
                .with(Rule.moment(0, ""));
    }

    private static DataTable table(RunTables tables, List<Spot> spots, List<Verdict> verdicts) {
        List<List<String>> rows = new ArrayList<>();
        for (Spot spot : spots) {
            FactTable facts = tables.summary().of(spot);
            for (String function : FUNCTIONS) {
                facts.trained(function, "network", "rmse").ifPresent(rmse -> {
                    Optional<Verdict> verdict = verdicts.stream().filter(v -> v.spot().equals(spot) && v.reference().equals(function))
                            .findFirst();
                    rows.add(List.of(spot.name(), Ink.of(function).symbol(), Words.number(rmse.value()),
                            verdict.map(v -> Words.number(v.by()) + " " + Words.interval(v.low(), v.high())).orElse(""),
                            verdict.map(Verdict::word).orElse("")));
                });
            }
        }
        return new DataTable(List.of("point", "function", "RMSE to NN_T", "by how much f_T is closer", "is f_T closer?"), rows);
    }
}
