package org.ntk4j.solver;

import java.util.Arrays;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.KernelProduct;

/**
 * Where conjugate gradients for {@code (K + r)X = B} stand, all columns at once. Products are rough ones where the kernel has such: then
 * the residual is to be computed anew each time that it has fallen by some digits, and where it has not, all products are exact from there
 * on (iterative refinement, Higham 2002, chapter 12).
 */
final class Recursion {

    /** After rough products that have brought the residual down by so much it is computed anew. */
    private static final double STAGE = 1e-3;
    /** It has to be so much smaller then. */
    private static final double GAIN = 0.1;
    /** Below this share of the largest Rayleigh quotient a negative one is rounding. */
    private static final double ROUNDING = 1e-12;

    private final KernelProduct kernel;
    private final double ridge;
    private final double[] b;
    private final int k;
    private final double[] norms;
    private final Preconditioner preconditioner;
    private final Tridiagonals coefficients;
    private final double[] x;
    private double[] r;
    /** The preconditioned residual, and the direction; both are written over again and again. */
    private final double[] z;
    private final double[] p;
    /** Whether the next direction is the preconditioned residual itself. */
    private boolean begins = true;
    private double[] before = new double[0];
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest;
    private int products;
    /** Whether the residual is that of the solution, rather than what the recursion has made of it. */
    private boolean exact = true;
    private boolean rough = true;
    /** The residual at which the stage began. */
    private double began = Double.POSITIVE_INFINITY;

    /**
     * Begins.
     *
     * @param start where; becomes the solution
     */
    Recursion(KernelProduct kernel, double ridge, double[] b, int k, double[] start, Preconditioner preconditioner) {
        this.kernel = kernel;
        this.ridge = ridge;
        this.b = b;
        this.k = k;
        this.norms = Columns.norms(b, k);
        this.preconditioner = preconditioner;
        this.coefficients = new Tridiagonals(k);
        this.x = start;
        this.z = new double[b.length];
        this.p = new double[b.length];
        this.r = b;
        if (Arrays.stream(start).allMatch(v -> v == 0)) {
            this.r = b.clone();
        } else {
            renew();
        }
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

    boolean isRough() {
        return rough;
    }

    double smallest() {
        return smallest;
    }

    double condition() {
        return coefficients.condition();
    }

    /** The largest relative residual of a column. */
    double relative() {
        double[] left = Columns.norms(r, k);
        double worst = 0;
        for (int c = 0; c < k; c++) {
            double share = norms[c] == 0 ? left[c] : left[c] / norms[c];
            worst = Double.isNaN(share) ? Double.NaN : Math.max(worst, share);
        }
        if (Double.isNaN(worst)) {
            throw Failure.run("conjugate gradients: the numbers left the range of float64");
        }
        return worst;
    }

    /** The residual below which it is to be computed anew. */
    double aim(double relative, double goal) {
        if (exact && rough) {
            rough = relative <= GAIN * began;
            began = relative;
        }
        return rough ? Math.max(goal, STAGE * began) : goal;
    }

    /** Computes the residual anew; the recursion begins again from there. */
    void renew() {
        r = ConjugateGradients.rest(kernel, ridge, b, x, k);
        products++;
        exact = true;
        begins = true;
    }

    /** From here on all products are exact. */
    void renewExactly() {
        rough = false;
        renew();
    }

    /** An iteration. */
    void step() {
        preconditioner.apply(r, k, z);
        double[] rz = Columns.dots(r, z, k);
        if (begins) {
            System.arraycopy(z, 0, p, 0, p.length);
            coefficients.restart();
        } else {
            double[] beta = new double[k];
            for (int c = 0; c < k; c++) {
                beta[c] = before[c] == 0 ? 0 : rz[c] / before[c];
            }
            coefficients.beta(beta);
            Columns.scaleAdd(p, beta, z, k);
        }
        double[] q = product(p);
        products++;
        double[] pq = Columns.dots(p, q, k);
        double[] pp = Columns.dots(p, p, k);
        double[] alpha = new double[k];
        double[] minus = new double[k];
        for (int c = 0; c < k; c++) {
            largest = Math.max(largest, pp[c] > 0 ? pq[c] / pp[c] : 0);
            if (pp[c] > 0 && pq[c] / pp[c] < -ROUNDING * largest) {
                if (rough) {
                    renewExactly();
                    return;
                }
                throw Indefinite.failure(pq[c] / pp[c], ridge);
            }
            smallest = pq[c] > 0 ? Math.min(smallest, pq[c] / pp[c]) : smallest;
            alpha[c] = pq[c] > 0 ? rz[c] / pq[c] : 0;
            minus[c] = -alpha[c];
        }
        coefficients.alpha(alpha);
        Columns.add(x, alpha, p, k);
        Columns.add(r, minus, q, k);
        begins = false;
        before = rz;
        exact = false;
    }

    private double[] product(double[] direction) {
        Optional<double[]> roughly = rough ? kernel.roughly(direction, k) : Optional.empty();
        rough = roughly.isPresent();
        return ConjugateGradients.plus(roughly.isPresent() ? roughly.get() : kernel.times(direction, k), ridge, direction);
    }
}
