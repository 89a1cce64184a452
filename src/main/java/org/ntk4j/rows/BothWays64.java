package org.ntk4j.rows;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of a matrix in native memory, and their products with two vectors, and with two others those of their transpose, in one pass: each
 * value is loaded once for four products, and all sums stay in registers but those of the columns. Sums are always in the same order. Only
 * where {@link Rows#vectors}. Before JDK 22 vectors load from arrays alone: rows are copied. A class of the same name for JDK 22 and later
 * (src/main/java22) loads them from where they are; it gives the same bytes.
 */
public final class BothWays64 {

    /** How many rows go together. */
    public static final int ROWS = 5;
    /** How many vectors go together. */
    public static final int VECTORS = 2;

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /** Lanes that the sum of a row has. */
    public static final int LANES = SPECIES.length();
    /** Where two rows lay a multiple of so many values apart they would push each other out of the cache. */
    private static final int PAGE = 4096 / Double.BYTES;

    private final int line;
    private final double[] values;

    /** @param width the most columns */
    public BothWays64(int width) {
        this.line = (width + PAGE - 1) / PAGE * PAGE + PAGE / 2 + LANES;
        this.values = new double[ROWS * line];
    }

    /**
     * Turns to {@link #ROWS} of some rows that stand one behind the other; where fewer are left, rows of zeros stand for the others.
     *
     * @param row   the first
     * @param count how many there are
     * @param width columns of each
     */
    public void turnTo(DoubleBuffer rows, int row, int count, int width) {
        int some = Math.min(ROWS, count - row);
        for (int r = 0; r < some; r++) {
            rows.get((row + r) * width, values, r * line, width);
        }
        Arrays.fill(values, some * line, values.length, 0);
    }

    /** Turns to rows of float32. */
    public void turnToSingles(FloatBuffer rows, int row, int count, int width) {
        int some = Math.min(ROWS, count - row);
        float[] one = new float[width];
        for (int r = 0; r < some; r++) {
            rows.get((row + r) * width, one, 0, width);
            for (int j = 0; j < width; j++) {
                values[r * line + j] = one[j];
            }
        }
        Arrays.fill(values, some * line, values.length, 0);
    }

    /**
     * Adds, for both vectors x and w, {@code Σ_j a(r, j) x(j)} to the sum of each of the rows, and {@code Σ_r w(r) a(r, j)} to that of each
     * column.
     *
     * @param column  the first column
     * @param width   how many columns
     * @param vectors both kinds; the second one of each lies {@code apart} behind the first
     * @param x       where what the columns are multiplied with begins
     * @param w       where the numbers begin that the rows are multiplied with
     * @param sums    those of the vectors
     * @param vector  which of their vectors is the first
     * @param toRow   which of their rows is the first
     * @param to      which of their columns is the first
     */
    public void multiply(int column, int width, double[] vectors, int x, int w, int apart, WaySums64 sums, int vector, int toRow, int to) {
        int sumsAt = vector * sums.rowsApart + toRow * LANES;
        int downAt = vector * sums.columnsApart + to;
        multiply(values, column, line, width, vectors, x, w, x + apart, w + apart, sums.lanes, sumsAt, sumsAt + sums.rowsApart,
                sums.columns, downAt, downAt + sums.columnsApart);
    }

    private static void multiply(double[] a, int at, int line, int width, double[] vectors, int x, int w, int y, int v, double[] sums,
            int sumsAt, int ups, double[] down, int downAt, int under) {
        int whole = width - width % LANES;
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, vectors[w]);
        DoubleVector v0 = DoubleVector.broadcast(SPECIES, vectors[v]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, vectors[w + 1]);
        DoubleVector v1 = DoubleVector.broadcast(SPECIES, vectors[v + 1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, vectors[w + 2]);
        DoubleVector v2 = DoubleVector.broadcast(SPECIES, vectors[v + 2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, vectors[w + 3]);
        DoubleVector v3 = DoubleVector.broadcast(SPECIES, vectors[v + 3]);
        DoubleVector w4 = DoubleVector.broadcast(SPECIES, vectors[w + 4]);
        DoubleVector v4 = DoubleVector.broadcast(SPECIES, vectors[v + 4]);
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, sums, sumsAt);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, sums, ups);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, sums, sumsAt + LANES);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, sums, ups + LANES);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 2 * LANES);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, sums, ups + 2 * LANES);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 3 * LANES);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, sums, ups + 3 * LANES);
        DoubleVector s4 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 4 * LANES);
        DoubleVector t4 = DoubleVector.fromArray(SPECIES, sums, ups + 4 * LANES);
        for (int j = 0; j < whole; j += LANES) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, vectors, x + j);
            DoubleVector second = DoubleVector.fromArray(SPECIES, vectors, y + j);
            DoubleVector below = DoubleVector.fromArray(SPECIES, down, downAt + j);
            DoubleVector lower = DoubleVector.fromArray(SPECIES, down, under + j);
            DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, at + j);
            s0 = a0.fma(first, s0);
            t0 = a0.fma(second, t0);
            below = a0.fma(w0, below);
            lower = a0.fma(v0, lower);
            DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, at + line + j);
            s1 = a1.fma(first, s1);
            t1 = a1.fma(second, t1);
            below = a1.fma(w1, below);
            lower = a1.fma(v1, lower);
            DoubleVector a2 = DoubleVector.fromArray(SPECIES, a, at + 2 * line + j);
            s2 = a2.fma(first, s2);
            t2 = a2.fma(second, t2);
            below = a2.fma(w2, below);
            lower = a2.fma(v2, lower);
            DoubleVector a3 = DoubleVector.fromArray(SPECIES, a, at + 3 * line + j);
            s3 = a3.fma(first, s3);
            t3 = a3.fma(second, t3);
            below = a3.fma(w3, below);
            lower = a3.fma(v3, lower);
            DoubleVector a4 = DoubleVector.fromArray(SPECIES, a, at + 4 * line + j);
            s4 = a4.fma(first, s4);
            t4 = a4.fma(second, t4);
            below = a4.fma(w4, below);
            lower = a4.fma(v4, lower);
            below.intoArray(down, downAt + j);
            lower.intoArray(down, under + j);
        }
        s0.intoArray(sums, sumsAt);
        t0.intoArray(sums, ups);
        s1.intoArray(sums, sumsAt + LANES);
        t1.intoArray(sums, ups + LANES);
        s2.intoArray(sums, sumsAt + 2 * LANES);
        t2.intoArray(sums, ups + 2 * LANES);
        s3.intoArray(sums, sumsAt + 3 * LANES);
        t3.intoArray(sums, ups + 3 * LANES);
        s4.intoArray(sums, sumsAt + 4 * LANES);
        t4.intoArray(sums, ups + 4 * LANES);
        for (int r = 0; whole < width && r < ROWS; r++) {
            for (int j = whole; j < width; j++) {
                double value = a[at + r * line + j];
                int lane = r * LANES + j - whole;
                sums[sumsAt + lane] = Math.fma(value, vectors[x + j], sums[sumsAt + lane]);
                sums[ups + lane] = Math.fma(value, vectors[y + j], sums[ups + lane]);
                down[downAt + j] = Math.fma(value, vectors[w + r], down[downAt + j]);
                down[under + j] = Math.fma(value, vectors[v + r], down[under + j]);
            }
        }
    }
}
