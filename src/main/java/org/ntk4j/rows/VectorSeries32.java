package org.ntk4j.rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Series;

/**
 * Sums of a {@link Series} in float32, in vector instructions: section by section from the last one that a correlation of some places at
 * once needs, and in the lanes that do not need it nothing is left of it. Belongs to one thread.
 */
final class VectorSeries32 {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** How many places go through at once: multiplications of one need not wait for those of another. */
    private static final int TOGETHER = 4;
    /** Where there stand, behind V of all places, its derivatives, the correlations, and what V is a sum of powers of. */
    private static final int SLOPES = TOGETHER * LANES;
    private static final int CORRELATIONS = 2 * SLOPES;
    private static final int POWERS = 3 * SLOPES;

    private final float[] sums = new float[4 * SLOPES];

    /** @param t null for K alone */
    void cross(Series.Powers powers, float[] k, float @Nullable [] t, int at, int n, float[] g1, int leftAt, Terms<float[]> c1,
            int from1, int leftStep, float[] g2, int rightAt, Terms<float[]> c2, int from2, int rightStep) {
        int count = Math.min(c1.count(), c2.count());
        for (int x = 0; x < n; x += TOGETHER) {
            int places = Math.min(TOGETHER, n - x);
            int first = at + x * LANES;
            int one = from1 + x * leftStep;
            int two = from2 + x * rightStep;
            begin(powers.step() == 2, k, first, places, g1, leftAt + x * leftStep, leftStep, g2, rightAt + x * rightStep, rightStep, sums);
            int section = 0;
            for (int next = Series.head(1); next < count; next = Series.head(section + 1)) {
                if (!counts(c1.values(), one + next * c1.line(), leftStep, c2.values(), two + next * c2.line(), rightStep, places, sums)) {
                    break;
                }
                section++;
            }
            for (; section >= 0; section--) {
                int head = Series.head(section);
                int end = Math.min(count, Series.head(section + 1));
                if (places < TOGETHER) {
                    for (int y = 0; y < places; y++) {
                        one(c1.values(), one + y * leftStep, c1.line(), c2.values(), two + y * rightStep, c2.line(), head, end, y * LANES,
                                sums);
                    }
                } else if (t != null) {
                    four(c1.values(), one, c1.line(), leftStep, c2.values(), two, c2.line(), rightStep, head, end, sums);
                } else if (leftStep == 0) {
                    fourOfRow(c1.values(), one, c1.line(), c2.values(), two, c2.line(), rightStep, head, end, sums);
                } else {
                    fourOfK(c1.values(), one, c1.line(), leftStep, c2.values(), two, c2.line(), rightStep, head, end, sums);
                }
                if (section > 0) {
                    forget(c1.values(), one + head * c1.line(), leftStep, c2.values(), two + head * c2.line(), rightStep, places, sums);
                }
            }
            for (int y = 0; y < places; y++) {
                if (t != null) {
                    end(powers, k, t, first + y * LANES, sums, y * LANES, c1.values(), one + y * leftStep, c2.values(),
                            two + y * rightStep, count);
                } else {
                    endOfK(powers, k, first + y * LANES, sums, y * LANES, c1.values(), one + y * leftStep, c2.values(),
                            two + y * rightStep, count);
                }
            }
        }
    }

