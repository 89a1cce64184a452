package org.ntk4j.infinite.plane.step;

import java.util.Arrays;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.rows.Rows;

/** What is done with each row alone, made ready for the images that meet. Belongs to one thread. */
final class PlaneWork<A> {

    private final KernelPlanes<A> planes;
    private final PlaneMasks<A> masks;
    private final PlaneActivation<A> activation;

    PlaneWork(KernelPlanes<A> planes, PlaneMasks<A> masks, PlaneActivation<A> activation) {
        this.planes = planes;
        this.masks = masks;
        this.activation = activation;
    }

    OfRow of(PlanePasses.Work work, Meeting<A> images, RowPairs pairs) {
        int w = pairs.w();
        if (work instanceof PlanePasses.Activate a) {
            return activate(a, images, pairs);
        } else if (work instanceof PlanePasses.Add add) {
            return (y, other) -> planes.add(add.from(), add.to(), y, w);
        } else if (work instanceof PlanePasses.Multiply m) {
            return (y, other) -> planes.multiply(m.from(), m.to(), y, w);
        } else if (work instanceof PlanePasses.Drop drop) {
            return drop(drop, images, w);
        } else if (work instanceof PlanePasses.Scale s) {
            return scale(s, images, pairs);
        } else if (work instanceof PlanePasses.Normalize n) {
            return normalize(n, images, pairs);
        }
        PlanePasses.Copy c = (PlanePasses.Copy) work;
        return (y, other) -> planes.copy(c.from(), c.to(), y, w);
    }

    private OfRow activate(PlanePasses.Activate a, Meeting<A> images, RowPairs pairs) {
        PlaneImage<A> one = images.left();
        PlaneImage<A> right = images.right();
        A toK = planes.k(a.to());
        A toT = planes.t(a.to());
        int w = pairs.w();
        Nonlinearity phi = a.does().phi();
        boolean isClosed = phi.arc().isPresent();
        PlaneActivation.Closed<A> closed = isClosed && one != null ? activation.closed(phi, a.look(), one, right) : null;
        return (y, other) -> {
            if (a.from() != a.to()) {
                planes.copy(a.from(), a.to(), y, w);
            }
            int at = planes.at(y);
            if (one == null) {
                activation.own(phi, a.look(), toK, toT, at, w, right, other);
            } else if (closed != null) {
                closed.row(toK, toT, at, w, y, other);
            } else if (activation.cross(phi, a.look(), toK, toT, at, w, one, y, right, other)) {
                masks.cut(a.to(), images, pairs, y);
            }
            if (right.real() != null && !isClosed) {
                masks.cut(a.to(), images, pairs, y, other);
            }
        };
    }

    private OfRow scale(PlanePasses.Scale s, Meeting<A> images, RowPairs pairs) {
        Rows.Affine map = s.map().affine();
        int w = pairs.w();
        boolean cuts = map.bias() != 0 || map.biasT() != 0;
        return (y, other) -> {
            planes.linear(s.plane(), y, w, map);
            if (cuts) {
                masks.cut(s.plane(), images, pairs, y, other);
            }
        };
    }

    /** Lanes in which an image's positions meet themselves, or all of them where each image meets itself. */
    private OfRow drop(PlanePasses.Drop drop, Meeting<A> images, int w) {
        double[] factors = new double[planes.lanes()];
        Arrays.setAll(factors, j -> images.left() == null || images.around() > 0 && images.turn() == 0
                && (images.lane() + j) % images.around() == 0 ? 1 / drop.keep() : 1);
        if (Arrays.stream(factors).allMatch(f -> f == 1)) {
            return (y, other) -> { };
        }
        A each = LaneColumns.rounded(planes.rows().rows(), factors);
        return (y, other) -> planes.mask(drop.plane(), y, w, each, 0, 0);
    }

    private OfRow normalize(PlanePasses.Normalize n, Meeting<A> images, RowPairs pairs) {
        int w = pairs.w();
        PlaneImage<A> one = images.left();
        PlaneImage<A> right = images.right();
        PlaneImage.Layout layout = right.layout().get(n.look());
        A factors = right.g().get(n.look());
        A k = planes.k(n.plane());
        A t = planes.t(n.plane());
        if (one == null && n.does().overAll()) {
            overAll(n, right, pairs);
            return (y, other) -> planes.rows().weighOwn(k, t, planes.at(y), w, factors, layout.at(other));
        }
        return (y, other) -> {
            if (one == null) {
                System.arraycopy(k, planes.at(y), right.q().get(n.look()), layout.at(other), w * planes.lanes());
                planes.rows().rows().ownWeigh(n.does().epsilon(), k, t, planes.at(y), w, factors, layout.at(other));
            } else {
                planes.weigh(n.plane(), y, w, one.g().get(n.look()), one.layout().get(n.look()).at(y), factors, layout.at(other),
                        layout.step());
            }
        };
    }

    /** The features of a normalization over all positions, of images in lanes: the same factor at all positions of an image. */
    private void overAll(PlanePasses.Normalize n, PlaneImage<A> images, RowPairs pairs) {
        Rows<A> rows = planes.rows().rows();
        int lanes = planes.lanes();
        A real = images.real();
        PlaneImage.Layout layout = images.layout().get(n.look());
        double[] row = new double[pairs.w() * lanes];
        double[] there = new double[row.length];
        Arrays.fill(there, 1);
        double[] sums = new double[lanes];
        double[] counts = new double[lanes];
        for (int y = 0; y < pairs.h(); y++) {
            System.arraycopy(planes.k(n.plane()), planes.at(y), images.q().get(n.look()), layout.at(y), row.length);
            rows.get(planes.k(n.plane()), planes.at(y), row, 0, row.length);
            if (real != null) {
                rows.get(real, images.input().at(y), there, 0, row.length);
            }
            for (int i = 0; i < row.length; i++) {
                sums[i % lanes] += row[i];
                counts[i % lanes] += there[i];
            }
        }
        for (int y = 0; y < pairs.h(); y++) {
            if (real != null) {
                rows.get(real, images.input().at(y), there, 0, row.length);
            }
            for (int i = 0; i < row.length; i++) {
                row[i] = there[i] / Math.sqrt(n.does().epsilon() + sums[i % lanes] / counts[i % lanes]);
            }
            rows.put(row, 0, images.g().get(n.look()), layout.at(y), row.length);
        }
    }
}
