package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** How the tangent kernel changes: over training, and layer by layer. */
final class Changes {

    private static final List<String> KERNELS = List.of("ntk.init", "ntk.trained", "ntk.infinite");

    private Changes() {
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        FactTable facts = tables.results().of(spot);
        if (facts.find("ntk.trained", "ntk.init", "train", "kernelDistance").isEmpty()) {
            return Optional.empty();
        }
        List<Plot> plots = new ArrayList<>();
        boolean recorded = facts.find("ntk.trained", "ntk.init", "train", "kernelDistance").stream().map(Fact::step).distinct()
                .count() > tables.seeds(spot).size();
        if (recorded) {
            plots.add(over(facts, "1 − cosine to Θ_0", Axis.log("1 − cosine"), "ntk.init", "kernelDistance", false));
            plots.add(over(facts, "Alignment with the labels", Axis.linear("alignment"), "labels", "alignment", true));
            plots.add(over(facts, "Effective rank", Axis.linear("effective rank"), "", "effectiveRank", true));
        } else {
            plots.add(ends(facts, "Alignment with the labels", "alignment", "labels"));
            plots.add(ends(facts, "Effective rank", "effectiveRank", ""));
        }
        List<String> layers = facts.all().stream().map(Fact::metric).filter(m -> m.startsWith("share/"))
                .map(m -> m.substring("share/".length())).distinct().toList();
        plots.add(layers(facts, layers, "Share of the kernel, by layer", "share", ""));
        plots.add(layers(facts, layers, "Alignment with the labels, by layer", "alignment", "labels"));
        plots.add(moved(facts, layers));
        return Optional.of(Panel.of("change", title(facts), sentence(facts, layers, recorded))
                .with(new Chart(plots, Math.max(250, 110 + 26 * layers.size())))
                .from("results.csv", "where subject is ntk.init, ntk.trained or ntk.infinite and split is train")
                        .numbers(table(facts, layers)));
    }

    private static Plot over(FactTable facts, String title, Axis y, String reference, String metric, boolean withStart) {
        Map<String, List<Point>> seeds = new LinkedHashMap<>();
        for (String subject : withStart ? List.of("ntk.init", "ntk.trained") : List.of("ntk.trained")) {
            for (Fact f : facts.find(subject, reference, "train", metric)) {
                // The start has no place on a logarithmic axis: it stands at the left end.
                seeds.computeIfAbsent(f.seed(), s -> new ArrayList<>()).add(Point.of(Math.max(f.stepNumber(), 0.5), f.value()));
            }
        }
        List<Curve> curves = new ArrayList<>();
        seeds.values().forEach(points -> {
            points.sort(Comparator.comparingDouble(Point::x));
            curves.add(Curve.of(Ink.of("ntk.trained"), Curve.Style.MARKED, points));
        });
        Plot plot = Plot.of(title, Axis.log(withStart ? "training step (Θ_0 at 0.5)" : "training step"), y, curves);
        Optional<Fact> infinite = reference.equals("ntk.init")
                ? Optional.empty() : facts.find("ntk.infinite", reference, "train", metric).stream().findFirst();
        return infinite.isPresent() ? plot.with(Rule.level(infinite.get().value(), "Θ_∞")) : plot;
    }

