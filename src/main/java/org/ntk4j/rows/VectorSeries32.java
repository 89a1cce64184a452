package org.ntk4j.rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ntk4j.gaussian.Series;

/** Sums of a {@link Series} in float32, in vector instructions. Belongs to one thread. */
final class VectorSeries32 {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** How many places go through at once: multiplications of one need not wait for those of another. */
    private static final int TOGETHER = 4;

    private final float[] sums = new float[3 * TOGETHER * LANES];

    void cross(Series.Powers powers, float[] k, float[] t, int at, int n, float[] g1, int leftAt, Terms<float[]> c1, int from1,
            int leftStep, float[] g2, int rightAt, Terms<float[]> c2, int from2,
            int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        int whole = n / TOGETHER * TOGETHER;
        float square = powers.step() == 2 ? 1 : 0;
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
    void cross(Series.Powers powers, float[] k, int at, int n, float[] g1, int leftAt, Terms<float[]> c1, int from1, int leftStep,
            float[] g2, int rightAt, Terms<float[]> c2, int from2, int rightStep) {
        int terms = Math.min(c1.count(), c2.count());
        int whole = n / TOGETHER * TOGETHER;
        float square = powers.step() == 2 ? 1 : 0;
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
    private static void four(float[] k, int at, float[] g1, int left, float[] c1, int from1, int line1, int leftStep, float[] g2,
            int right, float[] c2, int from2, int line2, int step, int terms,
            float square, float line, float[] sums) {
        FloatVector rho0 = FloatVector.fromArray(SPECIES, k, at).mul(FloatVector.fromArray(SPECIES, g2, right).mul(g1[left])).min(1f)
                .max(-1f);
        FloatVector z0 = rho0.mul(rho0.mul(square).add(line));
        FloatVector v0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector rho1 = FloatVector.fromArray(SPECIES, k, at + LANES)
                .mul(FloatVector.fromArray(SPECIES, g2, right + step).mul(g1[left + leftStep])).min(1f).max(-1f);
        FloatVector z1 = rho1.mul(rho1.mul(square).add(line));
        FloatVector v1 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector rho2 = FloatVector.fromArray(SPECIES, k, at + 2 * LANES)
                .mul(FloatVector.fromArray(SPECIES, g2, right + 2 * step).mul(g1[left + 2 * leftStep])).min(1f).max(-1f);
        FloatVector z2 = rho2.mul(rho2.mul(square).add(line));
        FloatVector v2 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector rho3 = FloatVector.fromArray(SPECIES, k, at + 3 * LANES)
                .mul(FloatVector.fromArray(SPECIES, g2, right + 3 * step).mul(g1[left + 3 * leftStep])).min(1f).max(-1f);
        FloatVector z3 = rho3.mul(rho3.mul(square).add(line));
        FloatVector v3 = FloatVector.zero(SPECIES);
        FloatVector d3 = FloatVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            d0 = z0.fma(d0, v0);
            d1 = z1.fma(d1, v1);
            d2 = z2.fma(d2, v2);
            d3 = z3.fma(d3, v3);
            v0 = z0.fma(v0, FloatVector.fromArray(SPECIES, c2, two).mul(FloatVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, FloatVector.fromArray(SPECIES, c2, two + step).mul(FloatVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, FloatVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, FloatVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
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
    private static void one(float[] k, int at, float g1, float[] c1, int from1, int line1, float[] g2, int right, float[] c2,
            int from2, int line2, int terms, float square, float line, float[] sums) {
        FloatVector rho = FloatVector.fromArray(SPECIES, k, at).mul(FloatVector.fromArray(SPECIES, g2, right).mul(g1)).min(1f)
                .max(-1f);
        FloatVector z = rho.mul(rho.mul(square).add(line));
        FloatVector v = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            d = z.fma(d, v);
            v = z.fma(v, FloatVector.fromArray(SPECIES, c2, from2 + m * line2)
                    .mul(FloatVector.broadcast(SPECIES, c1[from1 + m * line1])));
        }
        v.intoArray(sums, 0);
        d.intoArray(sums, TOGETHER * LANES);
        rho.intoArray(sums, 2 * TOGETHER * LANES);
    }

    private static void end(Series.Powers powers, float[] k, float[] t, int at, float[] sums, int place, float[] c1, int left,
            float[] c2, int right, int terms) {
        FloatVector v = FloatVector.fromArray(SPECIES, sums, place * LANES);
        FloatVector d = FloatVector.fromArray(SPECIES, sums, (TOGETHER + place) * LANES);
        FloatVector rho = FloatVector.fromArray(SPECIES, sums, (2 * TOGETHER + place) * LANES);
        FloatVector first = terms > 0 ? FloatVector.fromArray(SPECIES, c2, right).mul(c1[left]) : FloatVector.zero(SPECIES);
        FloatVector covariance = FloatVector.fromArray(SPECIES, k, at);
        FloatVector tangent = FloatVector.fromArray(SPECIES, t, at);
        if (powers.step() == 1) {
            covariance.fma(v, first).intoArray(k, at);
            tangent.mul(rho.fma(d, v)).intoArray(t, at);
        } else if (powers.first() == 0) {
            FloatVector z = rho.mul(rho);
            covariance.fma(v, first).intoArray(k, at);
            tangent.mul(z.add(z).fma(d, v)).intoArray(t, at);
        } else {
            covariance.fma(rho.mul(v), first).intoArray(k, at);
            tangent.mul(rho.add(rho).mul(rho.mul(rho).fma(d, v))).intoArray(t, at);
        }
    }

    /** V and the correlations of four places. */
    private static void fourOfK(float[] k, int at, float[] g1, int left, float[] c1, int from1, int line1, int leftStep, float[] g2,
            int right, float[] c2, int from2, int line2, int step, int terms,
            float square, float line, float[] sums) {
        FloatVector rho0 = FloatVector.fromArray(SPECIES, k, at).mul(FloatVector.fromArray(SPECIES, g2, right).mul(g1[left])).min(1f)
                .max(-1f);
        FloatVector z0 = rho0.mul(rho0.mul(square).add(line));
        FloatVector v0 = FloatVector.zero(SPECIES);
        FloatVector rho1 = FloatVector.fromArray(SPECIES, k, at + LANES)
                .mul(FloatVector.fromArray(SPECIES, g2, right + step).mul(g1[left + leftStep])).min(1f).max(-1f);
        FloatVector z1 = rho1.mul(rho1.mul(square).add(line));
        FloatVector v1 = FloatVector.zero(SPECIES);
        FloatVector rho2 = FloatVector.fromArray(SPECIES, k, at + 2 * LANES)
                .mul(FloatVector.fromArray(SPECIES, g2, right + 2 * step).mul(g1[left + 2 * leftStep])).min(1f).max(-1f);
        FloatVector z2 = rho2.mul(rho2.mul(square).add(line));
        FloatVector v2 = FloatVector.zero(SPECIES);
        FloatVector rho3 = FloatVector.fromArray(SPECIES, k, at + 3 * LANES)
                .mul(FloatVector.fromArray(SPECIES, g2, right + 3 * step).mul(g1[left + 3 * leftStep])).min(1f).max(-1f);
        FloatVector z3 = rho3.mul(rho3.mul(square).add(line));
        FloatVector v3 = FloatVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            v0 = z0.fma(v0, FloatVector.fromArray(SPECIES, c2, two).mul(FloatVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, FloatVector.fromArray(SPECIES, c2, two + step).mul(FloatVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, FloatVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, FloatVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
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
    private static void oneOfK(float[] k, int at, float g1, float[] c1, int from1, int line1, float[] g2, int right, float[] c2,
            int from2, int line2, int terms, float square, float line, float[] sums) {
        FloatVector rho = FloatVector.fromArray(SPECIES, k, at).mul(FloatVector.fromArray(SPECIES, g2, right).mul(g1)).min(1f)
                .max(-1f);
        FloatVector z = rho.mul(rho.mul(square).add(line));
        FloatVector v = FloatVector.zero(SPECIES);
        for (int m = terms - 1; m > 0; m--) {
            v = z.fma(v, FloatVector.fromArray(SPECIES, c2, from2 + m * line2)
                    .mul(FloatVector.broadcast(SPECIES, c1[from1 + m * line1])));
        }
        v.intoArray(sums, 0);
        rho.intoArray(sums, 2 * TOGETHER * LANES);
    }

    private static void endOfK(Series.Powers powers, float[] k, int at, float[] sums, int place, float[] c1, int left, float[] c2,
            int right, int terms) {
        FloatVector v = FloatVector.fromArray(SPECIES, sums, place * LANES);
        FloatVector rho = FloatVector.fromArray(SPECIES, sums, (2 * TOGETHER + place) * LANES);
        FloatVector first = terms > 0 ? FloatVector.fromArray(SPECIES, c2, right).mul(c1[left]) : FloatVector.zero(SPECIES);
        FloatVector covariance = FloatVector.fromArray(SPECIES, k, at);
        if (powers.step() == 2 && powers.first() == 1) {
            covariance.fma(rho.mul(v), first).intoArray(k, at);
        } else {
            covariance.fma(v, first).intoArray(k, at);
        }
    }
}
