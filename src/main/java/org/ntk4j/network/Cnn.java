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
import org.ntk4j.layer.Conv;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Flatten;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Scales;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * The shortcut {@code cnn}: {@code depth} times (conv, activation) with stride 1, then {@code flatten} or {@code globalAvgPool}
 * ({@code gap}), then a dense readout.
 *
 * <ul>
 *   <li>depth 1: conv, activation, flatten, dense
 *   <li>depth 2: conv, activation, conv, activation, flatten, dense
 * </ul>
 *
 * @param filter  one size for each axis of space; empty: 3 along each
 * @param readout {@code flatten} or {@code gap}
 * @param wStd    the scale of all weights, the readout's included
 */
record Cnn(int channels, int depth, List<Integer> filter, Activation activation, String padding, String readout, OptionalInt outputs,
        double wStd,
        OptionalDouble bStd) implements Architecture {

    private static final int MOST = 1 << 20;

    static Cnn read(Options o) {
        return new Cnn(o.integer("channels", 64, 1, MOST), o.integer("depth", 1, 0, 10_000), o.integers("filter", List.of(), 1, MOST),
                Shortcuts.activation(o, new Relu()),
                o.choice("padding", Window.SAME, Window.SAME, Window.VALID, Window.CIRCULAR),
                        o.choice("readout", "flatten", "flatten", "gap"),
                Shortcuts.outputs(o), Scales.wStd(o), Scales.bStd(o));
    }

    @Override
    public Serial layers(Shape in, int outputCount) {
        // On inputs without positions its first layer says so.
        List<Integer> size = filter.isEmpty() ? in.space().size() == 1 ? List.of(3) : List.of(3, 3) : filter;
        Window window = new Window(size, size.stream().map(s -> 1).toList(), padding);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            layers.add(new Conv(channels, window, wStd, bStd, Parameterization.NTK));
            layers.add(activation);
        }
        layers.add(readout.equals("gap") ? new GlobalAvgPool() : new Flatten());
        layers.add(new Dense(outputs.orElse(outputCount), wStd, bStd, Parameterization.NTK));
        return new Serial(layers);
    }

    @Override
    public Object toYaml() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("channels", channels);
        options.put("depth", depth);
        if (!filter.isEmpty()) {
            options.put("filter", filter);
        }
        options.put("activation", activation.toYaml());
        options.put("padding", padding);
        options.put("readout", readout);
        Shortcuts.write(options, outputs);
        Scales.write(options, wStd, bStd);
        return Map.of("cnn", options);
    }
}
