package org.ntk4j.inference;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.NativeMatrix;
import org.ntk4j.kernel.StoredProduct;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.SymmetricProduct;
import org.ntk4j.kernel.Vectors;

/**
 * The functions along training on the mean squared error for a kernel too large to be decomposed: gradient descent leads from the residual
 * r through the Krylov space of K and r alone. Lanczos' recursion with full reorthogonalisation gives an orthonormal basis V of it and the
 * small matrix {@code T = VᵀKV}; a function g of K, applied to r, is {@code ‖r‖ V g(T) e_1} (Saad 1992), exact for polynomials up to the
 * basis' size. The basis grows until what every moment puts on its last vectors is of no account.
 */
public final class Krylov {

    private static final int LOOK = 20;

    private final double[] start;
    private final double length;
    private final double[][] basis;
    /** Of each moment. */
    private final List<Coefficients> coefficients;

    private Krylov(double[] start, double length, double[][] basis, List<Coefficients> coefficients) {
        this.start = start;
        this.length = length;
        this.basis = basis;
        this.coefficients = coefficients;
    }

    /**
     * Builds the space.
     *
     * @param kernel  K(train, train), {@code n × n}: for several outputs that of all with all
     * @param f0      the function at initialisation on the training inputs, one value a row of the kernel
     * @param y       the targets
     * @param moments steps or times, none at infinity
     * @throws Failure if training diverges, or after Ctrl-C
     */
    public static Krylov of(Kernel kernel, double[] f0, double[] y, List<Moment> moments, Monitor monitor) {
        try (StoredProduct matrix = StoredProduct.of(TrainKernel.of(kernel).kernel())) {
            return of(matrix, 0, f0, y, moments, monitor);
        }
    }

    /**
     * A Krylov space of a kernel that is known by its products, with a ridge as {@link Regression} has it.
     *
     * @param ridge added to each eigenvalue
     */
    public static Krylov of(SymmetricProduct kernel, double ridge, double[] f0, double[] y, List<Moment> moments, Monitor monitor) {
        int n = kernel.size();
        double[] residual = new double[n];
        Arrays.setAll(residual, i -> y[i] - f0[i]);
        double length = Vectors.norm(residual);
        if (length == 0 || n == 0) {
            return new Krylov(f0.clone(), 0, new double[0][],
                    Collections.nCopies(moments.size(), new Coefficients(new double[0], new double[0])));
        }
        Lanczos lanczos = new Lanczos(residual);
        try (Monitor.Task task = monitor.begin("functions along training, vectors of the Krylov space", 0)) {
            while (true) {
                boolean more = lanczos.advance(kernel.times(lanczos.next()));
                task.done(lanczos.size());
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while following a kernel's function along training");
                }
                if (!more || lanczos.size() % LOOK == 0) {
                    Krylov found = found(f0, length, lanczos, ridge, moments);
                    if (!more || found.isSettled()) {
                        return found;
                    }
                }
            }
        }
    }

    private static Krylov found(double[] f0, double length, Lanczos lanczos, double ridge, List<Moment> moments) {
        SymmetricEigen eigen = lanczos.eigen();
        List<Coefficients> coefficients = moments.stream()
                .map(m -> Coefficients.of(eigen, Filter.of(m, eigen.largest() + ridge, f0.length, 1), ridge)).toList();
        return new Krylov(f0.clone(), length, lanczos.basis().toArray(double[][]::new), coefficients);
    }

    private boolean isSettled() {
        return coefficients.stream().allMatch(Coefficients::areSettled);
    }

    /** How many vectors there are. */
    public int size() {
        return basis.length;
    }

    /** The functions on the training inputs: [moment][row]. */
    public double[][] train() {
        double[][] f = new double[coefficients.size()][];
        for (int s = 0; s < f.length; s++) {
            f[s] = start.clone();
            for (int i = 0; i < basis.length; i++) {
                Vectors.subtract(f[s], basis[i], -length * coefficients.get(s).values()[i]);
            }
        }
        return f;
    }

    /**
     * The functions on other inputs: [moment][row].
     *
     * @param kTest one column for each row of K(train, train)
     * @param f0    the function at initialisation there
     */
    public double[][] test(Kernel kTest, double[] f0) {
        double[][] f = new double[coefficients.size()][];
        try (NativeMatrix matrix = NativeMatrix.of(kTest)) {
            for (int s = 0; s < f.length; s++) {
                f[s] = matrix.times(weights(s), 1);
                Vectors.subtract(f[s], f0, -1);
            }
        }
        return f;
    }

    /** The weights w of {@code f(x) = f_0(x) + K(x, X) w} at a moment. */
    double[] weights(int moment) {
        double[] weights = new double[start.length];
        for (int i = 0; i < basis.length; i++) {
            Vectors.subtract(weights, basis[i], -length * coefficients.get(moment).gains()[i]);
        }
        return weights;
    }

    /**
     * What a moment of training puts on the vectors of a Krylov space: {@code g(T) e_1} (Saad 1992).
     *
     * @param gains  of the weights
     * @param values of the kernel's product with them
     */
    record Coefficients(double[] gains, double[] values) {

        private static final double TOLERANCE = 1e-10;
        private static final int TAIL = 5;

        /**
         * Of the space whose tridiagonal matrix has these eigenvalues.
         *
         * @param ridge added to each eigenvalue
         * @throws org.ntk4j.base.Failure if training diverges
         */
        static Coefficients of(SymmetricEigen eigen, Filter filter, double ridge) {
            return of(eigen, filter, ridge, false);
        }

        /**
         * As above.
         *
         * @param squared whether {@code (1 − p²)/μ} stands in place of the gain {@code (1 − p)/μ}
         */
        static Coefficients of(SymmetricEigen eigen, Filter filter, double ridge, boolean squared) {
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
            return new Coefficients(gains, values);
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
}
