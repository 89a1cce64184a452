package org.ntk4j.layer;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/** A layer that sees the input through a filter, told by the numbers that {@link ConvOptions} explains. */
interface FilterLayer extends Layer {

    /** The number of channels that it gives. */
    int channels();

    /** Filter, strides, padding. */
    Window window();

    /** The scale of the weights. */
    double wStd();

    /** The scale of the bias; empty: no bias. */
    OptionalDouble bStd();

    /** How its weights are scaled. */
    Parameterization parameterization();

    @Override
    default List<String> notes() {
        return parameterization().notes();
    }

    @Override
    default Map<String, Object> options() {
        return ConvOptions.of(this).options();
    }

    @Override
    default Object infiniteKey() {
        return ConvOptions.of(this).infiniteKey(name());
    }

    @Override
    default Shape outputShape(Shape in) {
        return window().outputShape(name(), in).withChannels(channels());
    }

    /** Those of a filter that all positions share. */
    @Override
    default List<Weights> weights(Shape in) {
        ConvOptions numbers = ConvOptions.of(this);
        return numbers.weights(in, numbers.sharedSizes(in), List.of(channels()));
    }

    @Override
    default boolean propagate(Propagation way) {
        return way.linear(wStd(), bStd());
    }

    @Override
    default Linearity linearity() {
        return Linearity.WEIGHTED;
    }
}
