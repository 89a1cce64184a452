package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.HeatMap;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Thumbnail;
import org.ntk4j.chart.Thumbnails;
import org.ntk4j.chart.Words;

/** The tangent kernels as heat maps, ordered by class, and their differences. */
final class KernelMaps {

    private static final List<String> KERNELS = List.of("ntk.init", "ntk.trained", "ntk.infinite");
    private static final List<List<String>> DIFFERENCES = List.of(List.of("ntk.trained", "ntk.init"),
            List.of("ntk.trained", "ntk.infinite"), List.of("ntk.init", "ntk.infinite"));

    private KernelMaps() {
    }

    /** A thinned kernel with the class of each of its examples. */
    private record Thinned(double[][] values, List<String> classes) {
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        Map<String, Thinned> kernels = new LinkedHashMap<>();
        RunFiles run = tables.run(spot);
        Map<String, Thinned> found = new LinkedHashMap<>();
        run.read("report/thinned.csv", List.of("subject", "file", "labels"), (line, where) -> {
            if (where.equals(spot) && !found.containsKey(line.text("subject"))) {
                NpyFile.read(run, line.text("file"))
                        .ifPresent(values -> found.put(line.text("subject"), new Thinned(values, List.of(line.text("labels").split(" ")))));
            }
        });
        KERNELS.stream().filter(found::containsKey).forEach(k -> kernels.put(k, found.get(k)));
        if (kernels.isEmpty() || kernels.values().stream().anyMatch(k -> k.values.length != k.classes.size())) {
            return Optional.empty();
        }
        List<Thumbnail> tiles = new ArrayList<>(maps(kernels));
        tiles.addAll(differences(kernels));
        return Optional.of(Panel.of("kernels", title(tables, spot),
                sentence(tables, spot, kernels.values().iterator().next().classes.size())).with(new Thumbnails(tiles))
                .from("report/thinned.csv", "and the files named there" + (tables.seeds(spot).size() > 1 ? "; the first seed" : ""))
                        .numbers(table(tables, spot)));
    }

    private static List<Thumbnail> maps(Map<String, Thinned> kernels) {
        double[] all = kernels.values().stream().flatMapToDouble(k -> offDiagonal(k.values)).sorted().toArray();
        double low = quantile(all, 0.01);
        double high = quantile(all, 0.99);
        return kernels.entrySet().stream()
                .map(e -> new HeatMap(Ink.of(e.getKey()).symbol(), e.getValue().values, e.getValue().classes, e.getValue().classes, low,
                high, false).tile()).toList();
    }

    private static List<Thumbnail> differences(Map<String, Thinned> kernels) {
        Map<List<String>, double[][]> found = new LinkedHashMap<>();
        for (List<String> pair : DIFFERENCES) {
            if (kernels.containsKey(pair.get(0)) && kernels.containsKey(pair.get(1))) {
                found.put(pair, minus(kernels.get(pair.get(0)).values, kernels.get(pair.get(1)).values));
            }
        }
        double[] sizes = found.values().stream().flatMapToDouble(v -> Arrays.stream(v).flatMapToDouble(Arrays::stream)).map(Math::abs)
                .sorted().toArray();
        double most = sizes.length == 0 ? 1 : quantile(sizes, 0.99);
        List<String> classes = kernels.values().iterator().next().classes;
        return found.entrySet().stream()
                .map(e -> new HeatMap(Ink.of(e.getKey().get(0)).symbol() + " − " + Ink.of(e.getKey().get(1)).symbol(), e.getValue(),
                classes, classes, -most, most, true)
                .tile()).toList();
    }

    private static DoubleStream offDiagonal(double[][] values) {
        return java.util.stream.IntStream.range(0, values.length).boxed()
                .flatMapToDouble(i -> java.util.stream.IntStream.range(0, values[i].length).filter(j -> j != i)
                .mapToDouble(j -> values[i][j]));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    private static double[][] minus(double[][] a, double[][] b) {
        double[][] difference = new double[a.length][];
        for (int i = 0; i < a.length; i++) {
            difference[i] = new double[a[i].length];
            for (int j = 0; j < a[i].length; j++) {
                difference[i][j] = a[i][j] - b[i][j];
            }
        }
        return difference;
    }

    private static String title(RunTables tables, Spot spot) {
        FactTable facts = tables.summary().of(spot);
        Optional<Fact> moved = facts.train("ntk.trained", "ntk.init", "relativeFrobenius");
        Optional<Fact> away = facts.train("ntk.init", "ntk.infinite", "relativeFrobenius");
        String far = away.map(a -> "Θ_0 is " + Words.percent(a.value()) + " away from Θ_∞").orElse("The tangent kernels, ordered by class");
        return moved.map(m -> "Training moves the tangent kernel by " + Words.percent(m.value()) + away.map(a -> "; " + far).orElse(""))
                .orElse(far);
    }

    private static String sentence(RunTables tables, Spot spot, int size) {
        FactTable facts = tables.summary().of(spot);
        List<String> cosines = facts.all().stream().filter(f -> f.metric().equals("kernelDistance") && f.split().equals("train")
                && !f.at().equals("step"))
                .filter(f -> DIFFERENCES.contains(List.of(f.subject(), f.reference())))
                .map(f -> Ink.of(f.subject()).symbol() + " and " + Ink.of(f.reference()).symbol() + " " + Words.number(f.value())).toList();
        return "Values between " + size + " training examples, ordered by class, on one colour scale for the kernels and one for their "
                + "differences; the ends of a scale leave out the outermost "
                + "1 % of the values, and the diagonal. " + (cosines.isEmpty()
                        ? "" : "1 − cosine over all training examples: " + Words.list(cosines) + ". ") + "The pointer shows single values.";
    }

    private static DataTable table(RunTables tables, Spot spot) {
        List<String> metrics = List.of("relativeFrobenius", "kernelDistance", "cka");
        FactTable facts = tables.summary().of(spot);
        List<List<String>> rows = new ArrayList<>();
        for (List<String> pair : DIFFERENCES) {
            List<String> row = new ArrayList<>(List.of(Ink.of(pair.get(0)).symbol() + " to " + Ink.of(pair.get(1)).symbol()));
            metrics.forEach(m -> row.add(Words.number(Answer.value(facts.train(pair.get(0), pair.get(1), m)))));
            rows.add(row);
        }
        return new DataTable(List.of("on the training set", "relative Frobenius", "1 − cosine", "CKA"), rows);
    }
}
