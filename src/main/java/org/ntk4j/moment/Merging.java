package org.ntk4j.moment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the branches of a network together. */
public final class Merging {

    private interface OfBlocks {
        Block merge(List<Block> blocks);
    }

    private Merging() {
    }

    /** Weighted sums of K, Θ and means. */
    static ArrayMoments sum(List<ArrayMoments> branches, double[] weights) {
        return merge(branches, blocks -> weighted(blocks, weights), weights);
    }

    /** {@code K = Π K_i}, {@code Θ = Σ_i Θ_i Π_{j≠i} K_j}; means multiply. */
    static ArrayMoments product(List<ArrayMoments> branches) {
        return merge(branches, Merging::multiplied, null);
    }

    private static ArrayMoments merge(List<ArrayMoments> branches, OfBlocks merge, double @Nullable [] meanWeights) {
        boolean shared = branches.stream().allMatch(ArrayMoments::sharesSides);
        Block cross = merge.merge(parts(branches, 0));
        Block self1 = merge.merge(parts(branches, 1));
        Block self2 = shared ? self1 : merge.merge(parts(branches, 2));
        Side side1 = side(branches, 1, meanWeights);
        Side side2 = shared ? side1 : side(branches, 2, meanWeights);
        return new ArrayMoments(cross, self1, self2, side1, side2);
    }

    private static List<Block> parts(List<ArrayMoments> branches, int which) {
        List<Block> blocks = new ArrayList<>();
        boolean equal = branches.stream().anyMatch(b -> b.part(which).span() == Span.EQUAL);
        branches.forEach(b -> blocks.add(equal ? b.part(which).equalPositions() : b.part(which)));
        return blocks;
    }

    private static Block weighted(List<Block> blocks, double[] weights) {
        double[] k = new double[blocks.get(0).k().length];
        double[] t = new double[k.length];
        for (int b = 0; b < weights.length; b++) {
            for (int i = 0; i < k.length; i++) {
                k[i] += weights[b] * blocks.get(b).k()[i];
                t[i] += weights[b] * blocks.get(b).t()[i];
            }
        }
        return blocks.get(0).with(k, t);
    }

    private static Block multiplied(List<Block> blocks) {
        double[] k = blocks.get(0).k().clone();
        double[] t = blocks.get(0).t().clone();
        for (Block b : blocks.subList(1, blocks.size())) {
            for (int i = 0; i < k.length; i++) {
                t[i] = t[i] * b.k()[i] + k[i] * b.t()[i];
                k[i] *= b.k()[i];
            }
        }
        return blocks.get(0).with(k, t);
    }

    /** A position is padding where it is in all branches; means add with weights, or multiply without. */
    private static Side side(List<ArrayMoments> branches, int which, double @Nullable [] weights) {
        Side first = branches.get(0).side(which);
        double[] mean = new double[first.count() * first.positions()];
        double[] real = first.real() == null ? null : first.real().clone();
        Arrays.fill(mean, weights == null ? 1 : 0);
        boolean any = false;
        for (int b = 0; b < branches.size(); b++) {
            Side side = branches.get(b).side(which);
            double[] own = side.meanOrZero();
            for (int i = 0; i < mean.length; i++) {
                mean[i] = weights == null ? mean[i] * own[i] : mean[i] + weights[b] * own[i];
            }
            double[] other = side.real();
            if (other == null) {
                real = null;
            }
            for (int i = 0; real != null && other != null && i < real.length; i++) {
                real[i] = Math.max(real[i], other[i]);
            }
        }
        for (double m : mean) {
            any |= m != 0;
        }
        return new Side(first.count(), first.positions(), any ? mean : null, real, first.graphs());
    }
}
