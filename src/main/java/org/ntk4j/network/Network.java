package org.ntk4j.network;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.LongStream;
import org.ntk4j.activation.Activation;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.MonteCarlo;
import org.ntk4j.finite.NetworkEnsemble;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Place;
import org.ntk4j.inference.Scaled;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerList;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;

/**
 * A network of finite or infinite width: a list of layers, or a shortcut that stands for one. Immutable; each wither sets
 * an option of the shortcut and gives a new network. At infinite width it has closed-form kernels ({@link #ntk},
 * {@link #nngp}); {@link #init} draws weights for the finite one.
 */
public final class Network implements Architecture, Optioned, Scaled<Network> {

    private static final Place IN_JAVA = Place.of("network");

    private final Architecture architecture;

    private Network(Architecture architecture) {
        this.architecture = architecture;
    }

    /** A network of these layers. */
    public static Network of(Layer... layers) {
        Required.values(layers, "layers");
        if (layers.length == 0) {
            throw Failure.input("a network has at least one layer");
        }
        return new Network(new LayerList(new Serial(Arrays.asList(layers))));
    }

    /**
     * The shortcut of this name with the grammar's defaults: {@code mlp}, {@code cnn}, {@code transformer}, {@code wideResnet},
     * {@code myrtle}, {@code gntk}.
     */
    public static Network shortcut(String name) {
        Required.value(name, "name");
        return parse(name + ": {}");
    }

    /** The network {@code mlp} with the grammar's defaults: width 512, depth 1, relu, wStd 1, no bias. */
    public static Network mlp() {
        return shortcut("mlp");
    }

    /**
     * Reads a network in the grammar, YAML or JSON.
     *
     * @throws Failure with one line for each mistake
     */
    public static Network parse(String text) {
        Required.value(text, "text");
        return read(Document.parse(text, "network"));
    }

    /** Reads a network from a file: the network alone, or under the key {@code network}. */
    public static Network read(Path file) {
        Required.value(file, "file");
        Entry entry = Document.read(file);
        if (entry instanceof Entry.Mapping map && map.fields().containsKey("network")) {
            entry = map.fields().get("network").value();
        }
        return read(entry);
    }

    /**
     * Reads a network from a file, for inputs of this shape.
     *
     * @throws Failure with one line for each mistake; where a layer does not fit its input, with the line of that layer
     */
    public static Network read(Path file, Shape in) {
        Required.value(file, "file");
        Required.value(in, "in");
        Entry entry = Document.read(file);
        if (entry instanceof Entry.Mapping map && map.fields().containsKey("network")) {
            entry = map.fields().get("network").value();
        }
        Network network = read(entry);
        Mistakes mistakes = new Mistakes();
        network.checkFit(entry, in, 1, mistakes);
        mistakes.check();
        return network;
    }

    /** Notes where a layer does not fit its input, at the place of that layer in the document that the network was read from. */
    public void checkFit(Entry entry, Shape in, int outputs, Mistakes mistakes) {
        try {
            layers(in, outputs).outputShape(in);
        } catch (Failure e) {
            mistakes.add(LayerPlace.of(entry, e.getMessage()), e.getMessage());
        }
    }

    /**
     * A network of these layers, each as it is written in YAML: a name, or a map with one key.
     *
     * @throws Failure if they do not follow the grammar
     */
    public static Network ofLayers(List<?> layers) {
        Required.value(layers, "layers");
        return read(Entry.of(layers, IN_JAVA));
    }

    private static Network read(Entry entry) {
        Mistakes mistakes = new Mistakes();
        Network network = read(entry, "network", mistakes);
        mistakes.check();
        return network;
    }

    /** Reads a network from a document; mistakes are noted, not thrown. */
    public static Network read(Entry entry, String path, Mistakes mistakes) {
        Required.value(path, "path");
        return new Network(Grammar.network(entry, path, mistakes));
    }

    /** The layers that it stands for, with this many outputs where the definition does not say. */
    @Override
    public Serial layers(Shape in, int outputs) {
        Required.value(in, "in");
        return architecture.layers(in, outputs);
    }

    /** How many different words its first layer reads, if its inputs are indices of words. */
    public OptionalInt words() {
        try {
            return layers(Shape.of(1, 1)).words();
        } catch (Failure e) {
            // It does not fit such inputs.
            return OptionalInt.empty();
        }
    }

    /** The number of outputs, where the definition of a shortcut says it. */
    @Override
    public OptionalInt outputs() {
        return architecture.outputs();
    }

