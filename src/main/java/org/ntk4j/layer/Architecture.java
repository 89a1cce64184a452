package org.ntk4j.layer;

import java.util.OptionalInt;
import org.ntk4j.shape.Shape;

/** How a network is written down: a list of layers, or a shortcut that stands for one. */
public interface Architecture {

    /**
     * The layers that it stands for.
     *
     * @param in      the shape of the inputs
     * @param outputs how many outputs it has where it does not say so itself
     */
    Serial layers(Shape in, int outputs);

    /** The layers that it stands for; one output where it does not say. */
    default Serial layers(Shape in) {
        return layers(in, 1);
    }

    /** The number of outputs that it says itself. */
    OptionalInt outputs();

    /** As it is written in YAML, with every default. */
    Object toYaml();

    /** What is trained of it. */
    default TrainedPart trainedPart() {
        return TrainedPart.ALL;
    }

    /** The list of layers that it stands for, each that has the choice in another parameterization. */
    default LayerList parameterized(Parameterization other, Shape in, int outputs) {
        return new LayerList(layers(in, outputs).rebuilt(l -> l.parameterized(other)));
    }
}
