package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Which positions are real.
 *
 * @param real     1 at real positions, 0 at padding, {@code [batch, positions]}
 * @param atEnd    whether padding only stands behind the real positions
 * @param shortest the smallest number of real positions of an example
 */
public record Mask(Operand<TFloating> real, boolean atEnd, int shortest) {
}
