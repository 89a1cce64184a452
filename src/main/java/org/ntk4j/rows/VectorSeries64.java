package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Series;

/**
 * Sums of a {@link Series} in float64, in vector instructions: section by section from the last one that a correlation of some places at
 * once needs, and in the lanes that do not need it nothing is left of it. Belongs to one thread.
 */
final class VectorSeries64 {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** How many places go through at once: multiplications of one need not wait for those of another. */
    private static final int TOGETHER = 4;
    /** Where there stand, behind V of all places, its derivatives, the correlations, and what V is a sum of powers of. */
    private static final int SLOPES = TOGETHER * LANES;
    private static final int CORRELATIONS = 2 * SLOPES;
    private static final int POWERS = 3 * SLOPES;

    private final double[] sums = new double[4 * SLOPES];

    /** @param t null for K alone */
    void cross(Series.Powers powers, double[] k, double @Nullable [] t, int at, int n, double[] g1, int leftAt, Terms<double[]> c1,
            int from1, int leftStep, double[] g2, int rightAt, Terms<double[]> c2, int from2, int rightStep) {
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
    private static void begin(boolean square, double[] k, int at, int places, double[] g1, int left, int leftStep, double[] g2, int right,
            int step, double[] sums) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int y = 0; y < places; y++) {
            DoubleVector rho = DoubleVector.fromArray(SPECIES, k, at + y * LANES)
                    .mul(DoubleVector.fromArray(SPECIES, g2, right + y * step).mul(g1[left + y * leftStep])).min(1.0).max(-1.0);
            rho.intoArray(sums, CORRELATIONS + y * LANES);
            (square ? rho.mul(rho) : rho).intoArray(sums, POWERS + y * LANES);
            zero.intoArray(sums, y * LANES);
            zero.intoArray(sums, SLOPES + y * LANES);
        }
    }

    /** Whether one of the correlations needs the section whose heads these are. */
    private static boolean counts(double[] c1, int one, int leftStep, double[] c2, int two, int step, int places, double[] sums) {
        DoubleVector most = DoubleVector.zero(SPECIES);
        for (int y = 0; y < places; y++) {
            most = most.max(DoubleVector.fromArray(SPECIES, sums, CORRELATIONS + y * LANES).abs()
                    .mul(DoubleVector.fromArray(SPECIES, c2, two + y * step).max(c1[one + y * leftStep])));
        }
        return most.compare(VectorOperators.GT, 1.0).anyTrue();
    }

    /** Sums are 0 again in the lanes that do not need the section. */
    private static void forget(double[] c1, int one, int leftStep, double[] c2, int two, int step, int places, double[] sums) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int y = 0; y < places; y++) {
            var not = DoubleVector.fromArray(SPECIES, sums, CORRELATIONS + y * LANES).abs()
                    .mul(DoubleVector.fromArray(SPECIES, c2, two + y * step).max(c1[one + y * leftStep]))
                    .compare(VectorOperators.LE, 1.0);
            DoubleVector.fromArray(SPECIES, sums, y * LANES).blend(zero, not).intoArray(sums, y * LANES);
            DoubleVector.fromArray(SPECIES, sums, SLOPES + y * LANES).blend(zero, not).intoArray(sums, SLOPES + y * LANES);
        }
    }

    /**
     * A section of V and of its derivative for four places: nothing but additions of products on the way, or the compiler would not keep it
     * in registers.
     */
    private static void four(double[] c1, int from1, int line1, int leftStep, double[] c2, int from2, int line2, int step, int head,
            int end, double[] sums) {
        DoubleVector z0 = DoubleVector.fromArray(SPECIES, sums, POWERS);
        DoubleVector v0 = DoubleVector.fromArray(SPECIES, sums, 0);
        DoubleVector d0 = DoubleVector.fromArray(SPECIES, sums, SLOPES);
        DoubleVector z1 = DoubleVector.fromArray(SPECIES, sums, POWERS + LANES);
        DoubleVector v1 = DoubleVector.fromArray(SPECIES, sums, LANES);
        DoubleVector d1 = DoubleVector.fromArray(SPECIES, sums, SLOPES + LANES);
        DoubleVector z2 = DoubleVector.fromArray(SPECIES, sums, POWERS + 2 * LANES);
        DoubleVector v2 = DoubleVector.fromArray(SPECIES, sums, 2 * LANES);
        DoubleVector d2 = DoubleVector.fromArray(SPECIES, sums, SLOPES + 2 * LANES);
        DoubleVector z3 = DoubleVector.fromArray(SPECIES, sums, POWERS + 3 * LANES);
        DoubleVector v3 = DoubleVector.fromArray(SPECIES, sums, 3 * LANES);
        DoubleVector d3 = DoubleVector.fromArray(SPECIES, sums, SLOPES + 3 * LANES);
        for (int m = end - 1; m > head; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            d0 = z0.fma(d0, v0);
            d1 = z1.fma(d1, v1);
            d2 = z2.fma(d2, v2);
            d3 = z3.fma(d3, v3);
            v0 = z0.fma(v0, DoubleVector.fromArray(SPECIES, c2, two)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, DoubleVector.fromArray(SPECIES, c2, two + step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, DoubleVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, DoubleVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
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
    private static void fourOfK(double[] c1, int from1, int line1, int leftStep, double[] c2, int from2, int line2, int step, int head,
            int end, double[] sums) {
        DoubleVector z0 = DoubleVector.fromArray(SPECIES, sums, POWERS);
        DoubleVector v0 = DoubleVector.fromArray(SPECIES, sums, 0);
        DoubleVector z1 = DoubleVector.fromArray(SPECIES, sums, POWERS + LANES);
        DoubleVector v1 = DoubleVector.fromArray(SPECIES, sums, LANES);
        DoubleVector z2 = DoubleVector.fromArray(SPECIES, sums, POWERS + 2 * LANES);
        DoubleVector v2 = DoubleVector.fromArray(SPECIES, sums, 2 * LANES);
        DoubleVector z3 = DoubleVector.fromArray(SPECIES, sums, POWERS + 3 * LANES);
        DoubleVector v3 = DoubleVector.fromArray(SPECIES, sums, 3 * LANES);
        for (int m = end - 1; m > head; m--) {
            int one = from1 + m * line1;
            int two = from2 + m * line2;
            v0 = z0.fma(v0, DoubleVector.fromArray(SPECIES, c2, two)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one])));
            v1 = z1.fma(v1, DoubleVector.fromArray(SPECIES, c2, two + step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + leftStep])));
            v2 = z2.fma(v2, DoubleVector.fromArray(SPECIES, c2, two + 2 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 2 * leftStep])));
            v3 = z3.fma(v3, DoubleVector.fromArray(SPECIES, c2, two + 3 * step)
                    .mul(DoubleVector.broadcast(SPECIES, c1[one + 3 * leftStep])));
        }
        v0.intoArray(sums, 0);
        v1.intoArray(sums, LANES);
        v2.intoArray(sums, 2 * LANES);
        v3.intoArray(sums, 3 * LANES);
    }

    /** The same where the left side is one value. */
    private static void fourOfRow(double[] c1, int from1, int line1, double[] c2, int from2, int line2, int step, int head,
            int end, double[] sums) {
        DoubleVector z0 = DoubleVector.fromArray(SPECIES, sums, POWERS);
        DoubleVector v0 = DoubleVector.fromArray(SPECIES, sums, 0);
        DoubleVector z1 = DoubleVector.fromArray(SPECIES, sums, POWERS + LANES);
        DoubleVector v1 = DoubleVector.fromArray(SPECIES, sums, LANES);
        DoubleVector z2 = DoubleVector.fromArray(SPECIES, sums, POWERS + 2 * LANES);
        DoubleVector v2 = DoubleVector.fromArray(SPECIES, sums, 2 * LANES);
        DoubleVector z3 = DoubleVector.fromArray(SPECIES, sums, POWERS + 3 * LANES);
        DoubleVector v3 = DoubleVector.fromArray(SPECIES, sums, 3 * LANES);
        for (int m = end - 1; m > head; m--) {
            DoubleVector one = DoubleVector.broadcast(SPECIES, c1[from1 + m * line1]);
            int two = from2 + m * line2;
            v0 = z0.fma(v0, DoubleVector.fromArray(SPECIES, c2, two).mul(one));
            v1 = z1.fma(v1, DoubleVector.fromArray(SPECIES, c2, two + step).mul(one));
            v2 = z2.fma(v2, DoubleVector.fromArray(SPECIES, c2, two + 2 * step).mul(one));
            v3 = z3.fma(v3, DoubleVector.fromArray(SPECIES, c2, two + 3 * step).mul(one));
        }
        v0.intoArray(sums, 0);
        v1.intoArray(sums, LANES);
        v2.intoArray(sums, 2 * LANES);
        v3.intoArray(sums, 3 * LANES);
    }

    /** A section of V and of its derivative for one place. */
    private static void one(double[] c1, int from1, int line1, double[] c2, int from2, int line2, int head, int end, int place,
            double[] sums) {
        DoubleVector z = DoubleVector.fromArray(SPECIES, sums, POWERS + place);
        DoubleVector v = DoubleVector.fromArray(SPECIES, sums, place);
        DoubleVector d = DoubleVector.fromArray(SPECIES, sums, SLOPES + place);
        for (int m = end - 1; m > head; m--) {
            d = z.fma(d, v);
            v = z.fma(v, DoubleVector.fromArray(SPECIES, c2, from2 + m * line2)
                    .mul(DoubleVector.broadcast(SPECIES, c1[from1 + m * line1])));
        }
        v.intoArray(sums, place);
        d.intoArray(sums, SLOPES + place);
    }

    private static void end(Series.Powers powers, double[] k, double[] t, int at, double[] sums, int place, double[] c1, int left,
            double[] c2, int right, int count) {
        DoubleVector v = DoubleVector.fromArray(SPECIES, sums, place);
        DoubleVector d = DoubleVector.fromArray(SPECIES, sums, SLOPES + place);
        DoubleVector rho = DoubleVector.fromArray(SPECIES, sums, CORRELATIONS + place);
        DoubleVector first = count > 0 ? DoubleVector.fromArray(SPECIES, c2, right).mul(c1[left]) : DoubleVector.zero(SPECIES);
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

    private static void endOfK(Series.Powers powers, double[] k, int at, double[] sums, int place, double[] c1, int left, double[] c2,
            int right, int count) {
        DoubleVector v = DoubleVector.fromArray(SPECIES, sums, place);
        DoubleVector rho = DoubleVector.fromArray(SPECIES, sums, CORRELATIONS + place);
        DoubleVector first = count > 0 ? DoubleVector.fromArray(SPECIES, c2, right).mul(c1[left]) : DoubleVector.zero(SPECIES);
        DoubleVector covariance = DoubleVector.fromArray(SPECIES, k, at);
        if (powers.step() == 2 && powers.first() == 1) {
            covariance.fma(rho.mul(v), first).intoArray(k, at);
        } else {
            covariance.fma(v, first).intoArray(k, at);
        }
    }
}
