package org.ntk4j.study;

import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;

/** What the layers of a network compute for one example. */
final class LayerWork {

    private LayerWork() {
    }

    /** Products of weights with values of one example: a weight works at every position after it. */
    static double products(Serial layers, Shape in) {
        double sum = 0;
        Shape shape = in;
        for (Layer layer : layers.layers()) {
            Shape after = layer.outputShape(shape);
            sum += layer.weights(shape).stream().mapToDouble(Weights::size).sum() * (layer.isShared() ? after.positions() : 1);
            shape = after;
        }
        return sum;
    }

    /** Values of one example that the maps give, at every position. */
    static double values(Serial layers, Shape in) {
        double sum = 0;
        Shape shape = in;
        for (Layer layer : layers.layers()) {
            Shape after = layer.outputShape(shape);
            sum += (double) after.positions() * layer.weights(shape).stream().filter(w -> w.shape().size() > 1)
                    .mapToDouble(w -> values(w, after.positions())).sum();
            shape = after;
        }
        return sum;
    }

    /** At one position; each head of attention has channels of its own, and meets all positions. */
    private static double values(Weights map, int positions) {
        int channels = map.shape().get(map.shape().size() - 1);
        boolean ofHeads = map.name().endsWith("key") || map.name().endsWith("value") || map.name().endsWith("query");
        return ofHeads ? map.shape().get(0) * (double) (channels + positions) : channels;
    }
}
