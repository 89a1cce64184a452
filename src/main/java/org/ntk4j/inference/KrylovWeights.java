package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.Vectors;

/**
 * The weights of a regression at moments of training, for a kernel that is known by its products: each output's residual has a Krylov space
 * of its own, as in {@link Krylov}, and one product serves all of them. A space grows until what every moment puts on its last vectors is
 * of no account.
 */
final class KrylovWeights {

    private static final int LOOK = 10;

    private final Problem problem;
    private final double[] columns;
    private final List<Moment> moments;
    private final int n;
    private final int k;
    /** Whether what is left of the residual counts squared: {@code (1 − p²)/μ} in place of {@code (1 − p)/μ}. */
    private final boolean squared;
    private final List<Space> spaces = new ArrayList<>();

    /** The space of one output. */
    private static final class Space {
        private final int output;
        private final double length;
        private final Lanczos lanczos;
        private boolean growing = true;

        Space(int output, double length, Lanczos lanczos) {
            this.output = output;
            this.length = length;
            this.lanczos = lanczos;
        }
    }

    private KrylovWeights(Problem problem, double[] columns, int k, List<Moment> moments, boolean squared) {
        this.problem = problem;
        this.columns = columns;
        this.moments = moments;
        this.n = problem.inputs();
        this.k = k;
        this.squared = squared;
        for (int c = 0; c < k; c++) {
            double[] residual = column(columns, c, k);
            double length = Vectors.norm(residual);
            if (length > 0) {
                spaces.add(new Space(c, length, new Lanczos(residual)));
            }
        }
    }

    /**
     * The weights at each moment, none of them infinity.
     *
     * @throws Failure if training has diverged by then, if the memory does not hold the spaces, or after Ctrl-C
     */
    static List<RegressionWeights> of(Problem problem, List<Moment> moments) {
        KrylovWeights weights = new KrylovWeights(problem, problem.residual(), problem.outputs(), moments, false);
        int products = weights.grow();
        List<SymmetricEigen> eigen = weights.eigen();
        return moments.stream().map(m -> weights.at(m, eigen, products)).toList();
    }

    /**
     * What a moment makes of columns beside the targets, {@code (K + r)⁻¹(1 − p)B}.
     *
     * @param b       {@code n × k} by rows
     * @param squared whether it is {@code (K + r)⁻¹(1 − p²)B}
     */
    static double[] of(Problem problem, double[] b, int k, Moment moment, boolean squared) {
        KrylovWeights weights = new KrylovWeights(problem, b, k, List.of(moment), squared);
        int products = weights.grow();
        return weights.at(moment, weights.eigen(), products).values();
    }

    private int grow() {
        Monitor monitor = problem.resources().monitor();
        int products = 0;
        try (KernelProduct product = problem.kernel().kernel().product(problem.resources().threads(), monitor);
                Monitor.Task task = monitor.begin("functions along training, products with the kernel", 0)) {
            for (List<Space> growing = growing(); !growing.isEmpty(); growing = growing()) {
                int width = growing.size();
                requireMemory(products + 1);
                double[] b = new double[n * width];
                for (int c = 0; c < width; c++) {
                    double[] next = growing.get(c).lanczos.next();
                    for (int i = 0; i < n; i++) {
                        b[i * width + c] = next[i];
                    }
                }
                double[] w = product.times(b, width);
                for (int c = 0; c < width; c++) {
                    Space space = growing.get(c);
                    space.growing = space.lanczos.advance(column(w, c, width));
                }
                task.done(++products);
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while following a kernel's function along training");
                }
                if (products % LOOK == 0) {
                    List<SymmetricEigen> eigen = eigen();
                    for (int s = 0; s < spaces.size(); s++) {
                        Space space = spaces.get(s);
                        space.growing = space.growing && !areSettled(eigen.get(s), largest(eigen));
                    }
                }
            }
        }
        return products;
    }

    private List<Space> growing() {
        return spaces.stream().filter(s -> s.growing).toList();
    }

    private void requireMemory(int vectors) {
        if ((double) Double.BYTES * n * vectors * spaces.size() > problem.resources().memory()) {
            throw Failure.input("memory: the functions at finite times need more than " + vectors + " vectors of " + n
                    + " values for each of " + spaces.size() + " outputs; use --memory, earlier times, or a ridge");
        }
    }

    /** Of each space. */
    private List<SymmetricEigen> eigen() {
        return spaces.stream().map(s -> s.lanczos.eigen()).toList();
    }

    private static double largest(List<SymmetricEigen> eigen) {
        return eigen.stream().mapToDouble(SymmetricEigen::largest).max().orElse(0);
    }

    private boolean areSettled(SymmetricEigen eigen, double largest) {
        return moments.stream().allMatch(m -> coefficients(eigen, m, largest).areSettled());
    }

    private Krylov.Coefficients coefficients(SymmetricEigen eigen, Moment moment, double largest) {
        return Krylov.Coefficients.of(eigen, Filter.of(moment, largest + problem.ridge(), n, problem.outputs()), problem.ridge(), squared);
    }

    private RegressionWeights at(Moment moment, List<SymmetricEigen> eigen, int products) {
        double largest = largest(eigen);
        double[] weights = new double[n * k];
        double[] rest = columns.clone();
        for (int s = 0; s < spaces.size(); s++) {
            Space space = spaces.get(s);
            Krylov.Coefficients found = coefficients(eigen.get(s), moment, largest);
            List<double[]> basis = space.lanczos.basis();
            for (int j = 0; j < basis.size(); j++) {
                double gain = space.length * found.gains()[j];
                double value = space.length * (found.values()[j] + problem.ridge() * found.gains()[j]);
                double[] vector = basis.get(j);
                for (int i = 0; i < n; i++) {
                    weights[i * k + space.output] += gain * vector[i];
                    rest[i * k + space.output] -= value * vector[i];
                }
            }
        }
        double smallest = eigen.stream().mapToDouble(SymmetricEigen::smallest).min().orElse(0);
        double norm = Vectors.norm(columns);
        return new RegressionWeights(weights, false, smallest, largest, n * problem.epsilon() * largest, 0, Double.NaN,
                norm == 0 ? 0 : Vectors.norm(rest) / norm,
                new RegressionWeights.How("Lanczos' recursion", products, 0, rest, null));
    }

    private static double[] column(double[] of, int c, int width) {
        double[] column = new double[of.length / width];
        for (int i = 0; i < column.length; i++) {
            column[i] = of[i * width + c];
        }
        return column;
    }
}
