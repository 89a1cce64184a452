package org.ntk4j.infinite.tile;

/** An engine whose values have the precision of float32: each rounded to the nearest. */
public record Rounded(Engine engine) implements Engine {

    @Override
    public TileValues tile(Tile t) {
        TileValues values = engine.tile(t);
        round(values.nngp());
        round(values.ntk());
        return values;
    }

    private static void round(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) values[i];
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
