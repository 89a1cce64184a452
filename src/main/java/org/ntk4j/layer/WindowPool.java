package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/** A layer that makes one value of each window, channel by channel. */
interface WindowPool extends Layer {

    /** Window, strides, padding. */
    Window window();

    @Override
    default Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        window().write(options, "window");
        return options;
    }

    @Override
    default Shape outputShape(Shape in) {
        return window().outputShape(name(), in);
    }
}
