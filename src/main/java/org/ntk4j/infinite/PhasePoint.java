package org.ntk4j.infinite;

/**
 * What becomes of signals in an infinitely deep network with these variances (Poole et al. 2016; Schoenholz et al. 2017).
 *
 * @param wVariance wStd²
 * @param bVariance bStd²
 * @param q         the variance of the values that layers tend to; 0: signals die out, infinite: they grow without end
 * @param c         the correlation of two inputs that layers tend to: 1 in the ordered phase
 * @param chi       χ = wStd² E[φ'(u)²] at q: what a layer multiplies small differences, and squared gradients, by
 * @param chiC      the slope of the map of correlations at c: what a layer multiplies differences from c by
 * @param depthQ    ξ_q = −1/log of the slope of the map of variances: after this many layers differences from q are e times smaller
 * @param depthC    ξ_c = −1/log χ_c: over this many layers two inputs can be told apart
 */
public record PhasePoint(double wVariance, double bVariance, double q, double c, double chi, double chiC, double depthQ, double depthC) {

    private static final double TIE = 1e-9;

    /** {@code ordered}, {@code chaotic}, or {@code critical}: χ below, above, or at 1. */
    public String phase() {
        return Math.abs(chi - 1) <= TIE ? "critical" : chi < 1 ? "ordered" : "chaotic";
    }
}
