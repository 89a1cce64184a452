package org.ntk4j.forward;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Something with trained weights that the forward pass recorded: its output is where δ is taken. */
public sealed interface TrainedMap permits LinearMap, UnsharedMap, AdditiveMap, WordMap, TiedMap {

    /** The path of its layer. */
    String name();

    /** Its output, {@code [batch, positions, out]}. */
    Operand<TFloating> z();

    /** The number of positions. */
    int positions();

    /** Channels of its input; 0 where weights meet none. */
    int in();

    /** Channels of its output. */
    int out();

    /** Itself, or several rounds with the same weights as one map. */
    default TrainedMap whole() {
        return this;
    }

    /** Where δ is taken: its output, or that of each round. */
    default List<Operand<TFloating>> ends() {
        return List.of(z());
    }

    /** δ of the whole, {@code [batch, positions, out]}, from that at its ends. */
    default Operand<TFloating> delta(Ops tf, List<Operand<TFloating>> atEnds) {
        return atEnds.get(0);
    }
}
