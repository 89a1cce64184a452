package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A map with weights and biases of its own at every position: only equal positions meet in the tangent kernel,
 * {@code Σ_p (scale²⟨h_p, h'_p⟩ + bias²)⟨δ_p, δ'_p⟩}.
 *
 * @param h     its input {@code [batch, positions, in]}
 * @param scale the factor of the weights
 * @param bias  the factor of the biases; 0 without
 */
public record UnsharedMap(String name, Operand<TFloating> h, Operand<TFloating> z, int positions, int in, int out, double scale,
        double bias) implements TrainedMap {
}
