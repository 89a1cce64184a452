package org.ntk4j.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.shape.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Signals that come together; a position is padding where it is in all of them. */
record Branches(Ops tf) {

    /** The sum of branches; a position is padding where all branches' are. */
    Signal sum(List<Signal> branches) {
        return fold(branches, tf.math::add);
    }

    /** The product of branches. */
    Signal product(List<Signal> branches) {
        return fold(branches, tf.math::mul);
    }

    private interface Merge {
        Operand<TFloating> of(Operand<TFloating> a, Operand<TFloating> b);
    }

    private Signal fold(List<Signal> branches, Merge merge) {
        Operand<TFloating> value = branches.get(0).value();
        for (Signal s : branches.subList(1, branches.size())) {
            value = merge.of(value, s.value());
        }
        return new Signal(value, branches.get(0).shape(), Signal.Origin.OTHER, jointMask(branches));
    }

    /** Branches beside each other as channels. */
    Signal concat(List<Signal> branches) {
        Shape shape = branches.get(0).shape().withChannels(branches.stream().mapToInt(s -> s.shape().channels()).sum());
        // TensorFlow joins two or more.
        Operand<TFloating> value = branches.size() == 1 ? branches.get(0).value()
                : tf.concat(branches.stream().map(Signal::value).toList(), tf.constant(shape.space().size() + 1));
        return new Signal(value, shape, Signal.Origin.OTHER, jointMask(branches));
    }

    private @Nullable Mask jointMask(List<Signal> branches) {
        Mask joint = branches.get(0).mask();
        for (Signal s : branches.subList(1, branches.size())) {
            Mask other = s.mask();
            joint = joint == null || other == null ? null : joint.or(tf, other);
        }
        return joint;
    }
}
