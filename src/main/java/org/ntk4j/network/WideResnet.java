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
import org.ntk4j.layer.Conv;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Residual;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * The shortcut {@code wideResnet} (Zagoruyko and Komodakis 2016): conv(channels); three groups of {@code blocks} residual blocks with
 * channels·widen, twice and four times that many channels and strides 1, 2, 2; relu; globalAvgPool; dense. A block is relu, conv, relu,
 * conv; the first of a group has a convolution of the group's stride as its shortcut, the others the identity. All filters 3×3, padding
 * {@code same}; wStd √2 in the blocks, 1 in the first convolution and the readout; no bias.
 */
record WideResnet(int blocks, int channels, int widen, OptionalInt outputs) implements Architecture {

    private static final int MOST = 1 << 16;
    private static final double HE = Math.sqrt(2);

    static WideResnet read(Options o) {
        return new WideResnet(o.integer("blocks", 1, 1, 1000), o.integer("channels", 16, 1, MOST), o.integer("widen", 1, 1, MOST),
                Shortcuts.outputs(o));
    }

    @Override
    public Serial layers(Shape in, int outputCount) {
        List<Layer> layers = new ArrayList<>();
        layers.add(conv(channels, 1, 1));
        for (int group = 0; group < 3; group++) {
            int count = channels * widen << group;
            int stride = group == 0 ? 1 : 2;
            for (int block = 0; block < blocks; block++) {
                boolean first = block == 0;
                Serial inside = new Serial(List.of(new Relu(), conv(count, first ? stride : 1, HE), new Relu(), conv(count, 1, HE)));
                layers.add(new Residual(inside, new Serial(first ? List.of(conv(count, stride, HE)) : List.of())));
            }
        }
        layers.add(new Relu());
        layers.add(new GlobalAvgPool());
        layers.add(Dense.of(outputs.orElse(outputCount)));
        return new Serial(layers);
    }

    private static Conv conv(int channels, int stride, double wStd) {
        return new Conv(channels, new Window(List.of(3, 3), List.of(stride, stride), Window.SAME), wStd, OptionalDouble.empty(),
                Parameterization.NTK);
    }

    @Override
    public Object toYaml() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("blocks", blocks);
        options.put("channels", channels);
        options.put("widen", widen);
        Shortcuts.write(options, outputs);
        return Map.of("wideResnet", options);
    }
}
