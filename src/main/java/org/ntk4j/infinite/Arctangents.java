package org.ntk4j.infinite;

/**
 * The arc tangent on [−1, 1] for {@link Rows}: x + x³ P(x²), with P in several short chains that a processor works on at the same time, where
 * {@link ArcTangent} is one long chain over arrays. In float64 17 terms, through the Chebyshev nodes of [0, 1] in x²: the error stays below 5e-15.
 * In float32 nine terms, fitted so that the largest error is smallest: with all rounding it stays below 1e-7.
 */
final class Arctangents {

    static final double D0 = -0.33333333333332626;
    static final double D1 = 0.1999999999959214;
    static final double D2 = -0.1428571424624242;
    static final double D3 = 0.11111109588812151;
    static final double D4 = -0.09090877961062305;
    static final double D5 = 0.07691918168507478;
    static final double D6 = -0.06663419329668824;
    static final double D7 = 0.05863286474672126;
    static final double D8 = -0.05181214787102932;
    static final double D9 = 0.04496719683638329;
    static final double D10 = -0.036869860119106854;
    static final double D11 = 0.027062211437280544;
    static final double D12 = -0.01670153054543788;
    static final double D13 = 0.008087643323903021;
    static final double D14 = -0.002824597798638422;
    static final double D15 = 0.0006247442673069874;
    static final double D16 = -6.518974599389494e-05;

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

    static double of(double x) {
        double y = x * x;
        double y2 = y * y;
        double y4 = y2 * y2;
        double a = Math.fma(Math.fma(Math.fma(Math.fma(D16, y4, D12), y4, D8), y4, D4), y4, D0);
        double b = Math.fma(Math.fma(Math.fma(D13, y4, D9), y4, D5), y4, D1);
        double c = Math.fma(Math.fma(Math.fma(D14, y4, D10), y4, D6), y4, D2);
        double d = Math.fma(Math.fma(Math.fma(D15, y4, D11), y4, D7), y4, D3);
        return Math.fma(x * y, Math.fma(Math.fma(d, y, c), y2, Math.fma(b, y, a)), x);
    }

    static float of(float x) {
        float y = x * x;
        float y2 = y * y;
        float even = Math.fma(Math.fma(Math.fma(Math.fma(F8, y2, F6), y2, F4), y2, F2), y2, F0);
        float odd = Math.fma(Math.fma(Math.fma(F7, y2, F5), y2, F3), y2, F1);
        return Math.fma(x * y, Math.fma(odd, y, even), x);
    }
}
