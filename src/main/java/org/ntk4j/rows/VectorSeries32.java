package org.ntk4j.rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float32, in vector instructions. */
final class VectorSeries32 {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** So many places at once: coefficients that lie side by side are loaded together, and multiplications of one need not wait for those of another. */
    private static final int TOGETHER = 4;

    private VectorSeries32() {
    }

    static void cross(Series.Powers powers, float[] k, float[] t, int at, int n, float[] g1, float[][] c1, int leftAt, int leftStep, float[] g2, float[][] c2, int terms, int rightAt,
            int rightStep) {
        int x = 0;
        for (; x + TOGETHER <= n; x += TOGETHER) {
            four(powers, k, t, at + x * LANES, g1, c1, leftAt + x * leftStep, leftStep, g2, c2, terms, rightAt + x * rightStep, rightStep);
        }
        for (; x < n; x++) {
            one(powers, k, t, at + x * LANES, g1, c1, leftAt + x * leftStep, g2, c2, terms, rightAt + x * rightStep);
        }
    }

    private static void four(Series.Powers powers, float[] k, float[] t, int at, float[] g1, float[][] c1, int left, int leftStep, float[] g2, float[][] c2, int terms, int right, int rightStep) {
        boolean squares = powers.step() == 2;
        int r0 = right;
        int l0 = left;
        int r1 = right + rightStep;
        int l1 = left + leftStep;
        int r2 = right + 2 * rightStep;
        int l2 = left + 2 * leftStep;
        int r3 = right + 3 * rightStep;
        int l3 = left + 3 * leftStep;
        FloatVector rho0 = correlation(k, at, g1[l0], g2, r0);
        FloatVector z0 = squares ? rho0.mul(rho0) : rho0;
        FloatVector v0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector rho1 = correlation(k, at + LANES, g1[l1], g2, r1);
        FloatVector z1 = squares ? rho1.mul(rho1) : rho1;
        FloatVector v1 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector rho2 = correlation(k, at + 2 * LANES, g1[l2], g2, r2);
        FloatVector z2 = squares ? rho2.mul(rho2) : rho2;
        FloatVector v2 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector rho3 = correlation(k, at + 3 * LANES, g1[l3], g2, r3);
        FloatVector z3 = squares ? rho3.mul(rho3) : rho3;
        FloatVector v3 = FloatVector.zero(SPECIES);
        FloatVector d3 = FloatVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            float[] one = c1[m];
            float[] two = c2[m];
            d0 = d0.fma(z0, v0);
            d1 = d1.fma(z1, v1);
            d2 = d2.fma(z2, v2);
            d3 = d3.fma(z3, v3);
            v0 = v0.fma(z0, FloatVector.fromArray(SPECIES, two, r0).mul(one[l0]));
            v1 = v1.fma(z1, FloatVector.fromArray(SPECIES, two, r1).mul(one[l1]));
            v2 = v2.fma(z2, FloatVector.fromArray(SPECIES, two, r2).mul(one[l2]));
            v3 = v3.fma(z3, FloatVector.fromArray(SPECIES, two, r3).mul(one[l3]));
        }
        end(powers, k, t, at, rho0, z0, v0, d0, c1, l0, c2, terms, r0);
        end(powers, k, t, at + LANES, rho1, z1, v1, d1, c1, l1, c2, terms, r1);
        end(powers, k, t, at + 2 * LANES, rho2, z2, v2, d2, c1, l2, c2, terms, r2);
        end(powers, k, t, at + 3 * LANES, rho3, z3, v3, d3, c1, l3, c2, terms, r3);
    }

    private static void one(Series.Powers powers, float[] k, float[] t, int at, float[] g1, float[][] c1, int left, float[] g2, float[][] c2, int terms, int right) {
        boolean squares = powers.step() == 2;
        int r0 = right;
        int l0 = left;
        FloatVector rho0 = correlation(k, at, g1[l0], g2, r0);
        FloatVector z0 = squares ? rho0.mul(rho0) : rho0;
        FloatVector v0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            float[] one = c1[m];
            float[] two = c2[m];
            d0 = d0.fma(z0, v0);
            v0 = v0.fma(z0, FloatVector.fromArray(SPECIES, two, r0).mul(one[l0]));
        }
        end(powers, k, t, at, rho0, z0, v0, d0, c1, l0, c2, terms, r0);
    }

    private static FloatVector correlation(float[] k, int at, float g1, float[] g2, int right) {
        FloatVector rho = FloatVector.fromArray(SPECIES, k, at).mul(FloatVector.fromArray(SPECIES, g2, right).mul(g1));
        return rho.min(1f).max(-1f);
    }

    private static void end(Series.Powers powers, float[] k, float[] t, int at, FloatVector rho, FloatVector z, FloatVector sum, FloatVector d, float[][] c1, int left, float[][] c2, int terms, int right) {
        FloatVector v = sum;
        FloatVector slope;
        if (powers.step() == 1) {
            slope = rho.fma(d, v);
        } else if (powers.first() == 0) {
            slope = z.add(z).fma(d, v);
        } else {
            slope = rho.add(rho).mul(z.fma(d, v));
            v = rho.mul(v);
        }
        FloatVector first = terms > 0 ? FloatVector.fromArray(SPECIES, c2[0], right).mul(c1[0][left]) : FloatVector.zero(SPECIES);
        FloatVector.fromArray(SPECIES, k, at).fma(v, first).intoArray(k, at);
        FloatVector.fromArray(SPECIES, t, at).mul(slope).intoArray(t, at);
    }
}
