package org.ntk4j.moment;

/**
 * Covariance K and tangent kernel Θ of a list of pairs of examples, at equal positions or at all pairs of positions: pairs of
 * a tile (each row with each column), or each example with itself. Values are ordered {@code [pair][position]} or
 * {@code [pair][position of the left][position of the right]}.
 *
 * @param pairs     the number of pairs
 * @param columns   the number of columns of a tile; 0 where each example meets itself
 * @param positions the number of positions of an example
 * @param span      which pairs of positions are held
 * @param k         the covariance
 * @param t         the tangent kernel
 */
public record Block(int pairs, int columns, int positions, Span span, double[] k, double[] t) {

    /** The left example of a pair. */
    public int left(int pair) {
        return columns == 0 ? pair : pair / columns;
    }

    /** The right example of a pair. */
    public int right(int pair) {
        return columns == 0 ? pair : pair % columns;
    }

    /** The number of values of a pair. */
    public int size() {
        return size(positions, span);
    }

    public static int size(int positions, Span span) {
        return span == Span.EQUAL ? positions : Math.multiplyExact(positions, positions);
    }

    /** Other values of the same pairs and positions. */
    Block with(double[] otherK, double[] otherT) {
        return new Block(pairs, columns, positions, span, otherK, otherT);
    }

    /** A block of other positions for the same pairs, all zero. */
    Block empty(int otherPositions, Span otherSpan) {
        int total = Math.multiplyExact(pairs, size(otherPositions, otherSpan));
        return new Block(pairs, columns, otherPositions, otherSpan, new double[total], new double[total]);
    }

    /** What is left at equal positions. */
    Block equalPositions() {
        if (span == Span.EQUAL) {
            return this;
        }
        Block out = empty(positions, Span.EQUAL);
        for (int pair = 0; pair < pairs; pair++) {
            for (int p = 0; p < positions; p++) {
                int from = (pair * positions + p) * positions + p;
                out.k[pair * positions + p] = k[from];
                out.t[pair * positions + p] = t[from];
            }
        }
        return out;
    }

    /** The variances: K of each example with itself at equal positions, {@code [example][position]}. */
    double[] variances() {
        return equalPositions().k;
    }
}
