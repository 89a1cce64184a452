package org.ntk4j.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.activation.AbRelu;
import org.ntk4j.activation.Abs;
import org.ntk4j.activation.Activation;
import org.ntk4j.activation.Cos;
import org.ntk4j.activation.Elu;
import org.ntk4j.activation.Erf;
import org.ntk4j.activation.Exp;
import org.ntk4j.activation.ExpNormalized;
import org.ntk4j.activation.Gabor;
import org.ntk4j.activation.Gaussian;
import org.ntk4j.activation.Gelu;
import org.ntk4j.activation.Hermite;
import org.ntk4j.activation.LeakyRelu;
import org.ntk4j.activation.Mish;
import org.ntk4j.activation.Monomial;
import org.ntk4j.activation.Polynomial;
import org.ntk4j.activation.Rbf;
import org.ntk4j.activation.RectifiedMonomial;
import org.ntk4j.activation.Relu;
import org.ntk4j.activation.Selu;
import org.ntk4j.activation.Sigmoid;
import org.ntk4j.activation.SigmoidLike;
import org.ntk4j.activation.Sign;
import org.ntk4j.activation.Silu;
import org.ntk4j.activation.Sin;
import org.ntk4j.activation.Softplus;
import org.ntk4j.activation.Tanh;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;
import org.ntk4j.layer.Aggregate;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.AvgPool;
import org.ntk4j.layer.BatchNorm;
import org.ntk4j.layer.Conv;
import org.ntk4j.layer.ConvLocal;
import org.ntk4j.layer.ConvTranspose;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Dropout;
import org.ntk4j.layer.Embedding;
import org.ntk4j.layer.FirstPosition;
import org.ntk4j.layer.Flatten;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.GlobalSumPool;
import org.ntk4j.layer.Identity;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerList;
import org.ntk4j.layer.LayerNorm;
import org.ntk4j.layer.MaxPool;
import org.ntk4j.layer.Parallel;
import org.ntk4j.layer.Repeat;
import org.ntk4j.layer.Residual;
import org.ntk4j.layer.Resize;
import org.ntk4j.layer.SelfAttention;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Slice;
import org.ntk4j.layer.SumPool;

/**
 * The grammar of networks: one line for each layer, activation and shortcut. A network is a list of layers or one
 * shortcut; a layer is a bare name or a map with one key and its options.
 */
public final class Grammar {

    private static final Map<String, Function<Options, Layer>> LAYERS = ordered(
            Map.entry("dense", Dense::read),
            Map.entry("embedding", Embedding::read),
            Map.entry("conv", Conv::read),
            Map.entry("convLocal", ConvLocal::read),
            Map.entry("convTranspose", ConvTranspose::read),
            Map.entry("avgPool", AvgPool::read),
            Map.entry("sumPool", SumPool::read),
            Map.entry("maxPool", MaxPool::read),
            Map.entry("globalAvgPool", o -> new GlobalAvgPool()),
            Map.entry("globalSumPool", o -> new GlobalSumPool()),
            Map.entry("aggregate", Aggregate::read),
            Map.entry("resize", Resize::read),
            Map.entry("slice", Slice::read),
            Map.entry("layerNorm", LayerNorm::read),
            Map.entry("batchNorm", BatchNorm::read),
            Map.entry("dropout", Dropout::read),
            Map.entry("selfAttention", SelfAttention::read),
            Map.entry("repeat", o -> Repeat.read(o, Grammar::branch)),
            Map.entry("residual", o -> Residual.read(o, Grammar::branch)),
            Map.entry("parallel", o -> Parallel.read(o, Grammar::branch)),
            Map.entry("firstPosition", o -> new FirstPosition()),
            Map.entry("flatten", o -> new Flatten()),
            Map.entry("identity", o -> new Identity()));

