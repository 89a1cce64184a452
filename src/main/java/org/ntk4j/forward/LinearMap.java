package org.ntk4j.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.shape.Stencil;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A trained linear map that the forward pass recorded: the same weights at every position, {@code z[n,p] = scale · h[n,p] W}
 * and perhaps a bias {@code + bias · b}.
 *
 * @param name      the path of its layer
 * @param weights   W, {@code [in, out]}
 * @param input     what came in
 * @param stencil   which positions of it each position sees; null: itself
 * @param h         what each position sees {@code [batch, positions, in]}
 * @param z         its output {@code [batch, positions, out]}, the bias included
 * @param positions the number of positions
 * @param window    the sizes of what a position sees of space; empty where it sees one position
 * @param in        channels of the input
 * @param out       channels of the output
 * @param scale     the factor of the weights
 * @param bias      the factor of the bias; 0 without one
 * @param tangent   the factor of the weights in the tangent kernel: scale times the root of what their learning rate is multiplied by
 * @param tangentBias the same of the bias
 */
public record LinearMap(String name, Operand<TFloating> weights, Signal input, @Nullable Stencil stencil, Operand<TFloating> h,
        Operand<TFloating> z, int positions, List<Integer> window, int in, int out,
        double scale, double bias, double tangent, double tangentBias) implements TrainedMap {

    /** How what it sees at a position comes from the same position of the map before it. */
    public Signal.Origin source() {
        return stencil == null ? input.origin() : Signal.Origin.OTHER;
    }
}
