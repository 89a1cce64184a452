package org.ntk4j.solver;

import java.util.Locale;
import org.ntk4j.base.Failure;

/** A kernel that is not positive definite, in the user's words. */
public final class Indefinite {

    private Indefinite() {
    }

    static Failure failure(double quotient, double ridge) {
        return Failure.run(String.format(Locale.ROOT, "the kernel with its ridge %.3g is not positive definite: a direction has the "
                + "eigenvalue %.3g or less; use a ridge above %.3g, "
                + "or compute the kernel in float64", ridge, quotient, ridge - 2 * quotient));
    }

    /**
     * A pivot of a factorisation that is not positive.
     *
     * @param pivot its index, counted from 0
     * @param helps a relative ridge that helps
     */
    public static Failure pivot(int pivot, double ridge, double helps) {
        return Failure.run(String.format(Locale.ROOT, "the kernel with its ridge %.3g is not positive definite: the factorisation ends at "
                + "pivot %d, so training input %d depends on those before it "
                + "(does it repeat one of them?); use a ridge of %.1g of the mean diagonal, or solver: eigen, which leaves such directions "
                        + "out", ridge, pivot, pivot, helps));
    }
}
