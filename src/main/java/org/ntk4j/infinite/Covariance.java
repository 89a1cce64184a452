package org.ntk4j.infinite;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.Failure;
import org.ntk4j.network.Activation;
import org.ntk4j.network.Shape;

/**
 * What layers transform at infinite width: for one tile of pairs (x_i, x'_j) the covariance (NNGP) and the tangent kernel,
 * and for each side the variances of its examples, at every position where space is still there. Immutable: each layer
 * gives a new one.
 *
 * <p>Of space only equal positions are held, which is what a final {@code flatten} needs. Values are ordered
 * {@code [row][column][position]}, variances {@code [example][position]}.
 */
public final class Covariance {

    private static final int RUN = 512;

    private final Shape shape;
    private final int rows;
    private final int columns;
    private final double[] nngp;
    private final double[] ntk;
    private final double[] variances1;
    private final double[] variances2;
    private final boolean gaussian;
    private final String where;

    private Covariance(Shape shape, int rows, int columns, double[] nngp, double[] ntk, double[] variances1, double[] variances2,
            boolean gaussian, String where) {
        this.shape = shape;
        this.rows = rows;
        this.columns = columns;
        this.nngp = nngp;
        this.ntk = ntk;
        this.variances1 = variances1;
        this.variances2 = variances2;
        this.gaussian = gaussian;
        this.where = where;
    }

    /** The inputs themselves: covariance x·x'/channels at equal positions, no tangent kernel yet, not Gaussian. */
    static Covariance ofInputs(Shape shape, int rows, int columns, double[] nngp, double[] variances1, double[] variances2) {
        return new Covariance(shape, rows, columns, nngp, new double[nngp.length], variances1, variances2, false, "network");
    }

    /**
     * How a linear layer makes the new tangent kernel: {@code Θ' = covariance · K + tangent · Θ + bias}, K and Θ being those
     * before the layer.
     */
    public record Tangent(double covariance, double tangent, double bias) {
    }

    /** The shape of one example at this layer. */
    public Shape shape() {
        return shape;
    }

    /** The name of the layer at work, for messages. */
    public String where() {
        return where;
    }

    /** The same, with another name of the layer at work. */
    public Covariance at(String layer) {
        return new Covariance(shape, rows, columns, nngp, ntk, variances1, variances2, gaussian, layer);
    }

    /** A fresh linear map of the channels at every position: {@code K' = scale · K + bias}, and Θ' by its rule. Gaussian from here on. */
    public Covariance linear(int channels, double scale, double bias, Tangent rule) {
        double[] k = new double[nngp.length];
        double[] t = new double[nngp.length];
        for (int i = 0; i < k.length; i++) {
            k[i] = scale * nngp[i] + bias;
            t[i] = rule.covariance * nngp[i] + rule.tangent * ntk[i] + rule.bias;
        }
        DoubleUnaryOperator step = q -> scale * q + bias;
        return new Covariance(shape.withChannels(channels), rows, columns, k, t, map(variances1, step), map(variances2, step), true, where);
    }

