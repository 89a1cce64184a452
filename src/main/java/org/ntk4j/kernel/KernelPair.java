package org.ntk4j.kernel;

import java.util.OptionalDouble;

/**
 * The distances between two kernels A and B of one shape, as {@link KernelMetrics} has them; a measure that is not defined is empty.
 *
 * @param toB            {@code ‖A − B‖/‖B‖}: the relative Frobenius distance, B the reference
 * @param toA            {@code ‖A − B‖/‖A‖}, A the reference
 * @param kernelDistance {@code 1 − ⟨A, B⟩/(‖A‖ ‖B‖)}
 * @param cka            centred kernel alignment
 */
public record KernelPair(OptionalDouble toB, OptionalDouble toA, OptionalDouble kernelDistance, OptionalDouble cka) {
}
