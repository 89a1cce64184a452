package org.ntk4j.infinite.plane;

import java.util.Optional;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;

/** What an activation does to rows of pairs: by its closed form, by its series, or by its expectations. Belongs to one thread. */
final class PlaneActivation<A> {

    private final Rows<A> rows;
    private final Pairs pairs;
    private final SeriesRows<A> series;
    private final boolean tangents;

    PlaneActivation(Rows<A> rows, Pairs pairs, boolean tangents) {
        this.rows = rows;
        this.pairs = pairs;
        this.series = new SeriesRows<>(rows, pairs);
        this.tangents = tangents;
    }

    /** Each value with itself; writes the features of images in lanes. */
    void own(Nonlinearity phi, int look, A k, A t, int at, int n, PlaneImage<A> images, int row) {
        int to = images.layout().get(look).at(row);
        A q = images.q().get(look);
        A g = images.g().get(look);
        A rest = images.rest().get(look);
        Arc form = phi.arc().orElse(null);
        if (form != null) {
            rows.own(form, k, t, at, n, q, g, rest, to);
            return;
        }
        Optional<Series> found = phi.series(rows.isSingle());
        if (found.isPresent()) {
            series.own(phi, found.get(), k, t, at, n, q, g, rest, images.written().get(look), to);
        } else {
            rows.ownExpectations(phi, pairs, k, t, at, n, q, to);
        }
    }

    /**
     * A row of one image with one of others.
     *
     * @return whether 0 may be 0 no more where no position is
     */
    boolean cross(Nonlinearity phi, int look, A k, A t, int at, int n, PlaneImage<A> left, int row, PlaneImage<A> right, int other) {
        Arc form = phi.arc().orElse(null);
        Optional<Series> found = form == null ? phi.series(rows.isSingle()) : Optional.empty();
        if (found.isPresent()) {
            series.cross(phi, found.get(), k, t, at, n, left.side(look, row), right.side(look, other));
            return false;
        }
        PlaneImage.Layout layout = right.layout().get(look);
        int of1 = left.layout().get(look).at(row);
        int of2 = layout.at(other);
        A q1 = left.q().get(look);
        A q2 = right.q().get(look);
        if (form == null) {
            rows.expectations(phi, pairs, k, t, at, n, q1, of1, 1, q2, of2, layout.step());
        } else if (tangents) {
            rows.activate(form, k, t, at, n, q1, left.g().get(look), of1, 1, q2, right.g().get(look), right.rest().get(look), of2,
                    layout.step());
        } else {
            rows.activate(form, k, at, n, q1, left.g().get(look), of1, 1, q2, right.g().get(look), of2, layout.step());
        }
        return form == null;
    }
}
