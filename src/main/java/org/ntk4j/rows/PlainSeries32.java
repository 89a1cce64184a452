package org.ntk4j.rows;

import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float32, value by value: the same operations in the same order as in vector instructions. */
final class PlainSeries32 {

    private PlainSeries32() {
    }

    static void cross(int lanes, Series.Powers powers, float[] k, float[] t, int at, int n, float[] g1, int leftAt, Terms<float[]> c1,
            int from1, int leftStep, float[] g2, int rightAt,
            Terms<float[]> c2, int from2, int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float rho = correlation(k[i], g2[rightAt + x * rightStep + j] * g1[leftAt + x * leftStep]);
                float z = powers.step() == 2 ? rho * rho : rho;
                float v = 0;
                float d = 0;
                for (int m = terms - 1; m > 0; m--) {
                    d = Math.fma(z, d, v);
                    v = Math.fma(z, v, c2.values()[from2 + m * c2.line() + x * rightStep + j]
                            * c1.values()[from1 + m * c1.line() + x * leftStep]);
                }
                float first = terms > 0 ? c2.values()[from2 + x * rightStep + j] * c1.values()[from1 + x * leftStep] : 0;
                end(powers, k, t, i, rho, z, v, d, first);
            }
        }
    }

    /** K alone. */
    static void cross(int lanes, Series.Powers powers, float[] k, int at, int n, float[] g1, int leftAt, Terms<float[]> c1, int from1,
            int leftStep, float[] g2, int rightAt, Terms<float[]> c2, int from2, int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float rho = correlation(k[i], g2[rightAt + x * rightStep + j] * g1[leftAt + x * leftStep]);
                float z = powers.step() == 2 ? rho * rho : rho;
                float v = 0;
                for (int m = terms - 1; m > 0; m--) {
                    v = Math.fma(z, v, c2.values()[from2 + m * c2.line() + x * rightStep + j]
                            * c1.values()[from1 + m * c1.line() + x * leftStep]);
                }
                float first = terms > 0 ? c2.values()[from2 + x * rightStep + j] * c1.values()[from1 + x * leftStep] : 0;
                k[i] = Math.fma(k[i], powers.step() == 2 && powers.first() == 1 ? rho * v : v, first);
            }
        }
    }

    static void own(int lanes, Series.Powers powers, float[] k, float[] t, int at, int n, float[] g, float[][] c, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            int f = featuresAt + i;
            float rho = correlation(k[at + i], g[f] * g[f]);
            float z = powers.step() == 2 ? rho * rho : rho;
            float v = 0;
            float d = 0;
            for (int m = c.length - 1; m > 0; m--) {
                d = Math.fma(z, d, v);
                v = Math.fma(z, v, c[m][f] * c[m][f]);
            }
            end(powers, k, t, at + i, rho, z, v, d, c.length > 0 ? c[0][f] * c[0][f] : 0);
        }
    }

    private static float correlation(float covariance, float inverse) {
        return Math.max(-1, Math.min(1, covariance * inverse));
    }

    private static void end(Series.Powers powers, float[] k, float[] t, int i, float rho, float z, float sum, float d, float first) {
        float v = sum;
        float slope;
        if (powers.step() == 1) {
            slope = Math.fma(rho, d, v);
        } else if (powers.first() == 0) {
            slope = Math.fma(z + z, d, v);
        } else {
            slope = (rho + rho) * Math.fma(z, d, v);
            v = rho * v;
        }
        k[i] = Math.fma(k[i], v, first);
        t[i] = t[i] * slope;
    }
}
