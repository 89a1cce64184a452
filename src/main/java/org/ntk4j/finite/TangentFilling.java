package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;

/** The kernels of a {@link TangentGraph}, one for each of its shares, while their tiles are added up. */
final class TangentFilling {

    private final TangentGraph graph;
    private final TangentPlan plan;
    private final Inputs x1;
    private final Inputs x2;
    private final boolean full;
    private final int k;
    private final int factor;
    private final HeapGuard guard;
    private final Monitor monitor;
    /** The kernel of each share. */
    private final List<double[]> thetas = new ArrayList<>();

    TangentFilling(TangentGraph graph, TangentPlan plan, Inputs x1, @Nullable Inputs x2, boolean full, HeapGuard guard,
            Monitor monitor) {
        this.graph = graph;
        this.plan = plan;
        this.x1 = x1;
        this.x2 = x2 == null ? x1 : x2;
        this.full = full;
        this.k = plan.outputs();
        this.factor = full ? k : 1;
        this.guard = guard;
        this.monitor = monitor;
        for (int share = 0; share < graph.shares(); share++) {
            thetas.add(new double[Math.toIntExact((long) this.x1.count() * factor * this.x2.count() * factor)]);
        }
    }

    private boolean symmetric() {
        return x1 == x2;
    }

    /** The kernel of each share, or what is wrong at an input. */
    List<Kernel> kernels(IntFunction<Failure> overflow) {
        if (!graph.isEmpty()) {
            fill();
        }
        return thetas.stream().map(theta -> kernel(theta, overflow)).toList();
    }

    private Kernel kernel(double[] theta, IntFunction<Failure> overflow) {
        for (int i = 0; i < theta.length; i++) {
            if (!Double.isFinite(theta[i])) {
                throw overflow.apply(i / (x2.count() * factor) / factor);
            }
        }
        if (!symmetric()) {
            return Kernel.of("ntk", x1.count() * factor, x2.count() * factor, theta);
        }
        int n = x1.count() * factor;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                boolean upper = isUpper(i, j);
                theta[upper ? i * n + j : j * n + i] = theta[upper ? j * n + i : i * n + j];
            }
        }
        return Kernel.symmetric("ntk", n, theta);
    }

    /**
     * Whether of a value below the diagonal it is the twin above that was computed: of a tile with itself, a later output meets the
     * ones up to it.
     */
    private boolean isUpper(int i, int j) {
        return i / factor / plan.tile() == j / factor / plan.tile() && i % factor < j % factor;
    }

    private void fill() {
        try (TangentRows left = new TangentRows(graph, x1, plan); TangentRows right = new TangentRows(graph, x2, plan)) {
            long rows = left.tiles();
            long columns = right.tiles();
            long passes = graph.passes();
            long others = symmetric() ? rows * (rows - 1) / 2 : rows * columns;
            long steps = others * passes * (full ? passes : 1) + (symmetric() ? rows * (full ? passes * (passes + 1) / 2 : passes) : 0);
            long done = 0;
            try (Monitor.Task task = monitor.begin("tangent kernel, " + x1.count() + " × " + x2.count(), steps)) {
                for (int i = 0; i < rows; i++) {
                    for (int c = 0; c < graph.passes(); c++) {
                        left.fill(i, c, monitor);
                        for (int j = 0; j < (symmetric() ? i + 1 : columns); j++) {
                            boolean same = symmetric() && i == j;
                            for (int d = full ? 0 : c; d < (full && !same ? graph.passes() : c + 1); d++) {
                                if (!same || c != d) {
                                    right.fill(j, d, monitor);
                                }
                                multiply(left, i, c, same && c == d ? left : right, j, d, same);
                                guard.check();
                                task.done(++done);
                            }
                        }
                    }
                }
            }
        }
    }

    /**
     * Adds the products of a tile for the outputs of two passes; of a tile with itself the lower half is enough. Many rows meet a few
     * columns: of a product's sides the right one is rearranged before, so it is the small one.
     */
    private void multiply(TangentRows left, int i, int c, TangentRows right, int j, int d, boolean same) {
        for (int a = 0; a < (full ? graph.outputsOf(c) : 1); a++) {
            for (int b = 0; b < (full ? same && c == d ? a + 1 : graph.outputsOf(d) : 1); b++) {
                multiply(left, i, c, a, right, j, d, b, same && c == d && a == b);
            }
        }
    }

    private void multiply(TangentRows left, int i, int c, int a, TangentRows right, int j, int d, int b, boolean half) {
        int rows = left.count(i);
        int columns = right.count(j);
        for (int s = 0; s < columns; s += plan.edge()) {
            int s1 = Math.min(columns, s + plan.edge());
            for (int r = half ? s : 0; r < rows; r += plan.wide()) {
                int r1 = Math.min(rows, r + plan.wide());
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while computing a tangent kernel");
                }
                Target target = new Target(left.from(i) + r, right.from(j) + s, s1 - s, x2.count(), factor);
                if (c == 0 && a == 0) {
                    add(target, graph.shared(left, right, r, r1, s, s1), 0, 0, 1);
                }
                add(target, graph.byOutput(left, a, right, b, r, r1, s, s1), full ? c * plan.together() + a : 0,
                        full ? d * plan.together() + b : 0, full ? 1 : 1.0 / k);
            }
        }
    }

    private void add(Target target, List<double @Nullable []> products, int c, int d, double weight) {
        for (int share = 0; share < products.size(); share++) {
            target.add(products.get(share), thetas.get(share), c, d, weight);
        }
    }

    /** Where products go in the whole: their first row and column, their width, and the width of the whole, in examples. */
    private record Target(int row0, int column0, int columns, int allColumns, int outputs) {

        /** Adds the products of outputs c and d, if there are any. */
        void add(double @Nullable [] products, double[] theta, int c, int d, double weight) {
            if (products == null) {
                return;
            }
            int rows = products.length / columns;
            for (int i = 0; i < rows; i++) {
                int start = ((row0 + i) * outputs + c) * (allColumns * outputs) + column0 * outputs + d;
                for (int j = 0; j < columns; j++) {
                    theta[start + j * outputs] += weight * products[i * columns + j];
                }
            }
        }
    }
}
