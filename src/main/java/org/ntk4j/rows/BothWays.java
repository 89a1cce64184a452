package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four rows of a matrix with a vector, and with another one their transpose, in one pass: each value is read once. Sums are in float64,
 * whatever the values are, and always in the same order. Only where {@link Rows#vectors}; for one thread.
 */
public final class BothWays {

    /** How many rows go together. */
    public static final int ROWS = 4;

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class,
            VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 2)));

    private final double[] lanes = new double[ROWS * LANES];

    /**
     * Adds {@code Σ_j a(r, j) x(j)} to the sum of each of the four rows, and {@code Σ_r w(r) a(r, j)} to {@code down} for each column.
     *
     * @param a    values: row r begins at {@code at + r line}
     * @param w    four numbers, one for each row
     * @param sums four sums, one for each row
     */
    public void multiply(float[] a, int at, int line, int width, double[] x, int xAt, double[] w, double[] sums, double[] down,
            int downAt) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[0]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[3]);
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        DoubleVector s2 = DoubleVector.zero(SPECIES);
        DoubleVector s3 = DoubleVector.zero(SPECIES);
        int whole = width - width % LANES;
        for (int j = 0; j < whole; j += LANES) {
            DoubleVector right = DoubleVector.fromArray(SPECIES, x, xAt + j);
            DoubleVector a0 = load(a, at + j);
            DoubleVector a1 = load(a, at + line + j);
            DoubleVector a2 = load(a, at + 2 * line + j);
            DoubleVector a3 = load(a, at + 3 * line + j);
            s0 = a0.fma(right, s0);
            s1 = a1.fma(right, s1);
            s2 = a2.fma(right, s2);
            s3 = a3.fma(right, s3);
            DoubleVector below = DoubleVector.fromArray(SPECIES, down, downAt + j);
            a3.fma(w3, a2.fma(w2, a1.fma(w1, a0.fma(w0, below)))).intoArray(down, downAt + j);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, LANES);
        s2.intoArray(lanes, 2 * LANES);
        s3.intoArray(lanes, 3 * LANES);
        for (int r = 0; r < ROWS; r++) {
            double sum = added(r);
            for (int j = whole; j < width; j++) {
                double value = a[at + r * line + j];
                sum = Math.fma(value, x[xAt + j], sum);
                down[downAt + j] = Math.fma(value, w[r], down[downAt + j]);
            }
            sums[r] += sum;
        }
    }

    /** Of values in float64. */
    public void multiply(double[] a, int at, int line, int width, double[] x, int xAt, double[] w, double[] sums, double[] down,
            int downAt) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[0]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[3]);
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        DoubleVector s2 = DoubleVector.zero(SPECIES);
        DoubleVector s3 = DoubleVector.zero(SPECIES);
        int whole = width - width % LANES;
        for (int j = 0; j < whole; j += LANES) {
            DoubleVector right = DoubleVector.fromArray(SPECIES, x, xAt + j);
            DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, at + j);
            DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, at + line + j);
            DoubleVector a2 = DoubleVector.fromArray(SPECIES, a, at + 2 * line + j);
            DoubleVector a3 = DoubleVector.fromArray(SPECIES, a, at + 3 * line + j);
            s0 = a0.fma(right, s0);
            s1 = a1.fma(right, s1);
            s2 = a2.fma(right, s2);
            s3 = a3.fma(right, s3);
            DoubleVector below = DoubleVector.fromArray(SPECIES, down, downAt + j);
            a3.fma(w3, a2.fma(w2, a1.fma(w1, a0.fma(w0, below)))).intoArray(down, downAt + j);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, LANES);
        s2.intoArray(lanes, 2 * LANES);
        s3.intoArray(lanes, 3 * LANES);
        for (int r = 0; r < ROWS; r++) {
            double sum = added(r);
            for (int j = whole; j < width; j++) {
                double value = a[at + r * line + j];
                sum = Math.fma(value, x[xAt + j], sum);
                down[downAt + j] = Math.fma(value, w[r], down[downAt + j]);
            }
            sums[r] += sum;
        }
    }

    private static DoubleVector load(float[] a, int at) {
        return (DoubleVector) FloatVector.fromArray(HALF, a, at).castShape(SPECIES, 0);
    }

    /** In the order of the lanes: Java leaves that of its own reduction open. */
    private double added(int row) {
        double sum = 0;
        for (int l = 0; l < LANES; l++) {
            sum += lanes[row * LANES + l];
        }
        return sum;
    }
}
