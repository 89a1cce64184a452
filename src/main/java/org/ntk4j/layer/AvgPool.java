package org.ntk4j.layer;

import java.util.Map;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Window;

/**
 * The mean over a window. It divides by the size of the window everywhere, or by the number of pixels that are not padding
 * ({@code normalizeEdges}). At infinite width both positions of the covariance are pooled.
 *
 * @param window         window, strides (the window by default), padding
 * @param normalizeEdges whether padding of the border is left out of the mean
 */
public record AvgPool(Window window, boolean normalizeEdges) implements LinearPool {

    public static AvgPool read(Options o) {
        return new AvgPool(Window.read(o, "window", true, Window.VALID), o.flag("normalizeEdges", false));
    }

    @Override
    public String name() {
        return "avgPool";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = LinearPool.super.options();
        options.put("normalizeEdges", normalizeEdges);
        return options;
    }

    @Override
    public boolean isMean() {
        return true;
    }
}
