package org.ntk4j.inference;

import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.kernel.SymmetricEigen;

/**
 * What is added to the diagonal of K(train, train): a number, or a way to choose one. The choices go over one
 * eigendecomposition: relative ridges from 1e-10 to 100 in quarters of a decade, then finer about the best; of ridges that
 * do equally well, the smallest.
 *
 * @param kind  how it is given
 * @param value the number; 0 where it is chosen
 */
public record Ridge(Kind kind, double value) {

    /** How a ridge is given. */
    public enum Kind {
        /** Times the mean of the diagonal, {@code r·tr(K)/N}. */
        RELATIVE,
        /** As it is. */
        ABSOLUTE,
        /** Chosen by the closed-form leave-one-out error. */
        LEAVE_ONE_OUT,
        /**
         * Chosen by the marginal likelihood of the targets under a Gaussian process with covariance s·(K + r), the scale s
         * at its best value, because predictions do not depend on it either.
         */
        MARGINAL_LIKELIHOOD
    }

    private static final int DECADES_DOWN = 10;
    private static final int DECADES_UP = 2;
    private static final int PER_DECADE = 4;
    private static final double TIE = 1e-9;

    public Ridge {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw Failure.input("a ridge must be a number from 0 up, not " + value);
        }
    }

    /** A ridge relative to the mean of the diagonal: {@code K + r·tr(K)/N·I}. */
    public static Ridge relative(double r) {
        return new Ridge(Kind.RELATIVE, r);
    }

    /** A ridge as it is: {@code K + r·I}. */
    public static Ridge absolute(double r) {
        return new Ridge(Kind.ABSOLUTE, r);
    }

    /** The ridge with the smallest leave-one-out error. */
    public static Ridge leaveOneOut() {
        return new Ridge(Kind.LEAVE_ONE_OUT, 0);
    }

    /** The ridge with the largest marginal likelihood. */
    public static Ridge marginalLikelihood() {
        return new Ridge(Kind.MARGINAL_LIKELIHOOD, 0);
    }

    /** The ridges of the first, coarse search, relative to the mean of the diagonal, ascending. */
    static double[] grid() {
        double[] grid = new double[(DECADES_DOWN + DECADES_UP) * PER_DECADE + 1];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = Math.pow(10, (double) i / PER_DECADE - DECADES_DOWN);
        }
        return grid;
    }

    /** The absolute ridge for these targets, {@code n × k} by rows. */
    double resolve(TrainKernel kernel, double[] targets, int k, Monitor monitor) {
        double mean = kernel.meanDiagonal();
        if (kind == Kind.ABSOLUTE) {
            return value;
        }
        if (mean <= 0) {
            return 0;
        }
        if (kind == Kind.RELATIVE) {
            return value * mean;
        }
        SymmetricEigen eigen = kernel.eigen(monitor);
        double[] coarse = scaled(grid(), mean);
        double best = smallestBest(coarse, costs(eigen, targets, k, coarse));
        double[] fine = new double[2 * PER_DECADE + 1];
        for (int i = 0; i < fine.length; i++) {
            fine[i] = best * Math.pow(10, ((double) i / PER_DECADE - 1) / PER_DECADE);
        }
        double[] costs = costs(eigen, targets, k, fine);
        double refined = smallestBest(fine, costs);
        double[] pair = costs(eigen, targets, k, new double[] {best, refined});
        return pair[1] < pair[0] - TIE * Math.abs(pair[0]) ? refined : best;
    }

    private double[] costs(SymmetricEigen eigen, double[] targets, int k, double[] ridges) {
        if (kind == Kind.LEAVE_ONE_OUT) {
            return LabelMetrics.looErrors(eigen, targets, k, ridges);
        }
        double[] projected = eigen.project(targets, k);
        double[] costs = new double[ridges.length];
        for (int i = 0; i < ridges.length; i++) {
            costs[i] = -logMarginalLikelihood(eigen, projected, k, ridges[i]);
        }
        return costs;
    }

    /** The logarithm of the marginal likelihood at the best scale, all outputs together; targets in the eigenbasis. */
    static double logMarginalLikelihood(SymmetricEigen eigen, double[] projected, int k, double ridge) {
        double regular = LabelMetrics.regular(eigen, ridge);
        double fit = 0;
        double logDeterminant = 0;
        for (int j = 0; j < eigen.size(); j++) {
            double mu = eigen.values()[j] + regular;
            logDeterminant += Math.log(mu);
            for (int c = 0; c < k; c++) {
                fit += projected[j * k + c] * projected[j * k + c] / mu;
            }
        }
        return logMarginalLikelihood(fit, logDeterminant, eigen.size(), k);
    }

    /**
     * As above.
     *
     * @param fit            {@code Σ yᵀ(K + r)⁻¹y} over outputs
     * @param logDeterminant of {@code K + r}
     */
    static double logMarginalLikelihood(double fit, double logDeterminant, int n, int k) {
        double count = (double) n * k;
        double scale = Math.max(fit / count, Double.MIN_NORMAL);
        return -(count * (Math.log(2 * Math.PI) + Math.log(scale) + 1) + k * logDeterminant) / 2;
    }

    private static double smallestBest(double[] ascending, double[] costs) {
        double least = Double.POSITIVE_INFINITY;
        for (double cost : costs) {
            least = Math.min(least, cost);
        }
        for (int i = 0; i < costs.length; i++) {
            if (costs[i] <= least + TIE * Math.abs(least)) {
                return ascending[i];
            }
        }
        return ascending[0];
    }

    private static double[] scaled(double[] values, double by) {
        double[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= by;
        }
        return scaled;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case RELATIVE -> value == 0 ? "none" : String.format(Locale.ROOT, "%.4g of the mean diagonal", value);
            case ABSOLUTE -> value == 0 ? "none" : "absolute";
            case LEAVE_ONE_OUT -> "auto, by leave-one-out error";
            case MARGINAL_LIKELIHOOD -> "auto, by marginal likelihood";
        };
    }
}
