package org.ntk4j.solver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ntk4j.kernel.Vectors;

/**
 * Some directions of conjugate gradients with their exact products, those of the smallest curvature: what rough products put on them is as
 * large as the products themselves. The residual is taken off along them after each step, without a product, and new directions are made
 * conjugate to them; else every column would have to find them once more each time that its residual has fallen to what rounding has left
 * there (selective orthogonalisation, Parlett &amp; Scott 1979). The columns of a block share them (deflation, Saad et al. 2000).
 */
final class KeptDirections {

    /** How many are kept; each with its product. */
    static final int MOST = 16;
    /** A direction of whose energy less than this share is left beside the others says nothing new. */
    private static final double NEW = 1e-3;

    private final int k;
    private final List<Kept> all = new ArrayList<>();

    /** None, for blocks of k columns. */
    KeptDirections(int k) {
        this.k = k;
    }

    /**
     * A direction, conjugate to the others.
     *
     * @param direction w, with {@code wᵀ(K + r)w = 1}
     * @param image     {@code (K + r)w}
     * @param curvature {@code 1/wᵀw}
     */
    private record Kept(double[] direction, double[] image, double curvature) {
    }

    /**
     * Keeps one of a block's directions, if there is something new in it and it is not steeper than all others.
     *
     * @param p directions, {@code n × k} by rows
     * @param q their exact products
     * @param c the column
     * @return whether it is kept
     */
    boolean keep(double[] p, double[] q, int c) {
        double[] direction = Columns.part(p, k, c, c + 1);
        double[] image = Columns.part(q, k, c, c + 1);
        double whole = Vectors.dot(direction, image);
        for (Kept kept : all) {
            double share = Vectors.dot(kept.image, direction);
            Vectors.subtract(direction, kept.direction, share);
            Vectors.subtract(image, kept.image, share);
        }
        double energy = Vectors.dot(direction, image);
        if (!(energy > NEW * whole)) {
            return false;
        }
        double curvature = energy / Vectors.dot(direction, direction);
        if (all.size() == MOST) {
            Kept steepest = all.stream().max(Comparator.comparingDouble(Kept::curvature)).orElseThrow();
            if (curvature > steepest.curvature) {
                return false;
            }
            all.remove(steepest);
        }
        double length = Math.sqrt(energy);
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= length;
            image[i] /= length;
        }
        all.add(new Kept(direction, image, curvature));
        return true;
    }

    /** Forgets all. */
    void clear() {
        all.clear();
    }

    /** Takes a residual off along them: the solution takes it up. */
    void solve(double[] x, double[] r) {
        for (Kept kept : all) {
            double[] shares = Columns.along(r, kept.direction, k);
            Columns.addAlong(x, shares, 1, kept.direction, k);
            Columns.addAlong(r, shares, -1, kept.image, k);
        }
    }

    /** Makes directions conjugate to them. */
    void conjugate(double[] p) {
        for (Kept kept : all) {
            Columns.addAlong(p, Columns.along(p, kept.image, k), -1, kept.direction, k);
        }
    }

    /** Makes directions conjugate to them; their products follow. */
    void conjugate(double[] p, double[] q) {
        for (Kept kept : all) {
            double[] shares = Columns.along(p, kept.image, k);
            Columns.addAlong(p, shares, -1, kept.direction, k);
            Columns.addAlong(q, shares, -1, kept.image, k);
        }
    }
}
