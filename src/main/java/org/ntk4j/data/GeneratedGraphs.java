package org.ntk4j.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.grammar.Options;
import org.ntk4j.positions.Edges;
import org.ntk4j.shape.Shape;

/**
 * Generated connected graphs whose label is a matter of their edges, never of their nodes: both labels have graphs of the same sizes, with
 * nodes of the same values. All begin as a random tree (each node is tied to an earlier one), and a node's values are 1, 0 on one side of
 * the tree and 0, 1 on the other.
 *
 * <ul>
 *   <li>{@code cycle}: a tree, or a tree and one more edge, which makes a cycle.
 *   <li>{@code bipartite}: a tree and two more edges, between nodes of different sides of the tree, or of the same, which makes odd cycles.
 * </ul>
 *
 * There are 2,000 of each label, always the same; the seed of the data draws from them.
 *
 * @param task  {@code cycle} or {@code bipartite}
 * @param nodes the most nodes; a graph has at least half of them
 */
record GeneratedGraphs(String task, int nodes) implements Undivided {

    private static final List<String> TASKS = List.of("cycle", "bipartite");
    private static final int EACH = 2000;
    private static final int USUAL_NODES = 12;
    private static final int FEWEST = 6;
    private static final long SEED = 20_190_531;

    /** Reads {@code task (cycle; bipartite), nodes (12)}. */
    static Optional<Source> read(Options options) {
        return Optional.of(new GeneratedGraphs(options.choice("task", "cycle", TASKS.toArray(String[]::new)),
                options.integer("nodes", USUAL_NODES, FEWEST, 1000)));
    }

    private boolean hasSides() {
        return task.equals("bipartite");
    }

    @Override
    public String name() {
        return "graphs";
    }

    @Override
    public Shape shape() {
        return Shape.of(nodes, 2);
    }

    @Override
    public List<String> classNames() {
        return hasSides() ? List.of("odd cycle", "bipartite") : List.of("tree", "cycle");
    }

    @Override
    public int[] counts() {
        return new int[] {EACH, EACH};
    }

    @Override
    public boolean hasGraphs() {
        return true;
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("task", task);
        map.put("nodes", nodes);
        return map;
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        Random random = new Random(SEED + TASKS.indexOf(task));
        List<double[][]> values = new ArrayList<>();
        List<Edges> graphs = new ArrayList<>();
        int[] labels = new int[2 * EACH];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            int n = nodes / 2 + random.nextInt(nodes - nodes / 2 + 1);
            double[][] a = new double[n][n];
            int[] side = new int[n];
            for (int node = 1; node < n; node++) {
                int parent = random.nextInt(node);
                tie(a, node, parent);
                side[node] = 1 - side[parent];
            }
            for (int more = 0; more < (hasSides() ? 2 : labels[i]); more++) {
                extend(a, side, labels[i] == 1, random);
            }
            int[] numbers = shuffled(n, random);
            values.add(values(side, numbers));
            graphs.add(renumbered(a, numbers));
        }
        return new GraphFolder.GraphExamples(values, graphs, labels, nodes, shape().channels());
    }

    /** One more edge; of a graph with sides, between them or within one. */
    private void extend(double[][] a, int[] side, boolean between, Random random) {
        // A star has no second edge between its sides: after this many tries the graph stays without.
        for (int tries = 0; tries < 1000; tries++) {
            int i = random.nextInt(a.length);
            int j = random.nextInt(a.length);
            if (i != j && a[i][j] == 0 && (!hasSides() || between == (side[i] != side[j]))) {
                tie(a, i, j);
                return;
            }
        }
    }

    private static void tie(double[][] a, int i, int j) {
        a[i][j] = 1;
        a[j][i] = 1;
    }

    private static int[] shuffled(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private double[][] values(int[] side, int[] numbers) {
        double[][] values = new double[side.length][];
        for (int node = 0; node < side.length; node++) {
            values[numbers[node]] = side[node] == 0 ? new double[] {1, 0} : new double[] {0, 1};
        }
        return values;
    }

    private static Edges renumbered(double[][] a, int[] numbers) {
        double[][] other = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                other[numbers[i]][numbers[j]] = a[i][j];
            }
        }
        return Edges.of(other);
    }
}
