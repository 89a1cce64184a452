package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.BothWays;

/**
 * The product of a symmetric kernel in tiles with vectors: each value is read once, as it stands, and serves both triangles for one vector
 * after the other. What a tile contributes is added up in the order of the tiles, so threads change no bit.
 */
final class TileVectors {

    private static final int ROWS = BothWays.ROWS;

    private final TileStore store;
    private final TileLayout layout;
    private final int k;
    private final int n;
    /** A vector after the other. */
    private final double[] vectors;
    /** A product after the other. */
    private final double[] sums;

    private TileVectors(TileStore store, double[] b, int k) {
        this.store = store;
        this.layout = store.layout();
        this.k = k;
        this.n = layout.rows();
        this.vectors = new double[b.length];
        this.sums = new double[b.length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                vectors[c * n + i] = b[i * k + c];
            }
        }
    }

    /**
     * The product.
     *
     * @param b {@code n × k} by rows
     * @return as many
     * @throws Failure after Ctrl-C
     */
    static double[] times(TileStore store, double[] b, int k, int threads, Monitor monitor) {
        TileVectors product = new TileVectors(store, b, k);
        int side = product.layout.down();
        int[] rows = new int[side * (side + 1) / 2];
        int[] columns = new int[rows.length];
        for (int i = 0, t = 0; i < side; i++) {
            for (int j = i; j < side; j++, t++) {
                rows[t] = i;
                columns[t] = j;
            }
        }
        AtomicInteger next = new AtomicInteger();
        InOrder order = product.new InOrder(rows, columns);
        Workers.run(Math.min(threads, rows.length), "tiles", (worker, all) -> {
            Room room = product.new Room();
            for (int t = next.getAndIncrement(); t < rows.length && !monitor.cancelled() && !all.failed(); t = next.getAndIncrement()) {
                order.add(t, room.tile(rows[t], columns[t]));
            }
        });
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped during a product with a kernel");
        }
        return product.byRows();
    }

    private double[] byRows() {
        double[] all = new double[sums.length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                all[i * k + c] = sums[c * n + i];
            }
        }
        return all;
    }

    /** Adds up what tiles contribute, each when all before it are there. */
    private final class InOrder {

        private final int[] rows;
        private final int[] columns;
        private final Map<Integer, double[]> waiting = new HashMap<>();
        private int done;

        InOrder(int[] rows, int[] columns) {
            this.rows = rows;
            this.columns = columns;
        }

        synchronized void add(int t, double[] part) {
            waiting.put(t, part);
            for (double[] now = waiting.remove(done); now != null; now = waiting.remove(done)) {
                add(now, 0, rows[done]);
                if (rows[done] != columns[done]) {
                    add(now, k * layout.height(rows[done]), columns[done]);
                }
                done++;
            }
        }

        private void add(double[] part, int at, int tile) {
            int height = layout.height(tile);
            for (int c = 0; c < k; c++) {
                int to = c * n + tile * layout.side();
                for (int i = 0; i < height; i++) {
                    sums[to + i] += part[at + c * height + i];
                }
            }
        }
    }

    /** What a thread multiplies in. */
    private final class Room {

        private final BothWays ways = new BothWays();
        private final float[] singles = new float[store.isSingle() ? ROWS * layout.side() : 0];
        private final double[] doubles = new double[store.isSingle() ? 0 : ROWS * layout.side()];
        private final double[] w = new double[ROWS];
        private final double[] four = new double[ROWS];

        /** What a tile contributes to its rows, vector by vector, and behind it, off the diagonal, to its columns. */
        double[] tile(int i, int j) {
            int height = layout.height(i);
            int width = layout.width(j);
            boolean square = i == j;
            double[] part = new double[k * (height + (square ? 0 : width))];
            for (int r = 0; r < height; r += ROWS) {
                int some = Math.min(ROWS, height - r);
                read(i, j, r, some, width);
                // Of a square along the diagonal what stands below it is not kept.
                int from = square ? r + some : 0;
                for (int c = 0; c < k; c++) {
                    int x = c * n + j * layout.side();
                    if (square) {
                        corner(r, some, width, x, part, c * height);
                    }
                    Arrays.fill(w, 0);
                    System.arraycopy(vectors, c * n + i * layout.side() + r, w, 0, some);
                    Arrays.fill(four, 0);
                    int down = square ? c * height : k * height + c * width;
                    if (store.isSingle()) {
                        ways.multiply(singles, from, width, width - from, vectors, x + from, w, four, part, down + from);
                    } else {
                        ways.multiply(doubles, from, width, width - from, vectors, x + from, w, four, part, down + from);
                    }
                    for (int s = 0; s < some; s++) {
                        part[c * height + r + s] += four[s];
                    }
                }
            }
            return part;
        }

        private void read(int i, int j, int row, int some, int width) {
            if (store.isSingle()) {
                Arrays.fill(singles, some * width, ROWS * width, 0);
                store.copy(i, j, row, some, singles);
            } else {
                Arrays.fill(doubles, some * width, ROWS * width, 0);
                store.copy(i, j, row, some, doubles);
            }
        }

        private void corner(int r, int some, int width, int x, double[] part, int at) {
            for (int a = 0; a < some; a++) {
                for (int b = a; b < some; b++) {
                    int place = a * width + r + b;
                    double value = store.isSingle() ? singles[place] : doubles[place];
                    part[at + r + a] = Math.fma(value, vectors[x + r + b], part[at + r + a]);
                    if (b > a) {
                        part[at + r + b] = Math.fma(value, vectors[x + r + a], part[at + r + b]);
                    }
                }
            }
        }
    }
}
