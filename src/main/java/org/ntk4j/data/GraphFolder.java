package org.ntk4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextLines;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Options;
import org.ntk4j.positions.Edges;
import org.ntk4j.shape.Shape;

/**
 * Graphs in the text format of TU Dortmund's collection (Morris et al. 2020): {@code DS_A.txt} has the directed edges of all graphs,
 * {@code tail, head}, {@code DS_graph_indicator.txt} the graph of each node, {@code DS_graph_labels.txt} the label of each graph, all
 * counted from 1; {@code DS_node_labels.txt} and {@code DS_node_attributes.txt} may be there. A node's values are its labels as one-hot
 * vectors, then its attributes; 1 where there are neither.
 *
 * @param content what is read from the files
 */
record GraphFolder(DataFile folder, Once<Content> content) implements Undivided {

    /**
     * Graphs of different sizes with their labels.
     *
     * @param nodes     of each example the values of its nodes, {@code [node][channel]}
     * @param graphs    of each example its edges
     * @param positions how many nodes an input has room for; what is missing is padding
     * @param channels  how many values a node has
     */
    record GraphExamples(List<double[][]> nodes, List<Edges> graphs, int[] labels, int positions, int channels) implements Examples {

        @Override
        public int count() {
            return labels.length;
        }

        @Override
        public void copy(int index, double[] to, int at) {
            double[][] rows = nodes.get(index);
            for (int p = 0; p < rows.length; p++) {
                System.arraycopy(rows[p], 0, to, at + p * channels, channels);
            }
            Arrays.fill(to, at + rows.length * channels, at + positions * channels, Double.NaN);
        }

        @Override
        public Edges edges(int index) {
            return graphs.get(index);
        }
    }

    /** What the files hold. */
    record Content(GraphExamples examples, List<String> classes) {
    }

    private GraphFolder(DataFile folder) {
        this(folder, new Once<>(() -> new Reading(folder.find()).content()));
    }

    /** Reads {@code folder}; none where it is missing. */
    static Optional<Source> read(Options options) {
        return DataFile.read(options, "folder", "graphs", "a folder with DS_A.txt, DS_graph_indicator.txt and DS_graph_labels.txt")
                .map(GraphFolder::new);
    }

    @Override
    public String name() {
        return "graphs";
    }

    @Override
    public Shape shape() {
        GraphExamples all = content.get().examples();
        return Shape.of(all.positions(), all.channels());
    }

    @Override
    public List<String> classNames() {
        return content.get().classes();
    }

    @Override
    public boolean labelsAreNumbers() {
        return false;
    }

    @Override
    public int[] counts() {
        int[] counts = new int[classNames().size()];
        Arrays.stream(content.get().examples().labels()).forEach(label -> counts[label]++);
        return counts;
    }

    @Override
    public boolean hasGraphs() {
        return true;
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("folder", folder.found());
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        return content.get().examples();
    }

    /** The files while they are read. */
    private static final class Reading {

        private static final String EDGES = "_A.txt";

        private final Path folder;
        private final String prefix;

        Reading(Path given) {
            boolean isFile = !Files.isDirectory(given);
            this.folder = isFile ? Objects.requireNonNull(given.toAbsolutePath().getParent()) : given;
            this.prefix = prefix(isFile ? List.of(given) : files());
        }

        private List<Path> files() {
            try (Stream<Path> all = Files.list(folder)) {
                return all.sorted().toList();
            } catch (IOException e) {
                throw Failure.input(folder + ": cannot be read (" + e.getMessage() + ")");
            }
        }

        private String prefix(List<Path> files) {
            List<String> names = files.stream().map(f -> f.getFileName().toString()).filter(n -> n.endsWith(EDGES)).toList();
            if (names.size() != 1) {
                throw Failure.input(folder + ": one file of edges, DS_A.txt, is needed, beside DS_graph_indicator.txt and "
                        + "DS_graph_labels.txt; there " + (names.isEmpty() ? "is none" : "are " + names));
            }
            return names.get(0).substring(0, names.get(0).length() - EDGES.length());
        }

        private Path file(String ending) {
            return folder.resolve(prefix + ending);
        }

        /** Rows of numbers; blank lines at the end do not count. */
        private List<double[]> rows(int columns, FileMistakes mistakes) {
            List<double[]> rows = new ArrayList<>();
            int blank = 0;
            try (TextLines lines = TextLines.open(mistakes)) {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    if (line.isBlank()) {
                        blank = blank == 0 ? lines.number() : blank;
                        continue;
                    }
                    if (blank > 0) {
                        mistakes.add(blank, "the line is empty");
                        blank = 0;
                    }
                    String[] fields = line.strip().split("\\s*,\\s*", -1);
                    int wanted = columns > 0 ? columns : rows.isEmpty() ? fields.length : rows.get(0).length;
                    if (fields.length != wanted) {
                        mistakes.add(lines.number(), "the line has " + fields.length + (fields.length == 1 ? " number; " : " numbers; ")
                                + wanted + (wanted == 1 ? " is needed" : " are needed"));
                    }
                    double[] row = new double[wanted];
                    for (int i = 0; i < Math.min(wanted, fields.length); i++) {
                        OptionalDouble number = TextNumber.finite(fields[i].strip());
                        if (number.isEmpty()) {
                            mistakes.add(lines.number(), i + 1, TextNumber.shown(fields[i].strip()) + " is not a finite number");
                        }
                        row[i] = number.orElse(0);
                    }
                    rows.add(row);
                }
            }
            mistakes.check();
            return rows;
        }

