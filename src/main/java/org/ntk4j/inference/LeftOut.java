package org.ntk4j.inference;

import java.util.Random;

/**
 * Leave-one-out errors and KARE from the diagonal of {@code (K + r)⁻¹} at some inputs and an estimate of its trace, where the whole
 * diagonal would take n solves. The leave-one-out error is {@code mean w_i²/d_i²}: its mean on the chosen inputs, or, since
 * {@code mean w_i²} is known of all inputs, that times the ratio of the two on the chosen ones, whichever has the smaller standard error.
 */
final class LeftOut {

    private final int n;
    private final int[] chosen;
    private final int probes;

    private LeftOut(int n, int[] chosen, int probes) {
        this.n = n;
        this.chosen = chosen;
        this.probes = probes;
    }

    /**
     * Inputs that are left out, and random signs for the trace.
     *
     * @param most inputs at most
     */
    static LeftOut of(int n, int most, int probes) {
        return new LeftOut(n, new Random(2).ints(0, n).distinct().limit(Math.min(n, most)).toArray(), probes);
    }

    /** The inputs that are left out. */
    int[] chosen() {
        return chosen;
    }

    /** How many columns {@link #columns} has. */
    int width() {
        return chosen.length + probes;
    }

    /** A unit vector for each input that is left out, then the signs: {@code n × width} by rows. */
    double[] columns() {
        double[] columns = new double[Math.multiplyExact(n, width())];
        Random random = new Random(1);
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < probes; p++) {
                columns[i * width() + chosen.length + p] = random.nextBoolean() ? 1 : -1;
            }
        }
        for (int c = 0; c < chosen.length; c++) {
            columns[chosen[c] * width() + c] = 1;
        }
        return columns;
    }

    /** Diagonal of the inverse at the chosen inputs, from {@code (K + r)⁻¹} times the columns. */
    double[] diagonal(double[] solved) {
        double[] diagonal = new double[chosen.length];
        for (int c = 0; c < diagonal.length; c++) {
            diagonal[c] = solved[chosen[c] * width() + c];
        }
        return diagonal;
    }

    /** Trace of the inverse, by Hutchinson's estimate. */
    double trace(double[] columns, double[] solved) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int p = chosen.length; p < width(); p++) {
                sum += columns[i * width() + p] * solved[i * width() + p] / probes;
            }
        }
        return sum;
    }

    /**
     * Leave-one-out error and KARE.
     *
     * @param squares  of the weights at the chosen inputs, summed over outputs
     * @param energy   of all weights
     * @param diagonal of the inverse at the chosen inputs
     */
    LeaveOneOut error(double[] squares, double energy, double[] diagonal, double trace, int outputs) {
        int count = squares.length;
        double left = 0;
        double kept = 0;
        for (int c = 0; c < count; c++) {
            left += squares[c] / (diagonal[c] * diagonal[c]) / count / outputs;
            kept += squares[c] / count / outputs;
        }
        double ratio = kept == 0 ? 0 : left / kept;
        double all = energy / n / outputs;
        double plain = 0;
        double spread = 0;
        for (int c = 0; c < count; c++) {
            double error = squares[c] / (diagonal[c] * diagonal[c]) / outputs;
            plain += (error - left) * (error - left);
            spread += (error - ratio * squares[c] / outputs) * (error - ratio * squares[c] / outputs);
        }
        double share = count == n ? 0 : 1.0 / count / Math.max(1, count - 1);
        double ofMean = Math.sqrt(plain * share);
        double ofRatio = kept == 0 ? 0 : Math.sqrt(spread * share) * all / kept;
        boolean mean = ofMean < ofRatio;
        return new LeaveOneOut(mean ? left : ratio * all, Math.min(ofMean, ofRatio), n * energy / outputs / (trace * trace), count == n ? ""
                : "leave-one-out error and KARE are estimated, from " + count + " of " + n + " inputs and " + probes + " random vectors");
    }

    /** Of each of some inputs, the squares of its weights, {@code n × k} by rows, summed over outputs. */
    double[] squares(double[] weights, int k) {
        double[] squares = new double[chosen.length];
        for (int c = 0; c < squares.length; c++) {
            for (int o = 0; o < k; o++) {
                squares[c] += weights[chosen[c] * k + o] * weights[chosen[c] * k + o];
            }
        }
        return squares;
    }

    /** The sum of the squares. */
    static double energy(double[] weights) {
        double sum = 0;
        for (double w : weights) {
            sum += w * w;
        }
        return sum;
    }
}
