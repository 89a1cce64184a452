package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.ntk4j.base.Monitor;

/**
 * The sums from which the measures between two kernels come, at least one of which is not in the heap: one way through both. Each thread
 * has sums of its own, which are added in the order of threads.
 */
final class PairSums {

    private final int rows;
    private final int columns;
    private double difference;
    private double ab;
    private double aa;
    private double bb;
    private final Margins a;
    private final Margins b;
    private double[] room = new double[0];

    /** The sums of a kernel along two sides. */
    private record Margins(double[] rows, double[] columns) {

        static Margins of(int rows, int columns) {
            return new Margins(new double[rows], new double[columns]);
        }

        Margins turned() {
            return new Margins(/* rows= */ columns, /* columns= */ rows);
        }

        void add(Margins other) {
            Arrays.setAll(rows, i -> rows[i] + other.rows[i]);
            Arrays.setAll(columns, j -> columns[j] + other.columns[j]);
        }
    }

    private PairSums(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.a = Margins.of(rows, columns);
        this.b = Margins.of(rows, columns);
    }

    /**
     * The sums of two kernels of one shape.
     *
     * @throws org.ntk4j.base.Failure after Ctrl-C
     */
    static PairSums of(Kernel a, Kernel b, int threads, Monitor monitor) {
        // A kernel that is computed is gone through in its own tiles; one that lies somewhere is read as it comes.
        boolean turned = a.source().isEmpty() && (b.source().isPresent() || a.isInHeap());
        Kernel first = turned ? b : a;
        Kernel second = turned ? a : b;
        PairSums[] sums = new PairSums[first.workers(threads)];
        Arrays.setAll(sums, worker -> new PairSums(a.rows(), a.columns()));
        String what = "comparing " + a.name() + " with " + b.name() + ", " + a.rows() + " × " + a.columns();
        try (Monitor.Task task = monitor.begin(what, (long) a.rows() * a.columns())) {
            SharedTask seen = new SharedTask(task, 0);
            first.tiles(threads, (worker, row, column, height, width, values) -> {
                boolean twice = first.isSymmetric() && row != column;
                sums[worker].tile(second, turned, twice, row, column, height, width, values);
                seen.add((twice ? 2L : 1L) * height * width);
            }, Monitor.quiet(monitor::cancelled, monitor::note));
        }
        for (int worker = 1; worker < sums.length; worker++) {
            sums[0].add(sums[worker]);
        }
        return sums[0];
    }

    /** A tile of the one kernel, with its mirror image where it stands for that too, beside the same values of the other one. */
    private void tile(Kernel second, boolean turned, boolean twice, int row, int column, int height, int width, double[] x) {
        room = room.length < height * width ? new double[height * width] : room;
        second.read(row, row + height, column, column + width, room);
        double[] p = turned ? room : x;
        double[] q = turned ? x : room;
        boolean both = twice && second.isSymmetric();
        add(both ? 2 : 1, row, column, height, width, p, q, a, b);
        if (both) {
            addMargins(row, column, height, width, p, a.turned());
            addMargins(row, column, height, width, q, b.turned());
        } else if (twice) {
            mirror(second, row, column, height, width, room);
            add(1, row, column, height, width, p, q, a.turned(), b.turned());
        }
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

    /** The sums of a tile are taken by themselves first: fewer digits are lost so. */
    private void add(int times, int row, int column, int height, int width, double[] p, double[] q, Margins ofA, Margins ofB) {
        double differences = 0;
        double products = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < height * width; i++) {
            double x = p[i];
            double y = q[i];
            differences += (x - y) * (x - y);
            products += x * y;
            squaresA += x * x;
            squaresB += y * y;
        }
        difference += times * differences;
        ab += times * products;
        aa += times * squaresA;
        bb += times * squaresB;
        addMargins(row, column, height, width, p, ofA);
        addMargins(row, column, height, width, q, ofB);
    }

    private static void addMargins(int row, int column, int height, int width, double[] values, Margins margins) {
        for (int i = 0; i < height; i++) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += values[i * width + j];
                margins.columns[column + j] += values[i * width + j];
            }
            margins.rows[row + i] += sum;
        }
    }

    private void add(PairSums other) {
        difference += other.difference;
        ab += other.ab;
        aa += other.aa;
        bb += other.bb;
        a.add(other.a);
        b.add(other.b);
    }

    /** {@code ‖A − B‖/‖B‖}. */
    OptionalDouble relativeToB() {
        return relative(bb);
    }

    /** {@code ‖A − B‖/‖A‖}. */
    OptionalDouble relativeToA() {
        return relative(aa);
    }

    private OptionalDouble relative(double squares) {
        return difference == 0 ? OptionalDouble.of(0)
                : squares > 0 ? OptionalDouble.of(Math.sqrt(difference / squares)) : OptionalDouble.empty();
    }

    OptionalDouble cosine() {
        return aa > 0 && bb > 0 ? OptionalDouble.of(Math.max(-1, Math.min(1, ab / Math.sqrt(aa) / Math.sqrt(bb)))) : OptionalDouble.empty();
    }

    /** 1 − cosine; {@code (‖A − B‖² − (‖A‖ − ‖B‖)²)/(2 ‖A‖ ‖B‖)} keeps its digits where kernels are near each other. */
    OptionalDouble kernelDistance() {
        if (aa == 0 || bb == 0) {
            return OptionalDouble.empty();
        }
        double lengths = Math.sqrt(aa) - Math.sqrt(bb);
        double scale = 2 * Math.sqrt(aa) * Math.sqrt(bb);
        return OptionalDouble.of(lengths * lengths < scale ? Math.max(0, (difference - lengths * lengths) / scale)
                : 1 - cosine().getAsDouble());
    }

    OptionalDouble cka() {
        double covariance = centred(ab, a, b);
        double ofA = centred(aa, a, a);
        double ofB = centred(bb, b, b);
        double rounding = 1e-13;
        return ofA > rounding * aa && ofB > rounding * bb
                ? OptionalDouble.of(Math.max(-1, Math.min(1, covariance / Math.sqrt(ofA) / Math.sqrt(ofB)))) : OptionalDouble.empty();
    }

    /** {@code ⟨HAH, HBH⟩} from sums. */
    private double centred(double product, Margins x, Margins y) {
        double byRows = 0;
        double allX = 0;
        double allY = 0;
        for (int i = 0; i < rows; i++) {
            byRows += x.rows[i] * y.rows[i] / columns;
            allX += x.rows[i];
            allY += y.rows[i];
        }
        double byColumns = 0;
        for (int j = 0; j < columns; j++) {
            byColumns += x.columns[j] * y.columns[j] / rows;
        }
        return product - byRows - byColumns + allX / rows * (allY / columns);
    }
}
