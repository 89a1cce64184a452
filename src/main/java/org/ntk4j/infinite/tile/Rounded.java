package org.ntk4j.infinite.tile;

import java.util.Locale;
import org.ntk4j.base.Failure;

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
            float rounded = (float) values[i];
            if (Float.isInfinite(rounded) && Double.isFinite(values[i])) {
                throw Failure.run(String.format(Locale.ROOT, "the kernel has the value %.3g, more than float32 holds (3.4e+38); use "
                        + "precision: float64, or a smaller wStd or smaller inputs", values[i]));
            }
            values[i] = rounded;
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
