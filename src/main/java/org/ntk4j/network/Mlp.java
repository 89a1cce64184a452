package org.ntk4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.activation.Activation;
import org.ntk4j.activation.Relu;
import org.ntk4j.grammar.Options;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Flatten;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Scales;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * The shortcut {@code mlp}: {@code depth} times (dense of {@code width}, activation), then a dense readout; it begins with
 * {@code flatten} where inputs have positions.
 *
 * <ul>
 *   <li>depth 0: dense(outputs)
 *   <li>depth 1: dense(width), activation, dense(outputs)
 *   <li>depth 2: dense(width), activation, dense(width), activation, dense(outputs)
 * </ul>
 *
 * @param width      units of each hidden layer
 * @param depth      the number of hidden layers
 * @param activation after each hidden layer
 * @param outputs    units of the readout; empty: as many as there are targets, else 1
 * @param wStd       the scale of all weights
 * @param bStd       the scale of all biases; empty: none
 */
record Mlp(int width, int depth, Activation activation, OptionalInt outputs, double wStd, OptionalDouble bStd) implements Architecture {

    private static final int MOST_WIDTH = 1 << 24;
    private static final int MOST_DEPTH = 10_000;

    static Mlp read(Options o) {
        return new Mlp(o.integer("width", 512, 1, MOST_WIDTH), o.integer("depth", 1, 0, MOST_DEPTH), Shortcuts.activation(o, new Relu()),
                Shortcuts.outputs(o), Scales.wStd(o), Scales.bStd(o));
    }

    @Override
    public Serial layers(Shape in, int outputCount) {
        List<Layer> layers = new ArrayList<>();
        if (!in.isVector()) {
            layers.add(new Flatten());
        }
        for (int i = 0; i < depth; i++) {
            layers.add(new Dense(width, wStd, bStd, Parameterization.NTK));
            layers.add(activation);
        }
        layers.add(new Dense(outputs.orElse(outputCount), wStd, bStd, Parameterization.NTK));
        return new Serial(layers);
    }

    @Override
    public Object toYaml() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("width", width);
        options.put("depth", depth);
        options.put("activation", activation.toYaml());
        Shortcuts.write(options, outputs);
        Scales.write(options, wStd, bStd);
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("mlp", options);
        return whole;
    }
}
