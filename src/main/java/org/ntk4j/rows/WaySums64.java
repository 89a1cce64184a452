package org.ntk4j.rows;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** What {@link BothWays64} adds to, for several vectors: sums of rows, lane by lane, and sums of columns. For one thread. */
public final class WaySums64 {

    private static final int LANES = BothWays64.LANES;
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorShuffle<Double> PAST_8 = past(8);
    private static final VectorShuffle<Double> PAST_4 = past(4);
    private static final VectorShuffle<Double> PAST_2 = past(2);
    private static final VectorShuffle<Double> PAST_1 = past(1);
    private static final VectorMask<Double> WITH_8 = with(8);
    private static final VectorMask<Double> WITH_4 = with(4);
    private static final VectorMask<Double> WITH_2 = with(2);
    private static final VectorMask<Double> WITH_1 = with(1);
    /** Sums of two vectors lie so much further apart than there are columns: else they would push each other out of the cache. */
    private static final int APART = 80;

    /** Of each vector and row {@link BothWays64#LANES} numbers. */
    final double[] lanes;
    /** Of each vector a number for each column. */
    final double[] columns;
    /** How far the sums of a vector's rows and columns lie behind those of the vector before. */
    final int rowsApart;
    final int columnsApart;

    /**
     * @param vectors how many
     * @param height  the most rows
     * @param width   the most columns
     */
    public WaySums64(int vectors, int height, int width) {
        int all = vectors + BothWays64.VECTORS - 1;
        this.rowsApart = (height + LANES - 1) / LANES * LANES * LANES;
        this.columnsApart = width + APART;
        this.lanes = new double[Math.multiplyExact(all, rowsApart)];
        this.columns = new double[Math.multiplyExact(all, columnsApart)];
    }

    /** Lanes change places with those that many further: the bit of their number changes. Of no use where there are no more lanes. */
    private static VectorShuffle<Double> past(int bit) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ bit) % LANES);
    }

    /** The lanes whose number has this bit. */
    private static VectorMask<Double> with(int bit) {
        boolean[] has = new boolean[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            has[lane] = (lane & bit) > 0;
        }
        return VectorMask.fromArray(SPECIES, has, 0);
    }

    /** Gives the sums of a vector's first rows, and forgets them. As many rows as there are lanes become one vector of their sums. */
    public void takeRows(int vector, int count, double[] numbers, int at) {
        int from = vector * rowsApart;
        for (int row = 0; row < count; row += LANES) {
            int first = from + row * LANES;
            if (LANES > 8) {
                fold(lanes, first, 8, PAST_8, WITH_8);
            }
            if (LANES > 4) {
                fold(lanes, first, 4, PAST_4, WITH_4);
            }
            if (LANES > 2) {
                fold(lanes, first, 2, PAST_2, WITH_2);
            }
            if (LANES > 1) {
                fold(lanes, first, 1, PAST_1, WITH_1);
            }
            int some = Math.min(LANES, count - row);
            for (int r = 0; r < some; r++) {
                numbers[at + row + r] = lanes[first + r];
            }
        }
        Arrays.fill(lanes, from, from + rowsApart, 0);
    }

    /** Row i and the row so many further become one: half of the lanes has sums of pairs of the one, the other half those of the other. */
    private static void fold(double[] rows, int first, int apart, VectorShuffle<Double> past, VectorMask<Double> with) {
        for (int i = first; i < first + apart * LANES; i += LANES) {
            DoubleVector row = DoubleVector.fromArray(SPECIES, rows, i);
            DoubleVector other = DoubleVector.fromArray(SPECIES, rows, i + apart * LANES);
            row.blend(other, with).add(other.blend(row, with).rearrange(past)).intoArray(rows, i);
        }
    }

    /** Gives the sums of a vector's first columns, or adds them to what there is, and forgets them. */
    public void takeColumns(int vector, int count, boolean adds, double[] numbers, int at) {
        int from = vector * columnsApart;
        if (adds) {
            for (int j = 0; j < count; j++) {
                numbers[at + j] += columns[from + j];
            }
        } else {
            for (int j = 0; j < count; j++) {
                numbers[at + j] = columns[from + j];
            }
        }
        Arrays.fill(columns, from, from + count, 0);
    }
}
