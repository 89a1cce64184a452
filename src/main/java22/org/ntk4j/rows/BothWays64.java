package org.ntk4j.rows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * As the class of this name for older JDKs, but without a copy of the rows: vectors load from native memory, so that the machine reads the
 * next values while it multiplies these.
 */
public final class BothWays64 {

    /** How many rows go together. */
    public static final int ROWS = 5;
    /** How many vectors go together. */
    public static final int VECTORS = 2;

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /** Lanes that the sum of a row has. */
    public static final int LANES = SPECIES.length();
    private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final ValueLayout.OfDouble VALUE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final long BYTES = VALUE.byteSize();
    private static final long CACHE_LINE = 1 << 6;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Rows that cannot be read where they are. */
    private final MemorySegment room;
    private MemorySegment values;
    private long at;
    private long line;

    /** @param width the most columns */
    public BothWays64(int width) {
        this.room = Arena.ofAuto().allocate((long) ROWS * width * BYTES, CACHE_LINE);
        this.values = room;
    }

    /**
     * Turns to {@link #ROWS} of some rows that stand one behind the other; where fewer are left, rows of zeros stand for the others.
     *
     * @param row   the first
     * @param count how many there are
     * @param width columns of each
     */
    public void turnTo(DoubleBuffer rows, int row, int count, int width) {
        line = width * BYTES;
        values = MemorySegment.ofBuffer(rows);
        at = row * line;
        if (row + ROWS > count) {
            MemorySegment.copy(values, at, room, 0, (count - row) * line);
            turnToRoom(count - row);
        }
    }

    /** Turns to rows of float32. */
    public void turnToSingles(FloatBuffer rows, int row, int count, int width) {
        line = width * BYTES;
        int some = Math.min(ROWS, count - row);
        widen(MemorySegment.ofBuffer(rows), row * width, room, some * width);
        turnToRoom(some);
    }

    private void turnToRoom(int some) {
        room.asSlice(some * line, (ROWS - some) * line).fill((byte) 0);
        values = room;
        at = 0;
    }

    private static void widen(MemorySegment from, int at, MemorySegment to, int count) {
        int some = count - count % LANES;
        for (int i = 0; i < some; i += LANES) {
            FloatVector.fromMemorySegment(HALF, from, (at + i) * (long) Float.BYTES, ORDER).convertShape(VectorOperators.F2D, SPECIES, 0)
                    .intoMemorySegment(to, i * BYTES, ORDER);
        }
        for (int i = some; i < count; i++) {
            to.setAtIndex(VALUE, i, from.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at + i));
        }
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
        multiply(values, at + column * BYTES, line, width, vectors, x, w, x + apart, w + apart, sums.lanes, sumsAt, sumsAt + sums.rowsApart,
                sums.columns, downAt, downAt + sums.columnsApart);
    }

    private static void multiply(MemorySegment a, long at, long line, int width, double[] vectors, int x, int w, int y, int v,
            double[] sums, int sumsAt, int ups, double[] down, int downAt, int under) {
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
            DoubleVector a0 = DoubleVector.fromMemorySegment(SPECIES, a, at + j * BYTES, ORDER);
            s0 = a0.fma(first, s0);
            t0 = a0.fma(second, t0);
            below = a0.fma(w0, below);
            lower = a0.fma(v0, lower);
            DoubleVector a1 = DoubleVector.fromMemorySegment(SPECIES, a, at + line + j * BYTES, ORDER);
            s1 = a1.fma(first, s1);
            t1 = a1.fma(second, t1);
            below = a1.fma(w1, below);
            lower = a1.fma(v1, lower);
            DoubleVector a2 = DoubleVector.fromMemorySegment(SPECIES, a, at + 2 * line + j * BYTES, ORDER);
            s2 = a2.fma(first, s2);
            t2 = a2.fma(second, t2);
            below = a2.fma(w2, below);
            lower = a2.fma(v2, lower);
            DoubleVector a3 = DoubleVector.fromMemorySegment(SPECIES, a, at + 3 * line + j * BYTES, ORDER);
            s3 = a3.fma(first, s3);
            t3 = a3.fma(second, t3);
            below = a3.fma(w3, below);
            lower = a3.fma(v3, lower);
            DoubleVector a4 = DoubleVector.fromMemorySegment(SPECIES, a, at + 4 * line + j * BYTES, ORDER);
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
                double value = a.get(VALUE, at + r * line + j * BYTES);
                int lane = r * LANES + j - whole;
                sums[sumsAt + lane] = Math.fma(value, vectors[x + j], sums[sumsAt + lane]);
                sums[ups + lane] = Math.fma(value, vectors[y + j], sums[ups + lane]);
                down[downAt + j] = Math.fma(value, vectors[w + r], down[downAt + j]);
                down[under + j] = Math.fma(value, vectors[v + r], down[under + j]);
            }
        }
    }
}