    /**
     * This network with another value for an option of its shortcut.
     *
     * @throws Failure if it has no such option, or not such a value
     */
    public Network with(String option, Object value) {
        Required.value(option, "option");
        Required.value(value, option);
        if (!(architecture.toYaml() instanceof Map<?, ?> map)) {
            throw Failure.input("a network written as a list of layers has no option '" + option + "'; set it on its layers");
        }
        String shortcut = (String) map.keySet().iterator().next();
        return read(Entry.with(Entry.of(map, IN_JAVA), shortcut + "." + option, Entry.of(value, IN_JAVA)));
    }

    @Override
    public Set<String> options() {
        return architecture.toYaml() instanceof Map<?, ?> map ? Grammar.options((String) map.keySet().iterator().next()) : Set.of();
    }

    /** Units of each hidden layer. */
    public Network width(int units) {
        return with("width", units);
    }

    /** How many hidden layers. */
    public Network depth(int count) {
        return with("depth", count);
    }

    /** The activation after each hidden layer. */
    public Network activation(Activation activation) {
        return with("activation", activation);
    }

    /** Units of the readout. */
    public Network outputs(int count) {
        return with("outputs", count);
    }

    /** The scale of all weights. */
    public Network wStd(double value) {
        return with("wStd", value);
    }

    /** The scale of all biases. */
    public Network bStd(double value) {
        return with("bStd", value);
    }

    /** Channels of each convolution. */
    public Network channels(int count) {
        return with("channels", count);
    }

    /** {@code same}, {@code valid} or {@code circular}. */
    public Network padding(String word) {
        return with("padding", word);
    }

    /** How many blocks. */
    public Network blocks(int count) {
        return with("blocks", count);
    }

    /** How many attention heads. */
    public Network heads(int count) {
        return with("heads", count);
    }

    /** Units inside the feed-forward map. */
    public Network feedForward(int units) {
        return with("feedForward", units);
    }

    /** {@code pre}, {@code post} or {@code none}. */
    public Network layerNorm(String word) {
        return with("layerNorm", word);
    }

    /** {@code sum}, {@code concat} or {@code none}. */
    public Network positions(String word) {
        return with("positions", word);
    }

    /** By how much the blocks are widened. */
    public Network widen(int factor) {
        return with("widen", factor);
    }

    /** The sizes of the filter, one for each axis of space. */
    public Network filter(int... sizes) {
        Required.value(sizes, "sizes");
        return with("filter", Arrays.stream(sizes).boxed().toList());
    }

    /** The readout: {@code flatten}, {@code gap} or {@code first}; of a {@code gntk} {@code sum} or {@code mean}. */
    public Network readout(String word) {
        Required.value(word, "word");
        return with("readout", word);
    }

    /** What a {@code gntk} sums over the neighbours: {@code none}, {@code mean} or {@code symmetric}, as {@code aggregate} has it. */
    public Network normalize(String word) {
        return with("normalize", word);
    }

    /** Whether every level of a {@code gntk} has a readout of its own. */
    public Network jumpingKnowledge(boolean yes) {
        return with("jumpingKnowledge", yes);
    }

    /** The readout as the layer that it is: {@code gap()} or {@code flatten()}. */
    public Network readout(Layer layer) {
        Required.value(layer, "layer");
        return readout(layer instanceof GlobalAvgPool ? "gap" : layer.name());
    }

    private NetworkKernels kernels() {
        return new NetworkKernels(this, Settings.ofProcess(), ConsoleMonitor.ofProcess());
    }

    /**
     * Θ_∞ of inputs with themselves. Kernels that the memory does not hold stay in {@code OUT/kernels/FINGERPRINT/ntk.npy} and
     * {@code nngp.npy}, the same for the same network and inputs. If it takes more than a minute its finished tiles are kept there until
     * the end: the same call goes on from what a killed one left.
     */
    @Override
    public Kernel ntk(Inputs x) {
        Required.value(x, "x");
        return kernels().one(x, Optional.empty(), "ntk");
    }

    /** Θ_∞ of {@code x} (rows) with {@code x2} (columns). */
    @Override
    public Kernel ntk(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return kernels().one(x, Optional.of(x2), "ntk");
    }

    /** K_∞ of inputs with themselves. */
    @Override
    public Kernel nngp(Inputs x) {
        Required.value(x, "x");
        return kernels().one(x, Optional.empty(), "nngp");
    }

    /** K_∞ of {@code x} (rows) with {@code x2} (columns). */
    @Override
    public Kernel nngp(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return kernels().one(x, Optional.of(x2), "nngp");
    }

    /**
     * Θ_∞ of inputs with themselves, near enough, by random features: it takes {@code n × count} values in float32, and its error falls as
     * 1/√count. Of dense networks; {@code Regression.of(net.ntkFeatures(x, 4096)).solver(randomFeatures())} solves with it.
     *
     * @param count features at each activation
     * @throws Failure for other networks
     */
    public Kernel ntkFeatures(Inputs x, int count) {
        Required.value(x, "x");
        return kernels().features(x, "ntk", count);
    }

