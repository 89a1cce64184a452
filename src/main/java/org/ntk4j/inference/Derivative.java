package org.ntk4j.inference;

/**
 * A derivative with its error.
 *
 * @param value with respect to the quantity itself
 * @param error about how far it may be off: 0 where it is exact to rounding
 */
public record Derivative(double value, double error) {
}
