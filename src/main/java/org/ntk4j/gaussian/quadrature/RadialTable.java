package org.ntk4j.gaussian.quadrature;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.DoubleUnaryOperator;

/**
 * The radial integrals {@code ∫ r exp(−r²/2) φ(A r) φ(B r) dr} of a function and of its derivative, for A and B of equal
 * and of opposite signs, as a table over ln|A| and ln|B|. On a grid of constant step in ln r the trapezoidal rule converges
 * exponentially wherever φ is smooth on either side of 0, at every scale alike; and as A r falls on the same grid, φ is
 * sampled once, on a line. The table is made block by block where it is looked at; an entry is the same whoever asks first.
 */
final class RadialTable {

    /** The table holds e^±380 in A and B: variances from 1e-330 to 1e330. */
    private static final int REACH = 380;
    /** ln r runs from here ... */
    private static final int INNERMOST = -15;
    /** ... to here, where exp(−r²/2) is 1e-290. */
    private static final double OUTERMOST = 3.6;
    /** Points of the interpolation in each direction. */
    static final int POINTS = 10;

    private static final int BEFORE = POINTS / 2 - 1;
    /** Samples of φ in each step of the table. */
    private static final int SAMPLES = 2;
    /** Lagrange's denominators. */
    private static final double[] DENOMINATORS = denominators();

    private final int perUnit;
    private final int side;
    private final double[] weights;
    private final int origin;
    private final double[] plus;
    private final double[] minus;
    private final double[] plusSlope;
    private final double[] minusSlope;
    private final AtomicReferenceArray<double[]> blocks = new AtomicReferenceArray<>(4 * REACH * REACH);

    RadialTable(DoubleUnaryOperator phi, DoubleUnaryOperator slope, int perUnit) {
        this.perUnit = perUnit;
        this.side = perUnit + POINTS - 1;
        int samplesPerUnit = SAMPLES * perUnit;
        int inner = INNERMOST * samplesPerUnit;
        int outer = (int) (OUTERMOST * samplesPerUnit);
        weights = new double[outer - inner + 1];
        double sum = 0;
        for (int m = 0; m < weights.length; m++) {
            double square = Math.exp(2.0 * (inner + m) / samplesPerUnit);
            weights[m] = square * Math.exp(-square / 2);
            sum += weights[m];
        }
        for (int m = 0; m < weights.length; m++) {
            weights[m] /= sum;
        }
        origin = -REACH * samplesPerUnit - SAMPLES * POINTS;
        int samples = 2 * REACH * samplesPerUnit + weights.length + 2 * SAMPLES * POINTS;
        plus = new double[samples];
        minus = new double[samples];
        plusSlope = new double[samples];
        minusSlope = new double[samples];
        for (int k = 0; k < samples; k++) {
            double x = Math.exp((double) (origin + inner + k) / samplesPerUnit);
            plus[k] = phi.applyAsDouble(x);
            minus[k] = phi.applyAsDouble(-x);
            plusSlope[k] = slope.applyAsDouble(x);
            minusSlope[k] = slope.applyAsDouble(-x);
        }
    }

    private static double[] denominators() {
        double[] d = new double[POINTS];
        for (int k = 0; k < POINTS; k++) {
            d[k] = 1;
            for (int j = 0; j < POINTS; j++) {
                d[k] *= j == k ? 1 : k - j;
            }
        }
        return d;
    }

    /** Lagrange's weights for the neighbours of a place on the grid, written to {@code w} from {@code at} on; gives the cell. */
    static int interpolate(double place, double[] w, int at) {
        int cell = (int) Math.floor(place);
        double first = place - cell + BEFORE;
        double product = 1;
        for (int k = 0; k < POINTS; k++) {
            w[at + k] = product / DENOMINATORS[k];
            product *= first - k;
        }
        product = 1;
        for (int k = POINTS - 1; k >= 0; k--) {
            w[at + k] *= product;
            product *= first - k;
        }
        return cell;
    }

    /** The place of a value on the grid: its logarithm in steps, kept within the table. */
    double place(double logarithm) {
        return Math.max(1 - REACH, Math.min(REACH - 1.0, logarithm)) * perUnit;
    }

    /**
     * Adds {@code weight} times the integrals at grid cells (i, j), interpolated with the given weights, to {@code sums}:
     * that of φ, then that of φ'. They are symmetric: only half of the table is used, which keeps it in the cache.
     */
    void add(boolean equalSigns, int i, double[] wi, int fromI, int j, double[] wj, int fromJ, double weight, double[] sums) {
        if (i < j) {
            add(equalSigns, j, wj, fromJ, i, wi, fromI, weight, sums);
            return;
        }
        int row = Math.floorDiv(i, perUnit);
        int column = Math.floorDiv(j, perUnit);
        double[] block = block(row, column);
        int at = ((equalSigns ? 0 : side * side) + (i - row * perUnit) * side + j - column * perUnit) * 2;
        double value = 0;
        double slope = 0;
        for (int a = 0; a < POINTS; a++) {
            double v = 0;
            double s = 0;
            for (int b = 0; b < POINTS; b++) {
                v = Math.fma(wj[fromJ + b], block[at + 2 * b], v);
                s = Math.fma(wj[fromJ + b], block[at + 2 * b + 1], s);
            }
            value = Math.fma(wi[fromI + a], v, value);
            slope = Math.fma(wi[fromI + a], s, slope);
            at += 2 * side;
        }
        sums[0] += weight * value;
        sums[1] += weight * slope;
    }

    private double[] block(int row, int column) {
        int index = (row + REACH) * 2 * REACH + column + REACH;
        double[] block = blocks.get(index);
        if (block == null) {
            block = make(SAMPLES * (row * perUnit - BEFORE) - origin, SAMPLES * (column * perUnit - BEFORE) - origin);
            blocks.set(index, block);
        }
        return block;
    }

    /** Two tables one after the other, for equal and for opposite signs; in each of them φ and φ' in turn. */
    private double[] make(int i0, int j0) {
        double[] block = new double[4 * side * side];
        for (int a = 0; a < side; a++) {
            int i = i0 + SAMPLES * a;
            fill(plus, minus, i, j0, block, 2 * a * side);
            fill(plusSlope, minusSlope, i, j0, block, 2 * a * side + 1);
        }
        return block;
    }

    private void fill(double[] right, double[] left, int i, int j0, double[] block, int at) {
        int opposite = 2 * side * side;
        for (int m = 0; m < weights.length; m++) {
            double r = weights[m] * right[i + m];
            double l = weights[m] * left[i + m];
            for (int b = 0; b < side; b++) {
                double otherRight = right[j0 + m + SAMPLES * b];
                double otherLeft = left[j0 + m + SAMPLES * b];
                block[at + 2 * b] += r * otherRight + l * otherLeft;
                block[opposite + at + 2 * b] += r * otherLeft + l * otherRight;
            }
        }
    }
}
