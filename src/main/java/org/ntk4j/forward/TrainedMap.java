package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** Something with trained weights that the forward pass recorded: its output is where δ is taken. */
public sealed interface TrainedMap permits LinearMap, UnsharedMap, AdditiveMap {

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
}
