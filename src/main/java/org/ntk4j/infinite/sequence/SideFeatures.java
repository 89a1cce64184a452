package org.ntk4j.infinite.sequence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.moment.Side;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.Terms;

/**
 * What some sentences have with themselves that pairs of them need. Position p of sentence e stands at {@code e width + p}; the width is
 * the number of positions or a few more, so that whole places hold it.
 *
 * @param <A> the arrays of its numbers
 */
final class SideFeatures<A> {

    /**
     * What a step that looks at variances needs.
     *
     * @param q     variances; of a normalization nothing
     * @param g     {@link org.ntk4j.gaussian.Arc#inverseRoot} of them; of a normalization its factors
     * @param rest  the slope where a variance is 0, or the limit of a series
     * @param terms the coefficients of a series; null where there is none
     */
    record Look<A>(A q, A g, A rest, @Nullable Terms<A> terms) {
    }

    private final int count;
    private final int positions;
    private final int width;
    private final Side side;
    private final @Nullable A real;
    private final List<Look<A>> looks = new ArrayList<>();
    private final List<A> turned = new ArrayList<>();
    private final double[] k;
    private final double[] t;

    SideFeatures(Rows<A> rows, Side side, int width) {
        this.count = side.count();
        this.positions = side.positions();
        this.width = width;
        this.side = side;
        this.real = width == positions && side.real() == null ? null : real(rows);
        this.k = new double[count];
        this.t = new double[count];
    }

    private A real(Rows<A> rows) {
        double[] flags = new double[count * width];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = isReal(i) ? 1 : 0;
        }
        A made = rows.room(flags.length);
        rows.put(flags, 0, made, 0, flags.length);
        return made;
    }

    int count() {
        return count;
    }

    /** Whether a position is one of the sentence's. */
    boolean isReal(int at) {
        return at % width < positions && side.isReal(at / width, at % width);
    }

    /** How many positions a sentence has. */
    int length(int sentence) {
        return side.length(sentence);
    }

    /** 1 at positions that are there, else 0; null if all are. */
    @Nullable A real() {
        return real;
    }

    /** By their number, in the order of the steps. */
    List<Look<A>> looks() {
        return looks;
    }

    /** For each attention Gᵀ of all sentences, {@code [sentence][key][query]}. */
    List<A> turned() {
        return turned;
    }

    /** K of each sentence with itself, at the end. */
    double[] k() {
        return k;
    }

    /** Θ of each sentence with itself, at the end. */
    double[] t() {
        return t;
    }
}
