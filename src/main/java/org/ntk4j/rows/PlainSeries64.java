package org.ntk4j.rows;

import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float64, value by value: the same operations in the same order as in vector instructions. */
final class PlainSeries64 {

    private PlainSeries64() {
    }

    static void cross(int lanes, Series.Powers powers, double[] k, double[] t, int at, int n, double[] g1, int leftAt, Terms<double[]> c1,
            int from1, int leftStep, double[] g2, int rightAt,
            Terms<double[]> c2, int from2, int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                double rho = correlation(k[i], g2[rightAt + x * rightStep + j] * g1[leftAt + x * leftStep]);
                double z = powers.step() == 2 ? rho * rho : rho;
                double v = 0;
                double d = 0;
                for (int m = terms - 1; m > 0; m--) {
                    d = Math.fma(z, d, v);
                    v = Math.fma(z, v, c2.values()[from2 + m * c2.line() + x * rightStep + j]
                            * c1.values()[from1 + m * c1.line() + x * leftStep]);
                }
                double first = terms > 0 ? c2.values()[from2 + x * rightStep + j] * c1.values()[from1 + x * leftStep] : 0;
                end(powers, k, t, i, rho, z, v, d, first);
            }
        }
    }

    /** K alone. */
    static void cross(int lanes, Series.Powers powers, double[] k, int at, int n, double[] g1, int leftAt, Terms<double[]> c1, int from1,
            int leftStep, double[] g2, int rightAt, Terms<double[]> c2, int from2, int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                double rho = correlation(k[i], g2[rightAt + x * rightStep + j] * g1[leftAt + x * leftStep]);
                double z = powers.step() == 2 ? rho * rho : rho;
                double v = 0;
                for (int m = terms - 1; m > 0; m--) {
                    v = Math.fma(z, v, c2.values()[from2 + m * c2.line() + x * rightStep + j]
                            * c1.values()[from1 + m * c1.line() + x * leftStep]);
                }
                double first = terms > 0 ? c2.values()[from2 + x * rightStep + j] * c1.values()[from1 + x * leftStep] : 0;
                k[i] = Math.fma(k[i], powers.step() == 2 && powers.first() == 1 ? rho * v : v, first);
            }
        }
    }

    static void own(int lanes, Series.Powers powers, double[] k, double[] t, int at, int n, double[] g, double[][] c, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            int f = featuresAt + i;
            double rho = correlation(k[at + i], g[f] * g[f]);
            double z = powers.step() == 2 ? rho * rho : rho;
            double v = 0;
            double d = 0;
            for (int m = c.length - 1; m > 0; m--) {
                d = Math.fma(z, d, v);
                v = Math.fma(z, v, c[m][f] * c[m][f]);
            }
            end(powers, k, t, at + i, rho, z, v, d, c.length > 0 ? c[0][f] * c[0][f] : 0);
        }
    }

    private static double correlation(double covariance, double inverse) {
        return Math.max(-1, Math.min(1, covariance * inverse));
    }

    private static void end(Series.Powers powers, double[] k, double[] t, int i, double rho, double z, double sum, double d, double first) {
        double v = sum;
        double slope;
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
