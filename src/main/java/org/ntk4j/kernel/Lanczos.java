package org.ntk4j.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * Lanczos' recursion with full reorthogonalisation: an orthonormal basis V of the Krylov space of a symmetric matrix K and a vector, and
 * the tridiagonal {@code T = VᵀKV}, a vector more at each step. The largest eigenvalue of T tends to that of K within a few dozen products.
 */
public final class Lanczos {

    private static final int MOST_VECTORS = 300;
    private static final double ENOUGH = 1e-5;

    private final List<double[]> basis = new ArrayList<>();
    private final List<Double> diagonal = new ArrayList<>();
    private final List<Double> beside = new ArrayList<>();
    private double[] next;

    /** A basis that begins with this vector, which must not be zero. */
    public Lanczos(double[] start) {
        this.next = Vectors.scaled(start, 1 / Vectors.norm(start));
    }

    /**
     * The largest eigenvalue, to a relative error of about 1e-5 or better.
     *
     * @return 0 for a matrix of zeros
     * @throws Failure after Ctrl-C
     */
    public static double largest(SymmetricProduct matrix, Monitor monitor) {
        Random random = new Random(1);
        double[] start = random.doubles(matrix.size()).map(x -> x - 0.5).toArray();
        if (matrix.size() == 0) {
            return 0;
        }
        Lanczos lanczos = new Lanczos(start);
        try (Monitor.Task task = monitor.begin("largest eigenvalue, products", 0)) {
            while (true) {
                boolean more = lanczos.advance(matrix.times(lanczos.next()));
                task.done(lanczos.size());
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while looking for the largest stable learning rate");
                }
                SymmetricEigen eigen = lanczos.eigen();
                int m = lanczos.size();
                // The residual of the leading Ritz vector bounds the error of its value (Parlett 1980, 4.5).
                double residual = m > lanczos.beside.size() ? 0 : lanczos.beside.get(m - 1) * Math.abs(eigen.vectors()[m * m - 1]);
                if (!more || residual <= ENOUGH * eigen.largest() || m >= MOST_VECTORS) {
                    return Math.max(0, eigen.largest());
                }
            }
        }
    }

    /**
     * An estimate of the largest eigenvalue from a few products: from below, and closer than as many powers of the matrix come.
     *
     * @param start not zero
     */
    public static double largest(UnaryOperator<double[]> map, double[] start, int products) {
        Lanczos lanczos = new Lanczos(start);
        for (boolean more = true; more && lanczos.size() < products;) {
            more = lanczos.advance(map.apply(lanczos.next()));
        }
        return Math.max(0, lanczos.eigen().largest());
    }

    /** The vector that is taken next. */
    public double[] next() {
        return next;
    }

    /**
     * Takes the next vector into the basis; false once the space is exhausted.
     *
     * @param w its product with the matrix; changed on the way
     */
    public boolean advance(double[] w) {
        double[] v = next;
        basis.add(v);
        diagonal.add(Vectors.dot(w, v));
        for (int round = 0; round < 2; round++) {
            for (double[] b : basis) {
                Vectors.subtract(w, b, Vectors.dot(w, b));
            }
        }
        double beta = Math.sqrt(Vectors.dot(w, w));
        if (beta <= 1e-14 * Math.abs(diagonal.get(0)) || basis.size() == v.length) {
            return false;
        }
        beside.add(beta);
        next = Vectors.scaled(w, 1 / beta);
        return true;
    }

    /** How many vectors there are. */
    public int size() {
        return basis.size();
    }

    /** The vectors, each of length 1. */
    public List<double[]> basis() {
        return basis;
    }

    /** Eigenvalues and eigenvectors of T. */
    public SymmetricEigen eigen() {
        double[] alphas = diagonal.stream().mapToDouble(Double::doubleValue).toArray();
        double[] betas = beside.stream().mapToDouble(Double::doubleValue).toArray();
        return SymmetricEigen.of(SymmetricEigen.tridiagonal(alphas, betas), basis.size());
    }
}
