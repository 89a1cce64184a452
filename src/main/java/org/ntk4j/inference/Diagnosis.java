package org.ntk4j.inference;

import java.util.List;
import java.util.Locale;
import org.ntk4j.kernel.Spectrum;

/**
 * How far a regression can be trusted.
 *
 * @param inputs                    how many training inputs
 * @param smallestEigenvalue        of K, without the ridge
 * @param largestEigenvalue         of K, without the ridge
 * @param conditionNumber           of K + r; infinite where that is not positive definite
 * @param exact                     false where the eigenvalues and degrees of freedom are estimates, beside a Cholesky factorisation
 * @param asymmetry                 largest difference of K to its transpose over its largest value; half of it was taken off
 * @param ridge                     what was added to the diagonal
 * @param choice                    how the ridge was given or chosen
 * @param cutoff                    eigenvalues of K + r below this are taken as 0: N·epsilon·λ_max, or the size of the most negative one
 * @param dropped                   how many eigendirections were left out for that
 * @param effectiveDegreesOfFreedom the trace of the map from targets to predictions on the training inputs
 * @param residual                  {@code ‖(K + r)w − b‖/‖b‖}: what the weights leave of the targets
 * @param duplicates                inputs that repeat an earlier one
 * @param solver                    how the weights were found, in a few words
 * @param iterations                products with the kernel, where they were found by iteration; else 0
 * @param asked                     the residual at which the iteration was to end; 0 without one
 */
public record Diagnosis(int inputs, double smallestEigenvalue, double largestEigenvalue, double conditionNumber, boolean exact,
        double asymmetry, double ridge, Ridge choice, double cutoff, int dropped, double effectiveDegreesOfFreedom, double residual,
        List<Duplicate> duplicates, String solver, int iterations, double asked) {

    private static final double ILL_CONDITIONED = 1e10;
    private static final double NOTABLE_ASYMMETRY = 1e-5;
    private static final double ROUNDING = Math.ulp(1.0);

    /** Two inputs with the same row of the kernel, by their indices. */
    public record Duplicate(int first, int second) {
    }

    public Diagnosis {
        duplicates = List.copyOf(duplicates);
    }

    static Diagnosis of(Problem problem, RegressionWeights weights) {
        double smallest = weights.smallest() + problem.ridge();
        return new Diagnosis(problem.inputs(), weights.smallest(), weights.largest(),
                smallest > 0 ? (weights.largest() + problem.ridge()) / smallest : Double.POSITIVE_INFINITY, weights.exact(),
                problem.kernel().asymmetry(), problem.ridge(), problem.choice(), weights.cutoff(), weights.dropped(), weights.degrees(),
                weights.residual(), problem.kernel().duplicates(), weights.how().solver(), weights.how().iterations(),
                        weights.how().asked());
    }

    /** True unless an eigenvalue is more negative than float64 rounding explains. */
    public boolean positiveSemidefinite() {
        return smallestEigenvalue >= -inputs * ROUNDING * Math.abs(largestEigenvalue);
    }

    /** One sentence on what to do; empty if all is well. */
    public String advice() {
        if (asked > 0 && residual > 2 * asked) {
            return String.format(Locale.ROOT, "%s ended at a relative residual of %.2g after %d products with the kernel, %.2g was asked "
                    + "for: use a ridge above %.2g of the largest eigenvalue, or "
                    + "solver: cholesky", solver, residual, iterations, asked, ROUNDING / asked);
        }
        if (!positiveSemidefinite()) {
            return String.format(Locale.ROOT, "the kernel is not positive semidefinite (smallest eigenvalue %.3g): it carries errors of "
                    + "that "
                    + "size, as one computed in float32 does; compute it in float64, or use a ridge well above %.3g",
                    smallestEigenvalue, -smallestEigenvalue);
        }
        if (!duplicates.isEmpty() && ridge <= cutoff) {
            return duplicates.size() + " inputs repeat an earlier one (the first: " + duplicates.get(0).second() + " repeats "
                    + duplicates.get(0).first() + "), so their targets are averaged: remove them, or use a ridge such as ridge(auto())";
        }
        if (dropped > 0) {
            return dropped + " of " + inputs + " eigendirections are below the cut-off and were left out: use a ridge such as "
                    + "ridge(auto())";
        }
        if (conditionNumber > ILL_CONDITIONED) {
            return String.format(Locale.ROOT, "the kernel is ill-conditioned, about %.0f of 16 digits are lost: use a ridge such as "
                    + "ridge(auto())",
                    Math.log10(conditionNumber));
        }
        if (asymmetry > NOTABLE_ASYMMETRY) {
            return String.format(Locale.ROOT, "the kernel differs from its transpose by %.2g: it was computed with that error", asymmetry);
        }
        return "";
    }

    @Override
    public String toString() {
        String line = String.format(Locale.ROOT, "%d inputs, eigenvalues %s%.4g to %.4g, %s, ridge %.4g (%s), cut-off "
                + "%.2g"
                + " (%d directions left out), %.1f degrees of freedom, residual %.2g%s, asymmetry %.2g, %d duplicates; %s", inputs,
                exact ? "" : "about ", smallestEigenvalue, largestEigenvalue, Spectrum.condition(conditionNumber), ridge,
                choice, cutoff, dropped,
                effectiveDegreesOfFreedom, residual, iterations == 0 ? "" : " after " + iterations + " products", asymmetry,
                        duplicates.size(), solver);
        return advice().isEmpty() ? line : line + System.lineSeparator() + "advice: " + advice();
    }
}
