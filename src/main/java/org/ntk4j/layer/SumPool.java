package org.ntk4j.layer;

import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Window;

/**
 * The sum over a window. At infinite width both positions of the covariance are pooled.
 *
 * @param window window, strides (the window by default), padding
 */
public record SumPool(Window window) implements LinearPool {

    public static SumPool read(Options o) {
        return new SumPool(Window.read(o, "window", true, Window.VALID));
    }

    @Override
    public String name() {
        return "sumPool";
    }

    @Override
    public boolean isMean() {
        return false;
    }
}
