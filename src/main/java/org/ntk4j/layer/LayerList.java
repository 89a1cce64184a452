package org.ntk4j.layer;

import java.util.OptionalInt;
import org.ntk4j.shape.Shape;

/**
 * A network written as the list of its layers.
 *
 * @param serial the layers
 */
public record LayerList(Serial serial) implements Architecture {

    @Override
    public Serial layers(Shape in, int outputs) {
        return serial.withReadout();
    }

    @Override
    public OptionalInt outputs() {
        return OptionalInt.empty();
    }

    @Override
    public Object toYaml() {
        return serial.toList();
    }
}
