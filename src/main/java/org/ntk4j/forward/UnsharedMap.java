package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A map with weights and biases of its own at every position: only equal positions meet in the tangent kernel,
 * {@code Σ_p (tangent²⟨h_p, h'_p⟩ + tangentBias²)⟨δ_p, δ'_p⟩}.
 *
 * @param h     its input {@code [batch, positions, in]}
 * @param tangent the factor of the weights, times the root of what their learning rate is multiplied by
 * @param tangentBias the same of the biases; 0 without
 */
public record UnsharedMap(String name, Operand<TFloating> h, Operand<TFloating> z, int positions, int in, int out, double tangent,
        double tangentBias) implements TrainedMap {
}
