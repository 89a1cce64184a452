package org.ntk4j.positions;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A fixed linear map of the positions of an example, the same for every channel: {@code h'_p = Σ_q T_pq h_q}. Row by row it
 * holds what is not 0. At infinite width {@code K' = T K Tᵀ} and {@code Θ' = T Θ Tᵀ}: there are neither weights nor biases in it.
 */
public final class PositionMap {

    private final int before;
    private final int[][] sources;
    private final double[][] weights;
    private final boolean picks;

    private PositionMap(int before, int[][] sources, double[][] weights) {
        this.before = before;
        this.sources = sources;
        this.weights = weights;
        this.picks = Arrays.stream(weights).allMatch(w -> w.length == 1 && w[0] == 1);
    }

    /** The map that takes each new position from one old one. */
    public static PositionMap picking(int before, int... from) {
        return new PositionMap(before, Arrays.stream(from).mapToObj(q -> new int[] {q}).toArray(int[][]::new),
                Arrays.stream(from).mapToObj(q -> new double[] {1}).toArray(double[][]::new));
    }

    /** The map with this matrix T, {@code [new position][old position]}. */
    public static PositionMap of(double[][] matrix, int before) {
        int[][] sources = new int[matrix.length][];
        double[][] weights = new double[matrix.length][];
        for (int p = 0; p < matrix.length; p++) {
            double[] row = matrix[p];
            sources[p] = IntStream.range(0, before).filter(q -> row[q] != 0).toArray();
            weights[p] = Arrays.stream(sources[p]).mapToDouble(q -> row[q]).toArray();
        }
        return new PositionMap(before, sources, weights);
    }

    /** The map of two axes, positions in C order: this along the first, another along the second. */
    public PositionMap beside(PositionMap second) {
        int m = second.after();
        int[][] joined = new int[after() * m][];
        double[][] products = new double[joined.length][];
        for (int p = 0; p < joined.length; p++) {
            int[] a = sources[p / m];
            int[] b = second.sources[p % m];
            double[] u = weights[p / m];
            double[] v = second.weights[p % m];
            joined[p] = IntStream.range(0, a.length * b.length).map(i -> a[i / b.length] * second.before + b[i % b.length]).toArray();
            products[p] = IntStream.range(0, a.length * b.length).mapToDouble(i -> u[i / b.length] * v[i % b.length]).toArray();
        }
        return new PositionMap(before * second.before, joined, products);
    }

    /** The number of old positions. */
    public int before() {
        return before;
    }

    /** The number of new positions. */
    public int after() {
        return sources.length;
    }

    /** Whether each new position is one of the old ones: equal positions then come from equal positions. */
    public boolean picks() {
        return picks;
    }

    /** The old positions that a new one is made of. Not a copy: not to be changed. */
    public int[] sources(int position) {
        return sources[position];
    }

    /** Their weights. Not a copy: not to be changed. */
    public double[] weights(int position) {
        return weights[position];
    }

    /** For each new position one of the old ones; only of a map that {@link #picks()}. */
    public int[] picked() {
        return Arrays.stream(sources).mapToInt(s -> s[0]).toArray();
    }

    /** Whether every new position is an old one of this kind. */
    public boolean allFrom(IntPredicate kind) {
        return Arrays.stream(sources).allMatch(s -> Arrays.stream(s).allMatch(kind));
    }

    /** T, {@code [new position][old position]}, in C order. */
    public double[] matrix() {
        double[] matrix = new double[after() * before];
        for (int p = 0; p < after(); p++) {
            for (int i = 0; i < sources[p].length; i++) {
                matrix[p * before + sources[p][i]] += weights[p][i];
            }
        }
        return matrix;
    }

    /** {@code T values} for the values of an example that begin at an index; written to another array from an index on. */
    public void apply(double[] values, int from, double[] to, int at) {
        for (int p = 0; p < after(); p++) {
            double sum = 0;
            for (int i = 0; i < sources[p].length; i++) {
                sum += weights[p][i] * values[from + sources[p][i]];
            }
            to[at + p] = sum;
        }
    }
}
