package org.ntk4j.solver;

import java.util.Arrays;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * The preconditioner of an approximation {@code K ≈ FᵀF} of low rank: with its eigenvalues λ_i and eigenvectors U,
 * {@code P⁻¹ = U (λ_m + r)(Λ + r)⁻¹Uᵀ + (1 − UUᵀ)} (Frangella, Tropp &amp; Udell 2023).
 */
public final class LowRank implements Preconditioner {

    /** Below this share of the largest an eigenvalue of {@code FFᵀ} is rounding. */
    private static final double ROUNDING = 1e-13;

    private final int n;
    private final int rank;
    private final double[] vectors;
    private final double[] values;
    private final double ridge;

    private LowRank(int n, int rank, double[] vectors, double[] values, double ridge) {
        this.n = n;
        this.rank = rank;
        this.vectors = vectors;
        this.values = values;
        this.ridge = ridge;
    }

    /** From a partial factorisation, for {@code K + r}. */
    public static LowRank of(PivotedCholesky approximation, double ridge) {
        int m = approximation.rank();
        int n = approximation.size();
        SymmetricEigen eigen = SymmetricEigen.of(Blas.product(false, true, m, m, n, approximation.factor(), approximation.factor()), m);
        int first = 0;
        while (first < m && !(eigen.values()[first] > ROUNDING * eigen.largest())) {
            first++;
        }
        int kept = m - first;
        double[] values = Arrays.copyOfRange(eigen.values(), first, m);
        double[] scaled = Arrays.copyOfRange(eigen.vectors(), first * m, m * m);
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= Math.sqrt(values[i / m]);
        }
        return new LowRank(n, kept, Blas.product(false, false, kept, n, m, scaled, approximation.factor()), values, ridge);
    }

    /** The eigenvalues of the approximation, ascending; not a copy. */
    public double[] values() {
        return values;
    }

    @Override
    public double[] apply(double[] r, int k) {
        double[] result = r.clone();
        double[] inside = Blas.product(false, false, rank, k, n, vectors, r);
        for (int i = 0; i < inside.length; i++) {
            inside[i] *= (values[0] + ridge) / (values[i / k] + ridge) - 1;
        }
        Blas.gemm(true, false, n, k, rank, 1, vectors, inside, 1, result);
        return result;
    }

    @Override
    public String describe() {
        return "pivoted Cholesky of rank " + rank;
    }
}