    private static Plot ends(FactTable facts, String title, String metric, String reference) {
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < KERNELS.size(); i++) {
            int row = i;
            curves.add(Curve.of(Ink.of(KERNELS.get(i)), Curve.Style.POINTS,
                    facts.find(KERNELS.get(i), reference, "train", metric).stream()
                            .map(f -> new Point(f.value(), row, f.seed().isEmpty() ? "" : "seed " + f.seed())).toList()));
        }
        return Plot.of(title, Axis.linear(title.toLowerCase(java.util.Locale.ROOT)).from(0),
                Axis.words("", KERNELS.stream().map(k -> Ink.of(k).symbol()).toList()), curves);
    }

    private static Plot layers(FactTable facts, List<String> layers, String title, String metric, String reference) {
        List<Curve> curves = new ArrayList<>();
        for (String kernel : List.of("ntk.init", "ntk.trained")) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < layers.size(); i++) {
                for (Fact f : facts.find(kernel, reference, "train", metric + "/" + layers.get(i))) {
                    points.add(new Point(f.value(), i, "seed " + f.seed()));
                }
            }
            curves.add(Curve.of(Ink.of(kernel), Curve.Style.POINTS, points));
        }
        return Plot.of(title, Axis.linear(metric).from(0), Axis.words("", layers), curves);
    }

    private static Plot moved(FactTable facts, List<String> layers) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            for (Fact f : facts.find("ntk.trained", "ntk.init", "train", "kernelDistance/" + layers.get(i))) {
                points.add(new Point(f.value(), i, "seed " + f.seed()));
            }
        }
        return Plot.of("How far each layer's kernel moved", Axis.linear("1 − cosine of Θ_T to Θ_0").from(0), Axis.words("", layers),
                List.of(Curve.of(Ink.of("ntk.trained"), Curve.Style.POINTS, points)));
    }

    private static double mean(FactTable facts, String subject, String reference, String metric) {
        List<Fact> found = facts.find(subject, reference, "train", metric);
        boolean ended = found.stream().anyMatch(f -> f.at().equals("trained"));
        return found.stream().filter(f -> !ended || f.at().equals("trained")).mapToDouble(Fact::value).average().orElse(Double.NaN);
    }

    private static String title(FactTable facts) {
        double before = mean(facts, "ntk.init", "labels", "alignment");
        double after = mean(facts, "ntk.trained", "labels", "alignment");
        if (Double.isNaN(before) || Double.isNaN(after)) {
            return "Training turns the tangent kernel by 1 − cosine = "
                    + Words.number(mean(facts, "ntk.trained", "ntk.init", "kernelDistance"));
        }
        double share = after / before - 1;
        return Math.abs(share) < 0.1 ? "Training hardly changes the kernel's alignment with the labels: " + Words.number(before) + " → "
                + Words.number(after)
                : "Training turns the kernel " + (share > 0 ? "towards" : "away from") + " the labels: alignment " + Words.number(before)
                        + " → " + Words.number(after);
    }

    private static String sentence(FactTable facts, List<String> layers, boolean recorded) {
        StringBuilder text = new StringBuilder("Θ_T and Θ_0 differ by 1 − cosine = "
                + Words.number(mean(facts, "ntk.trained", "ntk.init", "kernelDistance")) + ".");
        double before = mean(facts, "ntk.init", "", "effectiveRank");
        if (!Double.isNaN(before)) {
            text.append(" Effective rank ").append(Words.number(before)).append(" → ")
                    .append(Words.number(mean(facts, "ntk.trained", "", "effectiveRank")));
        }
        double infinite = mean(facts, "ntk.infinite", "", "effectiveRank");
        text.append(Double.isNaN(infinite) ? "" : ", of Θ_∞ " + Words.number(infinite)).append(Double.isNaN(before) ? " " : ". ");
        layers.stream().max(Comparator.comparingDouble(l -> mean(facts, "ntk.trained", "ntk.init", "kernelDistance/" + l)))
                .filter(l -> !Double.isNaN(mean(facts, "ntk.trained", "ntk.init", "kernelDistance/" + l)))
                .ifPresent(l -> text.append("The layer whose kernel moves most is ").append(l).append(" (")
                        .append(Words.number(mean(facts, "ntk.trained", "ntk.init", "kernelDistance/" + l))).append("). "));
        return text + (recorded ? "" : "With record: {kernel: steps} the way there is drawn too. ") + "All on the training set.";
    }

    private static DataTable table(FactTable facts, List<String> layers) {
        List<List<String>> rows = new ArrayList<>();
        for (String kernel : KERNELS) {
            rows.add(List.of(Ink.of(kernel).symbol(), "whole", Words.number(mean(facts, kernel, "labels", "alignment")),
                    Words.number(mean(facts, kernel, "", "effectiveRank")),
                    Words.number(mean(facts, kernel, "ntk.init", "kernelDistance"))));
        }
        for (String layer : layers) {
            for (String kernel : List.of("ntk.init", "ntk.trained")) {
                rows.add(List.of(Ink.of(kernel).symbol(), layer, Words.number(mean(facts, kernel, "labels", "alignment/" + layer)),
                        Words.number(mean(facts, kernel, "", "effectiveRank/" + layer)),
                        Words.number(mean(facts, kernel, "ntk.init", "kernelDistance/" + layer))));
            }
        }
        return new DataTable(List.of("kernel", "part", "alignment", "effective rank", "1 − cosine to Θ_0"), rows);
    }
}
