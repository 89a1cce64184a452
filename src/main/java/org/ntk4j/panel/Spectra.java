package org.ntk4j.panel;

import java.util.ArrayList;
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
import org.ntk4j.chart.Words;

/** Eigenvalues of the kernels on the training set, where the labels lie in their eigenvectors, and which of these the network learns. */
final class Spectra {

    private static final List<String> KERNELS = List.of("ntk.init", "ntk.trained", "ntk.infinite", "nngp.infinite");
    private static final int MOST_MODES = 6;

    private Spectra() {
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        Map<String, List<double[]>> spectra = lines(tables.spectra().getOrDefault(spot, List.of()));
        if (spectra.isEmpty()) {
            return Optional.empty();
        }
        List<Curve> eigenvalues = new ArrayList<>();
        Map<String, Double> exponents = new LinkedHashMap<>();
        for (Map.Entry<String, List<double[]>> e : spectra.entrySet()) {
            eigenvalues.add(Curve.of(Ink.of(e.getKey()), Curve.Style.LINE, thinned(e.getValue())));
            Slope.of(e.getValue().stream().filter(p -> middle(p[0], e.getValue().size())).toList())
                    .ifPresent(s -> exponents.put(e.getKey(), s.slope()));
        }
        List<Plot> plots = new ArrayList<>();
        plots.add(Plot.of("Eigenvalues on the training set", Axis.log("index"), Axis.log("eigenvalue"), eigenvalues));
        Map<String, List<double[]>> energies = energies(tables.run(spot), spot);
        plots.add(Plot.of("Share of the labels in the first directions", Axis.log("number of directions"),
                Axis.linear("cumulative share of labels").within(0, 1),
                energies.entrySet().stream().map(e -> Curve.of(Ink.of(e.getKey()), Curve.Style.LINE, thinned(e.getValue()))).toList()));
        plots.add(modes(tables.results().of(spot)));
        Panel panel = Panel.of("spectra", title(exponents, energies), sentence(tables, spot, exponents, energies))
                .with(new Chart(plots, 300))
                .from("spectrum.csv", "and report/energy.csv" + (tables.seeds(spot).size() > 1 ? "; the first seed" : ""))
                        .numbers(table(tables, spot, spectra, exponents, energies));
        return Optional.of(panel);
    }

    /** By kernel: {index from 1, eigenvalue}, of the first seed and, of kernels along training, the last. */
    private static Map<String, List<double[]>> lines(List<RunTables.Eigenvalue> all) {
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        String seed = all.isEmpty() ? "" : all.get(0).seed();
        for (String kernel : KERNELS) {
            List<RunTables.Eigenvalue> own = all.stream().filter(e -> e.seed().equals(seed) && e.subject().equals(kernel)).toList();
            String last = own.stream().map(RunTables.Eigenvalue::step)
                    .max(java.util.Comparator.comparingDouble(s -> s.isEmpty() ? -1 : Double.parseDouble(s))).orElse("");
            List<double[]> points = own.stream().filter(e -> e.step().equals(last)).map(e -> new double[] {e.index() + 1, e.value()})
                    .toList();
            if (!points.isEmpty()) {
                lines.put(kernel, points);
            }
        }
        return lines;
    }

    private static Map<String, List<double[]>> energies(RunFiles run, Spot spot) {
        List<RunTables.Eigenvalue> all = new ArrayList<>();
        run.read("report/energy.csv", List.of("subject", "index", "energy"), (line, where) -> {
            if (where.equals(spot)) {
                all.add(new RunTables.Eigenvalue(line.text("seed"), line.text("subject"), line.text("step"), line.index("index"),
                        line.number("energy")));
            }
        });
        return lines(all);
    }

    /** Where a power law is looked for: beyond the first ten and before the end, which the finite sample bends. */
    private static boolean middle(double index, int count) {
        return index >= Math.min(10, count / 4.0) && index <= count / 2.0;
    }

    /** About a hundred points, evenly spaced on a logarithmic axis. */
    private static List<Point> thinned(List<double[]> points) {
        List<Point> kept = new ArrayList<>();
        double next = 0;
        for (int i = 0; i < points.size(); i++) {
            double[] p = points.get(i);
            if (p[0] >= next || i == points.size() - 1) {
                kept.add(Point.of(p[0], p[1]));
                next = p[0] * 1.06;
            }
        }
        return kept;
    }

