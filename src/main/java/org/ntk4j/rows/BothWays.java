package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Eight rows of a matrix with a vector, and with another one their transpose, in one pass: each value is read once. Sums are always in the
 * same order. Only where {@link Rows#vectors}.
 */
public final class BothWays {

    /** How many rows go together. */
    public static final int ROWS = 8;

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> SPECIES_32 = FloatVector.SPECIES_PREFERRED;

    /** Lanes that the sum of a row has, in float64 and in float32. */
    public static final int LANES = SPECIES.length();
    public static final int LANES_32 = SPECIES_32.length();

    private BothWays() {
    }

    /**
     * Adds {@code Σ_j a(r, j) x(j)} to the sum of each of the eight rows, and {@code Σ_r w(r) a(r, j)} to {@code down} for each column.
     *
     * @param a    values: row r begins at {@code at + r line}
     * @param w    eight numbers, one for each row
     * @param sums of each row {@link #LANES} numbers, whose sum is that of the row
     */
    public static void multiply(double[] a, int at, int line, int width, double[] x, int xAt, double[] w, int wAt, double[] sums,
            int sumsAt, double[] down, int downAt) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[wAt]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[wAt + 1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[wAt + 2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[wAt + 3]);
        DoubleVector w4 = DoubleVector.broadcast(SPECIES, w[wAt + 4]);
        DoubleVector w5 = DoubleVector.broadcast(SPECIES, w[wAt + 5]);
        DoubleVector w6 = DoubleVector.broadcast(SPECIES, w[wAt + 6]);
        DoubleVector w7 = DoubleVector.broadcast(SPECIES, w[wAt + 7]);
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, sums, sumsAt);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, sums, sumsAt + LANES);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 2 * LANES);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 3 * LANES);
        DoubleVector s4 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 4 * LANES);
        DoubleVector s5 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 5 * LANES);
        DoubleVector s6 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 6 * LANES);
        DoubleVector s7 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 7 * LANES);
        int whole = width - width % LANES;
        for (int j = 0; j < whole; j += LANES) {
            DoubleVector right = DoubleVector.fromArray(SPECIES, x, xAt + j);
            DoubleVector below = DoubleVector.fromArray(SPECIES, down, downAt + j);
            DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, at + j);
            s0 = a0.fma(right, s0);
            below = a0.fma(w0, below);
            DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, at + line + j);
            s1 = a1.fma(right, s1);
            below = a1.fma(w1, below);
            DoubleVector a2 = DoubleVector.fromArray(SPECIES, a, at + 2 * line + j);
            s2 = a2.fma(right, s2);
            below = a2.fma(w2, below);
            DoubleVector a3 = DoubleVector.fromArray(SPECIES, a, at + 3 * line + j);
            s3 = a3.fma(right, s3);
            below = a3.fma(w3, below);
            DoubleVector a4 = DoubleVector.fromArray(SPECIES, a, at + 4 * line + j);
            s4 = a4.fma(right, s4);
            below = a4.fma(w4, below);
            DoubleVector a5 = DoubleVector.fromArray(SPECIES, a, at + 5 * line + j);
            s5 = a5.fma(right, s5);
            below = a5.fma(w5, below);
            DoubleVector a6 = DoubleVector.fromArray(SPECIES, a, at + 6 * line + j);
            s6 = a6.fma(right, s6);
            below = a6.fma(w6, below);
            DoubleVector a7 = DoubleVector.fromArray(SPECIES, a, at + 7 * line + j);
            s7 = a7.fma(right, s7);
            below = a7.fma(w7, below);
            below.intoArray(down, downAt + j);
        }
        s0.intoArray(sums, sumsAt);
        s1.intoArray(sums, sumsAt + LANES);
        s2.intoArray(sums, sumsAt + 2 * LANES);
        s3.intoArray(sums, sumsAt + 3 * LANES);
        s4.intoArray(sums, sumsAt + 4 * LANES);
        s5.intoArray(sums, sumsAt + 5 * LANES);
        s6.intoArray(sums, sumsAt + 6 * LANES);
        s7.intoArray(sums, sumsAt + 7 * LANES);
        for (int r = 0; r < ROWS; r++) {
            for (int j = whole; j < width; j++) {
                double value = a[at + r * line + j];
                int lane = sumsAt + r * LANES + j - whole;
                sums[lane] = Math.fma(value, x[xAt + j], sums[lane]);
                down[downAt + j] = Math.fma(value, w[wAt + r], down[downAt + j]);
            }
        }
    }

    /** The same in float32, with {@link #LANES_32} numbers for each row. */
    public static void multiply(float[] a, int at, int line, int width, float[] x, int xAt, float[] w, int wAt, float[] sums, int sumsAt,
            float[] down, int downAt) {
        FloatVector w0 = FloatVector.broadcast(SPECIES_32, w[wAt]);
        FloatVector w1 = FloatVector.broadcast(SPECIES_32, w[wAt + 1]);
        FloatVector w2 = FloatVector.broadcast(SPECIES_32, w[wAt + 2]);
        FloatVector w3 = FloatVector.broadcast(SPECIES_32, w[wAt + 3]);
        FloatVector w4 = FloatVector.broadcast(SPECIES_32, w[wAt + 4]);
        FloatVector w5 = FloatVector.broadcast(SPECIES_32, w[wAt + 5]);
        FloatVector w6 = FloatVector.broadcast(SPECIES_32, w[wAt + 6]);
        FloatVector w7 = FloatVector.broadcast(SPECIES_32, w[wAt + 7]);
        FloatVector s0 = FloatVector.fromArray(SPECIES_32, sums, sumsAt);
        FloatVector s1 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + LANES_32);
        FloatVector s2 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + 2 * LANES_32);
        FloatVector s3 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + 3 * LANES_32);
        FloatVector s4 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + 4 * LANES_32);
        FloatVector s5 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + 5 * LANES_32);
        FloatVector s6 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + 6 * LANES_32);
        FloatVector s7 = FloatVector.fromArray(SPECIES_32, sums, sumsAt + 7 * LANES_32);
        int whole = width - width % LANES_32;
        for (int j = 0; j < whole; j += LANES_32) {
            FloatVector right = FloatVector.fromArray(SPECIES_32, x, xAt + j);
            FloatVector below = FloatVector.fromArray(SPECIES_32, down, downAt + j);
            FloatVector a0 = FloatVector.fromArray(SPECIES_32, a, at + j);
            s0 = a0.fma(right, s0);
            below = a0.fma(w0, below);
            FloatVector a1 = FloatVector.fromArray(SPECIES_32, a, at + line + j);
            s1 = a1.fma(right, s1);
            below = a1.fma(w1, below);
            FloatVector a2 = FloatVector.fromArray(SPECIES_32, a, at + 2 * line + j);
            s2 = a2.fma(right, s2);
            below = a2.fma(w2, below);
            FloatVector a3 = FloatVector.fromArray(SPECIES_32, a, at + 3 * line + j);
            s3 = a3.fma(right, s3);
            below = a3.fma(w3, below);
            FloatVector a4 = FloatVector.fromArray(SPECIES_32, a, at + 4 * line + j);
            s4 = a4.fma(right, s4);
            below = a4.fma(w4, below);
            FloatVector a5 = FloatVector.fromArray(SPECIES_32, a, at + 5 * line + j);
            s5 = a5.fma(right, s5);
            below = a5.fma(w5, below);
            FloatVector a6 = FloatVector.fromArray(SPECIES_32, a, at + 6 * line + j);
            s6 = a6.fma(right, s6);
            below = a6.fma(w6, below);
            FloatVector a7 = FloatVector.fromArray(SPECIES_32, a, at + 7 * line + j);
            s7 = a7.fma(right, s7);
            below = a7.fma(w7, below);
            below.intoArray(down, downAt + j);
        }
        s0.intoArray(sums, sumsAt);
        s1.intoArray(sums, sumsAt + LANES_32);
        s2.intoArray(sums, sumsAt + 2 * LANES_32);
        s3.intoArray(sums, sumsAt + 3 * LANES_32);
        s4.intoArray(sums, sumsAt + 4 * LANES_32);
        s5.intoArray(sums, sumsAt + 5 * LANES_32);
        s6.intoArray(sums, sumsAt + 6 * LANES_32);
        s7.intoArray(sums, sumsAt + 7 * LANES_32);
        for (int r = 0; r < ROWS; r++) {
            for (int j = whole; j < width; j++) {
                float value = a[at + r * line + j];
                int lane = sumsAt + r * LANES_32 + j - whole;
                sums[lane] = Math.fma(value, x[xAt + j], sums[lane]);
                down[downAt + j] = Math.fma(value, w[wAt + r], down[downAt + j]);
            }
        }
    }
}
