package org.ntk4j.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sequences of vectors with their labels. The vectors are shared between sequences, so that a large collection stays small.
 *
 * @param sequences of each example at most {@code positions} vectors; what is missing is padding
 * @param size      the size of a vector
 */
record LabelledSequences(List<double[][]> sequences, int[] labels, int positions, int size) implements Examples {

    /** Each word's place in a list, as a vector of one number. */
    static Map<String, double[]> indices(List<String> words) {
        Map<String, double[]> indices = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            indices.put(words.get(i), new double[] {i});
        }
        return indices;
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public void copy(int index, double[] to, int at) {
        double[][] vectors = sequences.get(index);
        for (int p = 0; p < vectors.length; p++) {
            System.arraycopy(vectors[p], 0, to, at + p * size, size);
        }
        Arrays.fill(to, at + vectors.length * size, at + positions * size, Double.NaN);
    }
}
