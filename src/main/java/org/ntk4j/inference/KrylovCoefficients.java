package org.ntk4j.inference;

import java.util.Arrays;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.Vectors;

/**
 * What a moment of training puts on the vectors of a Krylov space: {@code g(T) e_1} (Saad 1992).
 *
 * @param gains  of the weights
 * @param values of the kernel's product with them
 */
record KrylovCoefficients(double[] gains, double[] values) {

    private static final double TOLERANCE = 1e-10;
    private static final int TAIL = 5;

    /**
     * Of the space whose tridiagonal matrix has these eigenvalues.
     *
     * @param ridge added to each eigenvalue
     * @throws org.ntk4j.base.Failure if training diverges
     */
    static KrylovCoefficients of(SymmetricEigen eigen, Filter filter, double ridge) {
        return of(eigen, filter, ridge, false);
    }

    /**
     * As above.
     *
     * @param squared whether {@code (1 − p²)/μ} stands in place of the gain {@code (1 − p)/μ}
     */
    static KrylovCoefficients of(SymmetricEigen eigen, Filter filter, double ridge, boolean squared) {
        int m = eigen.size();
        double[] gains = new double[m];
        double[] values = new double[m];
        for (int j = 0; j < m; j++) {
            // A kernel is positive semidefinite: below 0 there is only rounding.
            double mu = Math.max(eigen.values()[j], 0);
            double gain = filter.gain(mu + ridge);
            if (!Double.isFinite(gain)) {
                throw filter.divergence();
            }
            gain *= squared ? 2 - (mu + ridge) * gain : 1;
            double first = eigen.vectors()[j * m];
            for (int i = 0; i < m; i++) {
                gains[i] += gain * first * eigen.vectors()[j * m + i];
                values[i] += mu * gain * first * eigen.vectors()[j * m + i];
            }
        }
        return new KrylovCoefficients(gains, values);
    }

    /** Whether the last vectors are of no account: below {@value #TOLERANCE} of the whole. */
    boolean areSettled() {
        return isSettled(gains) && isSettled(values);
    }

    private static boolean isSettled(double[] of) {
        double all = TOLERANCE * Vectors.norm(of);
        return of.length > TAIL && Arrays.stream(of, of.length - TAIL, of.length).allMatch(c -> Math.abs(c) <= all);
    }
}
