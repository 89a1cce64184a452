package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.HeatMap;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Thumbnail;
import org.ntk4j.chart.Thumbnails;
import org.ntk4j.chart.Words;

/** What the layers look at: the leading eigenvectors of {@code features.csv} as pictures. */
final class FeatureMaps {

    private static final int MOST_LAYERS = 4;
    private static final int MOST_SIDE_BY_SIDE = 4;
    /** A filter is shown offset by offset, an image as it is. */
    private static final int MOST_OFFSETS = 25;
    private static final Map<String, String> WORDS = Map.of("weights", "W Wᵀ", "gradients", "gradients", "change", "change of W");

    private FeatureMaps() {
    }

    /** An eigenvector, {@code [row][column][channel]}. */
    private record Vector(String layer, double step, String matrix, List<double[]> entries) {

        int size(int axis) {
            return 1 + (int) entries.stream().mapToDouble(e -> e[axis]).max().orElse(0);
        }

        /** Which share of its squared length each channel has. */
        double[] channels() {
            double[] shares = new double[size(2)];
            entries.forEach(e -> shares[(int) e[2]] += e[3] * e[3]);
            double all = Arrays.stream(shares).sum();
            return Arrays.stream(shares).map(s -> s / all).toArray();
        }
    }

    static Optional<Panel> of(RunTables tables, Spot spot) {
        RunFiles run = tables.run(spot);
        if (!Csv.heads(run.folder().resolve("features.csv")).contains("channel")) {
            return Optional.empty();
        }
        List<Vector> vectors = read(run, spot);
        double last = vectors.stream().mapToDouble(Vector::step).max().orElse(0);
        List<String> layers = vectors.stream().map(Vector::layer).distinct().limit(MOST_LAYERS).toList();
        List<Vector> shown = vectors.stream().filter(v -> layers.contains(v.layer))
                .filter(v -> v.step == last || v.step == 0 && v.matrix.equals("weights")).toList();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        Optional<Vector> change = shown.stream().filter(v -> v.matrix.equals("change")).findFirst();
        FactTable facts = tables.results().of(spot);
        return Optional.of(Panel.of("features", title(change, facts, layers), sentence(facts, layers, last))
                .with(new Thumbnails(shown.stream().map(v -> tile(v, last)).toList()))
                .from("features.csv", "where index is 0" + (tables.seeds(spot).size() > 1 ? "; the first seed" : ""))
                .numbers(table(facts, layers, shown)));
    }

    /** The leading eigenvectors of layers that see an image, a sentence or a filter. */
    private static List<Vector> read(RunFiles run, Spot spot) {
        Map<List<String>, Vector> found = new LinkedHashMap<>();
        List<String> seeds = new ArrayList<>();
        run.read("features.csv", List.of("layer", "step", "matrix", "index", "value"), (line, where) -> {
            if (!where.equals(spot) || line.index("index") != 0 || line.text("row").isEmpty()) {
                return;
            }
            if (seeds.isEmpty()) {
                seeds.add(line.text("seed"));
            }
            if (seeds.contains(line.text("seed"))) {
                found.computeIfAbsent(List.of(line.text("layer"), line.text("step"), line.text("matrix")),
                        key -> new Vector(key.get(0), line.number("step"), key.get(2), new ArrayList<>())).entries
                        .add(new double[] {line.index("row"), line.text("column").isEmpty() ? 0 : line.index("column"),
                                line.index("channel"), line.number("value")});
            }
        });
        return List.copyOf(found.values());
    }

