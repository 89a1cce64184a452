package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * The weights of a regression at moments of training, for a kernel that is known by its products: each output's residual has a Krylov space
 * of its own, as in {@link Krylov}, and one product serves all of them. A space grows until what every moment puts on its last vectors is
 * below {@value #TOLERANCE} of the whole.
 */
final class KrylovWeights {

    private static final double TOLERANCE = 1e-10;
    private static final int LOOK = 10;
    private static final int TAIL = 5;

    private final Problem problem;
    private final List<Moment> moments;
    private final int n;
    private final int k;
    private final List<Space> spaces = new ArrayList<>();

    /** The space of one output. */
    private static final class Space {
        private final int output;
        private final double length;
        private final Lanczos lanczos;
        private boolean growing = true;
        private boolean exhausted;

        Space(int output, double length, Lanczos lanczos) {
            this.output = output;
            this.length = length;
            this.lanczos = lanczos;
        }
    }

    /**
     * What a moment puts on the vectors of a space.
     *
     * @param gains  of the weights
     * @param values of the kernel's product with them
     */
    private record Coefficients(double[] gains, double[] values) {

        boolean areSettled() {
            return isSettled(gains) && isSettled(values);
        }

        private static boolean isSettled(double[] of) {
            double all = TOLERANCE * OutputRows.norm(of);
            return of.length > TAIL && Arrays.stream(of, of.length - TAIL, of.length).allMatch(c -> Math.abs(c) <= all);
        }
    }

    private KrylovWeights(Problem problem, List<Moment> moments) {
        this.problem = problem;
        this.moments = moments;
        this.n = problem.inputs();
        this.k = problem.outputs();
        for (int c = 0; c < k; c++) {
            double[] residual = column(problem.residual(), c, k);
            double length = OutputRows.norm(residual);
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
        KrylovWeights weights = new KrylovWeights(problem, moments);
        int products = weights.grow();
        return moments.stream().map(m -> weights.at(m, products)).toList();
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
                    space.exhausted = !space.lanczos.advance(column(w, c, width));
                    space.growing = !space.exhausted;
                }
                task.done(++products);
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while following a kernel's function along training");
                }
                if (products % LOOK == 0) {
                    double largest = largest();
                    growing.forEach(s -> s.growing &= !moments.stream().allMatch(m -> coefficients(s, m, largest).areSettled()));
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

    private double largest() {
        return spaces.stream().mapToDouble(s -> s.lanczos.eigen().largest()).max().orElse(0);
    }

    private Coefficients coefficients(Space space, Moment moment, double largest) {
        SymmetricEigen eigen = space.lanczos.eigen();
        Filter filter = Filter.of(moment, largest + problem.ridge(), n, k);
        int m = eigen.size();
        double[] gains = new double[m];
        double[] values = new double[m];
        for (int j = 0; j < m; j++) {
            // A kernel is positive semidefinite: below 0 there is only rounding.
            double mu = Math.max(eigen.values()[j], 0);
            double gain = filter.gain(mu + problem.ridge());
            if (!Double.isFinite(gain)) {
                throw filter.divergence();
            }
            double first = eigen.vectors()[j * m];
            for (int i = 0; i < m; i++) {
                gains[i] += gain * first * eigen.vectors()[j * m + i];
                values[i] += mu * gain * first * eigen.vectors()[j * m + i];
            }
        }
        return new Coefficients(gains, values);
    }

    private RegressionWeights at(Moment moment, int products) {
        double largest = largest();
        double[] weights = new double[n * k];
        double[] rest = problem.residual().clone();
        for (Space space : spaces) {
            Coefficients found = coefficients(space, moment, largest);
            List<double[]> basis = space.lanczos.basis();
            for (int j = 0; j < basis.size(); j++) {
                double gain = space.length * found.gains[j];
                double value = space.length * (found.values[j] + problem.ridge() * found.gains[j]);
                double[] vector = basis.get(j);
                for (int i = 0; i < n; i++) {
                    weights[i * k + space.output] += gain * vector[i];
                    rest[i * k + space.output] -= value * vector[i];
                }
            }
        }
        double smallest = spaces.stream().mapToDouble(s -> s.lanczos.eigen().smallest()).min().orElse(0);
        double norm = OutputRows.norm(problem.residual());
        return new RegressionWeights(weights, false, smallest, largest, n * problem.epsilon() * largest, 0, Double.NaN,
                norm == 0 ? 0 : OutputRows.norm(rest) / norm,
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
