package org.ntk4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.activation.Activation;
import org.ntk4j.activation.Relu;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Options;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.GlobalSumPool;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Parallel;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Scales;
import org.ntk4j.layer.Serial;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.layer.Aggregate;
import org.ntk4j.shape.Shape;

/**
 * The shortcut {@code gntk}, the graph network of Du et al. 2019: {@code blocks} times an aggregate with self loops and {@code depth} times
 * (dense, activation), then a readout, a global pooling and a dense. With {@code jumpingKnowledge} every level, the input included, has a
 * readout of its own, and their outputs are added: level l + 1 continues level l within a {@code parallel}. With the defaults, Θ_∞ is the
 * kernel of Du et al. divided by 2·channels.
 *
 * @param width   units of each dense layer
 * @param readout {@code sum} or {@code mean} over the nodes
 * @param wStd    the scale of the hidden weights; the readouts have 1
 */
record Gntk(int blocks, int depth, int width, Activation activation, String normalize, String readout, boolean jumpingKnowledge,
        OptionalInt outputs, double wStd,
        OptionalDouble bStd) implements Architecture {

    private static final int MOST = 1 << 20;
    private static final int MOST_BLOCKS = 200;

    static Gntk read(Options o) {
        double wStd = o.entry("wStd").isPresent() ? Scales.wStd(o) : Math.sqrt(2);
        return new Gntk(o.integer("blocks", 2, 0, MOST_BLOCKS), o.integer("depth", 1, 1, 1000), o.integer("width", 512, 1, MOST),
                Shortcuts.activation(o, new Relu()),
                o.choice("normalize", "none", Aggregation.NORMALIZATIONS.toArray(String[]::new)), o.choice("readout", "sum", "sum", "mean"),
                        o.flag("jumpingKnowledge", false),
                Shortcuts.outputs(o), wStd, Scales.bStd(o));
    }

    @Override
    public Serial layers(Shape in, int outputCount) {
        if (in.space().size() != 1) {
            throw Failure.input("gntk on an input of " + in + (in.isVector()
                    ? ", which has no nodes" : ", which has " + in.space().size() + " axes of space")
                    + "; it needs graphs, inputs of [nodes, channels]");
        }
        return new Serial(from(0, outputs.orElse(outputCount)));
    }

    /** What comes from this block on; with jumping knowledge, beside the readout of the level that it begins at. */
    private List<Layer> from(int block, int units) {
        List<Layer> onwards = new ArrayList<>();
        if (block == blocks) {
            return readout(units);
        }
        onwards.add(new Aggregate(new Aggregation(normalize, true)));
        for (int i = 0; i < depth; i++) {
            onwards.add(new Dense(width, wStd, bStd, Parameterization.NTK));
            onwards.add(activation);
        }
        onwards.addAll(from(block + 1, units));
        return jumpingKnowledge ? List.of(new Parallel(List.of(new Serial(readout(units)), new Serial(onwards)), "sum")) : onwards;
    }

    private List<Layer> readout(int units) {
        return List.of(readout.equals("sum") ? new GlobalSumPool() : new GlobalAvgPool(), new Dense(units, 1, bStd, Parameterization.NTK));
    }

    @Override
    public Object toYaml() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("blocks", blocks);
        options.put("depth", depth);
        options.put("width", width);
        options.put("activation", activation.toYaml());
        options.put("normalize", normalize);
        options.put("readout", readout);
        options.put("jumpingKnowledge", jumpingKnowledge);
        Shortcuts.write(options, outputs);
        Scales.write(options, wStd, bStd);
        return Map.of("gntk", options);
    }
}
