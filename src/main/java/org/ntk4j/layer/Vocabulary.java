package org.ntk4j.layer;

import java.util.Map;
import java.util.OptionalInt;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;

/** Sees to it that a layer that reads indices of words stands where they come in, and that they are such indices. */
final class Vocabulary {

    private Vocabulary() {
    }

    /**
     * Does nothing if all is well.
     *
     * @throws Failure naming the layer that reads words and is not the first
     */
    static void check(Serial network) {
        walk(network, "", true);
    }

    private static void walk(Serial list, String path, boolean first) {
        for (int i = 0; i < list.layers().size(); i++) {
            Layer layer = list.layers().get(i);
            boolean begins = first && i == 0;
            if (layer.words().isPresent() && layer.lists().isEmpty() && !begins) {
                throw Misfit.at(layer.name() + " that is not the first layer, to which indices of words come as they are", path, i,
                        "put it first");
            }
            for (Map.Entry<String, Serial> inner : layer.lists().entrySet()) {
                String step = i + "." + layer.name() + (inner.getKey().isEmpty() ? "" : "." + inner.getKey());
                walk(inner.getValue(), path.isEmpty() ? step : path + "." + step, begins && inner.getKey().isEmpty());
            }
        }
    }

    /**
     * Does nothing if the network reads no words, or can look up all that there are.
     *
     * @throws Failure naming the first input that is no index
     */
    static void check(Serial network, Inputs x) {
        OptionalInt words = network.words();
        if (words.isEmpty()) {
            return;
        }
        double[] values = x.values();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i]) && !(values[i] >= 0 && values[i] < words.getAsInt() && values[i] == Math.rint(values[i]))) {
                throw Failure.input("network.0.embedding: input " + i / x.shape().size() + " has " + values[i] + " at position "
                        + i % x.shape().size() + ", which is no index of a word; allowed: whole numbers from 0 to "
                        + (words.getAsInt() - 1) + " (data: normalize: none leaves them as they are)");
            }
        }
    }
}
