package org.ntk4j.infinite.plane.step;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;

/** What an activation does to rows of pairs: by its closed form, by its series, or by its expectations. Belongs to one thread. */
final class PlaneActivation<A> {

    private final KernelRows<A> kernels;
    private final Rows<A> rows;
    private final Pairs pairs;
    private final SeriesRows<A> series;

    PlaneActivation(KernelRows<A> kernels, Pairs pairs) {
        this.kernels = kernels;
        this.rows = kernels.rows();
        this.pairs = pairs;
        this.series = new SeriesRows<>(rows, pairs);
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

    /** What a closed form takes of an image and of others. */
    Closed<A> closed(Nonlinearity phi, int look, PlaneImage<A> left, PlaneImage<A> right) {
        return new Closed<>(kernels, phi.arc().orElseThrow(), left.q().get(look), left.g().get(look), left.layout().get(look),
                right.q().get(look), right.g().get(look), right.rest().get(look), right.layout().get(look));
    }

    /** A closed form with all that it takes, for one row after the other. */
    record Closed<A>(KernelRows<A> rows, Arc form, A q1, A g1, PlaneImage.Layout lies1, A q2, A g2, A rest,
            PlaneImage.Layout lies2) {

        /** A row of the left image with one of the others. */
        void row(A k, A t, int at, int n, int row, int other) {
            if (lies1.step() > 1) {
                rows.laneActivate(form, k, t, at, n, q1, g1, lies1.at(row), lies1.step(), q2, g2, rest, lies2.at(other), lies2.step());
            } else {
                rows.activate(form, k, t, at, n, q1, g1, lies1.at(row), 1, q2, g2, rest, lies2.at(other), lies2.step());
            }
        }
    }

    /**
     * A row of one image with others, by series or expectations.
     *
     * @return whether 0 may be 0 no more where no position is
     */
    boolean cross(Nonlinearity phi, int look, A k, A t, int at, int n, PlaneImage<A> left, int row, PlaneImage<A> right, int other) {
        Optional<Series> found = phi.series(rows.isSingle());
        @Nullable A theta = kernels.tangents() ? t : null;
        if (found.isPresent()) {
            series.cross(phi, found.get(), k, theta, at, n, left.side(look, row), right.side(look, other));
        } else {
            PlaneImage.Layout layout = right.layout().get(look);
            rows.expectations(phi, pairs, k, theta, at, n, left.q().get(look), left.layout().get(look).at(row), 1, right.q().get(look),
                    layout.at(other), layout.step());
        }
        return found.isEmpty();
    }
}
