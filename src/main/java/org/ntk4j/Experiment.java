package org.ntk4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ntk4j.base.Required;
import org.ntk4j.activation.Activation;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Dataset;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Solver;
import org.ntk4j.layer.Layer;
import org.ntk4j.network.Network;
import org.ntk4j.network.Optioned;
import org.ntk4j.study.Definition;
import org.ntk4j.study.option.RegressionOptions;
import org.ntk4j.study.option.SpectrumOption;
import org.ntk4j.study.option.StatisticsOption;
import org.ntk4j.study.Study;

/**
 * A plan: data, network, training, kernels, regressions, comparison. Immutable; every wither returns a new one, its names
 * are the keys of the YAML file. {@link #toString} is the plan with its predicted memory and time; {@link #compare} and
 * {@link #run} carry it out.
 *
 * <pre>{@code
 * Experiment.mlp().width(2048).train(gradientDescent().until(trainLoss(1e-3))).ntk().compare();
 * }</pre>
 */
public final class Experiment implements Optioned {

    private final Definition definition;

    private Experiment(Definition definition) {
        this.definition = definition;
    }

    /** An experiment with the network {@code mlp} on {@code mnist-sample}, without training as yet. */
    public static Experiment mlp() {
        return of(Network.mlp()).name("mlp");
    }

    /** An experiment with the network {@code cnn} on {@code mnist-sample}, without training as yet. */
    public static Experiment cnn() {
        return of(Network.shortcut("cnn")).name("cnn");
    }

    /** An experiment with the network {@code transformer}; it needs data with positions. */
    public static Experiment transformer() {
        return of(Network.shortcut("transformer")).name("transformer");
    }

    /** An experiment with the network {@code wideResnet} on {@code mnist-sample}. */
    public static Experiment wideResnet() {
        return of(Network.shortcut("wideResnet")).name("wideResnet");
    }

    /** An experiment with the network {@code myrtle} on {@code mnist-sample}. */
    public static Experiment myrtle() {
        return of(Network.shortcut("myrtle")).name("myrtle");
    }

    /** An experiment with this network on {@code mnist-sample}, without training as yet. */
    public static Experiment of(Network network) {
        Required.value(network, "network");
        return new Experiment(Definition.of(network));
    }

    /** The experiment that a YAML file defines. */
    public static Experiment read(Path file) {
        Required.value(file, "file");
        return new Experiment(Definition.read(file, List.of()));
    }

    /** An experiment of a definition that was read. */
    public static Experiment of(Definition definition) {
        Required.value(definition, "definition");
        return new Experiment(definition);
    }

    /** What it consists of. */
    public Definition definition() {
        return definition;
    }

    /** The options of its network. */
    @Override
    public Set<String> options() {
        return definition.network().options();
    }

    /** The folder under {@code out/}: letters, digits, {@code -}, {@code _}, {@code .}. */
    public Experiment name(String name) {
        return with("name", name);
    }

    /** Free text, kept with the results. */
    public Experiment description(String text) {
        return with("description", text);
    }

    /** On these data. */
    public Experiment on(Dataset data) {
        Required.value(data, "data");
        return new Experiment(definition.withData(data));
    }

    /** With another network. */
    public Experiment network(Network network) {
        Required.value(network, "network");
        return new Experiment(definition.withNetwork(network));
    }

    /** Units of each hidden layer. */
    public Experiment width(int units) {
        return network(definition.network().width(units));
    }

    /** How many hidden layers. */
    public Experiment depth(int count) {
        return network(definition.network().depth(count));
    }

    /** The activation after each hidden layer. */
    public Experiment activation(Activation activation) {
        return network(definition.network().activation(activation));
    }

    /** The scale of all weights. */
    public Experiment wStd(double value) {
        return network(definition.network().wStd(value));
    }

    /** The scale of all biases. */
    public Experiment bStd(double value) {
        return network(definition.network().bStd(value));
    }

    /** The number of outputs, where it is not that of the targets. */
    public Experiment outputs(int count) {
        return network(definition.network().outputs(count));
    }

    /** Channels of each convolution. */
    public Experiment channels(int count) {
        return network(definition.network().channels(count));
    }

    /** {@code same}, {@code valid} or {@code circular}. */
    public Experiment padding(String word) {
        return network(definition.network().padding(word));
    }

    /** How many blocks. */
    public Experiment blocks(int count) {
        return network(definition.network().blocks(count));
    }

    /** How many attention heads. */
    public Experiment heads(int count) {
        return network(definition.network().heads(count));
    }

    /** Units inside the feed-forward map. */
    public Experiment feedForward(int units) {
        return network(definition.network().feedForward(units));
    }

    /** {@code pre}, {@code post} or {@code none}. */
    public Experiment layerNorm(String word) {
        return network(definition.network().layerNorm(word));
    }

    /** {@code sum}, {@code concat} or {@code none}. */
    public Experiment positions(String word) {
        return network(definition.network().positions(word));
    }

    /** By how much the blocks are widened. */
    public Experiment widen(int factor) {
        return network(definition.network().widen(factor));
    }

    /** The sizes of the filter, one for each axis of space. */
    public Experiment filter(int... sizes) {
        return network(definition.network().filter(sizes));
    }

    /** The readout: {@code flatten}, {@code gap} or {@code first}. */
    public Experiment readout(String word) {
        return network(definition.network().readout(word));
    }

    /** The readout as the layer that it is: {@code gap()} or {@code flatten()}. */
    public Experiment readout(Layer layer) {
        return network(definition.network().readout(layer));
    }

