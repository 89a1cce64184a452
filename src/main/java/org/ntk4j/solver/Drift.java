package org.ntk4j.solver;

import java.util.Arrays;

/**
 * How far the residual that conjugate gradients carry along may be from that of their solution, because products were rough: a step of α
 * along p with a product that is off by {@code ε‖p‖} moves them apart by {@code αε‖p‖}. ε is measured on the first product, and again
 * wherever the residual is computed anew. Rough products serve as long as a step adds little, and the residual is computed anew before
 * all steps together have added much (van der Vorst &amp; Ye 2000; van den Eshof &amp; Sleijpen 2004).
 */
final class Drift {

    /** A step may add this share of the residual. */
    private static final double STEP = 1e-3;
    /** All steps may add this share of it. */
    private static final double ALL = 0.1;
    /** The error of a curvature: with a larger one the step is that along another direction. */
    private static final double CURVATURE = 1e-3;
    /** A difference below this share of the residual may be rounding in float64. */
    private static final double LITTLE = 1e-3;

    /** ε; 0 where it is not known. */
    private double error;
    /** The sum of {@code α‖p‖} of each column. */
    private final double[] path;

    Drift(int columns) {
        this.path = new double[columns];
    }

    /** Whether the error of a rough product has been measured. */
    boolean isKnown() {
        return error > 0;
    }

    /**
     * Measures it.
     *
     * @param differences of the columns of rough products from those of exact ones
     * @param squares     of the lengths of the directions
     */
    void measure(double[] differences, double[] squares) {
        for (int c = 0; c < path.length; c++) {
            error = squares[c] > 0 ? Math.max(error, differences[c] / Math.sqrt(squares[c])) : error;
        }
    }

    /**
     * Whether rough products do for a step.
     *
     * @param step    α of each column; 0 where the curvature is not positive
     * @param squares {@code pᵀp}
     * @param bent    {@code pᵀ(K + r)p}
     * @param aims    residuals that are asked for
     * @param sizes   residuals
     */
    boolean allows(double[] step, double[] squares, double[] bent, double[] aims, double[] sizes) {
        for (int c = 0; c < path.length; c++) {
            boolean small = error * squares[c] > CURVATURE * bent[c] && sizes[c] > aims[c];
            if (small && squares[c] > 0 || step[c] * error * Math.sqrt(squares[c]) > STEP * Math.max(sizes[c], aims[c])) {
                return false;
            }
        }
        return true;
    }

    /** After a step with rough products. */
    void add(double[] step, double[] squares) {
        for (int c = 0; c < path.length; c++) {
            path[c] += step[c] * Math.sqrt(squares[c]);
        }
    }

    /** Whether the residual is to be computed anew. */
    boolean isLarge(double[] aims, double[] sizes) {
        for (int c = 0; c < path.length; c++) {
            if (error * path[c] > ALL * Math.max(sizes[c], aims[c])) {
                return true;
            }
        }
        return false;
    }

    /** Begins again, where residuals were computed anew: so far were they off. */
    void end(double[] differences, double[] aims, double[] sizes) {
        for (int c = 0; c < path.length; c++) {
            if (error * path[c] > LITTLE * Math.max(sizes[c], aims[c])) {
                error = Math.max(error, differences[c] / path[c]);
            }
        }
        Arrays.fill(path, 0);
    }
}