    /** An image as it is, channels side by side; a filter by offsets and channels. */
    private static Thumbnail tile(Vector v, double last) {
        int rows = v.size(0);
        int columns = v.size(1);
        int channels = v.size(2);
        boolean image = rows * columns > MOST_OFFSETS && channels <= MOST_SIDE_BY_SIDE;
        double[][] values = image ? new double[rows][columns * channels] : new double[rows * columns][channels];
        v.entries.forEach(e -> {
            int row = (int) e[0];
            int column = (int) e[1];
            int channel = (int) e[2];
            if (image) {
                values[row][channel * columns + column] = e[3];
            } else {
                values[row * columns + column][channel] = e[3];
            }
        });
        List<String> down = IntStream.range(0, values.length)
                .mapToObj(i -> image || columns == 1 ? String.valueOf(i) : i / columns + "," + i % columns).toList();
        List<String> across = IntStream.range(0, values[0].length)
                .mapToObj(j -> image ? channels == 1 ? String.valueOf(j) : "ch " + j / columns : String.valueOf(j)).toList();
        double most = v.entries.stream().mapToDouble(e -> Math.abs(e[3])).max().orElse(1);
        String when = v.step == 0 ? "at the start" : v.step == last ? "at the end" : "step " + Words.whole(v.step);
        return new HeatMap(v.layer + ": " + WORDS.getOrDefault(v.matrix, v.matrix) + ", " + when, values, down, across, -most, most, true)
                .tile();
    }

    private static double nfa(FactTable facts, String layer, boolean start) {
        return facts.find("network", "", "train", "nfa/" + layer).stream().filter(f -> start == (f.stepNumber() == 0))
                .filter(f -> start || f.at().isEmpty() || f.at().equals("trained")).mapToDouble(Fact::value).average().orElse(Double.NaN);
    }

    private static double moved(FactTable facts, String layer) {
        return facts.find("network", "", "train", "weightChange/" + layer).stream()
                .filter(f -> f.at().isEmpty() || f.at().equals("trained")).mapToDouble(Fact::value).average().orElse(Double.NaN);
    }

    private static int strongest(double[] shares) {
        return IntStream.range(0, shares.length).reduce(0, (a, b) -> shares[b] > shares[a] ? b : a);
    }

    private static String title(Optional<Vector> change, FactTable facts, List<String> layers) {
        String layer = change.map(Vector::layer).orElse(layers.get(0));
        if (change.isPresent() && change.get().size(2) > MOST_SIDE_BY_SIDE) {
            double[] shares = change.get().channels();
            int best = strongest(shares);
            return "What " + layer + " learnt lies in channel " + best + " of " + shares.length + " by " + Words.percent(shares[best]);
        }
        return "What " + layer + " sees goes with the gradients at its input: correlation " + Words.number(nfa(facts, layer, true)) + " → "
                + Words.number(nfa(facts, layer, false));
    }

    private static String sentence(FactTable facts, List<String> layers, double last) {
        List<String> each = layers.stream().map(l -> l + " " + Words.number(nfa(facts, l, true)) + " → "
                + Words.number(nfa(facts, l, false)) + " (its weights moved by " + Words.percent(moved(facts, l)) + ")").toList();
        return "Leading eigenvectors, each of length 1: of W Wᵀ, of the average outer product of the gradients at the layer's input, and "
                + "of the square of what training added to W; a filter has offsets downwards and channels across. Correlation of W Wᵀ with "
                + "that outer product (neural feature ansatz) from step 0 to step " + Words.whole(last) + ": " + Words.list(each) + ".";
    }

    private static DataTable table(FactTable facts, List<String> layers, List<Vector> shown) {
        List<List<String>> rows = new ArrayList<>();
        for (Vector v : shown) {
            double[] shares = v.channels();
            int best = strongest(shares);
            rows.add(List.of(v.layer, WORDS.getOrDefault(v.matrix, v.matrix), Words.whole(v.step), String.valueOf(best),
                    Words.percent(shares[best])));
        }
        layers.forEach(l -> rows.add(List.of(l, "neural feature ansatz", "start, end", "",
                Words.number(nfa(facts, l, true)) + ", " + Words.number(nfa(facts, l, false)))));
        return new DataTable(List.of("layer", "matrix", "step", "strongest channel", "its share"), rows);
    }
}
