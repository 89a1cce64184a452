package org.ntk4j.solver;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * Lanczos' recursion for many columns at once, each with its own tridiagonal T, all sharing the products with the kernel. Of the basis only
 * the last two vectors are kept, and its values in a few rows: without reorthogonalisation eigenvalues of T come several times, but
 * {@code ‖b‖² e_1ᵀg(T)e_1} still tends to {@code bᵀg(K)b}, and {@code ‖b‖V g(T)e_1} to {@code g(K)b} (Greenbaum 1989; Golub &amp; Meurant
 * 2010, ch. 4).
 */
public final class LanczosColumns {

    private static final double EXHAUSTED = 1e-14;

    private final int n;
    private final int k;
    private final int[] rows;
    private final double[] lengths;
    private final boolean[] ended;
    private final List<double[]> diagonal = new ArrayList<>();
    private final List<double[]> beside = new ArrayList<>();
    /** The basis in the rows, a step after the other: row by row, column by column. */
    private final List<double[]> seen = new ArrayList<>();
    private double[] vectors;
    private double[] before;

    /**
     * Begins.
     *
     * @param b    {@code n × k} by rows
     * @param rows in which the values of the basis are kept
     */
    public LanczosColumns(double[] b, int k, int... rows) {
        this.n = b.length / k;
        this.k = k;
        this.rows = rows.clone();
        this.lengths = Columns.norms(b, k);
        this.ended = new boolean[k];
        this.vectors = b.clone();
        this.before = new double[b.length];
        scale(vectors, lengths);
    }

    private void scale(double[] x, double[] by) {
        for (int c = 0; c < k; c++) {
            ended[c] |= by[c] == 0;
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = ended[i % k] ? 0 : x[i] / by[i % k];
        }
    }

    /** One more product with the kernel; false once every column's space is exhausted. */
    public boolean advance(KernelProduct kernel) {
        double[] inRows = new double[rows.length * k];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(vectors, rows[i] * k, inRows, i * k, k);
        }
        seen.add(inRows);
        double[] w = kernel.times(vectors, k);
        double[] alpha = Columns.dots(vectors, w, k);
        diagonal.add(alpha);
        double[] last = beside.isEmpty() ? new double[k] : beside.get(beside.size() - 1);
        for (int i = 0; i < w.length; i++) {
            w[i] -= alpha[i % k] * vectors[i] + last[i % k] * before[i];
        }
        double[] beta = Columns.norms(w, k);
        for (int c = 0; c < k; c++) {
            if (ended[c] || diagonal.size() >= n || beta[c] <= EXHAUSTED * Math.abs(diagonal.get(0)[c])) {
                ended[c] = true;
                beta[c] = 0;
            }
        }
        beside.add(beta);
        before = vectors;
        vectors = w;
        scale(vectors, beta);
        for (boolean end : ended) {
            if (!end) {
                return true;
            }
        }
        return false;
    }

    /** Products so far. */
    public int steps() {
        return diagonal.size();
    }

    /** The length of a column. */
    public double length(int column) {
        return lengths[column];
    }

    /** Eigenvalues and eigenvectors of a column's T, as far as its space reaches. */
    public SymmetricEigen eigen(int column) {
        int m = 1;
        while (m < steps() && beside.get(m - 1)[column] > 0) {
            m++;
        }
        double[] alphas = diagonal.stream().limit(m).mapToDouble(step -> step[column]).toArray();
        double[] betas = beside.stream().limit(m).mapToDouble(step -> step[column]).toArray();
        return SymmetricEigen.of(SymmetricEigen.tridiagonal(alphas, betas), m);
    }

    /** A combination of the vectors of a column's basis, in each of the rows. */
    public double[] inRows(int column, double[] coefficients) {
        double[] sum = new double[rows.length];
        for (int s = 0; s < coefficients.length; s++) {
            double[] basis = seen.get(s);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += coefficients[s] * basis[i * k + column];
            }
        }
        return sum;
    }
}
