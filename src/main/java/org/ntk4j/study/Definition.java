package org.ntk4j.study;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Dataset;
import org.ntk4j.finite.Training;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.TrainedPart;
import org.ntk4j.network.Network;
import org.ntk4j.result.Pair;
import org.ntk4j.result.Subject;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.measure.FeatureMeasures;
import org.ntk4j.study.measure.LayerChanges;
import org.ntk4j.study.measure.Modes;
import org.ntk4j.study.option.RegressionOptions;
import org.ntk4j.study.option.SpectrumOption;
import org.ntk4j.study.option.StatisticsOption;
import org.ntk4j.study.option.Sweep;

/**
 * What an experiment consists of, as the grammar has it: a value for each of the {@link Keys}. Immutable. It can be read from YAML and
 * written back with every default ({@link #toMap}); a swept value, an option {@code --set} and a wither all are a new value at a dotted
 * path.
 */
public final class Definition {

    /** The keys of an experiment, in the order in which they are written. */
    public static final List<String> KEYS = Keys.ALL.stream().<String>map(Key::name).toList();

    private static final Place IN_JAVA = Place.of("experiment");

    private final Map<Key<?>, Object> values;

    Definition(Map<Key<?>, Object> values) {
        this.values = Collections.unmodifiableMap(inWords(values));
    }

    /** A network that begins with an embedding asks the data for indices of words. */
    private static Map<Key<?>, Object> inWords(Map<Key<?>, Object> values) {
        Dataset given = Keys.DATA.in(values);
        Dataset asked = Keys.NETWORK.in(values).words().isPresent() ? given.inWords() : given;
        if (asked == given) {
            return values;
        }
        Map<Key<?>, Object> changed = new LinkedHashMap<>(values);
        changed.put(Keys.DATA, asked);
        return changed;
    }

    /** One point of the sweep: its definition without a sweep, and the swept values as text, seed apart. */
    public record Point(Definition definition, Map<String, String> swept) {

        /** {@code network.mlp.width=64, seed=0}. */
        public String key() {
            StringBuilder text = new StringBuilder();
            swept.forEach((path, value) -> text.append(path).append('=').append(value).append(", "));
            return text.append("seed=").append(definition.seed()).toString();
        }
    }

    /** The definition of a network on {@code mnist-sample}, everything else by default. */
    public static Definition of(Network network) {
        return new Definition(Map.of(Keys.NETWORK, network));
    }

    /**
     * Reads an experiment from a YAML file and applies changes.
     *
     * @param changes {@code KEY=VALUE}, the value in YAML
     * @throws Failure with one line for each mistake
     */
    public static Definition read(Path file, List<String> changes) {
        return DefinitionReader.read(file, changes);
    }

    /**
     * The name of a study whose file does not say it: the file's, with a hyphen for what cannot stand in the name of a folder everywhere.
     */
    public static String nameOf(Path file) {
        String name = file.getFileName().toString().replaceFirst("(?i)\\.(ya?ml|json)$", "").replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("^[-.]+|-+$", "");
        return name.isEmpty() ? Keys.DEFAULT_NAME : name.substring(0, Math.min(name.length(), Keys.LONGEST_NAME));
    }

    /** The value of a key. */
    <T> T get(Key<T> key) {
        return key.in(values);
    }

    /** With another value of a key. */
    Definition with(Key<?> key, Object value) {
        Map<Key<?>, Object> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new Definition(changed);
    }

