package org.ntk4j.solver;

import java.util.Arrays;
import org.ntk4j.kernel.NativeMatrix;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * The preconditioner of an approximation {@code K ≈ FᵀF} of low rank: with its eigenvalues λ_i and eigenvectors U,
 * {@code P⁻¹ = U (λ_m + r)(Λ + r)⁻¹Uᵀ + (1 − UUᵀ)} (Frangella, Tropp &amp; Udell 2023).
 */
public final class LowRank implements Preconditioner {

    /** Below this share of the largest an eigenvalue of {@code FFᵀ} is rounding. */
    private static final double ROUNDING = 1e-13;

    /** By rows. */
    private final NativeMatrix vectors;
    private final double[] values;
    private final double ridge;

    private LowRank(NativeMatrix vectors, double[] values, double ridge) {
        this.vectors = vectors;
        this.values = values;
        this.ridge = ridge;
    }

    /** From a partial factorisation, for {@code K + r}. Takes its place: it is not to be used any more, nor to be closed. */
    public static LowRank of(PivotedCholesky approximation, double ridge) {
        try {
            return inPlace(approximation, ridge);
        } catch (RuntimeException | Error e) {
            approximation.close();
            throw e;
        }
    }

    private static LowRank inPlace(PivotedCholesky approximation, double ridge) {
        int m = approximation.rank();
        SymmetricEigen eigen = SymmetricEigen.of(approximation.factor().square(), m);
        int first = first(eigen.values());
        double[] values = Arrays.copyOfRange(eigen.values(), first, m);
        double[] scaled = Arrays.copyOfRange(eigen.vectors(), first * m, m * m);
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= Math.sqrt(values[i / m]);
        }
        return new LowRank(approximation.factor().replacedByProduct(scaled, m - first), values, ridge);
    }

    /** The eigenvalues of an approximation with this {@code FFᵀ}, m × m, ascending, without those that are rounding. */
    public static double[] values(double[] square, int m) {
        double[] values = SymmetricEigen.valuesOf(square, m);
        return Arrays.copyOfRange(values, first(values), m);
    }

    private static int first(double[] values) {
        int first = 0;
        while (first < values.length && !(values[first] > ROUNDING * values[values.length - 1])) {
            first++;
        }
        return first;
    }

    /** The eigenvalues of the approximation, ascending; not a copy. */
    public double[] values() {
        return values;
    }

    @Override
    public void apply(double[] r, int k, double[] target) {
        double[] inside = vectors.times(r, k);
        for (int i = 0; i < inside.length; i++) {
            inside[i] *= (values[0] + ridge) / (values[i / k] + ridge) - 1;
        }
        vectors.transposedTimes(inside, k, target);
        for (int i = 0; i < target.length; i++) {
            target[i] += r[i];
        }
    }

    @Override
    public String describe() {
        return "pivoted Cholesky of rank " + vectors.rows();
    }

    @Override
    public void close() {
        vectors.close();
    }
}
