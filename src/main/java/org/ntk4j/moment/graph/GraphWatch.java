package org.ntk4j.moment.graph;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.gaussian.GraphTerm;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;

/** Looks at variances when a graph is run. Collects ops while the graph is built. */
public final class GraphWatch {

    /** The variances whose products and powers all formulas can take. */
    private static final double LEAST = 1e-100;
    private static final double LEAST32 = 1e-15;

    private final Ops tf;
    private final List<Operand<TBool>> left = new ArrayList<>();

    public GraphWatch(Ops tf) {
        this.tf = tf;
    }

    /** A positive variance times a positive scale is not 0. */
    void vanishing(GraphTerm before, GraphTerm now) {
        any(tf.math.logicalAnd(tf.math.greater(before.op(), before.number(0).op()), zero(now)));
    }

    /** Variances are 0, or neither too small nor too large; a NaN is neither. */
    void range(GraphTerm variances) {
        double least = variances.single() ? LEAST32 : LEAST;
        Operand<TBool> inside = tf.math.logicalAnd(tf.math.greaterEqual(variances.op(), variances.number(least).op()),
                tf.math.lessEqual(variances.op(), variances.number(1 / least).op()));
        any(tf.math.logicalNot(tf.math.logicalOr(zero(variances), inside)));
    }

    private Operand<TBool> zero(GraphTerm variances) {
        return tf.math.equal(variances.op(), variances.number(0).op());
    }

    private void any(Operand<TBool> condition) {
        left.add(tf.reduceAny(condition, tf.constant(new int[] {0, 1})));
    }

    /** Whether any of all that was looked at has left its range. */
    public Operand<TBool> left() {
        return left.stream().reduce(tf.constant(false), (a, b) -> tf.math.logicalOr(a, b));
    }
}
