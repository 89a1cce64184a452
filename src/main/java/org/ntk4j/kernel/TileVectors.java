package org.ntk4j.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;

/**
 * The product of a symmetric kernel in tiles with vectors: each value is read once, as it stands, and serves both triangles for all vectors
 * one after the other. What a tile contributes is added up in the order of the tiles, so threads change no bit.
 */
final class TileVectors {

    /** In float32 a column adds up so many rows before their sum goes to float64. */
    private static final int FEW = 4 * TilePanel.HEIGHT;
    /** A vector whose largest number is below this, or above its inverse, stays as it is. */
    private static final double LEAST = 1e-300;

    /** A tile, its first row and column, and how many there are of each. */
    private record Tile(int i, int j, int top, int left, int height, int width) {
    }

    private final TileLayout layout;
    private final int k;
    private final int n;
    /** Powers of two, one near the largest number of each vector. */
    private final double[] powers;
    /** A product after the other. */
    private final double[] sums;
    /** Room for what a tile contributes, that nobody reads any more. */
    private final Queue<double[]> spare = new ConcurrentLinkedQueue<>();

    private TileVectors(TileStore store, double[] b, int k) {
        this.layout = store.layout();
        this.k = k;
        this.n = layout.size();
        this.powers = powers(b, k);
        this.sums = new double[b.length];
    }

    private static double[] powers(double[] b, int k) {
        double[] powers = new double[k];
        for (int i = 0; i < b.length; i += k) {
            for (int c = 0; c < k; c++) {
                powers[c] = Math.max(powers[c], Math.abs(b[i + c]));
            }
        }
        for (int c = 0; c < k; c++) {
            powers[c] = powers[c] >= LEAST && powers[c] <= 1 / LEAST ? Math.scalb(1.0, Math.getExponent(powers[c])) : 1;
        }
        return powers;
    }

    /** A vector after the other, each over its power of two, and room for the vectors and rows that go with the last one. */
    private double[] doubles(double[] b) {
        double[] vectors = new double[room()];
        double[] inverses = inverses();
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                vectors[c * n + i] = b[i * k + c] * inverses[c];
            }
        }
        return vectors;
    }

    /** As {@link #doubles}. */
    private float[] singles(double[] b) {
        float[] vectors = new float[room()];
        double[] inverses = inverses();
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                vectors[c * n + i] = (float) (b[i * k + c] * inverses[c]);
            }
        }
        return vectors;
    }

    /** Powers of two have exact ones. */
    private double[] inverses() {
        return Arrays.stream(powers).map(power -> 1 / power).toArray();
    }

    private int room() {
        return Math.multiplyExact(n, k + TilePanel.VECTORS - 1) + TilePanel.ROWS;
    }

    /**
     * The product.
     *
     * @param b      {@code n × k} by rows
     * @param single in float32, of a store of float32: to about 1e-7 of {@code |K| |B|}, in half the time where there are many vectors
     * @return as many
     * @throws Failure after Ctrl-C
     */
    static double[] times(TileStore store, double[] b, int k, boolean single, int threads, Monitor monitor) {
        TileVectors product = new TileVectors(store, b, k);
        List<Tile> tiles = product.tiles();
        double[] doubles = single ? new double[0] : product.doubles(b);
        float[] singles = single ? product.singles(b) : new float[0];
        AtomicInteger next = new AtomicInteger();
        InOrder order = product.new InOrder(tiles);
        Workers.run(Math.min(threads, tiles.size()), "tiles", (worker, all) -> {
            TilePanel panel = single ? new TilePanel.InFloat32(store, singles, k) : new TilePanel.InFloat64(store, doubles, k);
            for (int t = next.getAndIncrement(); t < tiles.size() && !monitor.cancelled() && !all.failed(); t = next.getAndIncrement()) {
                order.add(t, product.times(panel, tiles.get(t)));
            }
        });
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped during a product with a kernel");
        }
        return product.byRows();
    }

    private List<Tile> tiles() {
        List<Tile> tiles = new ArrayList<>();
        for (int i = 0; i < layout.down(); i++) {
            for (int j = layout.first(i); j < layout.across(); j++) {
                tiles.add(new Tile(i, j, layout.top(i), layout.left(i, j), layout.height(i), layout.width(i, j)));
            }
        }
        return tiles;
    }

    private double[] byRows() {
        double[] all = new double[sums.length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                all[i * k + c] = sums[c * n + i] * powers[c];
            }
        }
        return all;
    }

    /** Adds up what tiles contribute, each when all before it are there. */
    private final class InOrder {

        private final List<Tile> tiles;
        private final Map<Integer, double[]> waiting = new HashMap<>();
        private int done;

        InOrder(List<Tile> tiles) {
            this.tiles = tiles;
        }

        synchronized void add(int t, double[] part) {
            waiting.put(t, part);
            for (double[] now = waiting.remove(done); now != null; now = waiting.remove(done)) {
                Tile tile = tiles.get(done);
                add(now, 0, tile.top(), tile.height());
                add(now, k * tile.height(), tile.left(), tile.width());
                spare.add(now);
                done++;
            }
        }

        private void add(double[] part, int at, int first, int count) {
            for (int c = 0; c < k; c++) {
                int to = c * n + first;
                for (int i = 0; i < count; i++) {
                    sums[to + i] += part[at + c * count + i];
                }
            }
        }
    }

    /** What a tile contributes to its rows, vector by vector, and behind it to its columns. */
    private double[] times(TilePanel panel, Tile tile) {
        int height = tile.height();
        int width = tile.width();
        // Around the diagonal, of what stands below it nothing is kept.
        boolean first = tile.left() == tile.top();
        double[] part = Objects.requireNonNullElseGet(spare.poll(), () -> new double[k * (layout.tall() + layout.wide())]);
        int below = k * height;
        for (int top = 0; top < height; top += TilePanel.HEIGHT) {
            int count = Math.min(TilePanel.HEIGHT, height - top);
            panel.read(tile.i(), tile.j(), top, count);
            for (int row = 0; row < count; row += TilePanel.ROWS) {
                int at = tile.top() + top + row;
                int from = first ? (top + row) / TilePanel.GRAIN * TilePanel.GRAIN : 0;
                int to = first ? Math.min(width, from + TilePanel.CORNER) : 0;
                panel.turnTo(row);
                for (int c = 0; c < k; c += TilePanel.VECTORS) {
                    panel.multiply(c, row, to, width - to, c * n + tile.left() + to, c * n + at);
                }
                if (first) {
                    panel.turnToCorner(row, from, to);
                }
                for (int c = 0; first && c < k; c += TilePanel.VECTORS) {
                    panel.multiplyCorner(c, row, from, to - from, c * n + tile.left() + from, c * n + at);
                }
            }
            boolean last = top + TilePanel.HEIGHT >= height || (top + TilePanel.HEIGHT) % FEW == 0;
            for (int c = 0; c < k; c++) {
                panel.across(c, count, part, c * height + top);
                if (last) {
                    panel.down(c, width, top >= FEW, part, below + c * width);
                }
            }
        }
        return part;
    }
}
