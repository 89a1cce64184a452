package org.ntk4j.inference;

import java.util.Optional;
import org.ntk4j.kernel.Cholesky;

/**
 * What training data say for a kernel with a ridge, {@code A = K + rI}, and how that moves with each value of K.
 *
 * @param value    the larger, the better
 * @param byKernel its derivative with respect to each value of K, {@code n × n}; that with respect to r is its trace
 */
record Evidence(double value, double[] byKernel) {

    /** What is to be made large. */
    enum Objective {
        /** The log marginal likelihood {@code −½ Σ_c y_cᵀA⁻¹y_c − k/2 log det A − nk/2 log 2π}: the ridge is the variance of noise. */
        MARGINAL_LIKELIHOOD("marginalLikelihood"),
        /** Minus the leave-one-out error {@code 1/(nk) Σ (w_ic/h_i)²}, w = A⁻¹y, h the diagonal of A⁻¹. */
        LEAVE_ONE_OUT("leaveOneOut");

        private final String word;

        Objective(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * @param y {@code n × k} targets by rows
     * @return empty if A is not positive definite to rounding
     */
    static Optional<Evidence> of(Objective objective, double[] kernel, int n, double ridge, double[] y, int k) {
        Optional<Cholesky> factored = Cholesky.of(kernel, n, ridge);
        if (factored.isEmpty()) {
            return Optional.empty();
        }
        try (Cholesky factor = factored.get()) {
            return Optional.of(objective == Objective.MARGINAL_LIKELIHOOD ? likelihood(factor, n, y, k) : leaveOneOut(factor, n, y, k));
        }
    }

    private static Evidence likelihood(Cholesky factor, int n, double[] y, int k) {
        double[] w = factor.solve(y, k);
        double fit = 0;
        for (int i = 0; i < y.length; i++) {
            fit += w[i] * y[i];
        }
        double value = -(fit + k * factor.logDeterminant() + n * k * Math.log(2 * Math.PI)) / 2;
        double[] inverse = factor.inverse();
        double[] slope = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                slope[i * n + j] = (product(w, i, w, j, k) - k * inverse[i * n + j]) / 2;
            }
        }
        return new Evidence(value, slope);
    }

    /** With g = w/h² and s = Σ_c w²/h³: dE = −2/(nk)·⟨A⁻¹g wᵀ − A⁻¹ diag(s) A⁻¹, dA⟩. */
    private static Evidence leaveOneOut(Cholesky factor, int n, double[] y, int k) {
        double[] w = factor.solve(y, k);
        double[] inverse = factor.inverse();
        double[] g = new double[n * k];
        double[] s = new double[n];
        double error = 0;
        for (int i = 0; i < n; i++) {
            double h = inverse[i * n + i];
            for (int c = 0; c < k; c++) {
                double v = w[i * k + c];
                error += v * v / (h * h) / ((double) n * k);
                g[i * k + c] = v / (h * h);
                s[i] += v * v / (h * h * h);
            }
        }
        double[] u = new double[n * k];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int c = 0; c < k; c++) {
                    u[i * k + c] += inverse[i * n + j] * g[j * k + c];
                }
            }
        }
        double[] scaled = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                scaled[i * n + j] = inverse[i * n + j] * Math.sqrt(s[j]);
            }
        }
        double[] slope = new double[n * n];
        double factorOfAll = 2.0 / n / k;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double both = (product(u, i, w, j, k) + product(w, i, u, j, k)) / 2;
                slope[i * n + j] = factorOfAll * (both - product(scaled, i, scaled, j, n));
            }
        }
        return new Evidence(-error, slope);
    }

    private static double product(double[] a, int i, double[] b, int j, int k) {
        double sum = 0;
        for (int c = 0; c < k; c++) {
            sum += a[i * k + c] * b[j * k + c];
        }
        return sum;
    }

    /** The derivative with respect to the ridge. */
    double byRidge() {
        int n = (int) Math.round(Math.sqrt(byKernel.length));
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += byKernel[i * n + i];
        }
        return trace;
    }

    /** The derivative in the direction of this change of the kernel. */
    double along(double[] change) {
        double sum = 0;
        for (int i = 0; i < change.length; i++) {
            sum += byKernel[i] * change[i];
        }
        return sum;
    }
}
