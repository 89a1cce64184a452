package org.ntk4j.infinite.sequence.step;

import java.util.Arrays;
import org.ntk4j.moment.Ending;
import org.ntk4j.rows.Rows;

/**
 * What is left of pairs of positions where these end.
 *
 * @param <A> the arrays of its numbers
 */
record SequenceEnd<A>(Rows<A> rows, Ending ending, boolean tangents) {

    /** K, then Θ, of a left example with the right one that stands this many values behind the beginning of a line. */
    double[] of(SequenceBatch<A> end, int i, int j, int from, int column) {
        double weight = weight(end, i, j);
        return new double[] {weight * sum(end.k(), from, end, column), tangents ? weight * sum(end.t(), from, end, column) : 0};
    }

    private double weight(SequenceBatch<A> end, int i, int j) {
        return switch (ending) {
            case EQUAL_POSITIONS -> 1.0 / end.positions();
            case MEAN -> 1.0 / end.ground1().length(i) / end.ground2().length(j);
            case SUM, FIRST -> 1;
        };
    }

    /** Over all pairs of positions, or equal ones, or of the first alone, in an order that no lanes change. */
    private double sum(A values, int from, SequenceBatch<A> end, int column) {
        int positions = end.positions();
        double[] one = new double[positions];
        if (ending == Ending.FIRST) {
            rows.get(values, from + column, one, 0, 1);
            return one[0];
        }
        double[] sums = new double[positions];
        double equal = 0;
        for (int p = 0; p < positions; p++) {
            rows.get(values, from + p * end.line() + column, one, 0, positions);
            equal += one[p];
            for (int q = 0; q < positions; q++) {
                sums[q] += one[q];
            }
        }
        return ending == Ending.EQUAL_POSITIONS ? equal : Arrays.stream(sums).reduce(0, Double::sum);
    }
}
