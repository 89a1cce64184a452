package org.ntk4j.kernel;

import java.util.OptionalDouble;
import org.ntk4j.base.Monitor;

/** The measures between two kernels, at least one of which is not in the heap, from one way through both. */
final class PairSums {

    private final int rows;
    private final int columns;
    private double difference;
    private double ab;
    private double aa;
    private double bb;
    private final double[] rowA;
    private final double[] rowB;
    private final double[] columnA;
    private final double[] columnB;

    private PairSums(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.rowA = new double[rows];
        this.rowB = new double[rows];
        this.columnA = new double[columns];
        this.columnB = new double[columns];
    }

    static PairSums of(Kernel a, Kernel b) {
        PairSums sums = new PairSums(a.rows(), a.columns());
        boolean symmetric = a.isSymmetric() && b.isSymmetric();
        Kernel first = a.isInHeap() ? b : a;
        Kernel second = first == a ? b : a;
        double[][] rooms = new double[first.workers(Runtime.getRuntime().availableProcessors())][0];
        first.tiles(rooms.length, (worker, row, column, height, width, x) -> {
            if (rooms[worker].length < height * width) {
                rooms[worker] = new double[height * width];
            }
            double[] y = rooms[worker];
            second.read(row, row + height, column, column + width, y);
            boolean twice = first.isSymmetric() && row != column;
            double[] p = first == a ? x : y;
            double[] q = first == a ? y : x;
            sums.add(row, column, height, width, p, q);
            if (twice) {
                if (!symmetric) {
                    // The mirror image of the other one has to be read.
                    mirror(second, row, column, height, width, y);
                }
                sums.addMirror(row, column, height, width, p, q);
            }
        }, Monitor.silent());
        return sums;
    }

    private static void mirror(Kernel kernel, int row, int column, int height, int width, double[] values) {
        double[] below = new double[height * width];
        kernel.read(column, column + width, row, row + height, below);
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                values[i * width + j] = below[j * height + i];
            }
        }
    }

    private void add(int row, int column, int height, int width, double[] p, double[] q) {
        add(row, column, height, width, p, q, new Margins(rowA, columnA), new Margins(rowB, columnB));
    }

    /** Values below the diagonal, as they stand above it: what is a row there is a column here. */
    private void addMirror(int row, int column, int height, int width, double[] p, double[] q) {
        add(row, column, height, width, p, q, new Margins(columnA, rowA), new Margins(columnB, rowB));
    }

    /** The sums of a kernel along two sides. */
    private record Margins(double[] rows, double[] columns) {
    }

    private synchronized void add(int row, int column, int height, int width, double[] p, double[] q, Margins a, Margins b) {
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                double x = p[i * width + j];
                double y = q[i * width + j];
                difference += (x - y) * (x - y);
                ab += x * y;
                aa += x * x;
                bb += y * y;
                a.rows[row + i] += x;
                b.rows[row + i] += y;
                a.columns[column + j] += x;
                b.columns[column + j] += y;
            }
        }
    }

    OptionalDouble relativeFrobenius() {
        return difference == 0 ? OptionalDouble.of(0) : bb > 0 ? OptionalDouble.of(Math.sqrt(difference / bb)) : OptionalDouble.empty();
    }

    OptionalDouble cosine() {
        return aa > 0 && bb > 0 ? OptionalDouble.of(Math.max(-1, Math.min(1, ab / Math.sqrt(aa) / Math.sqrt(bb)))) : OptionalDouble.empty();
    }

    OptionalDouble cka() {
        double covariance = centred(ab, rowA, rowB, columnA, columnB);
        double ofA = centred(aa, rowA, rowA, columnA, columnA);
        double ofB = centred(bb, rowB, rowB, columnB, columnB);
        double rounding = 1e-13;
        return ofA > rounding * aa && ofB > rounding * bb
                ? OptionalDouble.of(Math.max(-1, Math.min(1, covariance / Math.sqrt(ofA) / Math.sqrt(ofB)))) : OptionalDouble.empty();
    }

    /** {@code ⟨HAH, HBH⟩} from sums. */
    private double centred(double product, double[] rowX, double[] rowY, double[] columnX, double[] columnY) {
        double byRows = 0;
        double allX = 0;
        double allY = 0;
        for (int i = 0; i < rows; i++) {
            byRows += rowX[i] * rowY[i] / columns;
            allX += rowX[i];
            allY += rowY[i];
        }
        double byColumns = 0;
        for (int j = 0; j < columns; j++) {
            byColumns += columnX[j] * columnY[j] / rows;
        }
        return product - byRows - byColumns + allX / rows * (allY / columns);
    }
}
