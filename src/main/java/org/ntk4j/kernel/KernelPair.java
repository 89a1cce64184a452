package org.ntk4j.kernel;

import java.util.OptionalDouble;

/**
 * The distances between two kernels A and B of one shape, as {@link KernelMetrics} has them; a measure that is not defined is empty.
 *
 * @param relativeFrobenius {@code ‖A − B‖/‖B‖}, B the reference
 * @param theOtherWay       {@code ‖A − B‖/‖A‖}, A the reference
 * @param kernelDistance    {@code 1 − ⟨A, B⟩/(‖A‖ ‖B‖)}
 * @param cka               centred kernel alignment
 */
public record KernelPair(OptionalDouble relativeFrobenius, OptionalDouble theOtherWay, OptionalDouble kernelDistance, OptionalDouble cka) {

    /** Those of B and A. */
    public KernelPair turned() {
        return new KernelPair(/* relativeFrobenius= */ theOtherWay, /* theOtherWay= */ relativeFrobenius, kernelDistance, cka);
    }
}
