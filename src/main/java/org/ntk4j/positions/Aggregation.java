package org.ntk4j.positions;

import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * How a graph becomes a map of its nodes. With A_ij the sum of the weights of the edges from i to j, plus 1 for i = j with self loops:
 * {@code none} T_ji = A_ij; {@code mean} T_ji = A_ij / Σ_l A_lj; {@code symmetric} T_ji = A_ij/√(D_i D_j) with D_i = Σ_l A_il, the weights
 * that leave i (Kipf and Welling 2017). Where a divisor is 0, so is the value.
 *
 * @param normalize {@code none}, {@code mean} or {@code symmetric}
 * @param selfLoops whether each real node has an edge of weight 1 to itself, before anything is normalised
 */
public record Aggregation(String normalize, boolean selfLoops) {

    /** The words of the grammar. */
    public static final List<String> NORMALIZATIONS = List.of("none", "mean", "symmetric");

    /** What is said where there is nothing to aggregate over. */
    public static final String NO_GRAPH = "the inputs have no graph to aggregate over; give one with --edges EDGES.csv, in a script with "
            + "graphs(nodes, adjacency), "
            + "in an experiment with data: {name: graphs}";

    public Aggregation {
        if (!NORMALIZATIONS.contains(normalize)) {
            throw Failure.input("aggregate: normalize '" + normalize + "' is not known; allowed: " + String.join(", ", NORMALIZATIONS));
        }
    }

    /** What is wrong with an example's edges; null if nothing is. */
    public @Nullable String wrong(Edges edges, int example) {
        return normalize.equals("none") || edges.firstNegative().isEmpty() ? null
                : "example " + example + " has " + edges.describe(edges.firstNegative().getAsInt()) + "; normalize: " + normalize
                        + " needs weights from 0, use normalize: none";
    }

    /**
     * The map of an example.
     *
     * @param real which positions are not padding
     */
    public PositionMap map(Edges edges, int nodes, IntPredicate real) {
        double[] a = edges.matrix(nodes);
        for (int i = 0; selfLoops && i < nodes; i++) {
            a[i * nodes + i] += real.test(i) ? 1 : 0;
        }
        double[] leaving = new double[nodes];
        double[] entering = new double[nodes];
        for (int i = 0; i < nodes; i++) {
            for (int j = 0; j < nodes; j++) {
                leaving[i] += a[i * nodes + j];
                entering[j] += a[i * nodes + j];
            }
        }
        double[][] t = new double[nodes][nodes];
        for (int i = 0; i < nodes; i++) {
            for (int j = 0; j < nodes; j++) {
                double divisor = normalize.equals("none") ? 1 : normalize.equals("mean")
                        ? entering[j] : Math.sqrt(leaving[i]) * Math.sqrt(leaving[j]);
                t[j][i] = divisor == 0 ? 0 : a[i * nodes + j] / divisor;
            }
        }
        return PositionMap.of(t, nodes);
    }
}
