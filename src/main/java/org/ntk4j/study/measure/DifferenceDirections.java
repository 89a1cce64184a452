package org.ntk4j.study.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.Residuals;

/**
 * In which eigendirections of Θ_∞ NN_T differs from f_∞ on the test set, both at their ends.
 *
 * <p>An eigenvector q of Θ_∞(train, train) with eigenvalue λ goes on to the test set as {@code Θ_∞(test, train) q / λ} (Nyström). The first
 * ten such functions, made orthonormal on the test set in the order of their eigenvalues, are the directions. {@code differenceEnergy.i}, i
 * from 0, is the share of the squared difference NN_T − f_∞ in direction i, {@code differenceEnergyTop} that in all ten,
 * {@code functionEnergyTop} the share of NN_T itself: a network that differs mostly outside of directions in which it lives has learned
 * what the kernel hardly sees.
 */
public final class DifferenceDirections {

    private static final int COUNT = 10;
    private static final Subject REFERENCE = Subject.REGRESSION_INFINITE;

    private DifferenceDirections() {
    }

    /** The rows about directions. */
    public static void of(SubjectKernels infinite, List<SubjectFunction> functions, Measures measures) {
        Optional<SubjectFunction> network = functions.stream().filter(f -> f.subject() == Subject.NETWORK).findFirst();
        Optional<SubjectFunction> other = functions.stream().filter(f -> f.subject() == REFERENCE)
                .min(Comparator.comparing(SubjectFunction::step));
        boolean start = network.isPresent() && network.get().step().equals(Step.START);
        if (network.isEmpty() || start || other.isEmpty() || network.get().test().length == 0
                || !measures.wants(Subject.NETWORK, REFERENCE)) {
            return;
        }
        double[][] f = network.get().test();
        List<double[]> basis = basis(infinite);
        double[][] difference = Residuals.minus(f, other.get().test());
        double all = energy(difference);
        double size = energy(f);
        if (all == 0 || size == 0) {
            return;
        }
        double top = 0;
        double own = 0;
        for (int i = 0; i < basis.size(); i++) {
            double share = along(basis.get(i), difference) / all;
            measures.add(Subject.NETWORK, REFERENCE, SplitName.TEST, network.get().step(), Quantity.DIFFERENCE_ENERGY.of(i), share);
            top += share;
            own += along(basis.get(i), f) / size;
        }
        measures.add(Subject.NETWORK, REFERENCE, SplitName.TEST, network.get().step(), Quantity.DIFFERENCE_ENERGY_TOP, top);
        measures.add(Subject.NETWORK, REFERENCE, SplitName.TEST, network.get().step(), Quantity.FUNCTION_ENERGY_TOP, own);
    }

    /** Orthonormal on the test set; fewer where there are fewer examples or eigenvalues. */
    private static List<double[]> basis(SubjectKernels kernel) {
        SymmetricEigen eigen = kernel.eigen();
        int n = eigen.size();
        int m = kernel.test().rows();
        List<double[]> basis = new ArrayList<>();
        for (int i = 0; i < Math.min(COUNT, Math.min(n, m)); i++) {
            double[] u = new double[m];
            int row = (n - 1 - i) * n;
            for (int t = 0; t < m; t++) {
                for (int j = 0; j < n; j++) {
                    u[t] += kernel.test().get(t, j) * eigen.vectors()[row + j];
                }
            }
            double before = Math.sqrt(dot(u, u));
            // Twice is enough (Kahan).
            for (int round = 0; round < 2; round++) {
                for (double[] b : basis) {
                    double share = dot(b, u);
                    IntStream.range(0, m).forEach(t -> u[t] -= share * b[t]);
                }
            }
            double length = Math.sqrt(dot(u, u));
            if (length > 1e-9 * before) {
                basis.add(Arrays.stream(u).map(v -> v / length).toArray());
            }
        }
        return basis;
    }

    private static double energy(double[][] f) {
        return Arrays.stream(f).mapToDouble(row -> dot(row, row)).sum();
    }

    /** Sum over outputs of the squared component along a direction. */
    private static double along(double[] direction, double[][] f) {
        double sum = 0;
        for (int c = 0; c < f[0].length; c++) {
            double component = 0;
            for (int t = 0; t < f.length; t++) {
                component += direction[t] * f[t][c];
            }
            sum += component * component;
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
