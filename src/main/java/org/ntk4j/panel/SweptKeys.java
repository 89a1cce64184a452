package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ntk4j.chart.Axis;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Curve;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Plot;
import org.ntk4j.chart.Point;
import org.ntk4j.chart.Words;

/** Each swept key as an axis: what changes with it. */
final class SweptKeys {

    /** Another draw is no place on an axis: its values are thin lines. */
    private static final String DRAW = "data.seed";
    private static final List<String> FUNCTIONS = List.of("network", "regression.init", "regression.trained", "regression.infinite",
            "regression.nngp");

    private SweptKeys() {
    }

    /** One quantity over the sweep. */
    private record Quantity(String subject, String reference, String split, String metric) {
        Ink ink() {
            return Ink.of(subject);
        }
    }

    /** How a quantity goes with a key: by a power, or, where the interval of the power holds 0, not. */
    private record Law(String text, boolean changes) {

        /** Powers smaller than that are rounding. */
        private static final double LEAST = 1e-3;
        private static final double STILL = 0.1;

        static Law of(String quantity, String key, Slope s) {
            boolean changes = Math.abs(s.slope()) >= LEAST && !(s.low() <= 0 && s.high() >= 0);
            String interval = Double.isNaN(s.low()) ? "" : " [" + digits(s.low()) + ", " + digits(s.high()) + "]";
            if (changes) {
                return new Law(quantity + " goes as " + key + " to the power " + digits(s.slope()) + interval, true);
            }
            boolean still = Math.max(Math.abs(s.low()), Math.abs(s.high())) < STILL;
            return new Law((still ? quantity + " does not change with " + key : "how " + quantity + " goes with " + key + " is undecided")
                    + " (power " + digits(s.slope()) + interval + ")", false);
        }

        private static String digits(double power) {
            return Words.digits(Math.abs(power) < LEAST ? 0 : power, 3);
        }
    }

    /** A plot's quantities. */
    private record Group(String title, String axis, boolean log, List<Quantity> quantities) {
    }

    private static final List<Group> GROUPS = List.of(
            new Group("Kernels: Θ_0 to Θ_∞ and Θ_T to Θ_0", "relative Frobenius distance", true,
                    List.of(new Quantity("ntk.init", "ntk.infinite", "train", "relativeFrobenius"),
                            new Quantity("ntk.trained", "ntk.init", "train", "relativeFrobenius"))),
            new Group("How far from NN_T", "RMSE to NN_T on the test set", true,
                    FUNCTIONS.stream().filter(f -> !f.equals("network")).map(f -> new Quantity(f, "network", "test", "rmse")).toList()),
            new Group("Accuracy", "test accuracy", false, FUNCTIONS.stream().map(f -> new Quantity(f, "labels", "test", "accuracy"))
                    .toList()));

    static Optional<Panel> of(RunTables tables) {
        List<String> varied = tables.varied();
        if (varied.isEmpty()) {
            return Optional.empty();
        }
        List<String> axes = varied.stream().filter(path -> !path.equals(DRAW) || varied.size() == 1).toList();
        List<Plot> plots = new ArrayList<>();
        List<Law> laws = new ArrayList<>();
        for (String path : axes) {
            for (Group group : GROUPS) {
                Plot plot = plot(tables, path, group, varied.size() > 1);
                if (!plot.isEmpty()) {
                    plots.add(plot);
                }
            }
            laws.addAll(laws(tables, path));
        }
        if (plots.isEmpty()) {
            return Optional.empty();
        }
        String keys = Words.list(varied.stream().map(path -> path.equals(DRAW) ? "draws of the training set" : Spot.word(path)).toList());
        return Optional.of(Panel.of("sweep",
                laws.stream().filter(Law::changes).findFirst().map(Law::text).orElse("What changes with " + keys),
                sentence(tables, keys, laws, varied.size() > 1)).with(new Chart(plots, 290))
                .from("summary.csv", "means over seeds").numbers(table(tables)));
    }

    private static boolean isNumeric(RunTables tables, String path) {
        return tables.spots().stream().map(s -> s.keys().getOrDefault(path, "")).allMatch(v -> v.matches("-?[0-9.]+([eE][-+]?[0-9]+)?"));
    }

    /** Its place on the axis: the number itself, or the index of the word. */
    private static double place(RunTables tables, String path, Spot spot) {
        String value = spot.keys().getOrDefault(path, "");
        return isNumeric(tables, path) ? Double.parseDouble(value) : words(tables, path).indexOf(value);
    }

    private static List<String> words(RunTables tables, String path) {
        return tables.spots().stream().map(s -> s.keys().getOrDefault(path, "")).distinct().toList();
    }

    private static Axis axis(RunTables tables, String path) {
        if (!isNumeric(tables, path)) {
            return Axis.words(Spot.word(path), words(tables, path));
        }
        double[] values = tables.spots().stream().mapToDouble(s -> place(tables, path, s)).sorted().toArray();
        return values[0] > 0 && values[values.length - 1] / values[0] >= 4 ? Axis.log(Spot.word(path)) : Axis.linear(Spot.word(path));
    }

