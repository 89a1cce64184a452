package org.ntk4j.kernel;

import java.util.OptionalInt;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * Goes through a kernel in panels of some rows, several threads at once, and one in tiles by parts of them; of a symmetric one each square
 * along the diagonal and what lies to its right.
 */
final class Panels {

    /** Values of a panel at most; one that the second-level cache holds would be read in pieces too small for a file. */
    private static final int MOST_VALUES = 1 << 19;
    private static final int MOST_ROWS = 128;
    /** Of a kernel in tiles: whole rows of a tile are read at once. */
    private static final int ROWS_IN_TILES = 32;
    private static final int MOST_COLUMNS_IN_TILES = 8192;

    private final Kernel kernel;
    private final int height;
    /** Columns that are read at once. */
    private final int span;

    private Panels(Kernel kernel) {
        this.kernel = kernel;
        OptionalInt width = kernel.tileWidth();
        this.span = Math.max(1, width.isPresent() ? Math.min(MOST_COLUMNS_IN_TILES, width.getAsInt()) : kernel.columns());
        this.height = Math.max(1, Math.min(width.isPresent() ? ROWS_IN_TILES : MOST_ROWS, MOST_VALUES / span));
    }

    /** How many threads work at most. */
    static int workers(Kernel kernel, int threads) {
        return Math.max(1, Math.min(threads, new Panels(kernel).count()));
    }

    private int count() {
        return (kernel.rows() + height - 1) / height;
    }

    static void visit(Kernel kernel, int threads, TileVisitor visitor, Monitor monitor) {
        new Panels(kernel).run(workers(kernel, threads), visitor, monitor);
    }

    private void run(int workers, TileVisitor visitor, Monitor monitor) {
        Workers.run(workers, "panels", (worker, all) -> work(worker, all, workers, visitor, monitor));
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped while reading " + kernel.name());
        }
    }

    private void work(int worker, Workers all, int workers, TileVisitor visitor, Monitor monitor) {
        double[] values = new double[0];
        // Panels of a symmetric kernel become shorter: each thread takes some of both kinds.
        for (int panel = worker; panel < count() && !monitor.cancelled() && !all.failed(); panel += workers) {
            int from = panel * height;
            int to = Math.min(kernel.rows(), from + height);
            int size = (to - from) * Math.min(span, kernel.columns());
            values = values.length < size ? new double[size] : values;
            if (kernel.isSymmetric()) {
                kernel.read(from, to, from, to, values);
                visitor.visit(worker, from, from, to - from, to - from, values);
            }
            for (int first = kernel.isSymmetric() ? to : 0; first < kernel.columns(); first = next(first)) {
                kernel.read(from, to, first, next(first), values);
                visitor.visit(worker, from, first, to - from, next(first) - first, values);
            }
        }
    }

    /** Where the part of a panel ends that begins here. */
    private int next(int column) {
        return (int) Math.min(kernel.columns(), (column / span + 1L) * span);
    }
}
