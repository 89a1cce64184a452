package org.ntk4j.layer;

import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Window;

/**
 * The largest value of a window, channel by channel; what lies outside, or is padding, does not count. The mean of a product of two maxima
 * of correlated Gaussian values has no closed form, so that at infinite width there are estimates only.
 *
 * @param window window, strides (the window by default), padding
 */
public record MaxPool(Window window) implements WindowPool, FiniteOnly {

    private static final String WHY = "max pooling has no closed form at infinite width; use avgPool, kernels: [ntk.init, ntk.trained] in "
            + "an experiment, or " + ESTIMATE;

    public static MaxPool read(Options o) {
        return new MaxPool(Window.read(o, "window", true, Window.VALID));
    }

    @Override
    public String name() {
        return "maxPool";
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.largest(x, window, outputShape(x.shape()));
    }

    @Override
    public String why() {
        return WHY;
    }
}