    /** Correlations and their powers; sums of nothing. */
    private static void begin(boolean square, float[] k, int at, int places, float[] g1, int left, int leftStep, float[] g2, int right,
            int step, float[] sums) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int y = 0; y < places; y++) {
            FloatVector rho = FloatVector.fromArray(SPECIES, k, at + y * LANES)
                    .mul(FloatVector.fromArray(SPECIES, g2, right + y * step).mul(g1[left + y * leftStep])).min(1f).max(-1f);
            rho.intoArray(sums, CORRELATIONS + y * LANES);
            (square ? rho.mul(rho) : rho).intoArray(sums, POWERS + y * LANES);
            zero.intoArray(sums, y * LANES);
            zero.intoArray(sums, SLOPES + y * LANES);
        }
    }

    /** Whether one of the correlations needs the section whose heads these are. */
    private static boolean counts(float[] c1, int one, int leftStep, float[] c2, int two, int step, int places, float[] sums) {
        FloatVector most = FloatVector.zero(SPECIES);
        for (int y = 0; y < places; y++) {
            most = most.max(FloatVector.fromArray(SPECIES, sums, CORRELATIONS + y * LANES).abs()
                    .mul(FloatVector.fromArray(SPECIES, c2, two + y * step).max(c1[one + y * leftStep])));
        }
        return most.compare(VectorOperators.GT, 1f).anyTrue();
    }

    /** Sums are 0 again in the lanes that do not need the section. */
    private static void forget(float[] c1, int one, int leftStep, float[] c2, int two, int step, int places, float[] sums) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int y = 0; y < places; y++) {
            var not = FloatVector.fromArray(SPECIES, sums, CORRELATIONS + y * LANES).abs()
                    .mul(FloatVector.fromArray(SPECIES, c2, two + y * step).max(c1[one + y * leftStep]))
                    .compare(VectorOperators.LE, 1f);
            FloatVector.fromArray(SPECIES, sums, y * LANES).blend(zero, not).intoArray(sums, y * LANES);
            FloatVector.fromArray(SPECIES, sums, SLOPES + y * LANES).blend(zero, not).intoArray(sums, SLOPES + y * LANES);
        }
    }

    /**
     * A section of V and of its derivative for four places: nothing but additions of products on the way, or the compiler would not keep it
     * in registers.
     */
    private static void four(float[] c1, int from1, int line1, int leftStep, float[] c2, int from2, int line2, int step, int head,
            int end, float[] sums) {
        FloatVector z0 = FloatVector.fromArray(SPECIES, sums, POWERS);
        FloatVector v0 = FloatVector.fromArray(SPECIES, sums, 0);
        FloatVector d0 = FloatVector.fromArray(SPECIES, sums, SLOPES);
        FloatVector z1 = FloatVector.fromArray(SPECIES, sums, POWERS + LANES);
        FloatVector v1 = FloatVector.fromArray(SPECIES, sums, LANES);
        FloatVector d1 = FloatVector.fromArray(SPECIES, sums, SLOPES + LANES);
        FloatVector z2 = FloatVector.fromArray(SPECIES, sums, POWERS + 2 * LANES);
        FloatVector v2 = FloatVector.fromArray(SPECIES, sums, 2 * LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, sums, SLOPES + 2 * LANES);
        FloatVector z3 = FloatVector.fromArray(SPECIES, sums, POWERS + 3 * LANES);
        FloatVector v3 = FloatVector.fromArray(SPECIES, sums, 3 * LANES);
        FloatVector d3 = FloatVector.fromArray(SPECIES, sums, SLOPES + 3 * LANES);
        for (int m = end - 1; m > head; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            d0 = z0.fma(d0, v0);
            d1 = z1.fma(d1, v1);
            d2 = z2.fma(d2, v2);
            d3 = z3.fma(d3, v3);
            v0 = z0.fma(v0, FloatVector.fromArray(SPECIES, c2, two)
                    .mul(FloatVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, FloatVector.fromArray(SPECIES, c2, two + step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, FloatVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, FloatVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
        }
        v0.intoArray(sums, 0);
        d0.intoArray(sums, SLOPES);
        v1.intoArray(sums, LANES);
        d1.intoArray(sums, SLOPES + LANES);
        v2.intoArray(sums, 2 * LANES);
        d2.intoArray(sums, SLOPES + 2 * LANES);
        v3.intoArray(sums, 3 * LANES);
        d3.intoArray(sums, SLOPES + 3 * LANES);
    }

    /** A section of V for four places. */
    private static void fourOfK(float[] c1, int from1, int line1, int leftStep, float[] c2, int from2, int line2, int step, int head,
            int end, float[] sums) {
        FloatVector z0 = FloatVector.fromArray(SPECIES, sums, POWERS);
        FloatVector v0 = FloatVector.fromArray(SPECIES, sums, 0);
        FloatVector z1 = FloatVector.fromArray(SPECIES, sums, POWERS + LANES);
        FloatVector v1 = FloatVector.fromArray(SPECIES, sums, LANES);
        FloatVector z2 = FloatVector.fromArray(SPECIES, sums, POWERS + 2 * LANES);
        FloatVector v2 = FloatVector.fromArray(SPECIES, sums, 2 * LANES);
        FloatVector z3 = FloatVector.fromArray(SPECIES, sums, POWERS + 3 * LANES);
        FloatVector v3 = FloatVector.fromArray(SPECIES, sums, 3 * LANES);
        for (int m = end - 1; m > head; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            v0 = z0.fma(v0, FloatVector.fromArray(SPECIES, c2, two)
                    .mul(FloatVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, FloatVector.fromArray(SPECIES, c2, two + step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, FloatVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, FloatVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(FloatVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
        }
        v0.intoArray(sums, 0);
        v1.intoArray(sums, LANES);
        v2.intoArray(sums, 2 * LANES);
        v3.intoArray(sums, 3 * LANES);
    }

    /** The same where the left side is one value. */
    private static void fourOfRow(float[] c1, int from1, int line1, float[] c2, int from2, int line2, int step, int head,
            int end, float[] sums) {
        FloatVector z0 = FloatVector.fromArray(SPECIES, sums, POWERS);
        FloatVector v0 = FloatVector.fromArray(SPECIES, sums, 0);
        FloatVector z1 = FloatVector.fromArray(SPECIES, sums, POWERS + LANES);
        FloatVector v1 = FloatVector.fromArray(SPECIES, sums, LANES);
        FloatVector z2 = FloatVector.fromArray(SPECIES, sums, POWERS + 2 * LANES);
        FloatVector v2 = FloatVector.fromArray(SPECIES, sums, 2 * LANES);
        FloatVector z3 = FloatVector.fromArray(SPECIES, sums, POWERS + 3 * LANES);
        FloatVector v3 = FloatVector.fromArray(SPECIES, sums, 3 * LANES);
        for (int m = end - 1; m > head; m--) {
            FloatVector one = FloatVector.broadcast(SPECIES, c1[from1 + m * line1]);
            int two = from2 + m * line2;
            v0 = z0.fma(v0, FloatVector.fromArray(SPECIES, c2, two).mul(one));
            v1 = z1.fma(v1, FloatVector.fromArray(SPECIES, c2, two + step).mul(one));
            v2 = z2.fma(v2, FloatVector.fromArray(SPECIES, c2, two + 2 * step).mul(one));
            v3 = z3.fma(v3, FloatVector.fromArray(SPECIES, c2, two + 3 * step).mul(one));
        }
        v0.intoArray(sums, 0);
        v1.intoArray(sums, LANES);
        v2.intoArray(sums, 2 * LANES);
        v3.intoArray(sums, 3 * LANES);
    }

    /** A section of V and of its derivative for one place. */
    private static void one(float[] c1, int from1, int line1, float[] c2, int from2, int line2, int head, int end, int place,
            float[] sums) {
        FloatVector z = FloatVector.fromArray(SPECIES, sums, POWERS + place);
        FloatVector v = FloatVector.fromArray(SPECIES, sums, place);
        FloatVector d = FloatVector.fromArray(SPECIES, sums, SLOPES + place);
        for (int m = end - 1; m > head; m--) {
            d = z.fma(d, v);
            v = z.fma(v, FloatVector.fromArray(SPECIES, c2, from2 + m * line2)
                    .mul(FloatVector.broadcast(SPECIES, c1[from1 + m * line1])));
        }
        v.intoArray(sums, place);
        d.intoArray(sums, SLOPES + place);
    }

    private static void end(Series.Powers powers, float[] k, float[] t, int at, float[] sums, int place, float[] c1, int left,
            float[] c2, int right, int count) {
        FloatVector v = FloatVector.fromArray(SPECIES, sums, place);
        FloatVector d = FloatVector.fromArray(SPECIES, sums, SLOPES + place);
        FloatVector rho = FloatVector.fromArray(SPECIES, sums, CORRELATIONS + place);
        FloatVector first = count > 0 ? FloatVector.fromArray(SPECIES, c2, right).mul(c1[left]) : FloatVector.zero(SPECIES);
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

    private static void endOfK(Series.Powers powers, float[] k, int at, float[] sums, int place, float[] c1, int left, float[] c2,
            int right, int count) {
        FloatVector v = FloatVector.fromArray(SPECIES, sums, place);
        FloatVector rho = FloatVector.fromArray(SPECIES, sums, CORRELATIONS + place);
        FloatVector first = count > 0 ? FloatVector.fromArray(SPECIES, c2, right).mul(c1[left]) : FloatVector.zero(SPECIES);
        FloatVector covariance = FloatVector.fromArray(SPECIES, k, at);
        if (powers.step() == 2 && powers.first() == 1) {
            covariance.fma(rho.mul(v), first).intoArray(k, at);
        } else {
            covariance.fma(v, first).intoArray(k, at);
        }
    }
}
