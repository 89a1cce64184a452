package org.ntk4j.forward;

import org.jspecify.annotations.Nullable;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.Graphs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The edges of a batch of examples in TensorFlow's graph.
 *
 * @param entering the weights of the edges that enter each node, {@code [batch, head, tail]}
 * @param nodes    how many nodes
 * @param graphs   of all inputs, for what has to be said about them
 */
public record EdgesInGraph(Operand<TFloating> entering, int nodes, Graphs graphs) {

    /** The map T of each example, {@code [batch, node, node]}; see {@link Aggregation}. */
    Operand<TFloating> map(Ops tf, Aggregation rule, @Nullable Mask mask) {
        Operand<TFloating> a = rule.selfLoops() ? tf.math.add(entering, loops(tf, mask)) : entering;
        if (rule.normalize().equals("none")) {
            return a;
        }
        if (rule.normalize().equals("mean")) {
            return tf.math.divNoNan(a, tf.expandDims(tf.reduceSum(a, tf.constant(2)), tf.constant(2)));
        }
        Operand<TFloating> leaving = tf.reduceSum(a, tf.constant(1));
        Operand<TFloating> root = tf.math.sqrt(leaving);
        return tf.math.divNoNan(a, tf.math.mul(tf.expandDims(root, tf.constant(1)), tf.expandDims(root, tf.constant(2))));
    }

    private Operand<TFloating> loops(Ops tf, @Nullable Mask mask) {
        double[] identity = new double[nodes * nodes];
        for (int i = 0; i < nodes; i++) {
            identity[i * (nodes + 1)] = 1;
        }
        Operand<TFloating> one = tf.dtypes.cast(tf.reshape(tf.constant(identity), tf.constant(new int[] {1, nodes, nodes})),
                entering.type());
        return mask == null ? one : tf.math.mul(one, tf.expandDims(mask.real(), tf.constant(2)));
    }
}
