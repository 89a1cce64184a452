package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.NativeMatrix;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * The functions along training on the mean squared error for a kernel too large to be decomposed: gradient descent leads from the residual
 * r through the Krylov space of K and r alone. Lanczos' recursion with full reorthogonalisation gives an orthonormal basis V of it and the
 * small matrix {@code T = VᵀKV}; a function g of K, applied to r, is {@code ‖r‖ V g(T) e_1} (Saad 1992), exact for polynomials up to the
 * basis' size. The basis grows until what the moment furthest from the start puts on its last vectors is below {@value #TOLERANCE} of the
 * whole.
 */
public final class Krylov {

    private static final double TOLERANCE = 1e-10;
    private static final int LOOK = 20;
    private static final int TAIL = 5;

    private final double[] start;
    private final double length;
    private final double[][] basis;
    private final double[][] gains;
    private final double[][] values;

    private Krylov(double[] start, double length, double[][] basis, double[][] gains, double[][] values) {
        this.start = start;
        this.length = length;
        this.basis = basis;
        this.gains = gains;
        this.values = values;
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
        int n = kernel.rows();
        double[] residual = new double[n];
        Arrays.setAll(residual, i -> y[i] - f0[i]);
        double length = Math.sqrt(dot(residual, residual));
        if (length == 0 || n == 0) {
            return new Krylov(f0.clone(), 0, new double[0][], new double[moments.size()][0], new double[moments.size()][0]);
        }
        List<double[]> basis = new ArrayList<>();
        List<Double> diagonal = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        basis.add(scaled(residual, 1 / length));
        try (NativeMatrix matrix = NativeMatrix.of(kernel); Monitor.Task task = monitor.begin("NN_lin, vectors of its Krylov space", 0)) {
            while (true) {
                int j = basis.size() - 1;
                double[] w = matrix.times(basis.get(j), 1);
                diagonal.add(dot(w, basis.get(j)));
                for (int round = 0; round < 2; round++) {
                    for (double[] v : basis) {
                        subtract(w, v, dot(w, v));
                    }
                }
                double beta = Math.sqrt(dot(w, w));
                boolean exhausted = beta <= 1e-14 * Math.abs(diagonal.get(0)) || basis.size() == n;
                task.done(basis.size());
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while linearising the network");
                }
                if (exhausted || basis.size() % LOOK == 0) {
                    Krylov found = found(f0, length, basis, diagonal, beside, moments);
                    if (exhausted || found.isSettled()) {
                        return found;
                    }
                }
                beside.add(beta);
                basis.add(scaled(w, 1 / beta));
            }
        }
    }

    private static Krylov found(double[] f0, double length, List<double[]> basis, List<Double> diagonal, List<Double> beside,
            List<Moment> moments) {
        int m = basis.size();
        double[] t = new double[m * m];
        for (int i = 0; i < m; i++) {
            t[i * m + i] = diagonal.get(i);
            if (i + 1 < m) {
                t[i * m + i + 1] = beside.get(i);
                t[(i + 1) * m + i] = beside.get(i);
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(t, m);
        double[][] gains = new double[moments.size()][m];
        double[][] values = new double[moments.size()][m];
        for (int s = 0; s < moments.size(); s++) {
            Filter filter = Filter.of(moments.get(s), eigen.largest(), f0.length, 1);
            for (int j = 0; j < m; j++) {
                // A tangent kernel is positive semidefinite: below 0 there is only rounding.
                double mu = Math.max(eigen.values()[j], 0);
                double gain = filter.gain(mu);
                if (!Double.isFinite(gain)) {
                    throw filter.divergence();
                }
                double first = eigen.vectors()[j * m];
                for (int i = 0; i < m; i++) {
                    gains[s][i] += gain * first * eigen.vectors()[j * m + i];
                    values[s][i] += mu * gain * first * eigen.vectors()[j * m + i];
                }
            }
        }
        return new Krylov(f0.clone(), length, basis.toArray(double[][]::new), gains, values);
    }

    /** Whether the last vectors are of no account. */
    private boolean isSettled() {
        for (double[][] kind : new double[][][] {gains, values}) {
            for (double[] coefficients : kind) {
                double all = Math.sqrt(dot(coefficients, coefficients));
                for (int i = Math.max(0, coefficients.length - TAIL); i < coefficients.length; i++) {
                    if (Math.abs(coefficients[i]) > TOLERANCE * all) {
                        return false;
                    }
                }
            }
        }
        return basis.length > TAIL;
    }

    /** How many vectors there are. */
    public int size() {
        return basis.length;
    }

    /** The functions on the training inputs: [moment][row]. */
    public double[][] train() {
        double[][] f = new double[values.length][];
        for (int s = 0; s < f.length; s++) {
            f[s] = start.clone();
            for (int i = 0; i < basis.length; i++) {
                subtract(f[s], basis[i], -length * values[s][i]);
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
        double[][] f = new double[gains.length][];
        try (NativeMatrix matrix = NativeMatrix.of(kTest)) {
            for (int s = 0; s < f.length; s++) {
                double[] weights = new double[kTest.columns()];
                for (int i = 0; i < basis.length; i++) {
                    subtract(weights, basis[i], -length * gains[s][i]);
                }
                f[s] = matrix.times(weights, 1);
                for (int i = 0; i < f0.length; i++) {
                    f[s][i] += f0[i];
                }
            }
        }
        return f;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] scaled(double[] a, double factor) {
        return Arrays.stream(a).map(v -> v * factor).toArray();
    }

    private static void subtract(double[] from, double[] what, double times) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= times * what[i];
        }
    }
}
