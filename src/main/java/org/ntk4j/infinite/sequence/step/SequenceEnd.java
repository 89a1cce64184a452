package org.ntk4j.infinite.sequence.step;

import org.ntk4j.moment.Ending;
import org.ntk4j.rows.Rows;

/**
 * What is left of pairs of positions where these end. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class SequenceEnd<A> {

    private final Rows<A> rows;
    private final Ending ending;
    private final boolean tangents;
    private double[] line = {};
    private double[] sums = {};

    /** @param tangents whether Θ is asked for; else it is 0 */
    SequenceEnd(Rows<A> rows, Ending ending, boolean tangents) {
        this.rows = rows;
        this.ending = ending;
        this.tangents = tangents;
    }

    /** K and Θ, one number for each pair of examples. */
    record Left(double[] k, double[] t) {
    }

    /** What is left of all pairs of a batch. */
    Left of(SequenceBatch<A> end) {
        double[] k = weighed(end, end.k());
        double[] t = end.tangents() ? weighed(end, end.t()) : new double[k.length];
        Rows.Affine map = end.map();
        for (int i = 0; i < k.length; i++) {
            t[i] = tangents ? map.fromK() * k[i] + (end.tangents() ? map.fromT() * t[i] : 0) : 0;
            k[i] *= map.scale();
        }
        return new Left(k, t);
    }

    private double[] weighed(SequenceBatch<A> end, A values) {
        double[] left = new double[end.count()];
        for (int e = 0; e < end.lefts(); e++) {
            int from = e * end.positions() * end.line();
            switch (ending) {
                case FIRST -> first(end, values, from, left, e);
                case EQUAL_POSITIONS -> equal(end, values, from, left, e);
                case MEAN, SUM -> all(end, values, from, left, e);
            }
        }
        for (int i = 0; i < left.length; i++) {
            left[i] *= weight(end, i);
        }
        return left;
    }

    private double weight(SequenceBatch<A> end, int i) {
        return switch (ending) {
            case EQUAL_POSITIONS -> 1.0 / end.positions();
            case MEAN -> 1.0 / end.ground1().length(end.left(end.own() ? i : 0, 1)) / end.ground2().length(end.right(i, i));
            case SUM, FIRST -> 1;
        };
    }

    private double[] read(SequenceBatch<A> end, A values, int at) {
        if (line.length < end.line()) {
            line = new double[end.line()];
            sums = new double[end.line()];
        }
        rows.get(values, at, line, 0, end.line());
        return line;
    }

    private void first(SequenceBatch<A> end, A values, int from, double[] to, int at) {
        double[] one = read(end, values, from);
        for (int j = 0; j < end.rights(); j++) {
            to[at + j] = one[j * end.width()];
        }
    }

    private void equal(SequenceBatch<A> end, A values, int from, double[] to, int at) {
        for (int p = 0; p < end.positions(); p++) {
            double[] one = read(end, values, from + p * end.line());
            for (int j = 0; j < end.rights(); j++) {
                to[at + j] += one[j * end.width() + p];
            }
        }
    }

    /** All pairs of positions, in an order that no lanes change. */
    private void all(SequenceBatch<A> end, A values, int from, double[] to, int at) {
        int n = end.line();
        for (int p = 0; p < end.positions(); p++) {
            double[] one = read(end, values, from + p * n);
            double[] both = sums;
            for (int i = 0; i < n; i++) {
                both[i] = p == 0 ? one[i] : both[i] + one[i];
            }
        }
        for (int j = 0; j < end.rights(); j++) {
            double sum = 0;
            for (int q = 0; q < end.positions(); q++) {
                sum += sums[j * end.width() + q];
            }
            to[at + j] = sum;
        }
    }
}