    /** Θ_∞ of {@code x} (rows) with {@code x2} (columns) by the random features of {@link #ntkFeatures(Inputs, int)}. */
    public Kernel ntkFeatures(Inputs x, Inputs x2, int count) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return kernels().features(x, x2, "ntk", count);
    }

    /** K_∞ of inputs with themselves by random features, as {@link #ntkFeatures(Inputs, int)} has it of Θ_∞. */
    public Kernel nngpFeatures(Inputs x, int count) {
        Required.value(x, "x");
        return kernels().features(x, "nngp", count);
    }

    /** K_∞ of {@code x} (rows) with {@code x2} (columns) by random features. */
    public Kernel nngpFeatures(Inputs x, Inputs x2, int count) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return kernels().features(x, x2, "nngp", count);
    }

    /** K_∞ and Θ_∞ of inputs with themselves, in one pass. */
    public InfiniteKernels infinite(Inputs x) {
        Required.value(x, "x");
        return kernels().both(x, Optional.empty());
    }

    /** K_∞ and Θ_∞ of {@code x} (rows) with {@code x2} (columns), in one pass. */
    public InfiniteKernels infinite(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return kernels().both(x, Optional.of(x2));
    }

    /**
     * Estimates of K_∞ and Θ_∞ with their standard errors, for what has no closed form: means over a number of finite networks whose
     * widths are multiplied alike until the smallest is about {@code width}.
     */
    public MonteCarlo monteCarlo(int samples, int width) {
        return MonteCarlo.of(this, samples, width);
    }

    /**
     * The list of layers that it stands for, in {@code ntk}, {@code standard}, {@code meanField} or {@code muP} parameterization (attention
     * has only the one that it is written in). The same functions at initialisation, drawn from the same distribution; how to carry weights
     * and learning rates over says {@link FiniteNetwork#parameterization}.
     */
    public Network parameterization(String word, Shape in, int outputs) {
        Required.value(word, "word");
        Required.value(in, "in");
        return new Network(architecture.parameterized(Parameterization.of(word), in, outputs));
    }

    /** NN_0: the network of finite width with weights drawn from a seed; it takes its shape from the first inputs. */
    public FiniteNetwork init(Seed seed) {
        Required.value(seed, "seed");
        return FiniteNetwork.of(this, seed);
    }

    /** NN_0 with weights drawn from a seed. */
    public FiniteNetwork init(long seed) {
        return init(new Seed(seed));
    }

    /** The network of finite width with weights from a file, as {@link FiniteNetwork#load} reads them. */
    public FiniteNetwork load(Path weights) {
        Required.value(weights, "weights");
        return init(0).load(weights);
    }

    /** Networks of finite width with the seeds 0, 1, 2, …: {@code net.ensemble(5).train(x, y, training).predict(t)}. */
    public NetworkEnsemble ensemble(int members) {
        if (members < 1 || members > 1_000_000) {
            throw Failure.input("an ensemble of " + members + " networks; allowed: 1 to 1,000,000");
        }
        return new NetworkEnsemble(LongStream.range(0, members).mapToObj(this::init).toList());
    }

    /**
     * wStd and bStd of every layer, those above 0, by the layer's path and the option's name: {@code 0.dense/wStd}.
     *
     * @param in the shape of its inputs
     */
    @Override
    public Map<String, Double> scales(Shape in, int outputs) {
        Required.value(in, "in");
        return new LayerScales(this, in, outputs).values();
    }

    /** The list of layers that it stands for, with these values in place of their own: see {@link #scales}. */
    @Override
    public Network scaled(Map<String, Double> values, Shape in, int outputs) {
        Required.value(values, "values");
        Required.value(in, "in");
        return new LayerScales(this, in, outputs).with(values);
    }

    /** As it is written in YAML, with every default: a list, or a map with one key. */
    @Override
    public Object toYaml() {
        return architecture.toYaml();
    }

    /** Its layers with the shape after each and the number of weights, for such inputs; layers inside others are indented. */
    public String describe(Shape in, int outputs) {
        Required.value(in, "in");
        return LayerTable.of(this, in, outputs);
    }

    /** How many weights it has for such inputs. */
    public long parameters(Shape in, int outputs) {
        Required.value(in, "in");
        return layers(in, outputs).weights(in).stream().mapToLong(Weights::size).sum();
    }

    /** The definition on one line, then its layers. */
    @Override
    public String toString() {
        return LayerTable.summary(this, architecture);
    }
}
