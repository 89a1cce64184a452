package org.ntk4j.layer;

import java.util.OptionalInt;
import org.ntk4j.shape.Shape;

/**
 * A network of which only some layers are trained: the same function.
 *
 * @param network the whole
 * @param part    what is trained of it
 */
record PartlyTrained(Architecture network, TrainedPart part) implements Architecture {

    @Override
    public Serial layers(Shape in, int outputs) {
        return part.of(network.layers(in, outputs), in);
    }

    @Override
    public OptionalInt outputs() {
        return network.outputs();
    }

    @Override
    public TrainedPart trainedPart() {
        return part;
    }

    @Override
    public Object toYaml() {
        return network.toYaml();
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
