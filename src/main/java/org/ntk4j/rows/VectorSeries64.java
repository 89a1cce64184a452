package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float64, in vector instructions. Belongs to one thread. */
final class VectorSeries64 {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** How many places go through at once: multiplications of one need not wait for those of another. */
    private static final int TOGETHER = 4;

    private final double[] sums = new double[3 * TOGETHER * LANES];

    void cross(Series.Powers powers, double[] k, double[] t, int at, int n, double[] g1, int leftAt, Terms<double[]> c1, int from1,
            int leftStep, double[] g2, int rightAt, Terms<double[]> c2, int from2,
            int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        int whole = n / TOGETHER * TOGETHER;
        double square = powers.step() == 2 ? 1 : 0;
        for (int x = 0; x < whole; x += TOGETHER) {
            four(k, at + x * LANES, g1, leftAt + x * leftStep, c1.values(), from1 + x * leftStep, c1.line(), leftStep, g2,
                    rightAt + x * rightStep, c2.values(), from2 + x * rightStep, c2.line(),
                    rightStep, terms, square, 1 - square, sums);
            for (int y = 0; y < TOGETHER; y++) {
                end(powers, k, t, at + (x + y) * LANES, sums, y, c1.values(), from1 + (x + y) * leftStep, c2.values(),
                        from2 + (x + y) * rightStep, terms);
            }
        }
        for (int x = whole; x < n; x++) {
            one(k, at + x * LANES, g1[leftAt + x * leftStep], c1.values(), from1 + x * leftStep, c1.line(), g2, rightAt + x * rightStep,
                    c2.values(), from2 + x * rightStep, c2.line(), terms, square,
                    1 - square, sums);
            end(powers, k, t, at + x * LANES, sums, 0, c1.values(), from1 + x * leftStep, c2.values(), from2 + x * rightStep, terms);
        }
    }

    /** K alone. */
    void cross(Series.Powers powers, double[] k, int at, int n, double[] g1, int leftAt, Terms<double[]> c1, int from1, int leftStep,
            double[] g2, int rightAt, Terms<double[]> c2, int from2, int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        int whole = n / TOGETHER * TOGETHER;
        double square = powers.step() == 2 ? 1 : 0;
        for (int x = 0; x < whole; x += TOGETHER) {
            fourOfK(k, at + x * LANES, g1, leftAt + x * leftStep, c1.values(), from1 + x * leftStep, c1.line(), leftStep, g2,
                    rightAt + x * rightStep, c2.values(), from2 + x * rightStep, c2.line(),
                    rightStep, terms, square, 1 - square, sums);
            for (int y = 0; y < TOGETHER; y++) {
                endOfK(powers, k, at + (x + y) * LANES, sums, y, c1.values(), from1 + (x + y) * leftStep, c2.values(),
                        from2 + (x + y) * rightStep, terms);
            }
        }
        for (int x = whole; x < n; x++) {
            oneOfK(k, at + x * LANES, g1[leftAt + x * leftStep], c1.values(), from1 + x * leftStep, c1.line(), g2, rightAt + x * rightStep,
                    c2.values(), from2 + x * rightStep, c2.line(), terms, square, 1 - square, sums);
            endOfK(powers, k, at + x * LANES, sums, 0, c1.values(), from1 + x * leftStep, c2.values(), from2 + x * rightStep, terms);
        }
    }

