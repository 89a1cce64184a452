package org.ntk4j.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * Goes through a kernel in panels of some rows, several threads at once; of a symmetric one each square along the diagonal and what lies to
 * its right.
 */
final class Panels {

    /** Values of a panel at most; one that the second-level cache holds would be read in pieces too small for a file. */
    private static final int MOST_VALUES = 1 << 19;
    private static final int MOST_ROWS = 128;

    private final Kernel kernel;
    private final int height;
    private @Nullable Throwable failure;

    private Panels(Kernel kernel) {
        this.kernel = kernel;
        this.height = Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / Math.max(1, kernel.columns())));
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
        List<Thread> others = new ArrayList<>();
        for (int w = 1; w < workers; w++) {
            int worker = w;
            Thread thread = new Thread(() -> work(worker, workers, visitor, monitor), "panels-" + w);
            thread.setDaemon(true);
            thread.start();
            others.add(thread);
        }
        work(0, workers, visitor, monitor);
        others.forEach(Panels::await);
        if (failure instanceof Failure known) {
            throw known;
        }
        if (failure != null) {
            throw Failure.run(kernel.name() + ": " + failure, failure);
        }
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped while reading " + kernel.name());
        }
    }

    private void work(int worker, int workers, TileVisitor visitor, Monitor monitor) {
        try {
            double[] values = new double[0];
            // Panels of a symmetric kernel become shorter: each thread takes some of both kinds.
            for (int panel = worker; panel < count() && !monitor.cancelled() && !failed(); panel += workers) {
                int from = panel * height;
                int to = Math.min(kernel.rows(), from + height);
                int size = (to - from) * kernel.columns();
                values = values.length < size ? new double[size] : values;
                int right = kernel.isSymmetric() ? to : 0;
                if (kernel.isSymmetric()) {
                    kernel.read(from, to, from, to, values);
                    visitor.visit(worker, from, from, to - from, to - from, values);
                }
                if (right < kernel.columns()) {
                    kernel.read(from, to, right, kernel.columns(), values);
                    visitor.visit(worker, from, right, to - from, kernel.columns() - right, values);
                }
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private synchronized void fail(Throwable e) {
        failure = failure == null ? e : failure;
    }

    private synchronized boolean failed() {
        return failure != null;
    }

    private static void await(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