        private List<double[]> rows(String ending, int columns) {
            return rows(columns, new FileMistakes(file(ending)));
        }

        /** A file that has a row for each node. */
        private Optional<List<double[]>> perNode(String ending, int count) {
            if (!Files.exists(file(ending))) {
                return Optional.empty();
            }
            List<double[]> rows = rows(ending, 0);
            if (rows.size() != count) {
                throw Failure.input(file(ending) + ": " + rows.size() + " lines for " + count + " nodes; one each is needed");
            }
            return Optional.of(rows);
        }

        Content content() {
            List<double[]> labels = rows("_graph_labels.txt", 1);
            int graphs = labels.size();
            FileMistakes mistakes = new FileMistakes(file("_graph_indicator.txt"));
            List<double[]> indicator = rows(1, mistakes);
            int[] graph = new int[indicator.size()];
            int[] place = new int[graph.length];
            int[] sizes = new int[graphs];
            for (int i = 0; i < graph.length; i++) {
                double g = indicator.get(i)[0];
                if (g != Math.rint(g) || g < 1 || g > graphs) {
                    mistakes.add(i + 1, g + " is not a graph; allowed: whole numbers from 1 to " + graphs);
                    continue;
                }
                graph[i] = (int) g - 1;
                place[i] = sizes[graph[i]]++;
            }
            mistakes.check();
            for (int g = 0; g < graphs; g++) {
                if (sizes[g] == 0) {
                    throw Failure.input(file("_graph_indicator.txt") + ": graph " + (g + 1) + " has no nodes; at least one is needed");
                }
            }
            List<double[][]> nodes = nodes(graph, place, sizes);
            TreeSet<Double> classes = new TreeSet<>();
            labels.forEach(row -> classes.add(row[0]));
            if (classes.size() < 2) {
                throw Failure.input(file("_graph_labels.txt") + ": at least two different labels are needed");
            }
            List<Double> order = List.copyOf(classes);
            int[] column = labels.stream().mapToInt(row -> order.indexOf(row[0])).toArray();
            int most = Arrays.stream(sizes).max().orElse(1);
            return new Content(new GraphExamples(nodes, edges(graph, place, graphs), column, most, nodes.get(0)[0].length),
                    order.stream().map(v -> v == Math.rint(v) ? String.valueOf(v.longValue()) : v.toString()).toList());
        }

        private List<double[][]> nodes(int[] graph, int[] place, int[] sizes) {
            Optional<List<double[]>> labels = perNode("_node_labels.txt", graph.length);
            Optional<List<double[]>> attributes = perNode("_node_attributes.txt", graph.length);
            List<Map<Double, Integer>> columns = new ArrayList<>();
            for (int c = 0; labels.isPresent() && c < labels.get().get(0).length; c++) {
                Map<Double, Integer> known = new TreeMap<>();
                int which = c;
                labels.get().forEach(row -> known.put(row[which], 0));
                int next = 0;
                for (Map.Entry<Double, Integer> e : known.entrySet()) {
                    e.setValue(next++);
                }
                columns.add(known);
            }
            int oneHot = columns.stream().mapToInt(Map::size).sum();
            int more = attributes.map(rows -> rows.get(0).length).orElse(0);
            List<double[][]> nodes = new ArrayList<>();
            for (int size : sizes) {
                nodes.add(new double[size][Math.max(1, oneHot + more)]);
            }
            for (int i = 0; i < graph.length; i++) {
                double[] values = nodes.get(graph[i])[place[i]];
                int at = 0;
                for (int c = 0; c < columns.size(); c++) {
                    values[at + Objects.requireNonNull(columns.get(c).get(labels.orElseThrow().get(i)[c]))] = 1;
                    at += columns.get(c).size();
                }
                if (attributes.isPresent()) {
                    System.arraycopy(attributes.get().get(i), 0, values, at, more);
                } else if (oneHot == 0) {
                    values[0] = 1;
                }
            }
            return nodes;
        }

        private List<Edges> edges(int[] graph, int[] place, int graphs) {
            FileMistakes mistakes = new FileMistakes(file(EDGES));
            List<double[]> rows = rows(2, mistakes);
            List<List<int[]>> all = new ArrayList<>();
            for (int g = 0; g < graphs; g++) {
                all.add(new ArrayList<>());
            }
            for (int r = 0; r < rows.size(); r++) {
                double[] ends = rows.get(r);
                int[] nodes = new int[2];
                for (int k = 0; k < 2; k++) {
                    boolean known = ends[k] == Math.rint(ends[k]) && ends[k] >= 1 && ends[k] <= graph.length;
                    if (!known) {
                        mistakes.add(r + 1, k + 1, ends[k] + " is not a node; allowed: whole numbers from 1 to " + graph.length);
                    }
                    nodes[k] = known ? (int) ends[k] - 1 : -1;
                }
                if (nodes[0] < 0 || nodes[1] < 0) {
                    continue;
                }
                if (graph[nodes[0]] != graph[nodes[1]]) {
                    mistakes.add(r + 1, "an edge from a node of graph " + (graph[nodes[0]] + 1) + " to one of graph "
                            + (graph[nodes[1]] + 1) + "; both must be in one graph");
                    continue;
                }
                all.get(graph[nodes[0]]).add(new int[] {place[nodes[0]], place[nodes[1]]});
            }
            mistakes.check();
            return all.stream()
                    .map(edges -> new Edges(edges.stream().mapToInt(e -> e[0]).toArray(), edges.stream().mapToInt(e -> e[1]).toArray(),
                    edges.stream().mapToDouble(e -> 1).toArray())).toList();
        }
    }
}
