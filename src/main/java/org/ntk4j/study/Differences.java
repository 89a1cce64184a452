package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.report.FunctionMetrics;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * Where NN_T differs from f_∞ on the test set, both at their ends: in which eigendirections of Θ_∞, and on which examples.
 *
 * <p>An eigenvector q of Θ_∞(train, train) with eigenvalue λ goes on to the test set as {@code Θ_∞(test, train) q / λ} (Nyström). The first
 * ten such functions, made orthonormal on the test set in the order of their eigenvalues, are the directions. {@code differenceEnergy.i}, i
 * from 0, is the share of the squared difference NN_T − f_∞ in direction i, {@code differenceEnergyTop} that in all ten,
 * {@code functionEnergyTop} the share of NN_T itself: a network that differs mostly outside of directions in which it lives has learned
 * what the kernel hardly sees.
 */
final class Differences {

    /** So many directions, and so many examples. */
    static final int COUNT = 10;

    static final Subject REFERENCE = Subject.REGRESSION_INFINITE;

    private Differences() {
    }

    /** The rows about directions. */
    static void directions(Measures.SubjectKernels infinite, List<Measures.Function> functions, Measures measures) {
        Optional<Measures.Function> network = functions.stream().filter(f -> f.subject() == Subject.NETWORK).findFirst();
        Optional<Measures.Function> other = functions.stream().filter(f -> f.subject() == REFERENCE)
                .min(Comparator.comparing(Measures.Function::step));
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
    private static List<double[]> basis(Measures.SubjectKernels kernel) {
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

    /** The test examples on which NN_T and f_∞ differ most, over all seeds, the largest difference first. */
    static List<Integer> examples(List<CellResult> seeds) {
        double[] distance = null;
        for (CellResult cell : seeds) {
            Optional<double[][]> f = cell.function(Subject.NETWORK, Summary.lastStep(cell));
            Optional<double[][]> g = reference(cell);
            if (f.isEmpty() || g.isEmpty() || distance != null && distance.length != f.get().length) {
                return List.of();
            }
            double[] squares = Residuals.squares(f.get(), g.get());
            distance = distance == null ? new double[squares.length] : distance;
            for (int i = 0; i < distance.length; i++) {
                distance[i] += squares[i];
            }
        }
        if (distance == null) {
            return List.of();
        }
        double[] all = distance;
        return IntStream.range(0, all.length).boxed().sorted(Comparator.comparingDouble((Integer i) -> -all[i])).limit(COUNT).toList();
    }

    private static Optional<double[][]> reference(CellResult cell) {
        return cell.function(REFERENCE, Step.NONE).or(() -> cell.function(REFERENCE, Summary.lastStep(cell)));
    }

    /** These examples with their label and both predicted classes, those of the first seed. */
    static List<String> named(List<CellResult> seeds, List<Integer> examples) {
        CellResult first = seeds.get(0);
        double[][] network = first.function(Subject.NETWORK, Summary.lastStep(first)).orElseThrow();
        double[][] other = reference(first).orElseThrow();
        List<Object> labels = examples.stream().map(i -> label(first, i)).toList();
        return IntStream.range(0, labels.size()).mapToObj(k -> examples.get(k) + " (" + shown(labels.get(k)) + ": "
                + shown(choice(first, network[examples.get(k)])) + ", "
                + shown(choice(first, other[examples.get(k)])) + ")").toList();
    }

    private static Object shown(Object choice) {
        return choice instanceof Double value ? String.format(Locale.ROOT, "%.3g", value) : choice;
    }

    private static Object label(CellResult cell, int example) {
        return cell.hasClasses() ? (Object) cell.labels()[example] : choice(cell, cell.targets()[example]);
    }

    /** The class that a function chooses; the values themselves where there are no classes. */
    private static Object choice(CellResult cell, double[] values) {
        return cell.hasClasses() ? (Object) FunctionMetrics.classes(new double[][] {values})[0]
                : values.length == 1 ? (Object) values[0] : Arrays.stream(values).mapToObj(String::valueOf)
                        .collect(Collectors.joining(" "));
    }

    /**
     * The rows of {@code examples.csv}: rank, place in the test set, label, the classes that both choose, and the norm of their difference.
     */
    static List<List<Object>> table(CellResult cell) {
        boolean compared = cell.rows().stream().anyMatch(r -> r.subject() == Subject.NETWORK && r.reference() == REFERENCE);
        List<Integer> most = compared ? examples(List.of(cell)) : List.of();
        if (most.isEmpty()) {
            return List.of();
        }
        double[][] f = cell.function(Subject.NETWORK, Summary.lastStep(cell)).orElseThrow();
        double[][] g = reference(cell).orElseThrow();
        double[][] difference = Residuals.minus(f, g);
        return IntStream.range(0, most.size()).mapToObj(rank -> {
            int i = most.get(rank);
            return List.<Object>of(rank, i, label(cell, i), choice(cell, f[i]), choice(cell, g[i]),
                    Math.sqrt(dot(difference[i], difference[i])));
        }).toList();
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
