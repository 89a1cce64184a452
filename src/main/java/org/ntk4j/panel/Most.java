package org.ntk4j.panel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Thumbnail;
import org.ntk4j.chart.Thumbnails;
import org.ntk4j.chart.Words;

/**
 * The test examples on which NN_T and f_∞ differ most, as pictures or sentences, with the outputs of each function.
 *
 * @param tiles one for each
 * @param rows  the same in words
 */
record Most(Thumbnails tiles, List<List<String>> rows, String sentence) {

    private static final int COUNT = 10;
    private static final List<String> SHOWN = List.of("network", "regression.trained", "regression.infinite");
    private static final int WIDTH = 216;
    private static final int PICTURE = 96;
    private static final int LETTERS = 30;
    private static final int MOST_CLASSES = 24;

    static Most of(RunTables tables, Spot spot, Predictions functions) {
        Optional<double[][]> network = functions.of("network");
        Optional<double[][]> infinite = functions.limit("regression.infinite");
        if (network.isEmpty() || infinite.isEmpty() || network.get().length != infinite.get().length) {
            return new Most(new Thumbnails(List.of()), List.of(), "");
        }
        double[] distance = IntStream.range(0, network.get().length).mapToDouble(i -> distance(network.get()[i], infinite.get()[i]))
                .toArray();
        List<Integer> most = IntStream.range(0, distance.length).boxed().sorted(Comparator.comparingDouble((Integer i) -> -distance[i]))
                .limit(COUNT).toList();
        Map<String, double[][]> shown = new LinkedHashMap<>();
        SHOWN.forEach(f -> (f.equals("regression.infinite") ? functions.limit(f) : functions.of(f))
                .ifPresent(values -> shown.put(f, values)));
        Map<Integer, Map<String, Object>> looks = looks(tables.run(spot), spot);
        List<Thumbnail> tiles = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (int i : most) {
            tiles.add(tile(i, functions.labels().get(i), shown, looks.getOrDefault(i, Map.of())));
            rows.add(List.of(String.valueOf(i), functions.labels().get(i), said(shown, "network", i), said(shown, "regression.trained", i),
                    said(shown, "regression.infinite", i),
                    Words.number(distance[i])));
        }
        String sentence = "Below, the " + most.size() + " test examples on which NN_T and f_∞ (in the limit) differ most, the largest "
                + "difference first" + (looks.isEmpty() ? "" : ", each as it is")
                + ": their label, the class that each function chooses and its outputs, one column a class.";
        return new Most(new Thumbnails(tiles), rows, sentence);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < Math.min(a.length, b.length); c++) {
            sum += (a[c] - b[c]) * (a[c] - b[c]);
        }
        return Math.sqrt(sum);
    }

    private static String said(Map<String, double[][]> functions, String subject, int example) {
        return functions.containsKey(subject) ? chosen(functions.get(subject)[example]) : "";
    }

    /** The class of the largest output; of a single output its value. */
    private static String chosen(double[] outputs) {
        if (outputs.length == 1) {
            return Words.number(outputs[0]);
        }
        int best = 0;
        for (int c = 1; c < outputs.length; c++) {
            best = outputs[c] > outputs[best] ? c : best;
        }
        return String.valueOf(best);
    }

    /** How each example looks, by its place in the test set: a PNG or a sentence that the run kept. */
    private static Map<Integer, Map<String, Object>> looks(RunFiles run, Spot spot) {
        Map<Integer, Map<String, Object>> looks = new HashMap<>();
        run.read("report/looks.csv", List.of("example", "picture", "text"), (line, where) -> {
            if (where.equals(spot) && !looks.containsKey(line.index("example"))) {
                Map<String, Object> look = new HashMap<>();
                png(run, line.text("picture")).ifPresent(png -> look.put("png", png));
                if (!line.text("text").isEmpty()) {
                    look.put("text", line.text("text"));
                }
                looks.put(line.index("example"), look);
            }
        });
        return looks;
    }

    private static Optional<String> png(RunFiles run, String name) {
        Path file = run.folder().resolve(name).normalize();
        // A table that was tampered with must not pull other files in.
        if (name.isEmpty() || !file.startsWith(run.folder().normalize()) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Thumbnail tile(int example, String label, Map<String, double[][]> functions, Map<String, Object> look) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("title", "#" + example + ", label " + (label.length() > 14 ? label.substring(0, 13) + "…" : label));
        model.put("png", look.get("png"));
        model.put("picture", PICTURE);
        int y = 26;
        if (look.containsKey("png")) {
            model.put("pictureTop", y);
            y += PICTURE + 8;
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        if (look.containsKey("text")) {
            List<String> wrapped = Words.wrapped(String.valueOf(look.get("text")), LETTERS);
            for (String line : wrapped.subList(0, Math.min(5, wrapped.size()))) {
                y += 14;
                lines.add(Map.of("y", y, "text", line));
            }
            y += 8;
        }
        model.put("lines", lines);
        int plotTop = y + 4;
        model.put("dots", dots(functions, example, plotTop, model));
        y = plotTop + 70;
        List<Map<String, Object>> said = new ArrayList<>();
        int x = 0;
        for (String f : functions.keySet()) {
            said.add(Map.of("x", x + 5, "textX", x + 14, "y", y + 12, "dotY", y + 8, "colour", ink(f), "text",
                    Ink.of(f).symbol() + ": " + chosen(functions.get(f)[example])));
            x += WIDTH / 3;
        }
        model.put("said", said);
        return new Thumbnail("example.svg", model, WIDTH, y + 20);
    }

    /** The network's black follows the page. */
    private static String ink(String subject) {
        return subject.equals("network") ? "currentColor" : Ink.of(subject).colour();
    }

    /** The outputs, between the smallest and the largest of all functions, with the line of 0. */
    private static List<Map<String, Object>> dots(Map<String, double[][]> functions, int example, int top, Map<String, Object> model) {
        double low = functions.values().stream().flatMapToDouble(v -> java.util.Arrays.stream(v[example])).min().orElse(0);
        double high = functions.values().stream().flatMapToDouble(v -> java.util.Arrays.stream(v[example])).max().orElse(1);
        low = Math.min(low, 0);
        high = Math.max(high, low + 1e-9);
        int classes = functions.values().iterator().next()[example].length;
        List<Map<String, Object>> dots = new ArrayList<>();
        List<Map<String, Object>> marks = new ArrayList<>();
        int plotted = Math.min(classes, MOST_CLASSES);
        double each = (double) (WIDTH - 8) / plotted;
        int shift = 0;
        for (Map.Entry<String, double[][]> f : functions.entrySet()) {
            for (int c = 0; c < plotted; c++) {
                dots.add(Map.of("x", 4 + each * (c + 0.5) + (shift - 1) * Math.min(5, each / 4), "y",
                        top + 50 - 46 * (f.getValue()[example][c] - low) / (high - low), "colour", ink(f.getKey())));
            }
            shift++;
        }
        for (int c = 0; c < plotted && classes > 1; c++) {
            marks.add(Map.of("x", 4 + each * (c + 0.5), "name", plotted > 12 && c % 2 == 1 ? "" : String.valueOf(c)));
        }
        model.put("zero", top + 50 - 46 * (0 - low) / (high - low));
        model.put("marks", marks);
        model.put("marksY", top + 64);
        return dots;
    }
}
