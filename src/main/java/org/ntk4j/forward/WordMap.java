package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A trained vector for each word: only equal words meet in the tangent kernel, {@code tangent² Σ_pq 1[w_p = w'_q]⟨δ_p, δ'_q⟩}.
 *
 * @param words      the index of the word at each position, {@code [batch, positions]}
 * @param vocabulary how many words there are
 * @param tangent    the factor of the vectors, times the root of what their learning rate is multiplied by
 */
public record WordMap(String name, Operand<TFloating> words, Operand<TFloating> z, int positions, int vocabulary, int out, double tangent)
        implements TrainedMap {

    /** The index. */
    @Override
    public int in() {
        return 1;
    }
}
