package org.ntk4j.rows;

import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float32, value by value: the same operations in the same order as in vector instructions. */
final class PlainSeries32 {

    private PlainSeries32() {
    }

    /** @param t null for K alone */
    static void cross(int lanes, Series.Powers powers, float[] k, float @Nullable [] t, int at, int n, float[] g1, int leftAt,
            Terms<float[]> c1, int from1, int leftStep, float[] g2, int rightAt,
            Terms<float[]> c2, int from2, int rightStep) {
        int count = Math.min(c1.count(), c2.count());
        for (int x = 0; x < n; x++) {
            int one = from1 + x * leftStep;
            for (int j = 0; j < lanes; j++) {
                int two = from2 + x * rightStep + j;
                int i = at + x * lanes + j;
                float rho = correlation(k[i], g2[rightAt + x * rightStep + j] * g1[leftAt + x * leftStep]);
                float z = powers.step() == 2 ? rho * rho : rho;
                int section = 0;
                for (int next = Series.head(1); next < count; next = Series.head(section + 1)) {
                    if (!counts(rho, c1.values()[one + next * c1.line()], c2.values()[two + next * c2.line()])) {
                        break;
                    }
                    section++;
                }
                float v = 0;
                float d = 0;
                for (; section >= 0; section--) {
                    for (int m = Math.min(count, Series.head(section + 1)) - 1; m > Series.head(section); m--) {
                        d = Math.fma(z, d, v);
                        v = Math.fma(z, v, c2.values()[two + m * c2.line()] * c1.values()[one + m * c1.line()]);
                    }
                }
                end(powers, k, t, i, rho, z, v, d, count > 0 ? c2.values()[two] * c1.values()[one] : 0);
            }
        }
    }

    static void own(int lanes, Series.Powers powers, float[] k, float[] t, int at, int n, float[] g, float[][] c, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            int f = featuresAt + i;
            float rho = correlation(k[at + i], g[f] * g[f]);
            float z = powers.step() == 2 ? rho * rho : rho;
            int section = 0;
            for (int next = Series.head(1); next < c.length && counts(rho, c[next][f], c[next][f]); next = Series.head(section + 1)) {
                section++;
            }
            float v = 0;
            float d = 0;
            for (; section >= 0; section--) {
                for (int m = Math.min(c.length, Series.head(section + 1)) - 1; m > Series.head(section); m--) {
                    d = Math.fma(z, d, v);
                    v = Math.fma(z, v, c[m][f] * c[m][f]);
                }
            }
            end(powers, k, t, at + i, rho, z, v, d, c.length > 0 ? c[0][f] * c[0][f] : 0);
        }
    }

    private static float correlation(float covariance, float inverse) {
        return Math.max(-1, Math.min(1, covariance * inverse));
    }

    /** Whether a section counts, of which these are the heads. */
    private static boolean counts(float rho, float head1, float head2) {
        return Math.abs(rho) * Math.max(head1, head2) > 1;
    }

    private static void end(Series.Powers powers, float[] k, float @Nullable [] t, int i, float rho, float z, float sum, float d,
            float first) {
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
        if (t != null) {
            t[i] = t[i] * slope;
        }
    }
}
