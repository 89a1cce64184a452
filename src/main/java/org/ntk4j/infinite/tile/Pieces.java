package org.ntk4j.infinite.tile;

/**
 * An engine that computes a tile in smaller ones, because there is little memory. Its values are those of the engine.
 *
 * @param side    rows and columns of the smaller tiles
 * @param between what is done behind each of them, where there is little memory
 */
public record Pieces(Engine engine, int side, boolean symmetric, Runnable between) implements Engine {

    public Pieces(Engine engine, int side, boolean symmetric) {
        this(engine, side, symmetric, () -> {
            // Nothing.
        });
    }

    @Override
    public TileValues tile(Tile t) {
        if (t.rows() <= side && t.columns() <= side) {
            return engine.tile(t);
        }
        boolean diagonal = symmetric && t.isDiagonal();
        int width = t.columns();
        TileValues whole = new TileValues(t, new double[Math.multiplyExact(t.rows(), width)], new double[t.rows() * width]);
        for (Tile local : new Grid(t.rows(), width, side, diagonal)) {
            TileValues piece = engine.tile(new Tile(t.i0() + local.i0(), t.i0() + local.i1(), t.j0() + local.j0(), t.j0() + local.j1()));
            for (int i = 0; i < local.rows(); i++) {
                int to = (local.i0() + i) * width + local.j0();
                System.arraycopy(piece.nngp(), i * local.columns(), whole.nngp(), to, local.columns());
                System.arraycopy(piece.ntk(), i * local.columns(), whole.ntk(), to, local.columns());
            }
            engine.reuse(piece);
            between.run();
        }
        return diagonal ? whole.mirrored() : whole;
    }

    /** Whole tiles are few and large: only those that are no pieces go back. */
    @Override
    public void reuse(TileValues values) {
        if (values.tile().rows() <= side && values.tile().columns() <= side) {
            engine.reuse(values);
        }
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public void close() {
        engine.close();
    }
}
