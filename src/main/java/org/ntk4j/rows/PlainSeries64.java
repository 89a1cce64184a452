package org.ntk4j.rows;

import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float64, value by value: the same operations in the same order as in vector instructions. */
final class PlainSeries64 {

    private PlainSeries64() {
    }

    static void cross(int lanes, Series.Powers powers, double[] k, double[] t, int at, int n, double[] g1, double[][] c1, int leftAt, int leftStep, double[] g2, double[][] c2, int terms,
            int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            int left = leftAt + x * leftStep;
            for (int j = 0; j < lanes; j++) {
                value(powers, k, t, at + x * lanes + j, g1, c1, left, g2, c2, terms, rightAt + x * rightStep + j);
            }
        }
    }

    static void own(int lanes, Series.Powers powers, double[] k, double[] t, int at, int n, double[] g, double[][] c, int terms, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            value(powers, k, t, at + i, g, c, featuresAt + i, g, c, terms, featuresAt + i);
        }
    }

    private static void value(Series.Powers powers, double[] k, double[] t, int i, double[] g1, double[][] c1, int left, double[] g2, double[][] c2, int terms, int right) {
        double rho = Math.max(-1, Math.min(1, k[i] * (g2[right] * g1[left])));
        double z = powers.step() == 2 ? rho * rho : rho;
        double v = 0;
        double d = 0;
        for (int m = terms - 1; m > 0; m--) {
            d = Math.fma(d, z, v);
            v = Math.fma(v, z, c2[m][right] * c1[m][left]);
        }
        double slope;
        if (powers.step() == 1) {
            slope = Math.fma(rho, d, v);
        } else if (powers.first() == 0) {
            slope = Math.fma(z + z, d, v);
        } else {
            slope = (rho + rho) * Math.fma(z, d, v);
            v = rho * v;
        }
        double first = terms > 0 ? c2[0][right] * c1[0][left] : 0;
        k[i] = Math.fma(k[i], v, first);
        t[i] = t[i] * slope;
    }
}
