package org.ntk4j.rows;

/**
 * The angle between two variables with a given correlation c, for {@link Rows}: arccos |c|, the acute one.
 *
 * <p>For 0 ≤ c ≤ 1 the function {@code arccos c / √(1−c²) = ∫ dt/(c + cosh t)} over t > 0 is analytic but for a cut that begins at c = −1,
 * and so close to a quotient of two short polynomials with positive coefficients, in which nothing cancels: fitted for the smallest
 * relative error, 1.4e-16 with degrees 5 and 6 (float64), 2.1e-8 with degrees 2 and 3 (float32). The sine is given: where it is taken from
 * {@code q11 q22 − q12²}, equal inputs have θ = 0 exactly. With all rounding the error stays below 4e-16 (float64) and 1e-7 (float32) of a
 * half turn.
 */
final class Angle {

    static final double P0 = 1.5707963267948963;
    static final double P1 = 3.47674998745095;
    static final double P2 = 2.684596077833722;
    static final double P3 = 0.8560691935606629;
    static final double P4 = 0.1022992723824093;
    static final double P5 = 0.0029573972155043766;
    static final double Q1 = 2.8499875579575412;
    static final double Q2 = 3.0234253743705127;
    static final double Q3 = 1.4691823512387118;
    static final double Q4 = 0.32329587461491048;
    static final double Q5 = 0.027074890059334232;
    static final double Q6 = 5.0220699713634414e-4;

    static final float F0 = 1.570796295f;
    static final float F1 = 1.330675123f;
    static final float F2 = 0.1845568451f;
    static final float G1 = 1.48375176874f;
    static final float G2 = 0.562113292421f;
    static final float G3 = 0.0401632641748f;

    private Angle() {
    }

    /** arccos |c| over its sine √(1−c²); a cosine beyond ±1 by rounding does no harm. */
    static double quotient(double cosine) {
        double x = Math.abs(cosine);
        double p = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(P5, x, P4), x, P3), x, P2), x, P1), x, P0);
        double q = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Q6, x, Q5), x, Q4), x, Q3), x, Q2), x, Q1), x, 1);
        return p / q;
    }

    /** The quotient in float32. */
    static float quotient(float cosine) {
        float x = Math.abs(cosine);
        float p = Math.fma(Math.fma(F2, x, F1), x, F0);
        float q = Math.fma(Math.fma(Math.fma(G3, x, G2), x, G1), x, 1f);
        return p / q;
    }
}
