package org.ntk4j.gaussian;

/**
 * The arc tangent on [−1, 1] for whole arrays, as an odd polynomial without branches, which the compiler turns into
 * vector instructions: the first 21 terms of atan x = 2 Σ (−1)^k (√2−1)^(2k+1) T_(2k+1)(x)/(2k+1) (Chebyshev), written
 * in powers of x. The error stays below 3e-16.
 */
public final class ArcTangent {

    // One constant each: elements of an array are not constants to the compiler.
    private static final double C1 = -0.333333333333307;
    private static final double C2 = 0.1999999999975231;
    private static final double C3 = -0.14285714274686637;
    private static final double C4 = 0.11111110827526766;
    private static final double C5 = -0.090909043832937;
    private static final double C6 = 0.07692253564182837;
    private static final double C7 = -0.06666214370915692;
    private static final double C8 = 0.058795099763367185;
    private static final double C9 = -0.05249366638684719;
    private static final double C10 = 0.04709246978013;
    private static final double C11 = -0.041870772536141576;
    private static final double C12 = 0.03602449800199765;
    private static final double C13 = -0.028973618243504723;
    private static final double C14 = 0.02089260664889145;
    private static final double C15 = -0.012912646727945627;
    private static final double C16 = 0.006522051887574913;
    private static final double C17 = -0.0025489847414154653;
    private static final double C18 = 0.0007161859397322826;
    private static final double C19 = -0.00012789560664782303;
    private static final double C20 = 1.0855325905493073e-05;

    private ArcTangent() {
    }

    /**
     * Replaces the first {@code n} values of {@code x}, all within [−1, 1], by their arc tangents.
     *
     * @param scratch room for {@code 2 n} values
     */
    public static void inPlace(double[] x, int n, double[] scratch) {
        // Several short loops: a single long one is not turned into vector instructions on JDK 17.
        for (int i = 0; i < n; i++) {
            scratch[i] = x[i] * x[i];
        }
        for (int i = 0; i < n; i++) {
            double y = scratch[i];
            double p = C20;
            p = Math.fma(p, y, C19);
            p = Math.fma(p, y, C18);
            p = Math.fma(p, y, C17);
            p = Math.fma(p, y, C16);
            scratch[n + i] = Math.fma(p, y, C15);
        }
        for (int i = 0; i < n; i++) {
            double y = scratch[i];
            double p = scratch[n + i];
            p = Math.fma(p, y, C14);
            p = Math.fma(p, y, C13);
            p = Math.fma(p, y, C12);
            p = Math.fma(p, y, C11);
            scratch[n + i] = Math.fma(p, y, C10);
        }
        for (int i = 0; i < n; i++) {
            double y = scratch[i];
            double p = scratch[n + i];
            p = Math.fma(p, y, C9);
            p = Math.fma(p, y, C8);
            p = Math.fma(p, y, C7);
            p = Math.fma(p, y, C6);
            scratch[n + i] = Math.fma(p, y, C5);
        }
        for (int i = 0; i < n; i++) {
            double y = scratch[i];
            double p = scratch[n + i];
            p = Math.fma(p, y, C4);
            p = Math.fma(p, y, C3);
            p = Math.fma(p, y, C2);
            p = Math.fma(p, y, C1);
            // 1 + p y comes last, so that small arguments keep all of their digits.
            x[i] = Math.fma(x[i] * y, p, x[i]);
        }
    }
}
