package org.ntk4j.moment.graph;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.moment.AttentionKernel;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * {@link AttentionKernel} as ops of a graph. Products of matrices are taken in float64: in float32 a GPU would shorten their factors.
 *
 * @param attention the layer
 * @param n         the number of positions
 */
record GraphAttention(AttentionKernel attention, int n) {

    private static final double NEVER = -1e30;

    /** What a side's examples say: where they are real, and ζ of their logits, {@code [example, query, key]}; null for sqrt scaling. */
    record Weights(@Nullable GraphTerm real, @Nullable GraphTerm g) {
    }

    Weights weights(GraphOwn own, GraphSide side) {
        GraphBlock self = own.all();
        if (attention.sqrt()) {
            return new Weights(side.real(), null);
        }
        GraphTerm logits = withPositions(self, self.k(), side.real(), side.real()).times(attention.keyQuery());
        GraphTerm real = side.real();
        GraphTerm keys = real == null ? null : real.shaped(-1, 1, n);
        GraphTerm g = switch (attention.mechanism()) {
            case "softmax" -> (keys == null ? logits : logits.plus(keys.times(-1).plus(1).times(NEVER))).softmax();
            case "abs" -> logits.abs();
            case "relu" -> logits.atLeast(0);
            default -> logits;
        };
        return new Weights(real, keys == null || real == null ? g : g.times(keys).times(real.shaped(-1, n, 1)));
    }

    private GraphTerm withPositions(GraphBlock block, GraphTerm k, @Nullable GraphTerm real1, @Nullable GraphTerm real2) {
        if (attention.ofPositions() == 0) {
            return k;
        }
        GraphTerm r = k.numbers(attention.r(), n, n).times(attention.ofPositions());
        return k.times(attention.ofInput()).plus(real1 == null || real2 == null ? r : block.left(real1).times(block.right(real2)).times(r));
    }

    GraphBlock pairs(GraphBlock block, Weights left, Weights right) {
        GraphTerm k = block.k();
        GraphTerm t = block.tOrZero();
        GraphTerm kSeen = withPositions(block, k, left.real, right.real);
        GraphTerm tSeen = withPositions(block, t, left.real, right.real);
        GraphTerm kValue = attention.valuePositions() ? kSeen : k;
        GraphTerm tValue = attention.valuePositions() ? tSeen : t;
        double bias = attention.bias();
        if (attention.sqrt()) {
            double s2 = Math.pow(attention.keyQuery() * attention.outValue(), 2);
            GraphTerm kk = inner(kSeen, kValue);
            GraphTerm kt = inner(tSeen, kValue).plus(inner(kSeen, tValue));
            GraphTerm theta = kSeen.times(kk.times(4).plus(kt)).plus(kk.times(tSeen));
            return block.with(kk.times(kSeen).times(s2).plus(bias), theta.times(s2).plus(bias));
        }
        double ov2 = attention.outValue() * attention.outValue();
        GraphTerm g1 = block.ofLeft(Objects.requireNonNull(left.g));
        GraphTerm g2 = block.ofRight(Objects.requireNonNull(right.g));
        GraphTerm after = sandwich(g1, kValue, g2).times(ov2);
        return block.with(after.plus(bias), sandwich(g1, tValue, g2).times(ov2).plus(after.times(2)).plus(bias));
    }

    private static GraphTerm inner(GraphTerm a, GraphTerm b) {
        return a.times(b).sum(1, 2).shaped(-1, 1, 1);
    }

    /** G₁ K G₂ᵀ. */
    private static GraphTerm sandwich(GraphTerm g1, GraphTerm k, GraphTerm g2) {
        Ops tf = k.tf();
        Operand<TFloat64> half = tf.train.batchMatMul(doubles(g1), doubles(k), TFloat64.class);
        Operand<TFloat64> whole = tf.train.batchMatMul(half, doubles(g2), TFloat64.class, BatchMatMul.adjY(true));
        Class<TFloating> type = k.op().type();
        return new GraphTerm(tf, tf.dtypes.cast(whole, type));
    }

    private static Operand<TFloat64> doubles(GraphTerm x) {
        return x.tf().dtypes.cast(x.op(), TFloat64.class);
    }
}
