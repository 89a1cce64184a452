package org.ntk4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.activation.Activation;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Options;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Embedding;
import org.ntk4j.layer.FirstPosition;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerNorm;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Residual;
import org.ntk4j.layer.Scales;
import org.ntk4j.layer.SelfAttention;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * The shortcut {@code transformer}: a dense map to {@code width} at each position; then {@code blocks} times a residual around attention
 * and a residual around (dense to {@code feedForward}, activation, dense to {@code width}); then the readout. {@code layerNorm: pre}
 * normalizes before attention, before the feed-forward map and once before the readout, {@code post} after each sum. Keys and values have
 * width/heads channels, scaling is {@code linear}, positions stand in the first block only. The readout is the mean over real positions
 * ({@code gap}) or the first position ({@code first}), then a dense map.
 *
 * @param vocabulary  how many words the inputs are indices of; an embedding then takes the place of the first dense map; empty: they are
 *                    not
 * @param feedForward 0: four times the width
 * @param wStd        the scale of all weights, those of attention included
 */
record Transformer(int blocks, int heads, int width, int feedForward, Activation activation, String layerNorm, String positions,
        String readout, OptionalInt vocabulary,
        OptionalInt outputs, double wStd, OptionalDouble bStd) implements Architecture {

    private static final int MOST = 1 << 20;
    private static final int MOST_BLOCKS = 1000;

    static Transformer read(Options o) {
        int width = o.integer("width", 64, 1, MOST);
        int heads = o.integer("heads", 4, 1, MOST);
        if (width % heads != 0) {
            o.mistake(o.entry("heads").isPresent() ? "heads" : "width",
                    "a width of " + width + " cannot be divided among " + heads + " heads");
        }
        return new Transformer(o.integer("blocks", 1, 0, MOST_BLOCKS), heads, width, o.integer("feedForward", 0, 1, MOST),
                Shortcuts.activation(o, Grammar.named("gelu")),
                o.choice("layerNorm", "pre", "pre", "post", "none"), o.choice("positions", "sum", "sum", "concat", "none"),
                o.choice("readout", "gap", "gap", "first"),
                o.optionalInteger("vocabulary", 1, 1 << 24), Shortcuts.outputs(o), Scales.wStd(o), Scales.bStd(o));
    }

    @Override
    public Serial layers(Shape in, int outputCount) {
        if (in.isVector()) {
            throw Failure.input("transformer on an input of " + in + ", which has no positions; it needs a sentence or an image");
        }
        int inner = feedForward > 0 ? feedForward : 4 * width;
        List<Layer> layers = new ArrayList<>();
        layers.add(vocabulary.isPresent() ? Embedding.of(vocabulary.getAsInt(), width).wStd(wStd) : dense(width));
        for (int block = 0; block < blocks; block++) {
            int channels = width / heads;
            Layer attention = new SelfAttention(heads, channels, channels, width, "linear", "softmax", wStd, wStd, wStd, wStd, bStd,
                    block == 0 ? positions : "none", 1, 0, OptionalDouble.empty(), true);
            addResidual(layers, List.of(attention));
            addResidual(layers, List.of(dense(inner), activation, dense(width)));
        }
        if (layerNorm.equals("pre")) {
            layers.add(norm());
        }
        layers.add(readout.equals("gap") ? new GlobalAvgPool() : new FirstPosition());
        layers.add(dense(outputs.orElse(outputCount)));
        return new Serial(layers);
    }

    private void addResidual(List<Layer> layers, List<Layer> inside) {
        List<Layer> branch = new ArrayList<>();
        if (layerNorm.equals("pre")) {
            branch.add(norm());
        }
        branch.addAll(inside);
        layers.add(new Residual(new Serial(branch), new Serial(List.of())));
        if (layerNorm.equals("post")) {
            layers.add(norm());
        }
    }

    private Dense dense(int units) {
        return new Dense(units, wStd, bStd, Parameterization.NTK);
    }

    private static LayerNorm norm() {
        return new LayerNorm("channels", 1e-12);
    }

    @Override
    public Object toYaml() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("blocks", blocks);
        options.put("heads", heads);
        options.put("width", width);
        if (feedForward > 0) {
            options.put("feedForward", feedForward);
        }
        options.put("activation", activation.toYaml());
        options.put("layerNorm", layerNorm);
        options.put("positions", positions);
        options.put("readout", readout);
        vocabulary.ifPresent(words -> options.put("vocabulary", words));
        Shortcuts.write(options, outputs);
        Scales.write(options, wStd, bStd);
        return Map.of("transformer", options);
    }
}
