package org.ntk4j.infinite.tile;

import java.util.Locale;
import org.ntk4j.base.Failure;

/**
 * An engine whose values have the precision of float32: each rounded to the nearest.
 *
 * @param source finds where a value became too large
 */
public record Rounded(Engine engine, Source source) implements Engine {

    /** Where values come from. */
    public interface Source {

        /** The layer whose values of a pair of inputs are the first that float32 does not hold, and a colon; empty if it is not known. */
        String layer(int row, int column);
    }

    @Override
    public TileValues tile(Tile t) {
        TileValues values = engine.tile(t);
        round(values.nngp(), t);
        round(values.ntk(), t);
        return values;
    }

    private void round(double[] values, Tile t) {
        for (int i = 0; i < values.length; i++) {
            float rounded = (float) values[i];
            if (Float.isInfinite(rounded) && Double.isFinite(values[i])) {
                throw Failure.run(String.format(Locale.ROOT, "%sthe kernel has the value %.3g, more than float32 holds (3.4e+38); use "
                        + "precision: float64, or a smaller wStd or smaller inputs",
                        source.layer(t.i0() + i / t.columns(), t.j0() + i % t.columns()), values[i]));
            }
            values[i] = rounded;
        }
    }

    @Override
    public void reuse(TileValues values) {
        engine.reuse(values);
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
