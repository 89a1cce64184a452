package org.ntk4j.inference;

import java.util.Arrays;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * What a kernel regression is going to learn from n examples, from the kernel's eigenvalues and the targets' coordinates alone (Simon et
 * al. 2021, "eigenlearning"): with {@code Σ_i λ_i/(λ_i + κ) + δ/κ = n} the learnability of direction i is {@code L_i = λ_i/(λ_i + κ)},
 * {@code E_0 = n/(n − Σ L_i²)}, and the expected test error {@code E = E_0 Σ_i (1 − L_i)² v_i²}. The eigenvalues λ of the kernel's operator
 * and the coordinates v come from a matrix over many more inputs, {@code M ≥ 2n}. On that many inputs the theory's E is a mean over all of
 * them, those that are learnt from among them, whose error is {@code (δ/(nκ))² E}; what is given is that of the other M − n.
 *
 * @param learnability of each eigendirection, the largest eigenvalue first
 * @param mse          predicted on inputs that are not learnt from, a mean over inputs and outputs
 * @param kappa        κ
 */
public record Eigenlearning(double[] learnability, double mse, double kappa) {

    private static final int ITERATIONS = 200;

    /**
     * For a target function known on M inputs.
     *
     * @param kernel of these inputs, {@code M × M}
     * @param y      the targets there, {@code M × k}
     * @param n      how many examples are learnt from
     * @param ridge  δ, absolute
     */
    public static Eigenlearning of(Kernel kernel, double[][] y, int n, double ridge) {
        int m = kernel.rows();
        int k = OutputRows.width("targets", y);
        if (n < 1 || m < 2 * n) {
            throw Failure.input("eigenlearning: a kernel on " + m + " inputs says little of learning from " + n
                    + "; at least twice as many are needed");
        }
        SymmetricEigen eigen = SymmetricEigen.of(kernel.values(), m);
        double[] lambda = new double[m];
        Arrays.setAll(lambda, i -> Math.max(0, eigen.values()[m - 1 - i]) / m);
        double[] projected = eigen.project(OutputRows.flat("targets", y, m, k), k);
        double kappa = kappa(lambda, n, ridge);
        double[] learnability = Arrays.stream(lambda).map(l -> l == 0 ? 0 : l / (l + kappa)).toArray();
        double squares = Arrays.stream(learnability).map(l -> l * l).sum();
        double left = 0;
        for (int i = 0; i < m; i++) {
            double energy = 0;
            for (int c = 0; c < k; c++) {
                double v = projected[(m - 1 - i) * k + c];
                energy += v * v / m / k;
            }
            left += (1 - learnability[i]) * (1 - learnability[i]) * energy;
        }
        double everywhere = n / (n - squares) * left;
        double seen = ridge / n / kappa * (ridge / n / kappa);
        return new Eigenlearning(learnability, (m - n * seen) / (m - n) * everywhere, kappa);
    }

    /** By bisection of a falling function, in the logarithm. */
    private static double kappa(double[] lambda, int n, double ridge) {
        double low = 1e-300;
        double high = Arrays.stream(lambda).sum() / n + ridge / n + 1e-290;
        for (int i = 0; i < ITERATIONS; i++) {
            double middle = Math.sqrt(low) * Math.sqrt(high);
            double sum = ridge / middle;
            for (double l : lambda) {
                sum += l / (l + middle);
            }
            if (sum > n) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