    /**
     * An activation: {@code K' = E[φ(u)φ(v)]}, {@code Θ' = Θ · E[φ'(u)φ'(v)]}.
     *
     * @throws Failure if what comes before is not Gaussian (the raw input, another activation), unless φ is linear
     */
    public Covariance activate(Activation phi) {
        if (!gaussian && !phi.isLinear()) {
            throw Failure.input(where + ": an activation needs Gaussian input, and what comes before it here is the raw input or another "
                    + "activation; insert a dense layer before '" + phi.name() + "'");
        }
        int positions = shape.positions();
        int width = columns * positions;
        int rowsPerRun = Math.max(1, RUN / width);
        Pairs pairs = new Pairs(Math.max(RUN, Math.max(rowsPerRun * width, positions)));
        double[] k = new double[nngp.length];
        double[] t = new double[nngp.length];
        double[] scales1 = map(variances1, Pairs::scale);
        double[] scales2 = map(variances2, Pairs::scale);
        for (int row = 0; row < rows; row += rowsPerRun) {
            int last = Math.min(rows, row + rowsPerRun);
            for (int i = row; i < last; i++) {
                repeat(variances1, i * positions, positions, pairs.q11, (i - row) * width, columns);
                repeat(scales1, i * positions, positions, pairs.scale1, (i - row) * width, columns);
                System.arraycopy(variances2, 0, pairs.q22, (i - row) * width, width);
                System.arraycopy(scales2, 0, pairs.scale2, (i - row) * width, width);
            }
            int from = row * width;
            pairs.n = (last - row) * width;
            System.arraycopy(nngp, from, pairs.q12, 0, pairs.n);
            phi.expectations(pairs);
            System.arraycopy(pairs.value, 0, k, from, pairs.n);
            for (int i = 0; i < pairs.n; i++) {
                t[from + i] = ntk[from + i] * pairs.slope[i];
            }
        }
        return new Covariance(shape, rows, columns, k, t, activated(phi, pairs, variances1, scales1),
                activated(phi, pairs, variances2, scales2), gaussian && phi.isLinear(), where);
    }

    /** Writes a run of values so many times, one after the other. */
    private static void repeat(double[] values, int from, int length, double[] target, int at, int times) {
        if (length == 1) {
            Arrays.fill(target, at, at + times, values[from]);
            return;
        }
        for (int k = 0; k < times; k++) {
            System.arraycopy(values, from, target, at + k * length, length);
        }
    }

    /** Variances after an activation: the same expectation at a correlation of exactly 1. */
    private static double[] activated(Activation phi, Pairs pairs, double[] q, double[] scales) {
        double[] result = new double[q.length];
        for (int from = 0; from < q.length; from += pairs.q11.length) {
            pairs.n = Math.min(pairs.q11.length, q.length - from);
            System.arraycopy(q, from, pairs.q11, 0, pairs.n);
            System.arraycopy(q, from, pairs.q22, 0, pairs.n);
            System.arraycopy(q, from, pairs.q12, 0, pairs.n);
            System.arraycopy(scales, from, pairs.scale1, 0, pairs.n);
            System.arraycopy(scales, from, pairs.scale2, 0, pairs.n);
            phi.expectations(pairs);
            System.arraycopy(pairs.value, 0, result, from, pairs.n);
        }
        return result;
    }

    /** All positions become channels: means over equal positions. */
    public Covariance flatten() {
        int p = shape.positions();
        return new Covariance(Shape.of(shape.size()), rows, columns, means(nngp, p), means(ntk, p), means(variances1, p), means(variances2, p),
                gaussian, where);
    }

    /** The same as vectors: what a kernel between examples is read off from. */
    Covariance flattened() {
        return shape.isVector() ? this : flatten();
    }

    private static double[] means(double[] values, int positions) {
        if (positions == 1) {
            return values;
        }
        double[] result = new double[values.length / positions];
        for (int i = 0; i < result.length; i++) {
            double sum = 0;
            for (int p = 0; p < positions; p++) {
                sum += values[i * positions + p];
            }
            result[i] = sum / positions;
        }
        return result;
    }

    private static double[] map(double[] values, DoubleUnaryOperator f) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = f.applyAsDouble(values[i]);
        }
        return result;
    }

    /** The covariance of row i and column j; only after space is gone. */
    double nngp(int i, int j) {
        return nngp[i * columns + j];
    }

    /** The tangent kernel of row i and column j; only after space is gone. */
    double ntk(int i, int j) {
        return ntk[i * columns + j];
    }

    /**
     * This, if every variance is finite; no covariance is larger than they are.
     *
     * @throws Failure naming the layer otherwise
     */
    public Covariance checked() {
        for (double[] variances : new double[][] {variances1, variances2}) {
            for (double q : variances) {
                if (!Double.isFinite(q)) {
                    throw Failure.run(where + ": a variance of " + q + " leaves the range of float64; use a smaller wStd or smaller inputs");
                }
            }
        }
        return this;
    }
}
