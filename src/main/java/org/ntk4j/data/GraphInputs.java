package org.ntk4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.positions.Edges;
import org.ntk4j.shape.Shape;

/** Graphs of different sizes as inputs: the largest says how many nodes there are, the others are padded behind theirs. */
public final class GraphInputs {

    private GraphInputs() {
    }

    /**
     * Inputs from the values of nodes and the weights of edges.
     *
     * @param nodes     {@code [example][node][channel]}
     * @param adjacency {@code [example][tail][head]}, 0 for no edge
     * @throws Failure naming the example and what does not fit
     */
    public static Inputs of(double[][][] nodes, double[][][] adjacency) {
        Required.values(nodes, "nodes");
        Required.values(adjacency, "adjacency");
        if (nodes.length == 0 || nodes.length != adjacency.length) {
            throw Failure.input("graphs: " + nodes.length + " examples have nodes and " + adjacency.length
                    + " have an adjacency matrix; at least one, and as many, are needed");
        }
        List<Edges> edges = new ArrayList<>();
        for (int i = 0; i < nodes.length; i++) {
            Required.values(nodes[i], "nodes[" + i + "]");
            Required.values(adjacency[i], "adjacency[" + i + "]");
            int n = nodes[i].length;
            double[][] a = adjacency[i];
            if (n == 0) {
                throw Failure.input("graphs: example " + i + " has no nodes; at least one is needed");
            }
            if (a.length != n || Arrays.stream(a).anyMatch(row -> row.length != n)) {
                int wrong = Arrays.stream(a).mapToInt(row -> row.length).filter(length -> length != n).findFirst().orElse(n);
                throw Failure.input("graphs: example " + i + " has " + n + (n == 1 ? " node" : " nodes") + " and an adjacency matrix of "
                        + a.length + " × " + wrong + "; " + n + " × " + n + " is needed");
            }
            edges.add(Edges.of(a));
        }
        return of(Arrays.asList(nodes), edges);
    }

    /** Inputs from the values of nodes and from edges that are named one by one. */
    static Inputs of(List<double[][]> nodes, List<Edges> edges) {
        int most = nodes.stream().mapToInt(rows -> rows.length).max().orElse(1);
        int channels = nodes.get(0)[0].length;
        double[] values = new double[Math.multiplyExact(nodes.size(), Math.multiplyExact(most, channels))];
        Arrays.fill(values, Double.NaN);
        for (int i = 0; i < nodes.size(); i++) {
            for (int p = 0; p < nodes.get(i).length; p++) {
                double[] row = nodes.get(i)[p];
                if (row.length != channels) {
                    throw Failure.input("graphs: node " + p + " of example " + i + " has " + row.length
                            + (row.length == 1 ? " value; " : " values; ") + channels + ", as the first one, are needed");
                }
                if (Arrays.stream(row).anyMatch(Double::isNaN)) {
                    throw Failure.input("graphs: node " + p + " of example " + i
                            + " has a value that is not a number; leave the node out in place of padding it");
                }
                System.arraycopy(row, 0, values, (i * most + p) * channels, channels);
            }
        }
        return Inputs.of(values, nodes.size(), Shape.of(most, channels)).graphs(edges);
    }
}
