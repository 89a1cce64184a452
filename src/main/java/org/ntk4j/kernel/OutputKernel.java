package org.ntk4j.kernel;

import java.util.Optional;

/**
 * A tangent kernel of all outputs with all outputs, {@code Nk × Nk}: by its products, and stored where it is small. Row and column
 * {@code n k + c} are output c of input n.
 */
public interface OutputKernel extends SymmetricProduct, AutoCloseable {

    /** The number of outputs. */
    int outputs();

    /** {@code Θ(test, train) w}, {@code M k} values. */
    double[] test(double[] w);

    /** Θ(train, train) and Θ(test, train), where they are small enough to be decomposed. */
    Optional<Pair> stored();

    /** Whether it is stored, so that {@link #solved} needs no more than a factorisation. */
    default boolean isStored() {
        return false;
    }

    /**
     * {@code (Θ + shift)⁻¹ b} by a factorisation, which serves every b at the same shift; where the matrix is not stored it is computed
     * for that. Empty where it does not fit, or is not positive definite with that shift.
     */
    default Optional<double[]> solved(double shift, double[] b) {
        return Optional.empty();
    }

    @Override
    void close();

    /** Both, {@code Nk × Nk} and {@code Mk × Nk}. */
    record Pair(Kernel train, Kernel test) {
    }
}
