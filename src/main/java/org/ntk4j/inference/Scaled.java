package org.ntk4j.inference;

import java.util.Map;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.shape.Shape;

/**
 * Something with kernels that depend on scales above 0, such as wStd and bStd of a network's layers.
 *
 * @param <S> its own type
 */
public interface Scaled<S extends Scaled<S>> {

    /** The scales by name ({@code 0.dense/wStd}), first layer to last. */
    Map<String, Double> scales(Shape in, int outputs);

    /** This with these scales in place of its own. */
    S scaled(Map<String, Double> values, Shape in, int outputs);

    /** Θ_∞ of inputs with themselves. */
    Kernel ntk(Inputs x);

    /** Θ_∞ of {@code x} (rows) with {@code x2} (columns). */
    Kernel ntk(Inputs x, Inputs x2);

    /** K_∞ of inputs with themselves. */
    Kernel nngp(Inputs x);

    /** K_∞ of {@code x} (rows) with {@code x2} (columns). */
    Kernel nngp(Inputs x, Inputs x2);
}
