package org.ntk4j.rows;

/**
 * The angle between two variables with a given correlation c, for {@link Rows}: arccos |c|, the acute one.
 *
 * <p>For 0 ≤ c ≤ 1 the function {@code arccos c / √(1−c²) = ∫ dt/(c + cosh t)} over t > 0 is analytic but for a cut that begins at c = −1,
 * and so close to a quotient of two short polynomials with positive coefficients, in which nothing cancels: fitted for the smallest
 * relative error, 1.8e-16 with degrees 5 and 6 (float64), 3.9e-8 with degrees 2 and 3 (float32), as their coefficients are rounded. The
 * denominator's highest one is 1: it begins with an addition, which other units of a processor do than those that multiply. The sine is
 * given: where it is taken from {@code q11 q22 − q12²}, equal inputs have θ = 0 exactly. With all rounding the error stays below 4e-16
 * (float64) and 1e-7 (float32) of a half turn.
 */
final class Angle {

    static final double P0 = 3127.7866213569323;
    static final double P1 = 6922.94214791087;
    static final double P2 = 5345.596722350886;
    static final double P3 = 1704.6142296744001;
    static final double P4 = 203.6994167061278;
    static final double P5 = 5.888801295816022;
    static final double Q0 = 1991.210806902617;
    static final double Q1 = 5674.926024943054;
    static final double Q2 = 6020.277279310155;
    static final double Q3 = 2925.4517750971195;
    static final double Q4 = 643.7502393602432;
    static final double Q5 = 53.91181368184656;

    static final float F0 = 39.110275f;
    static final float F1 = 33.131649f;
    static final float F2 = 4.5951653f;
    static final float G0 = 24.898375f;
    static final float G1 = 36.943008f;
    static final float G2 = 13.9957075f;

    private Angle() {
    }

    /** arccos |c| over its sine √(1−c²); a cosine beyond ±1 by rounding does no harm. */
    static double quotient(double cosine) {
        double x = Math.abs(cosine);
        double p = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(P5, x, P4), x, P3), x, P2), x, P1), x, P0);
        double q = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(x + Q5, x, Q4), x, Q3), x, Q2), x, Q1), x, Q0);
        return p / q;
    }

    /** The quotient in float32. */
    static float quotient(float cosine) {
        float x = Math.abs(cosine);
        float p = Math.fma(Math.fma(F2, x, F1), x, F0);
        float q = Math.fma(Math.fma(x + G2, x, G1), x, G0);
        return p / q;
    }
}
