package org.ntk4j.infinite;

/**
 * The arc tangent on [−1, 1] for whole arrays, as an odd polynomial without branches, which the compiler turns into
 * vector instructions: the first 21 terms of atan x = 2 Σ (−1)^k (√2−1)^(2k+1) T_(2k+1)(x)/(2k+1) (Chebyshev), written
 * in powers of x. The error stays below 3e-16.
 */
public final class ArcTangent {

    private static final double[] C = {
            1.0, -0.333333333333307, 0.1999999999975231,
            -0.14285714274686637, 0.11111110827526766, -0.090909043832937,
            0.07692253564182837, -0.06666214370915692, 0.058795099763367185,
            -0.05249366638684719, 0.04709246978013, -0.041870772536141576,
            0.03602449800199765, -0.028973618243504723, 0.02089260664889145,
            -0.012912646727945627, 0.006522051887574913, -0.0025489847414154653,
            0.0007161859397322826, -0.00012789560664782303, 1.0855325905493073e-05,
    };

    private ArcTangent() {
    }

    /**
     * Replaces the first {@code n} values of {@code x}, all within [−1, 1], by their arc tangents.
     *
     * @param scratch room for {@code 2 n} values
     */
    public static void inPlace(double[] x, int n, double[] scratch) {
        // Three short loops: a single long one is not turned into vector instructions on JDK 17.
        for (int i = 0; i < n; i++) {
            scratch[i] = x[i] * x[i];
        }
        for (int i = 0; i < n; i++) {
            double y = scratch[i];
            double p = C[20];
            p = Math.fma(p, y, C[19]);
            p = Math.fma(p, y, C[18]);
            p = Math.fma(p, y, C[17]);
            p = Math.fma(p, y, C[16]);
            p = Math.fma(p, y, C[15]);
            p = Math.fma(p, y, C[14]);
            p = Math.fma(p, y, C[13]);
            p = Math.fma(p, y, C[12]);
            p = Math.fma(p, y, C[11]);
            scratch[n + i] = Math.fma(p, y, C[10]);
        }
        for (int i = 0; i < n; i++) {
            double y = scratch[i];
            double p = scratch[n + i];
            p = Math.fma(p, y, C[9]);
            p = Math.fma(p, y, C[8]);
            p = Math.fma(p, y, C[7]);
            p = Math.fma(p, y, C[6]);
            p = Math.fma(p, y, C[5]);
            p = Math.fma(p, y, C[4]);
            p = Math.fma(p, y, C[3]);
            p = Math.fma(p, y, C[2]);
            p = Math.fma(p, y, C[1]);
            // 1 + p y comes last, so that small arguments keep all of their digits.
            x[i] = Math.fma(x[i] * y, p, x[i]);
        }
    }
}
