package org.ntk4j.network;

import java.util.OptionalInt;

/** How a network is written down: a list of layers, or a shortcut that stands for one. */
sealed interface Architecture permits LayerList, Mlp, Cnn, Transformer, WideResnet, Myrtle, Gntk {

    /**
     * The layers that it stands for.
     *
     * @param in      the shape of the inputs
     * @param outputs how many outputs it has where it does not say so itself
     */
    Serial layers(Shape in, int outputs);

    /** The number of outputs that it says itself. */
    OptionalInt outputs();

    /** As it is written in YAML, with every default. */
    Object toYaml();
}
