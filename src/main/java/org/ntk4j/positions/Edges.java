package org.ntk4j.positions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * The directed edges of one example's graph, whose nodes are its positions, counted from 0. An edge that is named twice adds its weights.
 * The arrays are not copied: not to be changed.
 *
 * @param tails   where each edge begins
 * @param heads   where it ends
 * @param weights its weight, any finite number
 */
public record Edges(int[] tails, int[] heads, double[] weights) {

    /** A graph without edges. */
    public static final Edges NONE = new Edges(new int[0], new int[0], new double[0]);

    public Edges {
        if (tails.length != heads.length || tails.length != weights.length) {
            throw Failure.input("edges: " + tails.length + " tails, " + heads.length + " heads and " + weights.length
                    + " weights do not go together");
        }
    }

    /** The edges of a matrix of weights, {@code [tail][head]}; 0 is no edge. */
    public static Edges of(double[][] adjacency) {
        List<int[]> ends = new ArrayList<>();
        for (int i = 0; i < adjacency.length; i++) {
            for (int j = 0; j < adjacency[i].length; j++) {
                if (adjacency[i][j] != 0) {
                    ends.add(new int[] {i, j});
                }
            }
        }
        return new Edges(ends.stream().mapToInt(e -> e[0]).toArray(), ends.stream().mapToInt(e -> e[1]).toArray(),
                ends.stream().mapToDouble(e -> adjacency[e[0]][e[1]]).toArray());
    }

    /** How many edges. */
    public int count() {
        return tails.length;
    }

    /** Whether any weight is below 0. */
    public boolean hasNegative() {
        return Arrays.stream(weights).anyMatch(w -> w < 0);
    }

    /** The first edge with a weight below 0. */
    public OptionalInt firstNegative() {
        return IntStream.range(0, count()).filter(e -> weights[e] < 0).findFirst();
    }

    /**
     * What is wrong with an edge of a graph of this many positions; null if nothing is.
     *
     * @param real which positions are not padding
     */
    public static @Nullable String wrong(int tail, int head, double weight, int positions, IntPredicate real) {
        String edge = "an edge from node " + tail + " to node " + head;
        for (int node : new int[] {tail, head}) {
            if (node < 0 || node >= positions) {
                return edge + ": there is no node " + node + "; allowed: 0 to " + (positions - 1);
            }
        }
        for (int node : new int[] {tail, head}) {
            if (!real.test(node)) {
                return edge + ": node " + node + " is padding, which has no edges; leave the edge out, or give the node values";
            }
        }
        return Double.isFinite(weight) ? null : edge + " has a weight of " + weight + "; a finite number is needed";
    }

    /** {@code A[tail][head]} in C order, for this many positions. */
    public double[] matrix(int positions) {
        double[] a = new double[positions * positions];
        for (int e = 0; e < count(); e++) {
            a[tails[e] * positions + heads[e]] += weights[e];
        }
        return a;
    }

    /** {@code an edge from node 0 to node 2 of weight -1.0}. */
    public String describe(int edge) {
        return "an edge from node " + tails[edge] + " to node " + heads[edge] + " of weight " + weights[edge];
    }
}
