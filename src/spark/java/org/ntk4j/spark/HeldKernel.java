package org.ntk4j.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.infinite.tile.Grid;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.KernelSource;
import org.ntk4j.kernel.TileVisitor;

/** A kernel whose tiles stay on the executors: only vectors and single rows travel. Tiles of a lost executor are computed again. */
final class HeldKernel implements KernelSource {

    /** Sums of products are added up here, in the order of the tiles, while they come to so many bytes; else on the way, in any order. */
    private static final long MOST_HERE = 256L << 20;

    private final Work work;
    private final JavaRDD<BothTiles> tiles;
    private final String name;
    private final Grid grid;
    private final Monitor monitor;
    private boolean there;

    HeldKernel(Work work, JavaRDD<BothTiles> tiles, String name, Grid grid, Monitor monitor) {
        this.work = work;
        this.tiles = tiles;
        this.name = name;
        this.grid = grid;
        this.monitor = monitor;
    }

    /** The first job computes the tiles, which takes long: it is told as what it is. */
    private synchronized JavaRDD<BothTiles> tiles() {
        if (!there) {
            work.results("tiles of K_∞ and Θ_∞ that stay on executors, groups of " + grid.count() + " tiles", tiles.map(t -> 0), monitor);
            there = true;
        }
        return tiles;
    }

    @Override
    public int threads() {
        return 1;
    }

    /**
     * A piece of a row on its way here.
     *
     * @param index which of the rows that were asked for
     */
    private record Piece(int index, int column, double[] values) implements Serializable {
    }

    @Override
    public void rows(int[] rows, int columns, double[] target) {
        read(rows, 0, columns, target);
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        int[] rows = new int[toRow - fromRow];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = fromRow + i;
        }
        read(rows, fromColumn, toColumn, target);
    }

    private void read(int[] rows, int fromColumn, int toColumn, double[] target) {
        String own = name;
        boolean symmetric = grid.symmetric();
        for (List<Piece> pieces : work.results("", tiles().map(t -> pieces(t.of(own), rows, fromColumn, toColumn, symmetric)), monitor)) {
            for (Piece p : pieces) {
                System.arraycopy(p.values, 0, target, p.index * (toColumn - fromColumn) + p.column - fromColumn, p.values.length);
            }
        }
    }

    private static ArrayList<Piece> pieces(HeldTiles held, int[] rows, int fromColumn, int toColumn, boolean symmetric) {
        ArrayList<Piece> pieces = new ArrayList<>();
        for (int r = 0; r < rows.length; r++) {
            int index = r;
            held.row(rows[r], symmetric, (row, column, values, at, step, count) -> {
                int from = Math.max(column, fromColumn);
                int to = Math.min(column + count, toColumn);
                double[] part = new double[Math.max(0, to - from)];
                for (int i = 0; i < part.length; i++) {
                    part[i] = values[at + (from - column + i) * step];
                }
                if (part.length > 0) {
                    pieces.add(new Piece(index, from, part));
                }
            });
        }
        return pieces;
    }

    @Override
    public Optional<double[]> diagonal() {
        String own = name;
        double[] diagonal = new double[Math.min(grid.rows(), grid.columns())];
        for (List<Piece> pieces : work.results("", tiles().map(t -> onDiagonal(t.of(own))), monitor)) {
            for (Piece p : pieces) {
                System.arraycopy(p.values, 0, diagonal, p.column, p.values.length);
            }
        }
        return Optional.of(diagonal);
    }

    private static ArrayList<Piece> onDiagonal(HeldTiles held) {
        ArrayList<Piece> pieces = new ArrayList<>();
        for (int t = 0; t < held.bounds().length; t++) {
            int[] b = held.bounds()[t];
            int from = Math.max(b[0], b[2]);
            double[] part = new double[Math.max(0, Math.min(b[1], b[3]) - from)];
            for (int i = 0; i < part.length; i++) {
                part[i] = held.values()[t][(from + i - b[0]) * (b[3] - b[2]) + from + i - b[2]];
            }
            if (part.length > 0) {
                pieces.add(new Piece(0, from, part));
            }
        }
        return pieces;
    }

    /** What needs all values sees them pass by here, one group of tiles after the other. */
    @Override
    public void tiles(TileVisitor visitor, Monitor asking) {
        String own = name;
        for (Iterator<HeldTiles> all = tiles().map(t -> t.of(own)).toLocalIterator(); all.hasNext();) {
            if (asking.cancelled()) {
                throw Failure.cancelled("stopped while reading a kernel");
            }
            HeldTiles held = all.next();
            for (int t = 0; t < held.bounds().length; t++) {
                int[] b = held.bounds()[t];
                visitor.visit(0, b[0], b[2], b[1] - b[0], b[3] - b[2], held.values()[t]);
            }
        }
    }

    @Override
    public boolean isElsewhere() {
        return true;
    }

    @Override
    public Optional<Double> squares() {
        String own = name;
        boolean symmetric = grid.symmetric();
        return Optional.of(work.results("", tiles().map(t -> t.of(own).squares(symmetric)), monitor).stream()
                .mapToDouble(Double::doubleValue).sum());
    }

    @Override
    public Optional<KernelProduct> product(Monitor asking) {
        return Optional.of(new KernelProduct() {
            @Override
            public int rows() {
                return grid.rows();
            }

            @Override
            public int columns() {
                return grid.columns();
            }

            @Override
            public double[] times(double[] b, int k) {
                return HeldKernel.this.times(b, k);
            }

            @Override
            public void close() {
            }
        });
    }

    private double[] times(double[] b, int k) {
        String own = name;
        boolean symmetric = grid.symmetric();
        int size = Math.multiplyExact(grid.rows(), k);
        JavaRDD<BothTiles> all = tiles();
        Broadcast<double[]> right = work.context().broadcast(b);
        try {
            JavaRDD<double[]> sums = all.map(t -> {
                double[] sum = new double[size];
                t.of(own).addProduct(right.value(), k, symmetric, sum);
                return sum;
            });
            if ((long) Double.BYTES * size * all.getNumPartitions() > MOST_HERE) {
                return sums.treeReduce(HeldKernel::sum);
            }
            double[] product = new double[size];
            work.results("", sums, monitor).forEach(part -> sum(product, part));
            return product;
        } finally {
            right.destroy();
        }
    }

    private static double[] sum(double[] to, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += what[i];
        }
        return to;
    }
}
