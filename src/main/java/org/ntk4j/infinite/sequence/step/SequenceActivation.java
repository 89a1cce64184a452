package org.ntk4j.infinite.sequence.step;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;
import org.ntk4j.rows.Terms;

/** Activations: by their closed form, by their series, or by their expectations. Belongs to one thread. */
final class SequenceActivation<A> {

    private final BatchRows<A> batches;
    private final Rows<A> rows;
    private final OwnVariances<A> variances;
    private Pairs pairs = new Pairs(0);
    private @Nullable SeriesRows<A> series;

    SequenceActivation(BatchRows<A> batches, OwnVariances<A> variances) {
        this.batches = batches;
        this.rows = batches.rows();
        this.variances = variances;
    }

    SequenceBatch<A> take(Step.Activate a, SequenceBatch<A> start) {
        SequenceBatch<A> b = batches.settled(start);
        Optional<Series> found = a.form() == null ? a.phi().series(rows.isSingle()) : Optional.empty();
        OwnVariances.@Nullable Equal<A> own = b.own() ? look(a, found, b) : null;
        SideFeatures.Look<A> one = b.side1().look(a.look());
        SideFeatures.Look<A> other = b.side2().look(a.look());
        int n = batches.places(b);
        int lanes = rows.lanes();
        @Nullable A theta = b.tangents() ? b.t() : null;
        for (int line = 0; line < b.lines(); line++) {
            int at = line * b.line();
            int l = b.left(line);
            int r = b.right(line);
            if (a.form() != null) {
                batches.rows(b).activate(a.form(), b.k(), b.t(), at, n, one.q(), one.g(), l, 0, other.q(), other.g(), other.rest(), r,
                        lanes);
            } else if (found.isPresent()) {
                series(b.line()).cross(a.phi(), found.get(), b.k(), theta, at, n, side(one, l, 0), side(other, r, lanes));
            } else {
                rows.expectations(a.phi(), room(b.line()), b.k(), theta, at, n, one.q(), l, 0, other.q(), r, lanes);
            }
        }
        if (own != null) {
            variances.put(own, b);
        }
        if (a.form() == null) {
            batches.mask(b);
        }
        return b;
    }

    /** K and Θ at equal positions behind the activation; what pairs need of the variances is kept. */
    private OwnVariances.Equal<A> look(Step.Activate a, Optional<Series> found, SequenceBatch<A> b) {
        OwnVariances.Equal<A> own = variances.of(b);
        A k = own.k();
        A t = own.t();
        variances.check(k, b);
        int values = b.count() * b.width();
        int places = values / rows.lanes();
        A q = rows.room(values);
        A g = rows.room(values);
        A rest = rows.room(values);
        Terms<A> terms = null;
        if (a.form() != null) {
            rows.own(a.form(), k, t, 0, places, q, g, rest, 0);
        } else if (found.isPresent()) {
            Terms.Planes<A> planes = new Terms.Planes<>(rows, values);
            series(values).own(a.phi(), found.get(), k, t, 0, places, q, g, rest, planes, 0);
            terms = Terms.of(rows, planes.count(), planes.isWhole(), 1, values,
                    (y, m, to, at) -> System.arraycopy(planes.plane(m), 0, to, at, values));
        } else {
            rows.ownExpectations(a.phi(), room(values), k, t, 0, places, q, 0);
        }
        variances.clear(b, g, rest, k, t);
        b.side1().looks().put(a.look(), new SideFeatures.Look<>(q, g, rest, terms));
        return own;
    }

    private static <A> SeriesRows.Side<A> side(SideFeatures.Look<A> look, int at, int step) {
        return new SeriesRows.Side<>(look.q(), look.g(), look.rest(), at, step, Objects.requireNonNull(look.terms()), at);
    }

    private Pairs room(int most) {
        if (pairs.q11.length < most) {
            pairs = new Pairs(most);
            series = null;
        }
        return pairs;
    }

    private SeriesRows<A> series(int most) {
        Pairs wide = room(most);
        SeriesRows<A> made = series == null ? new SeriesRows<>(rows, wide) : series;
        series = made;
        return made;
    }
}
