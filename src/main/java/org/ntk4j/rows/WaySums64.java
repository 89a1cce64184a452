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
    private static final VectorShuffle<Double> EVEN = VectorShuffle.fromOp(SPECIES, lane -> 2 * lane % LANES);
    private static final VectorShuffle<Double> ODD = VectorShuffle.fromOp(SPECIES, lane -> (2 * lane + 1) % LANES);
    private static final VectorMask<Double> UPPER = VectorMask.fromLong(SPECIES, -1L << LANES / 2);
    /** Sums of two vectors lie so much further apart than there are columns: else they would push each other out of the cache. */
    private static final int APART = 80;

    /** Of each vector and row {@link BothWays64#LANES} numbers. */
    final double[] lanes;
    /** Of each vector a number for each column. */
    final double[] columns;
    /** How far the sums of a vector's rows and columns lie behind those of the vector before. */
    final int rowsApart;
    final int columnsApart;

    private final double[] room = new double[LANES * LANES];

    /**
     * @param vectors how many
     * @param height  the most rows
     * @param width   the most columns
     */
    public WaySums64(int vectors, int height, int width) {
        int all = vectors + BothWays64.VECTORS - 1;
        this.rowsApart = height * LANES;
        this.columnsApart = width + APART;
        this.lanes = new double[Math.multiplyExact(all, rowsApart)];
        this.columns = new double[Math.multiplyExact(all, columnsApart)];
    }

    /**
     * Gives the sums of a vector's first rows, and forgets them. As many rows as there are lanes become one vector of their sums:
     * neighbouring lanes are added up first, then their sums.
     */
    public void takeRows(int vector, int count, double[] numbers, int at) {
        int from = vector * rowsApart;
        for (int row = 0; row < count; row += LANES) {
            int some = Math.min(LANES, count - row);
            System.arraycopy(lanes, from + row * LANES, room, 0, some * LANES);
            Arrays.fill(room, some * LANES, room.length, 0);
            for (int left = LANES / 2; left > 0; left /= 2) {
                for (int i = 0; i < left; i++) {
                    DoubleVector first = DoubleVector.fromArray(SPECIES, room, 2 * i * LANES);
                    DoubleVector second = DoubleVector.fromArray(SPECIES, room, (2 * i + 1) * LANES);
                    DoubleVector even = first.rearrange(EVEN).blend(second.rearrange(EVEN), UPPER);
                    DoubleVector odd = first.rearrange(ODD).blend(second.rearrange(ODD), UPPER);
                    even.add(odd).intoArray(room, i * LANES);
                }
            }
            for (int r = 0; r < some; r++) {
                numbers[at + row + r] = room[r];
            }
        }
        Arrays.fill(lanes, from, from + count * LANES, 0);
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