    private static final Map<String, Function<Options, Activation>> ACTIVATIONS = ordered(
            Map.entry("relu", o -> new Relu()),
            Map.entry("leakyRelu", LeakyRelu::read),
            Map.entry("abRelu", AbRelu::read),
            Map.entry("abs", o -> new Abs()),
            Map.entry("erf", Erf::read),
            Map.entry("sigmoidLike", o -> new SigmoidLike()),
            Map.entry("gelu", o -> new Gelu()),
            Map.entry("sin", Sin::read),
            Map.entry("cos", Cos::read),
            Map.entry("rbf", Rbf::read),
            Map.entry("exp", Exp::read),
            Map.entry("gaussian", Gaussian::read),
            Map.entry("sign", o -> new Sign()),
            Map.entry("monomial", Monomial::read),
            Map.entry("rectifiedMonomial", RectifiedMonomial::read),
            Map.entry("polynomial", Polynomial::read),
            Map.entry("hermite", Hermite::read),
            Map.entry("gabor", o -> new Gabor()),
            Map.entry("expNormalized", ExpNormalized::read),
            Map.entry("tanh", o -> new Tanh()),
            Map.entry("sigmoid", o -> new Sigmoid()),
            Map.entry("softplus", o -> new Softplus()),
            Map.entry("silu", o -> new Silu()),
            Map.entry("elu", o -> new Elu()),
            Map.entry("selu", o -> new Selu()),
            Map.entry("mish", o -> new Mish()));

    private static final Map<String, Function<Options, Architecture>> SHORTCUTS = ordered(
            Map.entry("mlp", Mlp::read),
            Map.entry("cnn", Cnn::read),
            Map.entry("transformer", Transformer::read),
            Map.entry("wideResnet", WideResnet::read),
            Map.entry("myrtle", Myrtle::read),
            Map.entry("gntk", Gntk::read));

    private Grammar() {
    }

    @SafeVarargs
    private static <T> Map<String, Function<Options, T>> ordered(Map.Entry<String, Function<Options, T>>... entries) {
        Map<String, Function<Options, T>> map = new LinkedHashMap<>();
        for (Map.Entry<String, Function<Options, T>> e : entries) {
            map.put(e.getKey(), e.getValue());
        }
        return map;
    }

    /** The names of the shortcuts. */
    static Set<String> shortcuts() {
        return Collections.unmodifiableSet(SHORTCUTS.keySet());
    }

    /** The options of a shortcut. */
    static Set<String> options(String shortcut) {
        Options asked = Options.of(new Entry.Mapping(Map.of(), Place.of(shortcut)), shortcut, new Mistakes());
        // What it makes of nothing does not count: only what it asks for.
        var unused = Objects.requireNonNull(SHORTCUTS.get(shortcut), shortcut).apply(asked);
        return asked.known();
    }

    /** Reads a network: a list of layers, one layer, or one shortcut. */
    static Architecture network(Entry entry, String path, Mistakes mistakes) {
        String name = nameOf(entry);
        if (name != null && SHORTCUTS.containsKey(name)) {
            return read(entry, name, path, mistakes, SHORTCUTS.get(name));
        }
        if (entry instanceof Entry.Listing list) {
            return new LayerList(layers(list, path, mistakes));
        }
        if (name != null && (LAYERS.containsKey(name) || ACTIVATIONS.containsKey(name) || name.equals("serial"))) {
            return new LayerList(layer(entry, path, mistakes) instanceof Serial s ? s : new Serial(List.of(layer(entry, path, mistakes))));
        }
        mistakes.add(place(entry), path + ": a network is a list of layers or one of " + String.join(", ", SHORTCUTS.keySet()) + ", not "
                + (name == null ? entry.describe() : "'" + Mistakes.shortened(name) + "'" + Mistakes.nearest(name, SHORTCUTS.keySet())
                        .map(n -> " (did you mean '" + n + "'?)").orElse("")));
        return new LayerList(new Serial(List.of()));
    }

