package org.ntk4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.activation.Relu;
import org.ntk4j.grammar.Options;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.AvgPool;
import org.ntk4j.layer.Conv;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * The shortcut {@code myrtle} (Shankar et al. 2020): three groups of (conv 3×3 {@code same}, relu), a 2×2 average pooling after the first
 * and the second, globalAvgPool, dense; wStd √2, no bias. Convolutions in the groups: 2, 1, 1 for depth 5; 2, 2, 2 for depth 7; 3, 3, 3 for
 * depth 10.
 */
record Myrtle(int depth, int channels, OptionalInt outputs) implements Architecture {

    private static final double HE = Math.sqrt(2);

    static Myrtle read(Options o) {
        return new Myrtle(Integer.parseInt(o.choice("depth", "5", "5", "7", "10")), o.integer("channels", 64, 1, 1 << 20),
                Shortcuts.outputs(o));
    }

    @Override
    public Serial layers(Shape in, int outputCount) {
        int[] groups = depth == 5 ? new int[] {2, 1, 1} : depth == 7 ? new int[] {2, 2, 2} : new int[] {3, 3, 3};
        Window filter = new Window(List.of(3, 3), List.of(1, 1), Window.SAME);
        List<Layer> layers = new ArrayList<>();
        for (int group = 0; group < groups.length; group++) {
            for (int i = 0; i < groups[group]; i++) {
                layers.add(new Conv(channels, filter, HE, OptionalDouble.empty(), Parameterization.NTK));
                layers.add(new Relu());
            }
            if (group < 2) {
                layers.add(new AvgPool(new Window(List.of(2, 2), List.of(2, 2), Window.VALID), false));
            }
        }
        layers.add(new GlobalAvgPool());
        layers.add(new Dense(outputs.orElse(outputCount), HE, OptionalDouble.empty(), Parameterization.NTK));
        return new Serial(layers);
    }

    @Override
    public Object toYaml() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("depth", depth);
        options.put("channels", channels);
        Shortcuts.write(options, outputs);
        return Map.of("myrtle", options);
    }
}
