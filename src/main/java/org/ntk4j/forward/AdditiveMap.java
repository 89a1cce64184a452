package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Trained numbers that are added: positional embeddings {@code z_p = scale·Σ_q L_pq E_q}. Their share of the tangent kernel is
 * {@code scale²⟨Lᵀδ, Lᵀδ'⟩}.
 *
 * @param root  L, {@code [positions, positions]}
 * @param scale the factor in front
 */
public record AdditiveMap(String name, Operand<TFloating> z, int positions, int out, Operand<TFloating> root, double scale)
        implements TrainedMap {

    @Override
    public int in() {
        return 0;
    }
}
