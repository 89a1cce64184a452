package org.ntk4j.forward;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.positions.PositionMap;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Which positions are real.
 *
 * @param real  1 at real positions, 0 at padding, {@code [batch, positions]}
 * @param kinds the different ways in which examples are padded, each where it was among those of the inputs
 */
public record Mask(Operand<TFloating> real, List<Padded> kinds) {

    public Mask {
        kinds = List.copyOf(kinds);
    }

    /** Whether padding only stands behind the real positions. */
    boolean atEnd() {
        return kinds.stream().allMatch(Padded::atEnd);
    }

    /** The smallest number of real positions of an example. */
    int shortest() {
        return kinds.stream().mapToInt(Padded::length).min().orElse(0);
    }

    /** Real where one of both is. */
    Mask or(Ops tf, Mask other) {
        List<Padded> joint = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            joint.add(kinds.get(i).or(other.kinds.get(i)));
        }
        return new Mask(tf.math.maximum(real, other.real), joint);
    }

    /** The mask after a map that picks positions; null if no padding is left. */
    @Nullable Mask moved(Ops tf, PositionMap map, String path) {
        List<Padded> after = kinds.stream().map(k -> k.picked(map.picked())).toList();
        if (after.stream().anyMatch(k -> k.length() == 0)) {
            throw Failure.input("network." + path + ": slice leaves an example nothing but padding; leave at least one of its real "
                    + "positions, or leave the example out");
        }
        return after.stream().allMatch(Padded::isWhole) ? null
                : new Mask(tf.gather(real, tf.constant(map.picked()), tf.constant(1)), after);
    }
}
