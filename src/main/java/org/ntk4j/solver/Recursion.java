package org.ntk4j.solver;

import java.util.Arrays;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.KernelProduct;

/**
 * Where conjugate gradients for {@code (K + r)X = B} stand, all columns at once. Products are rough ones where the kernel has such and they
 * suffice, see {@link Drift}. The residual is computed anew from time to time then, and takes the place of the one that was carried
 * along; the directions go on, and with them what the recursion knows of the kernel (van der Vorst &amp; Ye 2000). Where rough products
 * do not suffice, the product is exact, and the direction of the smallest curvature is kept.
 */
final class Recursion {

    /** Below this share of the largest Rayleigh quotient a negative one is rounding. */
    private static final double ROUNDING = 1e-12;
    /** A column whose residual was off by more than this share of it begins again. */
    private static final double OFF = 0.1;

    private final KernelProduct kernel;
    private final double ridge;
    private final double[] b;
    private final int k;
    private final double[] norms;
    /** Lengths of residuals that are asked for. */
    private final double[] aims;
    private final Preconditioner preconditioner;
    private final Tridiagonals coefficients;
    private final Drift drift;
    private final KeptDirections kept;
    private final double[] x;
    private double[] r;
    /** Lengths of the columns of r. */
    private double[] sizes;
    /** The preconditioned residual, and the direction; both are written over again and again. */
    private final double[] z;
    private final double[] p;
    /** The product with the last direction, and the curvature along it; 0 where a column begins with the preconditioned residual. */
    private double[] q = new double[0];
    private double[] curvatures;
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest;
    private int products;
    /** Whether the residual is that of the solution, rather than what the recursion has made of it. */
    private boolean exact = true;
    /** Whether there are rough products, as far as is known, and whether the next one is one. */
    private boolean rough = true;
    private boolean roughNext;
    private boolean limited;

    /**
     * Begins.
     *
     * @param start where; becomes the solution
     * @param goal  the relative residual of each column that is asked for
     */
    Recursion(KernelProduct kernel, double ridge, double[] b, int k, double[] start, Preconditioner preconditioner, double goal) {
        this.kernel = kernel;
        this.ridge = ridge;
        this.b = b;
        this.k = k;
        this.norms = Columns.norms(b, k);
        this.aims = Arrays.stream(norms).map(norm -> goal * norm).toArray();
        this.preconditioner = preconditioner;
        this.coefficients = new Tridiagonals(k);
        this.drift = new Drift(k);
        this.kept = new KeptDirections(k);
        this.x = start;
        this.z = new double[b.length];
        this.p = new double[b.length];
        this.curvatures = new double[k];
        boolean zero = Arrays.stream(start).allMatch(v -> v == 0);
        this.r = zero ? b.clone() : ConjugateGradients.rest(kernel, ridge, b, x, k);
        this.products = zero ? 0 : 1;
        this.sizes = Columns.norms(r, k);
    }

    double[] x() {
        return x;
    }

    double[] residual() {
        return r;
    }

    /** How many products there were. */
    int products() {
        return products;
    }

    boolean isExact() {
        return exact;
    }

    /** Whether exact products, too, have led to a residual that was not that of the solution. */
    boolean isLimited() {
        return limited;
    }

    double smallest() {
        return smallest;
    }

    double condition() {
        return coefficients.condition();
    }

    /** The largest relative residual of a column. */
    double relative() {
        double worst = 0;
        for (int c = 0; c < k; c++) {
            double share = norms[c] == 0 ? sizes[c] : sizes[c] / norms[c];
            worst = Double.isNaN(share) ? Double.NaN : Math.max(worst, share);
        }
        if (Double.isNaN(worst)) {
            throw Failure.run("conjugate gradients: the numbers left the range of float64");
        }
        return worst;
    }

    /** Whether rough products may have moved the residual so far that it is to be computed anew. */
    boolean hasDrifted() {
        return !exact && drift.isLarge(aims, sizes);
    }

    /** Computes the residual anew; columns where it was far off begin again from there. */
    void renew() {
        double[] anew = ConjugateGradients.rest(kernel, ridge, b, x, k);
        products++;
        for (int i = 0; i < r.length; i++) {
            r[i] -= anew[i];
        }
        double[] differences = Columns.norms(r, k);
        r = anew;
        sizes = Columns.norms(r, k);
        drift.end(differences, aims, sizes);
        for (int c = 0; c < k; c++) {
            boolean off = differences[c] > OFF * sizes[c];
            limited |= off && !rough;
            curvatures[c] = off ? 0 : curvatures[c];
        }
        exact = true;
    }