    /** In the eigenvectors of Θ_∞: what is left of each direction along training, of the network and as its regression foretells it. */
    private static Plot modes(FactTable facts) {
        List<Curve> curves = new ArrayList<>();
        String seed = facts.all().stream().map(Fact::seed).findFirst().orElse("");
        for (int i = 0; i < MOST_MODES; i++) {
            Ink ink = Ink.nth(i, "direction " + i);
            curves.add(new Curve("direction " + i + ", learnt", ink.solid(), Curve.Style.LINE, mode(facts, seed, "network", i)));
            curves.add(new Curve("direction " + i + ", foretold by f_∞", new Ink(ink.symbol(), ink.colour(), List.of(3, 4), ink.marker()),
                    Curve.Style.LINE, mode(facts, seed, "regression.infinite", i)));
        }
        double most = curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Point::y).max().orElse(1);
        double least = curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Point::y).filter(y -> y > 0).min().orElse(1);
        // Far below, there is nothing but rounding.
        Axis left = Axis.log("energy of the residual").from(Math.max(least, most * 1e-5) / 1.3);
        return Plot.of("Error left in the eigenvectors of Θ_∞", Axis.log("training step"), left, curves);
    }

    private static List<Point> mode(FactTable facts, String seed, String subject, int index) {
        return facts.find(subject, "ntk.infinite", "train", "modeEnergy." + index).stream()
                .filter(f -> f.seed().equals(seed) && f.stepNumber() >= 1)
                .map(f -> Point.of(f.stepNumber(), f.value())).sorted(java.util.Comparator.comparingDouble(Point::x)).toList();
    }

    /** In how many directions this share of the labels lies; -1 if that is not known. */
    private static int directions(List<double[]> energy, double share) {
        return energy.stream().filter(p -> p[1] >= share).map(p -> (int) p[0]).findFirst().orElse(-1);
    }

    private static String title(Map<String, Double> exponents, Map<String, List<double[]>> energies) {
        if (energies.containsKey("ntk.trained") && energies.containsKey("ntk.init")) {
            int before = directions(energies.get("ntk.init"), 0.9);
            int after = directions(energies.get("ntk.trained"), 0.9);
            return after < before ? "Training brings the labels forward: nine tenths of them lie in " + after + " directions of Θ_T, in "
                    + before + " of Θ_0"
                    : "Training does not bring the labels forward: nine tenths of them lie in " + after + " directions of Θ_T, in "
                            + before + " of Θ_0";
        }
        return exponents.isEmpty() ? "Eigenvalues of the kernels" : "Eigenvalues fall as a power of their index: "
                + Words.list(exponents.entrySet().stream().map(e -> Ink.of(e.getKey()).symbol() + " " + Words.digits(e.getValue(), 3))
                        .toList());
    }

    private static String sentence(RunTables tables, Spot spot, Map<String, Double> exponents, Map<String, List<double[]>> energies) {
        FactTable facts = tables.summary().of(spot);
        StringBuilder text = new StringBuilder();
        if (!exponents.isEmpty()) {
            text.append("From the tenth to the middle the eigenvalues fall about as index to the power ")
                    .append(Words.list(exponents.entrySet().stream()
                            .map(e -> Words.digits(e.getValue(), 3) + " (" + Ink.of(e.getKey()).symbol() + ")").toList())).append(". ");
        }
        List<String> ranks = KERNELS.stream().filter(k -> facts.train(k, "", "effectiveRank").isPresent())
                .map(k -> Words.number(facts.train(k, "", "effectiveRank").orElseThrow().value()) + " (" + Ink.of(k).symbol() + ")")
                        .toList();
        if (!ranks.isEmpty()) {
            text.append("Effective rank ").append(Words.list(ranks)).append(". ");
        }
        if (!energies.isEmpty()) {
            text.append("Half of the labels' energy lies in the first ")
                    .append(Words.list(energies.entrySet().stream()
                            .map(e -> directions(e.getValue(), 0.5) + " (" + Ink.of(e.getKey()).symbol() + ")").toList()))
                            .append(" directions. ");
        }
        return text.toString().strip();
    }

    private static DataTable table(RunTables tables, Spot spot, Map<String, List<double[]>> spectra, Map<String, Double> exponents,
            Map<String, List<double[]>> energies) {
        FactTable facts = tables.summary().of(spot);
        List<List<String>> rows = new ArrayList<>();
        spectra.forEach((kernel, points) -> rows.add(List.of(Ink.of(kernel).symbol(), Words.number(points.get(0)[1]),
                Words.number(points.get(points.size() - 1)[1]),
                exponents.containsKey(kernel) ? Words.digits(exponents.get(kernel), 3) : "",
                        Words.number(Answer.value(facts.train(kernel, "", "conditionNumber"))),
                Words.number(Answer.value(facts.train(kernel, "", "effectiveRank"))),
                        energies.containsKey(kernel) ? String.valueOf(directions(energies.get(kernel), 0.9)) : "")));
        return new DataTable(List.of("kernel", "largest", "smallest", "exponent", "condition number", "effective rank",
                "directions with 90 % of the labels"), rows);
    }
}