    /**
     * V, its derivative, and the correlations of four places: nothing but additions of products on the way, or the compiler would not keep
     * it in registers.
     */
    private static void four(double[] k, int at, double[] g1, int left, double[] c1, int from1, int line1, int leftStep, double[] g2,
            int right, double[] c2, int from2, int line2, int step, int terms,
            double square, double line, double[] sums) {
        DoubleVector rho0 = DoubleVector.fromArray(SPECIES, k, at).mul(DoubleVector.fromArray(SPECIES, g2, right).mul(g1[left])).min(1.0)
                .max(-1.0);
        DoubleVector z0 = rho0.mul(rho0.mul(square).add(line));
        DoubleVector v0 = DoubleVector.zero(SPECIES);
        DoubleVector d0 = DoubleVector.zero(SPECIES);
        DoubleVector rho1 = DoubleVector.fromArray(SPECIES, k, at + LANES)
                .mul(DoubleVector.fromArray(SPECIES, g2, right + step).mul(g1[left + leftStep])).min(1.0).max(-1.0);
        DoubleVector z1 = rho1.mul(rho1.mul(square).add(line));
        DoubleVector v1 = DoubleVector.zero(SPECIES);
        DoubleVector d1 = DoubleVector.zero(SPECIES);
        DoubleVector rho2 = DoubleVector.fromArray(SPECIES, k, at + 2 * LANES)
                .mul(DoubleVector.fromArray(SPECIES, g2, right + 2 * step).mul(g1[left + 2 * leftStep])).min(1.0).max(-1.0);
        DoubleVector z2 = rho2.mul(rho2.mul(square).add(line));
        DoubleVector v2 = DoubleVector.zero(SPECIES);
        DoubleVector d2 = DoubleVector.zero(SPECIES);
        DoubleVector rho3 = DoubleVector.fromArray(SPECIES, k, at + 3 * LANES)
                .mul(DoubleVector.fromArray(SPECIES, g2, right + 3 * step).mul(g1[left + 3 * leftStep])).min(1.0).max(-1.0);
        DoubleVector z3 = rho3.mul(rho3.mul(square).add(line));
        DoubleVector v3 = DoubleVector.zero(SPECIES);
        DoubleVector d3 = DoubleVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            d0 = z0.fma(d0, v0);
            d1 = z1.fma(d1, v1);
            d2 = z2.fma(d2, v2);
            d3 = z3.fma(d3, v3);
            v0 = z0.fma(v0, DoubleVector.fromArray(SPECIES, c2, two).mul(DoubleVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, DoubleVector.fromArray(SPECIES, c2, two + step).mul(DoubleVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, DoubleVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, DoubleVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
        }
        v0.intoArray(sums, 0);
        d0.intoArray(sums, 4 * LANES);
        rho0.intoArray(sums, 8 * LANES);
        v1.intoArray(sums, LANES);
        d1.intoArray(sums, 5 * LANES);
        rho1.intoArray(sums, 9 * LANES);
        v2.intoArray(sums, 2 * LANES);
        d2.intoArray(sums, 6 * LANES);
        rho2.intoArray(sums, 10 * LANES);
        v3.intoArray(sums, 3 * LANES);
        d3.intoArray(sums, 7 * LANES);
        rho3.intoArray(sums, 11 * LANES);
    }

    /** The sums of one place. */
    private static void one(double[] k, int at, double g1, double[] c1, int from1, int line1, double[] g2, int right, double[] c2,
            int from2, int line2, int terms, double square, double line, double[] sums) {
        DoubleVector rho = DoubleVector.fromArray(SPECIES, k, at).mul(DoubleVector.fromArray(SPECIES, g2, right).mul(g1)).min(1.0)
                .max(-1.0);
        DoubleVector z = rho.mul(rho.mul(square).add(line));
        DoubleVector v = DoubleVector.zero(SPECIES);
        DoubleVector d = DoubleVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            d = z.fma(d, v);
            v = z.fma(v, DoubleVector.fromArray(SPECIES, c2, from2 + m * line2)
                    .mul(DoubleVector.broadcast(SPECIES, c1[from1 + m * line1])));
        }
        v.intoArray(sums, 0);
        d.intoArray(sums, TOGETHER * LANES);
        rho.intoArray(sums, 2 * TOGETHER * LANES);
    }

    private static void end(Series.Powers powers, double[] k, double[] t, int at, double[] sums, int place, double[] c1, int left,
            double[] c2, int right, int terms) {
        DoubleVector v = DoubleVector.fromArray(SPECIES, sums, place * LANES);
        DoubleVector d = DoubleVector.fromArray(SPECIES, sums, (TOGETHER + place) * LANES);
        DoubleVector rho = DoubleVector.fromArray(SPECIES, sums, (2 * TOGETHER + place) * LANES);
        DoubleVector first = terms > 0 ? DoubleVector.fromArray(SPECIES, c2, right).mul(c1[left]) : DoubleVector.zero(SPECIES);
        DoubleVector covariance = DoubleVector.fromArray(SPECIES, k, at);
        DoubleVector tangent = DoubleVector.fromArray(SPECIES, t, at);
        if (powers.step() == 1) {
            covariance.fma(v, first).intoArray(k, at);
            tangent.mul(rho.fma(d, v)).intoArray(t, at);
        } else if (powers.first() == 0) {
            DoubleVector z = rho.mul(rho);
            covariance.fma(v, first).intoArray(k, at);
            tangent.mul(z.add(z).fma(d, v)).intoArray(t, at);
        } else {
            covariance.fma(rho.mul(v), first).intoArray(k, at);
            tangent.mul(rho.add(rho).mul(rho.mul(rho).fma(d, v))).intoArray(t, at);
        }
    }

    /** V and the correlations of four places. */
    private static void fourOfK(double[] k, int at, double[] g1, int left, double[] c1, int from1, int line1, int leftStep, double[] g2,
            int right, double[] c2, int from2, int line2, int step, int terms,
            double square, double line, double[] sums) {
        DoubleVector rho0 = DoubleVector.fromArray(SPECIES, k, at).mul(DoubleVector.fromArray(SPECIES, g2, right).mul(g1[left])).min(1.0)
                .max(-1.0);
        DoubleVector z0 = rho0.mul(rho0.mul(square).add(line));
        DoubleVector v0 = DoubleVector.zero(SPECIES);
        DoubleVector rho1 = DoubleVector.fromArray(SPECIES, k, at + LANES)
                .mul(DoubleVector.fromArray(SPECIES, g2, right + step).mul(g1[left + leftStep])).min(1.0).max(-1.0);
        DoubleVector z1 = rho1.mul(rho1.mul(square).add(line));
        DoubleVector v1 = DoubleVector.zero(SPECIES);
        DoubleVector rho2 = DoubleVector.fromArray(SPECIES, k, at + 2 * LANES)
                .mul(DoubleVector.fromArray(SPECIES, g2, right + 2 * step).mul(g1[left + 2 * leftStep])).min(1.0).max(-1.0);
        DoubleVector z2 = rho2.mul(rho2.mul(square).add(line));
        DoubleVector v2 = DoubleVector.zero(SPECIES);
        DoubleVector rho3 = DoubleVector.fromArray(SPECIES, k, at + 3 * LANES)
                .mul(DoubleVector.fromArray(SPECIES, g2, right + 3 * step).mul(g1[left + 3 * leftStep])).min(1.0).max(-1.0);
        DoubleVector z3 = rho3.mul(rho3.mul(square).add(line));
        DoubleVector v3 = DoubleVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            v0 = z0.fma(v0, DoubleVector.fromArray(SPECIES, c2, two).mul(DoubleVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, DoubleVector.fromArray(SPECIES, c2, two + step).mul(DoubleVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, DoubleVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, DoubleVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
        }
        v0.intoArray(sums, 0);
        rho0.intoArray(sums, 8 * LANES);
        v1.intoArray(sums, LANES);
        rho1.intoArray(sums, 9 * LANES);
        v2.intoArray(sums, 2 * LANES);
        rho2.intoArray(sums, 10 * LANES);
        v3.intoArray(sums, 3 * LANES);
        rho3.intoArray(sums, 11 * LANES);
    }

    /** V of one place. */
    private static void oneOfK(double[] k, int at, double g1, double[] c1, int from1, int line1, double[] g2, int right, double[] c2,
            int from2, int line2, int terms, double square, double line, double[] sums) {
        DoubleVector rho = DoubleVector.fromArray(SPECIES, k, at).mul(DoubleVector.fromArray(SPECIES, g2, right).mul(g1)).min(1.0)
                .max(-1.0);
        DoubleVector z = rho.mul(rho.mul(square).add(line));
        DoubleVector v = DoubleVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            v = z.fma(v, DoubleVector.fromArray(SPECIES, c2, from2 + m * line2)
                    .mul(DoubleVector.broadcast(SPECIES, c1[from1 + m * line1])));
        }
        v.intoArray(sums, 0);
        rho.intoArray(sums, 2 * TOGETHER * LANES);
    }

    private static void endOfK(Series.Powers powers, double[] k, int at, double[] sums, int place, double[] c1, int left, double[] c2,
            int right, int terms) {
        DoubleVector v = DoubleVector.fromArray(SPECIES, sums, place * LANES);
        DoubleVector rho = DoubleVector.fromArray(SPECIES, sums, (2 * TOGETHER + place) * LANES);
        DoubleVector first = terms > 0 ? DoubleVector.fromArray(SPECIES, c2, right).mul(c1[left]) : DoubleVector.zero(SPECIES);
        DoubleVector covariance = DoubleVector.fromArray(SPECIES, k, at);
        if (powers.step() == 2 && powers.first() == 1) {
            covariance.fma(rho.mul(v), first).intoArray(k, at);
        } else {
            covariance.fma(v, first).intoArray(k, at);
        }
    }
}
