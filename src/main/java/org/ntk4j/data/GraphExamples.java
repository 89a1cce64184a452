package org.ntk4j.data;

import java.util.Arrays;
import java.util.List;
import org.ntk4j.positions.Edges;

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