    private static Optional<Fact> fact(FactTable facts, Quantity q) {
        if (q.split.equals("train")) {
            return facts.train(q.subject, q.reference, q.metric);
        }
        return q.reference.equals("network") ? facts.trained(q.subject, q.reference, q.metric)
                : facts.limit(q.subject, q.reference, q.metric);
    }

    private static Plot plot(RunTables tables, String path, Group group, boolean others) {
        Axis x = axis(tables, path);
        List<Curve> curves = new ArrayList<>();
        for (Quantity q : group.quantities) {
            Map<Spot, List<Point>> lines = new LinkedHashMap<>();
            List<Point> bars = new ArrayList<>();
            TreeMap<Double, List<Double>> all = new TreeMap<>();
            for (Spot spot : tables.spots()) {
                fact(tables.summary().of(spot), q).ifPresent(f -> {
                    double at = place(tables, path, spot);
                    lines.computeIfAbsent(spot.without(path), s -> new ArrayList<>()).add(new Point(at, f.value(), spot.name()));
                    all.computeIfAbsent(at, a -> new ArrayList<>()).add(f.value());
                    if (!others && f.deviation() > 0) {
                        bars.add(Point.of(at, f.value() - f.deviation()));
                        bars.add(Point.of(at, f.value() + f.deviation()));
                    }
                });
            }
            lines.values().forEach(points -> points.sort(Comparator.comparingDouble(Point::x)));
            if (others) {
                lines.values()
                        .forEach(points -> curves.add(Curve.of(q.ink(), x.kind().equals("category") ? Curve.Style.CLOUD : Curve.Style.THIN,
                        points)));
                List<Point> means = all.entrySet().stream()
                        .map(e -> new Point(e.getKey(), e.getValue().stream().mapToDouble(v -> v).average().orElseThrow(),
                        "mean over the other keys")).toList();
                curves.add(Curve.of(q.ink(), x.kind().equals("category") ? Curve.Style.POINTS : Curve.Style.MARKED, means));
            } else {
                curves.add(Curve.of(q.ink(), Curve.Style.INTERVALS, bars));
                lines.values()
                        .forEach(points -> curves.add(Curve.of(q.ink(),
                        x.kind().equals("category") ? Curve.Style.POINTS : Curve.Style.MARKED, points)));
            }
        }
        boolean log = group.log && curves.stream().flatMap(c -> c.points().stream()).allMatch(p -> p.y() > 0);
        return Plot.of(group.title, x, log ? Axis.log(group.axis) : Axis.linear(group.axis), curves);
    }

    /** Power laws of the distances between kernels, over all networks of the results. */
    private static List<Law> laws(RunTables tables, String path) {
        List<Law> laws = new ArrayList<>();
        if (path.equals(DRAW) || !isNumeric(tables, path)) {
            return laws;
        }
        for (Quantity q : GROUPS.get(0).quantities) {
            List<double[]> points = new ArrayList<>();
            for (Spot spot : tables.spots()) {
                tables.results().of(spot).find(q.subject, q.reference, q.split, q.metric).stream().filter(f -> !f.at().equals("step"))
                        .forEach(f -> points.add(new double[] {place(tables, path, spot), f.value()}));
            }
            Slope.of(points).ifPresent(s -> laws.add(Law.of("‖" + Ink.of(q.subject).symbol() + " − " + Ink.of(q.reference).symbol() + "‖",
                    Spot.word(path), s)));
        }
        return laws;
    }

    private static String sentence(RunTables tables, String keys, List<Law> laws, boolean others) {
        String text = tables.spots().size() + " points of a sweep over " + keys + ". ";
        if (!laws.isEmpty()) {
            text += String.join("; ", laws.stream().map(Law::text).toList()) + " (least squares over all networks, 95 %). ";
        }
        return text + (others ? "Thin lines are single values of the other keys, marks their mean."
                : "Bars are one standard deviation over seeds.");
    }

    private static DataTable table(RunTables tables) {
        List<String> head = new ArrayList<>(List.of("point"));
        List<Quantity> all = GROUPS.stream().flatMap(g -> g.quantities.stream())
                .filter(q -> tables.spots().stream().anyMatch(s -> fact(tables.summary().of(s), q).isPresent())).toList();
        all.forEach(q -> head.add(switch (q.metric) {
            case "accuracy" -> "accuracy of " + q.ink().symbol();
            default -> q.ink().symbol() + " to " + Ink.of(q.reference).symbol();
        }));
        List<List<String>> rows = new ArrayList<>();
        for (Spot spot : tables.spots()) {
            List<String> row = new ArrayList<>(List.of(spot.name()));
            FactTable facts = tables.summary().of(spot);
            all.forEach(q -> row.add(fact(facts, q).map(f -> Words.number(f.value())).orElse("")));
            rows.add(row);
        }
        return new DataTable(head, rows);
    }
}
