package org.ntk4j.rows;

import java.util.Arrays;

/**
 * The coefficients of a {@link org.ntk4j.gaussian.Series} at many variances, row by row: behind each other the rows of the n-th coefficient
 * for all n. So what a row of pairs needs lies together.
 *
 * @param values the coefficients
 * @param count  how many there are of each variance
 * @param line   values from one of them to the next
 * @param whole  whether the series is exact for every correlation at all these variances
 */
public record Terms<A>(A values, int count, int line, boolean whole) {

    /** Lines begin an odd number of these apart, or they would meet in the same place of a cache. */
    private static final int APART = 16;

    /** Writes a row of the n-th coefficient. */
    public interface Row<A> {

        /** Writes it to {@code to} from {@code at} on. */
        void write(int row, int n, A to, int at);
    }

    /** Rows of coefficients, all of one length. */
    public static <A> Terms<A> of(Rows<A> rows, int count, boolean whole, int height, int width, Row<A> row) {
        int line = ((width + APART - 1) / APART | 1) * APART;
        A values = rows.room(height * count * line);
        for (int y = 0; y < height; y++) {
            for (int n = 0; n < count; n++) {
                row.write(y, n, values, (y * count + n) * line);
            }
        }
        return new Terms<>(values, count, line, whole);
    }

    /** Where the n-th coefficients of a row begin. */
    public int at(int row, int n) {
        return (row * count + n) * line;
    }

    /**
     * Coefficients that are being written: plane n holds the n-th, laid out like the variances. Planes that nobody wrote to are 0 and not
     * there.
     *
     * @param <A> the arrays of its numbers
     */
    public static final class Planes<A> {

        private final Rows<A> rows;
        private final int size;
        private A[] planes;
        private boolean whole = true;

        /** No planes yet, each for this many values. */
        public Planes(Rows<A> rows, int size) {
            this.rows = rows;
            this.size = size;
            this.planes = rows.arrays(0);
        }

        A[] all() {
            return planes;
        }

        /** The n-th plane. */
        public A plane(int n) {
            return planes[n];
        }

        /** How many planes there are. */
        public int count() {
            return planes.length;
        }

        /** Whether the series is exact for every correlation at all these variances. */
        public boolean isWhole() {
            return whole;
        }

        void write(int at, double[] values, int used, double limit) {
            whole &= limit >= 1;
            int before = planes.length;
            if (used > before) {
                planes = Arrays.copyOf(planes, used);
                for (int n = before; n < used; n++) {
                    planes[n] = rows.room(size);
                }
            }
            for (int n = 0; n < used; n++) {
                rows.put(values, n, planes[n], at, 1);
            }
        }
    }
}