    /** Trained like this. */
    public Experiment train(Training training) {
        Required.value(training, "training");
        return new Experiment(definition.withTraining(Optional.of(training)));
    }

    /** With all four kernels, as the default is; without training all but {@code ntk.trained}. */
    public Experiment ntk() {
        return new Experiment(definition.withKernels(Optional.empty()));
    }

    /** With these kernels only: {@code ntk.init}, {@code ntk.trained}, {@code ntk.infinite}, {@code nngp.infinite}. */
    public Experiment ntk(String... kernels) {
        Required.values(kernels, "kernels");
        return with("kernels", Arrays.asList(kernels));
    }

    /** With regressions like this. */
    public Experiment regression(RegressionOptions options) {
        Required.value(options, "options");
        return new Experiment(definition.withRegression(options));
    }

    /** With this ridge for all regressions, relative to the mean diagonal. */
    public Experiment ridge(double relative) {
        return regression(definition.regression().ridge(relative));
    }

    /** With the ridge of the smallest leave-one-out error for each regression. */
    public Experiment ridge(Auto auto) {
        return regression(definition.regression().ridge(auto));
    }

    /** With the network linearised at initialisation beside the others. */
    public Experiment linearized(boolean yes) {
        return with("linearized", yes);
    }

    /** With the network expanded at initialisation to second order in its weights beside the others. */
    public Experiment quadratic(boolean yes) {
        return with("quadratic", yes);
    }

    /** With this many leading eigendirections of the tangent kernels followed through training. */
    public Experiment modes(int count) {
        return with("modes", count);
    }

    /**
     * With what the layers have learnt: weights against gradients at each layer's input (the neural feature ansatz), and predicted test
     * errors beside the measured ones.
     */
    public Experiment features(boolean yes) {
        return with("features", yes);
    }

    /** With Θ_0 and Θ_T also taken apart by layer: the share of each, its alignment and effective rank, and how far it moved. */
    public Experiment layers(boolean yes) {
        return with("layers", yes);
    }

    /** With or without {@code report.html} beside the tables. */
    public Experiment report(boolean yes) {
        return with("report", yes);
    }

    /** With {@code all} eigenvalues of the kernels, or {@code none}. */
    public Experiment spectrum(String word) {
        return with("spectrum", word);
    }

    /**
     * With tangent kernels of finite networks that are not stored: their statistics are estimated from {@code samples} rows, and with
     * {@code probes} vectors their effective rank (0: without it).
     */
    public Experiment statistics(int samples, int probes) {
        return with("statistics", new StatisticsOption(samples, probes).toMap());
    }

    /** With the largest eigenvalues of the kernels: {@code spectrum(top(50))}. */
    public Experiment spectrum(SpectrumOption option) {
        Required.value(option, "option");
        return with("spectrum", option.toYaml(0));
    }

    /** With the weights of regressions at infinity found like this: {@code solver(conjugateGradient())}. */
    public Experiment solver(Solver solver) {
        Required.value(solver, "solver");
        return regression(definition.regression().solver(solver));
    }

    /** With the tangent kernel recorded after these steps of training, its regression and sharpness: {@code record: {kernel: [0, 10]}}. */
    public Experiment record(int... steps) {
        Required.value(steps, "steps");
        return with("record.kernel", Arrays.stream(steps).boxed().toList());
    }

    /** With this seed for initial weights and batches. */
    public Experiment seed(long seed) {
        return with("seed", seed);
    }

    /** Over these values of a key, such as {@code network.mlp.width}; several sweeps make a grid. */
    public Experiment sweep(String path, Object... values) {
        Required.value(path, "path");
        Required.values(values, "values");
        Map<String, Object> sweep = new LinkedHashMap<>(definition.sweep().axes());
        sweep.put(path, new ArrayList<>(Arrays.asList(values)));
        return with("sweep", sweep);
    }

    /** With kernels and regressions in {@code float64} or {@code float32}. */
    public Experiment precision(String word) {
        return with("precision", word);
    }

    /** Which of {@code kernels}, {@code weights}, {@code predictions} are saved. */
    public Experiment save(String... what) {
        Required.values(what, "what");
        return with("save", Arrays.asList(what));
    }

    /** With another value for a key of the YAML grammar, by its dotted path. */
    public Experiment with(String path, Object value) {
        Required.value(path, "path");
        Required.value(value, path);
        return new Experiment(definition.with(path, value));
    }

    /**
     * Carries it out, prints the comparison, and writes the results under {@code out/}.
     *
     * @throws Failure if a cell fails, after what the others found is printed and written; the same with {@code --resume} tries it again
     */
    public Comparison compare() {
        Study.Outcome outcome = outcome();
        System.out.println(Screen.wrapped(outcome.glance(), Screen.outColumns()));
        outcome.check();
        return new Comparison(outcome);
    }

    /**
     * Carries it out and writes the results under {@code out/}, without printing; with {@code --resume} it continues what did not finish.
     *
     * @throws Failure if a cell fails, after what the others found is written
     */
    public Comparison run() {
        Study.Outcome outcome = outcome();
        outcome.check();
        return new Comparison(outcome);
    }

    private Study.Outcome outcome() {
        List<String> command = List.of(System.getProperty("ntk.command", "java").split("\n"));
        return Study.run(definition, Settings.ofProcess(), ConsoleMonitor.ofProcess(), Boolean.getBoolean("ntk.resume"), command);
    }

    /** The plan with its predicted memory and time. */
    @Override
    public String toString() {
        return Study.plan(definition, Settings.ofProcess());
    }
}