    /** From here on all products are exact; where there were rough ones before, all begins again. */
    void renewExactly() {
        renew();
        if (rough) {
            Arrays.fill(curvatures, 0);
            kept.clear();
        }
        rough = false;
        roughNext = false;
    }

    /** An iteration. */
    void step() {
        turn();
        double[] squares = Columns.dots(p, p, k);
        double[] rp = Columns.dots(r, p, k);
        Optional<double[]> steps = roughNext ? roughly(rp, squares) : Optional.empty();
        boolean keeps = false;
        boolean isExactly = steps.isEmpty();
        if (isExactly) {
            steps = Optional.of(exactly(rp, squares));
            roughNext = rough && drift.allows(steps.get(), squares, curvatures, aims, sizes);
            keeps = rough && !roughNext;
        }
        see(squares, isExactly);
        double[] alpha = steps.get();
        coefficients.alpha(alpha);
        Columns.add(x, alpha, p, k);
        Columns.add(r, Arrays.stream(alpha).map(a -> -a).toArray(), q, k);
        if (keeps) {
            keep(squares);
        }
        kept.solve(x, r);
        sizes = Columns.norms(r, k);
        exact = false;
    }

    /** The next direction: the preconditioned residual, made conjugate to the one before, whatever its rounding, and to those kept. */
    private void turn() {
        preconditioner.apply(r, k, z);
        double[] beta = new double[k];
        if (Arrays.stream(curvatures).allMatch(v -> v == 0)) {
            coefficients.restart();
        } else {
            double[] zq = Columns.dots(z, q, k);
            Arrays.setAll(beta, c -> curvatures[c] > 0 ? -zq[c] / curvatures[c] : 0);
            coefficients.beta(beta);
        }
        // Not held during the product.
        q = new double[0];
        Columns.scaleAdd(p, beta, z, k);
        kept.conjugate(p);
    }

    /** Steps with rough products; empty where these do not do. */
    private Optional<double[]> roughly(double[] rp, double[] squares) {
        q = ConjugateGradients.plus(kernel.roughly(p, k).orElseThrow(), ridge, p);
        products++;
        double[] alpha = alpha(rp);
        if (drift.allows(alpha, squares, curvatures, aims, sizes)) {
            drift.add(alpha, squares);
            return Optional.of(alpha);
        }
        q = new double[0];
        return Optional.empty();
    }

    /** Steps with exact products; the first ones say how rough the others are. */
    private double[] exactly(double[] rp, double[] squares) {
        Optional<double[]> roughly = rough && !drift.isKnown() ? kernel.roughly(p, k) : Optional.empty();
        q = kernel.times(p, k);
        products += roughly.isPresent() ? 2 : 1;
        if (roughly.isPresent()) {
            double[] off = roughly.get();
            for (int i = 0; i < off.length; i++) {
                off[i] -= q[i];
            }
            drift.measure(Columns.norms(off, k), squares);
        }
        rough &= drift.isKnown() || roughly.isPresent();
        ConjugateGradients.plus(q, ridge, p);
        return alpha(rp);
    }

    private double[] alpha(double[] rp) {
        curvatures = Columns.dots(p, q, k);
        double[] alpha = new double[k];
        Arrays.setAll(alpha, c -> curvatures[c] > 0 ? rp[c] / curvatures[c] : 0);
        return alpha;
    }

    /** Looks at the Rayleigh quotients; only those of exact products tell that a kernel is indefinite. */
    private void see(double[] squares, boolean isExactly) {
        for (int c = 0; c < k; c++) {
            double quotient = squares[c] > 0 ? curvatures[c] / squares[c] : 0;
            largest = Math.max(largest, quotient);
            if (isExactly && quotient < -ROUNDING * largest) {
                throw Indefinite.failure(quotient, ridge);
            }
            smallest = curvatures[c] > 0 ? Math.min(smallest, quotient) : smallest;
        }
    }

    /** Keeps the direction of the smallest curvature; the others go on without what they have of it. */
    private void keep(double[] squares) {
        int least = -1;
        for (int c = 0; c < k; c++) {
            boolean open = sizes[c] > aims[c] && curvatures[c] > 0;
            least = open && (least < 0 || curvatures[c] / squares[c] < curvatures[least] / squares[least]) ? c : least;
        }
        if (least >= 0 && kept.keep(p, q, least)) {
            kept.conjugate(p, q);
            curvatures = Columns.dots(p, q, k);
            curvatures[least] = 0;
        }
    }
}
