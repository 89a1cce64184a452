package org.ntk4j.infinite;

/**
 * The arc tangent on [−1, 1] for {@link Rows}: x + x³ P(x²), with P in several short chains that a processor works on at the same time, where
 * {@link ArcTangent} is one long chain over arrays. In float64 the same 20 terms, since the ends are
 * what correlations of ±1 have: the error stays below 4e-16. In float32 nine terms, fitted so that the largest error is smallest: with all rounding it stays below 1e-7.
 */
final class Arctangents {

    static final double D0 = -0.333333333333307;
    static final double D1 = 0.1999999999975231;
    static final double D2 = -0.14285714274686637;
    static final double D3 = 0.11111110827526766;
    static final double D4 = -0.090909043832937;
    static final double D5 = 0.07692253564182837;
    static final double D6 = -0.06666214370915692;
    static final double D7 = 0.058795099763367185;
    static final double D8 = -0.05249366638684719;
    static final double D9 = 0.04709246978013;
    static final double D10 = -0.041870772536141576;
    static final double D11 = 0.03602449800199765;
    static final double D12 = -0.028973618243504723;
    static final double D13 = 0.02089260664889145;
    static final double D14 = -0.012912646727945627;
    static final double D15 = 0.006522051887574913;
    static final double D16 = -0.0025489847414154653;
    static final double D17 = 0.0007161859397322826;
    static final double D18 = -0.00012789560664782303;
    static final double D19 = 1.0855325905493073e-05;

    static final float F0 = -0.33333263f;
    static final float F1 = 0.1999762f;
    static final float F2 = -0.14255463f;
    static final float F3 = 0.10910274f;
    static final float F4 = -0.08289747f;
    static final float F5 = 0.056127127f;
    static final float F6 = -0.029446302f;
    static final float F7 = 0.010025521f;
    static final float F8 = -0.0016024078f;

    private Arctangents() {
    }

    /** A ratio beyond ±1 is rounding and counts as ±1: left as it is, it would grow from layer to layer. */
    static double of(double ratio) {
        double x = Math.max(-1, Math.min(1, ratio));
        double y = x * x;
        double y2 = y * y;
        double y4 = y2 * y2;
        double a = Math.fma(Math.fma(Math.fma(Math.fma(D16, y4, D12), y4, D8), y4, D4), y4, D0);
        double b = Math.fma(Math.fma(Math.fma(Math.fma(D17, y4, D13), y4, D9), y4, D5), y4, D1);
        double c = Math.fma(Math.fma(Math.fma(Math.fma(D18, y4, D14), y4, D10), y4, D6), y4, D2);
        double d = Math.fma(Math.fma(Math.fma(Math.fma(D19, y4, D15), y4, D11), y4, D7), y4, D3);
        return Math.fma(x * y, Math.fma(Math.fma(d, y, c), y2, Math.fma(b, y, a)), x);
    }

    /** The same in float32. */
    static float of(float ratio) {
        float x = Math.max(-1f, Math.min(1f, ratio));
        float y = x * x;
        float y2 = y * y;
        float even = Math.fma(Math.fma(Math.fma(Math.fma(F8, y2, F6), y2, F4), y2, F2), y2, F0);
        float odd = Math.fma(Math.fma(Math.fma(F7, y2, F5), y2, F3), y2, F1);
        return Math.fma(x * y, Math.fma(odd, y, even), x);
    }
}
