package org.ntk4j.solver;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * The coefficients of conjugate gradients, which are those of Lanczos' recursion for the preconditioned matrix: its eigenvalues lie about
 * where those of the tridiagonal matrix are (Golub &amp; Van Loan, 11.3).
 */
final class Tridiagonals {

    private static final int MOST = 300;

    private final int columns;
    private final List<double[]> alphas = new ArrayList<>();
    private final List<double[]> betas = new ArrayList<>();
    private double condition = 1;

    Tridiagonals(int columns) {
        this.columns = columns;
    }

    void restart() {
        condition = condition();
        alphas.clear();
        betas.clear();
    }

    void alpha(double[] values) {
        alphas.add(values);
    }

    void beta(double[] values) {
        betas.add(values);
    }

    double condition() {
        double worst = condition;
        int m = Math.min(MOST, alphas.size());
        for (int c = 0; c < columns && m > 1; c++) {
            int count = 0;
            while (count < m && alphas.get(count)[c] > 0) {
                count++;
            }
            if (count < 2) {
                continue;
            }
            double[] diagonal = new double[count];
            double[] beside = new double[count];
            for (int i = 0; i < count; i++) {
                diagonal[i] = 1 / alphas.get(i)[c] + (i == 0 ? 0 : betas.get(i - 1)[c] / alphas.get(i - 1)[c]);
                beside[i] = i + 1 < count ? Math.sqrt(Math.max(0, betas.get(i)[c])) / alphas.get(i)[c] : 0;
            }
            double[] values = SymmetricEigen.valuesOf(SymmetricEigen.tridiagonal(diagonal, beside), count);
            if (values[0] > 0) {
                worst = Math.max(worst, values[count - 1] / values[0]);
            }
        }
        return worst;
    }
}
