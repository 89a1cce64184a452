package org.ntk4j.inference;

import org.ntk4j.base.Failure;

/**
 * The largest learning rate at which training in the kernel's regime does not diverge. With λ the largest eigenvalue of
 * the tangent kernel, N inputs and k outputs, an update multiplies the leading residual by a factor in
 * {@code a = ηλ/(Nk)} that stays below 1 in size while a is below the rule's bound.
 */
public final class LearningRates {

    /** How a gradient g becomes a step, with momentum m: {@code v ← m v + g} first. */
    public enum Rule {
        /** {@code θ ← θ − η g}: stable while a &lt; 2. */
        GRADIENT_DESCENT,
        /** {@code θ ← θ − η v}: stable while a &lt; 2(1 + m). */
        MOMENTUM,
        /** {@code θ ← θ − η (g + m v)}: stable while a &lt; (2 + 2m)/(1 + 2m). */
        NESTEROV
    }

    /** What is minimised. */
    public enum Loss {
        /** {@code 1/(2Nk)·‖f − y‖²}. */
        MSE,
        /** The mean over the inputs; the Hessian of softmax is at most ½, so 2 takes the place of k. */
        CROSS_ENTROPY
    }

    private LearningRates() {
    }

    /**
     * The largest stable learning rate for the full batch.
     *
     * @param momentum  m, at least 0 and below 1; not used for {@link Rule#GRADIENT_DESCENT}
     * @param lambdaMax the largest eigenvalue of the kernel: of the full {@code nk × nk} one, or of the mean over outputs
     * @return infinite for a kernel of zeros
     */
    public static double largestStable(Rule rule, double momentum, Loss loss, double lambdaMax, int inputs, int outputs) {
        if (!(lambdaMax >= 0)) {
            throw Failure.input("the largest eigenvalue of a kernel is not negative; it is " + lambdaMax);
        }
        return bound(rule, momentum) * curvature(loss, outputs) * inputs / lambdaMax;
    }

    /**
     * The largest stable rate for batches: also at most {@code 2k/max_i Θ(x_i, x_i)}, so that no single input diverges.
     *
     * @param maxDiagonal the largest value on the kernel's diagonal
     */
    public static double largestStable(Rule rule, double momentum, Loss loss, double lambdaMax, int inputs, int outputs,
            double maxDiagonal) {
        return Math.min(largestStable(rule, momentum, loss, lambdaMax, inputs, outputs), 2 * curvature(loss, outputs) / maxDiagonal);
    }

    /** The bound on a, from the roots of the update's characteristic polynomial. */
    static double bound(Rule rule, double momentum) {
        requireMomentum(momentum);
        return switch (rule) {
            case GRADIENT_DESCENT -> 2;
            case MOMENTUM -> 2 * (1 + momentum);
            case NESTEROV -> (2 + 2 * momentum) / (1 + 2 * momentum);
        };
    }

    static void requireMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw Failure.input("momentum " + momentum + " is not allowed: at least 0 and below 1");
        }
    }

    private static double curvature(Loss loss, int outputs) {
        return loss == Loss.MSE ? outputs : 2;
    }
}