    private static Serial layers(Entry.Listing list, String path, Mistakes mistakes) {
        if (list.items().isEmpty()) {
            mistakes.add(list.place(), path + ": a network has at least one layer");
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
            layers.add(layer(list.items().get(i), path + "." + i, mistakes));
        }
        return new Serial(layers);
    }

    /** A list of layers, which may be empty. */
    static Serial branch(Entry entry, String path, Mistakes mistakes) {
        if (!(entry instanceof Entry.Listing list)) {
            mistakes.add(entry.place(), path + ": a list of layers is needed, not " + entry.describe());
            return new Serial(List.of());
        }
        return list.items().isEmpty() ? new Serial(List.of()) : layers(list, path, mistakes);
    }

    private static Layer layer(Entry entry, String path, Mistakes mistakes) {
        if (entry instanceof Entry.Given given && given.value() instanceof Layer layer) {
            return layer;
        }
        String name = nameOf(entry);
        if (name == null) {
            mistakes.add(entry.place(), path + ": a layer is a name or a map with one key, its name; not " + entry.describe());
            return new Identity();
        }
        if (name.equals("serial") && entry instanceof Entry.Mapping map) {
            if (map.field(name).value() instanceof Entry.Listing list) {
                return layers(list, path + ".serial", mistakes);
            }
            mistakes.add(entry.place(), path + ".serial: a list of layers is needed, not " + map.field(name).value().describe());
            return new Identity();
        }
        Function<Options, ? extends Layer> reader = LAYERS.containsKey(name) ? LAYERS.get(name) : ACTIVATIONS.get(name);
        if (reader == null) {
            List<String> names = Stream.of(LAYERS.keySet(), ACTIVATIONS.keySet(), List.of("serial")).flatMap(k -> k.stream()).toList();
            mistakes.add(place(entry), path + ": there is no layer '" + Mistakes.shortened(name) + "'" + Mistakes.suggestion(name, names));
            return new Identity();
        }
        return read(entry, name, path, mistakes, reader);
    }

    /** Reads an activation: a bare name, a map with one key, or one given in Java. */
    static Activation activation(Entry entry, String path, Mistakes mistakes) {
        if (entry instanceof Entry.Given given && given.value() instanceof Activation activation) {
            return activation;
        }
        String name = nameOf(entry);
        if (name == null || !ACTIVATIONS.containsKey(name)) {
            String written = name == null ? "" : name;
            mistakes.add(place(entry), path + ": " + (name == null ? entry.describe() : "'" + Mistakes.shortened(name) + "'")
                    + " is not an activation"
                    + Mistakes.suggestion(written, ACTIVATIONS.keySet()));
            return new Relu();
        }
        return read(entry, name, path, mistakes, ACTIVATIONS.get(name));
    }

    /** The activation of this name with its defaults. */
    static Activation named(String name) {
        return Objects.requireNonNull(ACTIVATIONS.get(name), name)
                .apply(Options.of(new Entry.Mapping(Map.of(), Place.of(name)), name, new Mistakes()));
    }

    private static <T> T read(Entry entry, String name, String path, Mistakes mistakes, Function<Options, T> reader) {
        Entry value = entry instanceof Entry.Mapping map ? map.field(name).value() : new Entry.Mapping(Map.of(), entry.place());
        Options options = Options.of(value, path.isEmpty() ? name : path + "." + name, mistakes);
        T result = reader.apply(options);
        options.finish();
        return result;
    }

    /** The name of a layer that is written as a bare word or as a map with one key; null for anything else. */
    private static @Nullable String nameOf(Entry entry) {
        if (entry instanceof Entry.Scalar s && !s.text().isEmpty()) {
            return s.text();
        }
        if (entry instanceof Entry.Mapping map && map.fields().size() == 1) {
            return map.fields().keySet().iterator().next();
        }
        return null;
    }

    private static Place place(Entry entry) {
        return entry instanceof Entry.Mapping map && map.fields().size() == 1
                ? map.fields().values().iterator().next().place() : entry.place();
    }
}
