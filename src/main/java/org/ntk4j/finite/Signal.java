package org.ntk4j.finite;

import org.ntk4j.network.Shape;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * What flows between the layers of a finite network: a batch of values and the shape of one example.
 *
 * @param value {@code [batch, space…, channels]}
 * @param shape the shape of one example
 */
public record Signal(Operand<TFloating> value, Shape shape) {

    /** Other values of the same shape. */
    public Signal with(Operand<TFloating> other) {
        return new Signal(other, shape);
    }
}
