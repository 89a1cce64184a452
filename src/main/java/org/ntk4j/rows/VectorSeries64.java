package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float64, in vector instructions. */
final class VectorSeries64 {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** So many places at once: coefficients that lie side by side are loaded together, and multiplications of one need not wait for those of another. */
    private static final int TOGETHER = 4;

    private VectorSeries64() {
    }

    static void cross(Series.Powers powers, double[] k, double[] t, int at, int n, double[] g1, double[][] c1, int leftAt, int leftStep, double[] g2, double[][] c2, int terms, int rightAt,
            int rightStep) {
        int x = 0;
        for (; x + TOGETHER <= n; x += TOGETHER) {
            four(powers, k, t, at + x * LANES, g1, c1, leftAt + x * leftStep, leftStep, g2, c2, terms, rightAt + x * rightStep, rightStep);
        }
        for (; x < n; x++) {
            one(powers, k, t, at + x * LANES, g1, c1, leftAt + x * leftStep, g2, c2, terms, rightAt + x * rightStep);
        }
    }

    private static void four(Series.Powers powers, double[] k, double[] t, int at, double[] g1, double[][] c1, int left, int leftStep, double[] g2, double[][] c2, int terms, int right, int rightStep) {
        boolean squares = powers.step() == 2;
        int r0 = right;
        int l0 = left;
        int r1 = right + rightStep;
        int l1 = left + leftStep;
        int r2 = right + 2 * rightStep;
        int l2 = left + 2 * leftStep;
        int r3 = right + 3 * rightStep;
        int l3 = left + 3 * leftStep;
        DoubleVector rho0 = correlation(k, at, g1[l0], g2, r0);
        DoubleVector z0 = squares ? rho0.mul(rho0) : rho0;
        DoubleVector v0 = DoubleVector.zero(SPECIES);
        DoubleVector d0 = DoubleVector.zero(SPECIES);
        DoubleVector rho1 = correlation(k, at + LANES, g1[l1], g2, r1);
        DoubleVector z1 = squares ? rho1.mul(rho1) : rho1;
        DoubleVector v1 = DoubleVector.zero(SPECIES);
        DoubleVector d1 = DoubleVector.zero(SPECIES);
        DoubleVector rho2 = correlation(k, at + 2 * LANES, g1[l2], g2, r2);
        DoubleVector z2 = squares ? rho2.mul(rho2) : rho2;
        DoubleVector v2 = DoubleVector.zero(SPECIES);
        DoubleVector d2 = DoubleVector.zero(SPECIES);
        DoubleVector rho3 = correlation(k, at + 3 * LANES, g1[l3], g2, r3);
        DoubleVector z3 = squares ? rho3.mul(rho3) : rho3;
        DoubleVector v3 = DoubleVector.zero(SPECIES);
        DoubleVector d3 = DoubleVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            double[] one = c1[m];
            double[] two = c2[m];
            d0 = d0.fma(z0, v0);
            d1 = d1.fma(z1, v1);
            d2 = d2.fma(z2, v2);
            d3 = d3.fma(z3, v3);
            v0 = v0.fma(z0, DoubleVector.fromArray(SPECIES, two, r0).mul(one[l0]));
            v1 = v1.fma(z1, DoubleVector.fromArray(SPECIES, two, r1).mul(one[l1]));
            v2 = v2.fma(z2, DoubleVector.fromArray(SPECIES, two, r2).mul(one[l2]));
            v3 = v3.fma(z3, DoubleVector.fromArray(SPECIES, two, r3).mul(one[l3]));
        }
        end(powers, k, t, at, rho0, z0, v0, d0, c1, l0, c2, terms, r0);
        end(powers, k, t, at + LANES, rho1, z1, v1, d1, c1, l1, c2, terms, r1);
        end(powers, k, t, at + 2 * LANES, rho2, z2, v2, d2, c1, l2, c2, terms, r2);
        end(powers, k, t, at + 3 * LANES, rho3, z3, v3, d3, c1, l3, c2, terms, r3);
    }

    private static void one(Series.Powers powers, double[] k, double[] t, int at, double[] g1, double[][] c1, int left, double[] g2, double[][] c2, int terms, int right) {
        boolean squares = powers.step() == 2;
        int r0 = right;
        int l0 = left;
        DoubleVector rho0 = correlation(k, at, g1[l0], g2, r0);
        DoubleVector z0 = squares ? rho0.mul(rho0) : rho0;
        DoubleVector v0 = DoubleVector.zero(SPECIES);
        DoubleVector d0 = DoubleVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            double[] one = c1[m];
            double[] two = c2[m];
            d0 = d0.fma(z0, v0);
            v0 = v0.fma(z0, DoubleVector.fromArray(SPECIES, two, r0).mul(one[l0]));
        }
        end(powers, k, t, at, rho0, z0, v0, d0, c1, l0, c2, terms, r0);
    }

    private static DoubleVector correlation(double[] k, int at, double g1, double[] g2, int right) {
        DoubleVector rho = DoubleVector.fromArray(SPECIES, k, at).mul(DoubleVector.fromArray(SPECIES, g2, right).mul(g1));
        return rho.min(1.0).max(-1.0);
    }

    private static void end(Series.Powers powers, double[] k, double[] t, int at, DoubleVector rho, DoubleVector z, DoubleVector sum, DoubleVector d, double[][] c1, int left, double[][] c2, int terms, int right) {
        DoubleVector v = sum;
        DoubleVector slope;
        if (powers.step() == 1) {
            slope = rho.fma(d, v);
        } else if (powers.first() == 0) {
            slope = z.add(z).fma(d, v);
        } else {
            slope = rho.add(rho).mul(z.fma(d, v));
            v = rho.mul(v);
        }
        DoubleVector first = terms > 0 ? DoubleVector.fromArray(SPECIES, c2[0], right).mul(c1[0][left]) : DoubleVector.zero(SPECIES);
        DoubleVector.fromArray(SPECIES, k, at).fma(v, first).intoArray(k, at);
        DoubleVector.fromArray(SPECIES, t, at).mul(slope).intoArray(t, at);
    }
}
