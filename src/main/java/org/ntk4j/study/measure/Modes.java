package org.ntk4j.study.measure;

import java.util.Map;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * Which directions are learned: residuals along training, in the leading eigenvectors of a kernel K(train, train).
 *
 * <p>With q_i the eigenvector of the i-th largest eigenvalue, from 0, and r(t) the residual on the N training inputs at
 * step t, {@code modeEnergy.i} is {@code Σ_c (q_i · r_c(t))²/(Nk)}: over all N directions they sum to the mean squared error.
 * The subject is the function, the reference the kernel whose eigenvectors are used. {@code modeExcess.i} has the network as
 * its subject: {@code (e_K(t) − e_NN(t))/e_NN(0)}, with e_K the energy of the regression with that same kernel; above 0
 * where the network has learned more of the direction than the kernel predicts, missing where there was nothing to learn.
 *
 * <p>The residual is f − y on the mean squared error; with cross-entropy softmax(f) minus the class's indicator.
 */
public final class Modes {

    /** A direction with less than this share of the energy at step 0 has nothing to learn. */
    private static final double NOTHING = 1e-12;

    private final int count;
    private final Measures measures;

    public Modes(int count, Measures measures) {
        this.count = count;
        this.measures = measures;
    }

    /**
     * The rows of one kernel's eigenvectors.
     *
     * @param kernel     the reference
     * @param regression the subject of the regression with that kernel
     * @param residuals  by subject and step, {@code N × k}
     */
    public void follow(Subject kernel, Subject regression, SymmetricEigen eigen, Map<Subject, Map<Integer, double[][]>> residuals) {
        residuals.forEach((subject, steps) -> steps.forEach((step, residual) -> {
            double[] energies = energies(eigen, residual, count);
            for (int i = 0; i < count; i++) {
                measures.add(subject, kernel, SplitName.TRAIN, Step.of(step), Quantity.MODE_ENERGY.of(i), energies[i]);
            }
        }));
        Map<Integer, double[][]> network = residuals.getOrDefault(Subject.NETWORK, Map.of());
        Map<Integer, double[][]> predicted = residuals.getOrDefault(regression, Map.of());
        if (!network.containsKey(0)) {
            return;
        }
        double[] start = energies(eigen, network.get(0), count);
        double all = 0;
        for (double[] row : network.get(0)) {
            for (double value : row) {
                all += value * value / network.get(0).length / row.length;
            }
        }
        for (Map.Entry<Integer, double[][]> now : network.entrySet()) {
            if (predicted.containsKey(now.getKey())) {
                double[] left = energies(eigen, now.getValue(), count);
                double[] expected = energies(eigen, predicted.get(now.getKey()), count);
                for (int i = 0; i < count; i++) {
                    if (start[i] > NOTHING * all) {
                        measures.add(Subject.NETWORK, kernel, SplitName.TRAIN, Step.of(now.getKey()), Quantity.MODE_EXCESS.of(i),
                                (expected[i] - left[i]) / start[i]);
                    }
                }
            }
        }
    }

    /** {@code Σ_c (q_i · r_c)²/(Nk)} for the leading eigenvectors. */
    public static double[] energies(SymmetricEigen eigen, double[][] residual, int count) {
        int n = eigen.size();
        int k = residual[0].length;
        double[] energies = new double[count];
        for (int i = 0; i < count; i++) {
            double[] sums = new double[k];
            int row = (n - 1 - i) * n;
            for (int j = 0; j < n; j++) {
                double q = eigen.vectors()[row + j];
                for (int c = 0; c < k; c++) {
                    sums[c] += q * residual[j][c];
                }
            }
            for (double sum : sums) {
                energies[i] += sum * sum / ((double) n * k);
            }
        }
        return energies;
    }
}
