package org.ntk4j.rows;

import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float32, value by value: the same operations in the same order as in vector instructions. */
final class PlainSeries32 {

    private PlainSeries32() {
    }

    static void cross(int lanes, Series.Powers powers, float[] k, float[] t, int at, int n, float[] g1, float[][] c1, int leftAt, int leftStep, float[] g2, float[][] c2, int terms,
            int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            int left = leftAt + x * leftStep;
            for (int j = 0; j < lanes; j++) {
                value(powers, k, t, at + x * lanes + j, g1, c1, left, g2, c2, terms, rightAt + x * rightStep + j);
            }
        }
    }

    static void own(int lanes, Series.Powers powers, float[] k, float[] t, int at, int n, float[] g, float[][] c, int terms, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            value(powers, k, t, at + i, g, c, featuresAt + i, g, c, terms, featuresAt + i);
        }
    }

    private static void value(Series.Powers powers, float[] k, float[] t, int i, float[] g1, float[][] c1, int left, float[] g2, float[][] c2, int terms, int right) {
        float rho = Math.max(-1, Math.min(1, k[i] * (g2[right] * g1[left])));
        float z = powers.step() == 2 ? rho * rho : rho;
        float v = 0;
        float d = 0;
        for (int m = terms - 1; m > 0; m--) {
            d = Math.fma(d, z, v);
            v = Math.fma(v, z, c2[m][right] * c1[m][left]);
        }
        float slope;
        if (powers.step() == 1) {
            slope = Math.fma(rho, d, v);
        } else if (powers.first() == 0) {
            slope = Math.fma(z + z, d, v);
        } else {
            slope = (rho + rho) * Math.fma(z, d, v);
            v = rho * v;
        }
        float first = terms > 0 ? c2[0][right] * c1[0][left] : 0;
        k[i] = Math.fma(k[i], v, first);
        t[i] = t[i] * slope;
    }
}
