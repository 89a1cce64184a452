package org.ntk4j.rows;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums {@code Σ_t a(r, t) b(t, i)} over the terms that two lists name: for each a column of {@link #COLUMN} numbers and a row of
 * {@link #WIDTH}. All sums stay in registers. A product whose factor is 0 for part of the terms takes that much less time than by a
 * library, where these are left out; with all of them it takes about as long. Each sum is in the order of the lists. Only where
 * {@link Rows#vectors}.
 */
public final class NamedSums64 {

    /** How many numbers stand side by side in a column. */
    public static final int COLUMN = 5;

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Processors with vectors of 256 bits have registers for half as many sums as those with longer ones, or with those of ARM. */
    private static final boolean FEW = SPECIES.vectorBitSize() == 256;

    /** How many numbers stand side by side in a row. */
    public static final int WIDTH = (FEW ? 2 : 4) * LANES;

    private NamedSums64() {
    }

    /**
     * Sets {@link #COLUMN} × {@link #WIDTH} sums.
     *
     * @param from    the first term in the lists
     * @param to      behind the last
     * @param columns where the columns begin
     * @param a       columns
     * @param first   added to where columns begin
     * @param rows    where the rows begin
     * @param b       rows
     * @param shift   added to where rows begin
     * @param sums    where the sums go, those of a number of a column behind one another
     * @param at      where the first of them goes
     * @param line    how far those of the next number lie apart
     */
    public static void sum(int from, int to, int[] columns, double[] a, int first, int[] rows, double[] b, int shift, double[] sums, int at,
            int line) {
        if (FEW) {
            two(from, to, columns, a, first, rows, b, shift, sums, at, line);
        } else {
            four(from, to, columns, a, first, rows, b, shift, sums, at, line);
        }
    }

    private static void four(int from, int to, int[] columns, double[] a, int first, int[] rows, double[] b, int shift, double[] sums,
            int at, int line) {
        DoubleVector s0a = DoubleVector.zero(SPECIES);
        DoubleVector s0b = DoubleVector.zero(SPECIES);
        DoubleVector s0c = DoubleVector.zero(SPECIES);
        DoubleVector s0d = DoubleVector.zero(SPECIES);
        DoubleVector s1a = DoubleVector.zero(SPECIES);
        DoubleVector s1b = DoubleVector.zero(SPECIES);
        DoubleVector s1c = DoubleVector.zero(SPECIES);
        DoubleVector s1d = DoubleVector.zero(SPECIES);
        DoubleVector s2a = DoubleVector.zero(SPECIES);
        DoubleVector s2b = DoubleVector.zero(SPECIES);
        DoubleVector s2c = DoubleVector.zero(SPECIES);
        DoubleVector s2d = DoubleVector.zero(SPECIES);
        DoubleVector s3a = DoubleVector.zero(SPECIES);
        DoubleVector s3b = DoubleVector.zero(SPECIES);
        DoubleVector s3c = DoubleVector.zero(SPECIES);
        DoubleVector s3d = DoubleVector.zero(SPECIES);
        DoubleVector s4a = DoubleVector.zero(SPECIES);
        DoubleVector s4b = DoubleVector.zero(SPECIES);
        DoubleVector s4c = DoubleVector.zero(SPECIES);
        DoubleVector s4d = DoubleVector.zero(SPECIES);
        for (int t = from; t < to; t++) {
            int column = columns[t] + first;
            int row = rows[t] + shift;
            DoubleVector p = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector q = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector u = DoubleVector.fromArray(SPECIES, b, row + 2 * LANES);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, row + 3 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[column]);
            s0a = a0.fma(p, s0a);
            s0b = a0.fma(q, s0b);
            s0c = a0.fma(u, s0c);
            s0d = a0.fma(v, s0d);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[column + 1]);
            s1a = a1.fma(p, s1a);
            s1b = a1.fma(q, s1b);
            s1c = a1.fma(u, s1c);
            s1d = a1.fma(v, s1d);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[column + 2]);
            s2a = a2.fma(p, s2a);
            s2b = a2.fma(q, s2b);
            s2c = a2.fma(u, s2c);
            s2d = a2.fma(v, s2d);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[column + 3]);
            s3a = a3.fma(p, s3a);
            s3b = a3.fma(q, s3b);
            s3c = a3.fma(u, s3c);
            s3d = a3.fma(v, s3d);
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[column + 4]);
            s4a = a4.fma(p, s4a);
            s4b = a4.fma(q, s4b);
            s4c = a4.fma(u, s4c);
            s4d = a4.fma(v, s4d);
        }
        s0a.intoArray(sums, at);
        s0b.intoArray(sums, at + LANES);
        s0c.intoArray(sums, at + 2 * LANES);
        s0d.intoArray(sums, at + 3 * LANES);
        s1a.intoArray(sums, at + line);
        s1b.intoArray(sums, at + line + LANES);
        s1c.intoArray(sums, at + line + 2 * LANES);
        s1d.intoArray(sums, at + line + 3 * LANES);
        s2a.intoArray(sums, at + 2 * line);
        s2b.intoArray(sums, at + 2 * line + LANES);
        s2c.intoArray(sums, at + 2 * line + 2 * LANES);
        s2d.intoArray(sums, at + 2 * line + 3 * LANES);
        s3a.intoArray(sums, at + 3 * line);
        s3b.intoArray(sums, at + 3 * line + LANES);
        s3c.intoArray(sums, at + 3 * line + 2 * LANES);
        s3d.intoArray(sums, at + 3 * line + 3 * LANES);
        s4a.intoArray(sums, at + 4 * line);
        s4b.intoArray(sums, at + 4 * line + LANES);
        s4c.intoArray(sums, at + 4 * line + 2 * LANES);
        s4d.intoArray(sums, at + 4 * line + 3 * LANES);
    }

    private static void two(int from, int to, int[] columns, double[] a, int first, int[] rows, double[] b, int shift, double[] sums,
            int at, int line) {
        DoubleVector s0a = DoubleVector.zero(SPECIES);
        DoubleVector s0b = DoubleVector.zero(SPECIES);
        DoubleVector s1a = DoubleVector.zero(SPECIES);
        DoubleVector s1b = DoubleVector.zero(SPECIES);
        DoubleVector s2a = DoubleVector.zero(SPECIES);
        DoubleVector s2b = DoubleVector.zero(SPECIES);
        DoubleVector s3a = DoubleVector.zero(SPECIES);
        DoubleVector s3b = DoubleVector.zero(SPECIES);
        DoubleVector s4a = DoubleVector.zero(SPECIES);
        DoubleVector s4b = DoubleVector.zero(SPECIES);
        for (int t = from; t < to; t++) {
            int column = columns[t] + first;
            int row = rows[t] + shift;
            DoubleVector p = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector q = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[column]);
            s0a = a0.fma(p, s0a);
            s0b = a0.fma(q, s0b);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[column + 1]);
            s1a = a1.fma(p, s1a);
            s1b = a1.fma(q, s1b);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[column + 2]);
            s2a = a2.fma(p, s2a);
            s2b = a2.fma(q, s2b);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[column + 3]);
            s3a = a3.fma(p, s3a);
            s3b = a3.fma(q, s3b);
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[column + 4]);
            s4a = a4.fma(p, s4a);
            s4b = a4.fma(q, s4b);
        }
        s0a.intoArray(sums, at);
        s0b.intoArray(sums, at + LANES);
        s1a.intoArray(sums, at + line);
        s1b.intoArray(sums, at + line + LANES);
        s2a.intoArray(sums, at + 2 * line);
        s2b.intoArray(sums, at + 2 * line + LANES);
        s3a.intoArray(sums, at + 3 * line);
        s3b.intoArray(sums, at + 3 * line + LANES);
        s4a.intoArray(sums, at + 4 * line);
        s4b.intoArray(sums, at + 4 * line + LANES);
    }
}