    /**
     * With another value at a dotted path of the grammar. Only the key at its head is read again.
     *
     * @throws Failure if there is no such key, or not such a value
     */
    public Definition with(String path, Object value) {
        Map<String, Object> given = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> key.given(values).ifPresent(v -> given.put(key.name(), v)));
        Mistakes mistakes = new Mistakes();
        Options o = Options.of(Entry.of(given, IN_JAVA), "", mistakes).with(path, Entry.of(value, IN_JAVA));
        Optional<Object> read = DefinitionReader.value(o, path);
        mistakes.check();
        return with(Keys.at(path).orElseThrow(), read.orElseThrow());
    }

    /** On other data. */
    public Definition withData(Dataset other) {
        return with(Keys.DATA, other);
    }

    /** With another network. */
    public Definition withNetwork(Network other) {
        return with(Keys.NETWORK, other);
    }

    /** Trained otherwise. */
    public Definition withTraining(Optional<Training> other) {
        return with(Keys.TRAIN, other);
    }

    /** With these kernels; empty: all that there are. */
    public Definition withKernels(Optional<List<Subject>> other) {
        return with(Keys.KERNELS, other);
    }

    /** With other regressions. */
    public Definition withRegression(RegressionOptions other) {
        return with(Keys.REGRESSION, other);
    }

    /** The points of the sweep, the last path running fastest; one point without a sweep. */
    public List<Point> points() {
        return SweepPoints.of(this);
    }

    /**
     * Does nothing if the parts go together; withers come in any order, so that only a finished definition can tell.
     *
     * @throws Failure with one line for each contradiction
     */
    void check() {
        List<String> lines = Contradictions.of(this).entrySet().stream().map(e -> name() + ": " + e.getKey() + ": " + e.getValue())
                .toList();
        if (!lines.isEmpty()) {
            throw Failure.input(lines);
        }
    }

    /** The folder of its results. */
    public String name() {
        return get(Keys.NAME);
    }

    /** Free text. */
    public Optional<String> description() {
        return get(Keys.DESCRIPTION);
    }

    /** What is learnt. */
    public Dataset data() {
        return get(Keys.DATA);
    }

    /** What learns. */
    public Network network() {
        return get(Keys.NETWORK);
    }

    /** How it is trained; empty: not at all. */
    public Optional<Training> train() {
        return get(Keys.TRAIN);
    }

    /** The kernels to compute: without training there is no {@code ntk.trained}. */
    public List<Subject> kernels() {
        return get(Keys.KERNELS).orElse(Subject.KERNELS).stream()
                .filter(k -> train().isPresent() || k != Subject.NTK_TRAINED).toList();
    }

    /** How kernels predict. */
    public RegressionOptions regression() {
        return get(Keys.REGRESSION);
    }

    /** Whether the network linearised at initialisation stands beside the others. */
    public boolean linearized() {
        return get(Keys.LINEARIZED);
    }

    /** Whether the network expanded to second order in its weights is taken beside the others. */
    public boolean quadratic() {
        return get(Keys.QUADRATIC);
    }

    /** How many eigendirections of the kernels are followed through training, see {@link Modes}. */
    public int modes() {
        return get(Keys.MODES);
    }

    /** Whether what the layers' weights have learnt is measured, see {@link FeatureMeasures}. */
    public boolean features() {
        return get(Keys.FEATURES);
    }

    /** Whether the tangent kernels are also taken apart by layer, see {@link LayerChanges}. */
    public boolean layers() {
        return get(Keys.LAYERS);
    }

    /** Whether {@code report.html} is written beside the tables. */
    public boolean report() {
        return get(Keys.REPORT);
    }

    /** How many eigenvalues of the kernels are wanted. */
    public SpectrumOption spectrum() {
        return get(Keys.SPECTRUM);
    }

    /** The kernels that regressions are made with: those of finite networks are not where they are only estimated. */
    List<Subject> stored() {
        return kernels().stream().filter(k -> statistics().isEmpty() || !k.isEmpirical()).toList();
    }

    /** How tangent kernels of finite networks are estimated; empty: they are stored. */
    public Optional<StatisticsOption> statistics() {
        return get(Keys.STATISTICS);
    }

    /** Pairs of subject and reference; empty: all. */
    public Set<Pair> compare() {
        return get(Keys.COMPARE);
    }

    /** The steps at which the tangent kernel is recorded. */
    public List<Integer> record() {
        return get(Keys.RECORD);
    }

    /** Of initial weights and batches. */
    public long seed() {
        return get(Keys.SEED);
    }

    /** What is swept. */
    public Sweep sweep() {
        return get(Keys.SWEEP);
    }

    /** Of kernels and regression. */
    public Precision precision() {
        return get(Keys.PRECISION);
    }

    /** Which of {@code kernels}, {@code weights}, {@code predictions} are saved. */
    public List<String> save() {
        return get(Keys.SAVE);
    }

    /** Which layers are trained: all, unless the training says otherwise. */
    public TrainedPart trainedPart() {
        return train().map(Training::part).orElse(TrainedPart.ALL);
    }

    /** How many outputs the network has: those of the targets, unless it says otherwise. */
    public int outputs() {
        return network().outputs().orElse(data().classCount());
    }

    /** Its layers for its data, marked where they are not trained. */
    public Serial layersOnData() {
        Shape in = data().shape();
        return trainedPart().of(network().layers(in, outputs()), in);
    }

    /** Whether f − f_0 is trained. */
    public boolean centred() {
        return train().map(Training::centred).orElse(true);
    }

    /** Settings with the device, engine, memory and threads that are asked for here, where the command line does not say otherwise. */
    Settings applyTo(Settings settings) {
        Settings result = settings;
        if (get(Keys.DEVICE).isPresent() && System.getProperty("ntk.device") == null) {
            result = result.withDevice(get(Keys.DEVICE).get());
        }
        if (get(Keys.ENGINE).isPresent() && System.getProperty("ntk.engine") == null) {
            result = result.withEngine(get(Keys.ENGINE).get());
        }
        if (get(Keys.MEMORY).isPresent() && System.getProperty("ntk.memory") == null) {
            result = result.withMemory(Settings.bytes(get(Keys.MEMORY).get()));
        }
        if (get(Keys.THREADS).isPresent() && System.getProperty("ntk.threads") == null) {
            result = result.withThreads(get(Keys.THREADS).get());
        }
        return result;
    }

    /** Every key with every default, as it goes into {@code resolved.yaml}. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> key.resolved(this).ifPresent(value -> map.put(key.name(), value)));
        return map;
    }

    /** Whether all keys have the same values, every default included. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Definition definition && toMap().equals(definition.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }
}
