package org.ntk4j.kernel.tiles;

import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.Pointer;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * The factor U of a symmetric positive definite matrix {@code A = UᵀU} in tiles, in place and in the numbers of the tiles. Row of tiles
 * after row of tiles: those before the present one are final, those after it are still the matrix, so a row that was saved need not be
 * computed again. Memory beside the tiles: none.
 */
public final class TiledCholesky {

    private final TileStore store;

    private TiledCholesky(TileStore store) {
        this.store = store;
    }

    /** The factor that stands in a store already. */
    public static TiledCholesky in(TileStore factor) {
        return new TiledCholesky(factor);
    }

    /** Operations of a factorisation. */
    public static double operations(int n) {
        return (double) n * n * n / 3;
    }

    /**
     * Factors what stands in a store.
     *
     * @param from    rows of tiles before it are factored already
     * @param rowDone told of each row of tiles that is final
     * @return the index of the first pivot that is not positive; empty if all is well
     * @throws Failure after Ctrl-C
     */
    public static OptionalInt factor(TileStore store, int from, IntConsumer rowDone, Monitor monitor) {
        TileLayout layout = store.layout();
        TileNumbers numbers = store.numbers();
        int count = layout.down();
        try (Monitor.Task task = monitor.begin("Cholesky factorisation of " + layout.size() + " × " + layout.size()
                + (store.isSingle() ? " in float32" : " in float64"),
                work(count, count))) {
            for (int k = from; k < count; k++) {
                int height = layout.height(k);
                for (int j = k; j < count; j++) {
                    stopIfCancelled(monitor);
                    Pointer target = store.tile(k, j);
                    for (int l = 0; l < k; l++) {
                        if (j == k) {
                            numbers.subtractSquare(height, layout.height(l), store.tile(l, k), target);
                        } else {
                            numbers.subtractProduct(true, height, layout.width(k, j), layout.height(l), store.tile(l, k), store.tile(l, j),
                                    target);
                        }
                    }
                    if (j == k) {
                        int info = numbers.factor(height, target);
                        if (info > 0) {
                            return OptionalInt.of(layout.top(k) + info - 1);
                        }
                    } else {
                        numbers.solve(true, height, layout.width(k, j), store.tile(k, k), target);
                    }
                    task.done(work(k, count) + (long) (k + 1) * (j - k + 1));
                }
                rowDone.accept(k);
            }
        }
        return OptionalInt.empty();
    }

    /** Products of tiles in the first k of {@code count} rows of tiles. */
    private static long work(int k, int count) {
        long sum = 0;
        for (int i = 0; i < k; i++) {
            sum += (long) (i + 1) * (count - i);
        }
        return sum;
    }

    private static void stopIfCancelled(Monitor monitor) {
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped during a Cholesky factorisation");
        }
    }

    /**
     * Solves {@code A X = B} in the numbers of the tiles, B of {@code n × k} by rows; columns are scaled first, so that float32 holds them.
     */
    public double[] solve(double[] b, int k) {
        return sweep(sweep(b, k, true), k, false);
    }

    /** {@code A X = UᵀU X}, in the numbers of the tiles. */
    public double[] times(double[] x, int k) {
        return multiplied(multiplied(x, k, false), k, true);
    }

    /** {@code op(U) X}: the tiles along the diagonal first, then the others, which take off what is negative. */
    private double[] multiplied(double[] x, int k, boolean transpose) {
        TileLayout layout = store.layout();
        TileNumbers numbers = store.numbers();
        double[] values = x.clone();
        double[] negative = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            negative[i] = -x[i];
        }
        try (Pointer target = numbers.allocate(x.length); Pointer source = numbers.allocate(x.length)) {
            numbers.put(target, 0, values, 0, values.length);
            numbers.put(source, 0, negative, 0, values.length);
            for (int i = 0; i < layout.down(); i++) {
                numbers.multiply(transpose, layout.height(i), k, store.tile(i, i), numbers.at(target, (long) layout.top(i) * k));
            }
            for (int i = 0; i < layout.down(); i++) {
                for (int j = i + 1; j < layout.down(); j++) {
                    Pointer above = numbers.at(transpose ? source : target, (long) layout.top(i) * k);
                    Pointer beside = numbers.at(transpose ? target : source, (long) layout.top(j) * k);
                    if (transpose) {
                        numbers.subtractProduct(true, layout.width(i, j), k, layout.height(i), store.tile(i, j), above, beside);
                    } else {
                        numbers.subtractProduct(false, layout.height(i), k, layout.width(i, j), store.tile(i, j), beside, above);
                    }
                }
            }
            numbers.get(target, 0, values, 0, values.length);
        }
        return values;
    }

    private double[] sweep(double[] b, int k, boolean forward) {
        TileLayout layout = store.layout();
        TileNumbers numbers = store.numbers();
        double[] scale = largest(b, k);
        double[] values = new double[b.length];
        for (int i = 0; i < b.length; i++) {
            values[i] = b[i] / scale[i % k];
        }
        try (Pointer x = numbers.allocate(b.length)) {
            numbers.put(x, 0, values, 0, values.length);
            int count = layout.down();
            for (int step = 0; step < count; step++) {
                int i = forward ? step : count - 1 - step;
                Pointer own = numbers.at(x, (long) layout.top(i) * k);
                if (forward) {
                    numbers.solve(true, layout.height(i), k, store.tile(i, i), own);
                }
                for (int j = i + 1; j < count; j++) {
                    Pointer other = numbers.at(x, (long) layout.top(j) * k);
                    if (forward) {
                        numbers.subtractProduct(true, layout.width(i, j), k, layout.height(i), store.tile(i, j), own, other);
                    } else {
                        numbers.subtractProduct(false, layout.height(i), k, layout.width(i, j), store.tile(i, j), other, own);
                    }
                }
                if (!forward) {
                    numbers.solve(false, layout.height(i), k, store.tile(i, i), own);
                }
            }
            numbers.get(x, 0, values, 0, values.length);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale[i % k];
        }
        return values;
    }

    private static double[] largest(double[] b, int k) {
        double[] largest = new double[k];
        for (int i = 0; i < b.length; i++) {
            largest[i % k] = Math.max(largest[i % k], Math.abs(b[i]));
        }
        for (int c = 0; c < k; c++) {
            largest[c] = largest[c] == 0 ? 1 : largest[c];
        }
        return largest;
    }
}
