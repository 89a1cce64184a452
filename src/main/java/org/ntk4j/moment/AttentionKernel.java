package org.ntk4j.moment;

import org.ntk4j.rows.Rows;

/**
 * Attention on a pair of examples (Hron et al. 2020, theorems 3 and 5). {@code linear}, with {@code G = ζ(wKey·wQuery·K̃_xx)} of each
 * example's own covariance: {@code K' = OV² G₁ K G₂ᵀ + bStd²}, {@code Θ' = OV² G₁ Θ G₂ᵀ + 2 OV² G₁ K G₂ᵀ + bStd²}. {@code sqrt} with the
 * identity mechanism: {@code K' = s²⟨K̃, K_v⟩ K̃ + bStd²} and {@code Θ' = s²[4⟨K̃,K_v⟩K̃ + ⟨K̃,K_v⟩Θ̃ + (⟨Θ̃,K_v⟩ + ⟨K̃,Θ_v⟩)K̃] + bStd²},
 * ⟨,⟩ the sum over all pairs of positions.
 *
 * @param sqrt           {@code sqrt} scaling, identity mechanism; else {@code linear}
 * @param mechanism      ζ: {@code softmax} over the keys, {@code identity}, {@code abs}, {@code relu}
 * @param keyQuery       wKeyStd·wQueryStd
 * @param outValue       wOutStd·wValueStd
 * @param bias           bStd²
 * @param ofInput        the weight of the input's covariance beside the positions' one
 * @param ofPositions    the weight of the positions' covariance; 0: no positions
 * @param r              covariance of the positions
 * @param valuePositions whether the values see the positions
 */
public record AttentionKernel(boolean sqrt, String mechanism, double keyQuery, double outValue, double bias, double ofInput,
        double ofPositions, double[] r,
        boolean valuePositions) {

    /** Where results go: index in the matrix, K', Θ'. */
    interface Result {
        void set(int at, double k, double t);
    }

    /**
     * What it needs of an example by itself.
     *
     * @param real   1 at real positions, 0 at padding
     * @param g      G, one row for each query
     * @param turned its transpose
     */
    public record Example(double[] real, double[] g, double[] turned) {
    }

    /** What it does to K and Θ beside multiplying both sides' positions by matrices. */
    public Rows.Affine outer() {
        double scale = outValue * outValue;
        return new Rows.Affine(scale, bias, 2 * scale, scale, bias);
    }

    /** Whether it is such a matrix and nothing else but a factor. */
    public boolean isMatrix() {
        return !sqrt && bias == 0 && !(valuePositions && ofPositions != 0);
    }

    /** What is needed of an example whose covariance with itself is {@code own}: {@code positions × positions}, in C order. */
    public Example example(double[] own, double[] real) {
        double[] g = sqrt ? new double[0] : own.clone();
        double[] turned = g;
        if (!sqrt) {
            weigh(g, real);
            turned = g.clone();
            turn(turned, real.length);
        }
        return new Example(real, g, turned);
    }

    /** Puts Gᵀ of an example in the place of its covariance with itself, {@code positions × positions}: not for {@code sqrt}. */
    public void toTurned(double[] own, double[] real) {
        weigh(own, real);
        turn(own, real.length);
    }

    private static void turn(double[] square, int n) {
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < p; q++) {
                double below = square[p * n + q];
                square[p * n + q] = square[q * n + p];
                square[q * n + p] = below;
            }
        }
    }

    /**
     * What it does to a pair of examples; both matrices are {@code positions × positions}, in C order.
     *
     * @param k covariance of the pair
     * @param t tangent kernel of the pair
     */
    void pair(double[] k, double[] t, Example left, Example right, Result result) {
        int n = left.real.length;
        double[] kSeen = withPositions(k, left.real, right.real);
        double[] tSeen = withPositions(t, left.real, right.real);
        double[] kValue = valuePositions ? kSeen : k;
        double[] tValue = valuePositions ? tSeen : t;
        if (sqrt) {
            Rows.Affine map = sqrt(inner(kSeen, kValue), inner(tSeen, kValue) + inner(kSeen, tValue));
            for (int i = 0; i < k.length; i++) {
                result.set(i, map.scale() * kSeen[i] + map.bias(), map.fromK() * kSeen[i] + map.fromT() * tSeen[i] + map.biasT());
            }
            return;
        }
        double[] gk = product(product(left.g, kValue, n), right.turned, n);
        double[] gt = product(product(left.g, tValue, n), right.turned, n);
        double ov2 = outValue * outValue;
        for (int i = 0; i < k.length; i++) {
            result.set(i, ov2 * gk[i] + bias, ov2 * (gt[i] + 2 * gk[i]) + bias);
        }
    }

    /**
     * What {@code sqrt} does to K̃ and Θ̃ of a pair of examples.
     *
     * @param kk ⟨K̃, K_v⟩
     * @param kt ⟨Θ̃, K_v⟩ + ⟨K̃, Θ_v⟩
     */
    public Rows.Affine sqrt(double kk, double kt) {
        double s2 = Math.pow(keyQuery * outValue, 2);
        return new Rows.Affine(s2 * kk, bias, s2 * (4 * kk + kt), s2 * kk, bias);
    }

    private double[] withPositions(double[] k, double[] real1, double[] real2) {
        double[] sum = ofPositions == 0 ? k : k.clone();
        addPositions(sum, real1, real2);
        return sum;
    }

    private void addPositions(double[] k, double[] real1, double[] real2) {
        int n = real1.length;
        for (int i = 0; i < k.length && ofPositions != 0; i++) {
            k[i] = ofInput * k[i] + ofPositions * r[i] * real1[i / n] * real2[i % n];
        }
    }

    /** ζ of the logits of an example, in the place of its covariance: one row for each query; padding gets and gives nothing. */
    private void weigh(double[] g, double[] real) {
        addPositions(g, real, real);
        int n = real.length;
        for (int p = 0; p < n; p++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int q = 0; q < n; q++) {
                largest = real[q] == 0 ? largest : Math.max(largest, keyQuery * g[p * n + q]);
            }
            double sum = 0;
            for (int q = 0; q < n; q++) {
                double logit = keyQuery * g[p * n + q];
                g[p * n + q] = real[p] * real[q] * switch (mechanism) {
                    case "softmax" -> Math.exp(Math.min(0, logit - largest));
                    case "abs" -> Math.abs(logit);
                    case "relu" -> Math.max(0, logit);
                    default -> logit;
                };
                sum += g[p * n + q];
            }
            for (int q = 0; mechanism.equals("softmax") && sum > 0 && q < n; q++) {
                g[p * n + q] /= sum;
            }
        }
    }

    private static double inner(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** A product of two matrices, by rows: the inner loop runs along both. */
    private static double[] product(double[] a, double[] b, int n) {
        double[] product = new double[n * n];
        for (int p = 0; p < n; p++) {
            int at = p * n;
            for (int i = 0; i < n; i++) {
                add(a[at + i], b, i * n, product, at, n);
            }
        }
        return product;
    }

    private static void add(double factor, double[] b, int from, double[] to, int at, int n) {
        for (int q = 0; q < n; q++) {
            to[at + q] += factor * b[from + q];
        }
    }
}
