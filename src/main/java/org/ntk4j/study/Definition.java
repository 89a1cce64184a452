package org.ntk4j.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Dataset;
import org.ntk4j.finite.Training;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.TrainedPart;
import org.ntk4j.network.Network;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.shape.Shape;

/**
 * What an experiment consists of, as the grammar has it. Immutable. It can be read from YAML and written back with every
 * default ({@link #toMap}); a swept value, an option {@code --set} and a wither all are a new value at a dotted path.
 *
 * @param modes   how many eigendirections of the kernels are followed through training, see {@link Modes}
 * @param features whether what the layers' weights have learnt is measured, see {@link FeatureMeasures}
 * @param report  whether {@code report.html} is written beside the tables
 * @param spectrum how many eigenvalues of the kernels are wanted
 * @param layers  whether the tangent kernels are also taken apart by layer, see {@link LayerChanges}
 * @param kernels empty: all that there are
 * @param compare pairs of subject and reference; empty: all
 * @param sweep   values by path; {@code seed} like any other
 */
public record Definition(String name, Optional<String> description, Dataset data, Network network, Optional<Training> train,
        Optional<List<String>> kernels, RegressionOptions regression, boolean linearized, int modes, boolean features,
            boolean layers, boolean report,
                SpectrumOption spectrum, Set<List<String>> compare, List<Integer> record,
        long seed, Map<String, List<Object>> sweep, Precision precision, Machine machine, List<String> save) {

    /** A network that begins with an embedding asks the data for indices of words. */
    public Definition {
        data = network.words().isPresent() ? data.inWords() : data;
    }

    /** The keys of an experiment, in the order in which they are written. */
    public static final List<String> KEYS = List.of("name", "description", "data", "network", "train", "kernels", "regression",
            "linearized", "modes", "features", "layers", "spectrum", "report", "compare",
            "record", "seed", "sweep", "precision", "device", "memory", "threads", "save");

    private static final Place IN_JAVA = Place.of("experiment");
    private static final int MOST_CELLS = 100_000;
    private static final int LONGEST_NAME = 100;

    /** Device, memory and threads as the file asks for them; the command line wins. */
    public record Machine(Optional<String> device, Optional<String> memory, Optional<Integer> threads) {

        /** The settings with these, where the command line does not say otherwise. */
        Settings apply(Settings settings) {
            Settings result = settings;
            if (device.isPresent() && System.getProperty("ntk.device") == null) {
                result = result.withDevice(device.get());
            }
            if (memory.isPresent() && System.getProperty("ntk.memory") == null) {
                result = result.withMemory(Settings.bytes(memory.get()));
            }
            if (threads.isPresent() && System.getProperty("ntk.threads") == null) {
                result = result.withThreads(threads.get());
            }
            return result;
        }
    }

    /** One point of the sweep: its definition without a sweep, and the swept values as text, seed apart. */
    public record Point(Definition definition, Map<String, String> swept) {

        /** {@code network.mlp.width=64, seed=0}. */
        public String key() {
            StringBuilder text = new StringBuilder();
            swept.forEach((path, value) -> text.append(path).append('=').append(value).append(", "));
            return text.append("seed=").append(definition.seed).toString();
        }
    }

    /** The definition of a network on {@code mnist-sample}, everything else by default. */
    public static Definition of(Network network) {
        return new Definition("experiment", Optional.empty(), Dataset.mnistSample(), network, Optional.empty(), Optional.empty(),
                RegressionOptions.defaults(), false, 0, false, false, true, SpectrumOption.byDefault(), Set.of(), List.of(), 0, Map.of(),
                        Precision.FLOAT64,
                new Machine(Optional.empty(), Optional.empty(), Optional.empty()), List.of("predictions"));
    }

    /**
     * Reads an experiment from a YAML file and applies changes.
     *
     * @param changes {@code KEY=VALUE}, the value in YAML
     * @throws Failure with one line for each mistake
     */
    public static Definition read(Path file, List<String> changes) {
        Entry root = Document.read(file);
        Mistakes mistakes = new Mistakes();
        if (!(root instanceof Entry.Mapping map)) {
            throw Failure.input(root.place() + ": an experiment is a map with keys such as name, data, network, train; not "
                    + root.describe());
        }
        Entry changed = dataAsMap(map);
        for (String change : changes) {
            int equals = change.indexOf('=');
            String source = "--set " + change;
            Entry value = relocate(Document.parse(change.substring(equals + 1), source), Place.of(source));
            changed = set((Entry.Mapping) changed, change.substring(0, equals), value);
        }
        Definition definition = read((Entry.Mapping) changed, nameOf(file), mistakes, true);
        mistakes.check();
        return definition;
    }

    /**
     * The name of a study whose file does not say it: the file's, with a hyphen for what cannot stand in the name of a folder everywhere.
     */
    public static String nameOf(Path file) {
        String name = file.getFileName().toString().replaceFirst("(?i)\\.(ya?ml|json)$", "").replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("^[-.]+|-+$", "");
        return name.isEmpty() ? "experiment" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /** With a value of the command line: it also wins over a sweep of that key, and a path within the sweep is one key. */
    private static Entry set(Entry.Mapping root, String path, Entry value) {
        Entry sweep = root.fields().containsKey("sweep") ? root.fields().get("sweep").value() : new Entry.Mapping(Map.of(), value.place());
        if (!(sweep instanceof Entry.Mapping axes)) {
            return Entry.with(root, path, value);
        }
        if (path.startsWith("sweep.")) {
            return root.with("sweep", axes.with(path.substring("sweep.".length()), value));
        }
        Entry.Mapping rest = axes.fields().containsKey(path) ? root.with("sweep", axes.without(path)) : root;
        return Entry.with(rest, path, value);
    }

    private static Entry.Mapping dataAsMap(Entry.Mapping root) {
        Entry.Field data = root.fields().get("data");
        return data == null ? root : root.with("data", Dataset.asMap(data.value()));
    }

    /** A value of the command line has no lines to point at. */
    private static Entry relocate(Entry value, Place place) {
        if (value instanceof Entry.Scalar s) {
            return new Entry.Scalar(s.text(), place);
        }
        if (value instanceof Entry.Absent) {
            return new Entry.Absent(place);
        }
        if (value instanceof Entry.Listing l) {
            return new Entry.Listing(l.items().stream().map(e -> relocate(e, place)).toList(), place);
        }
        if (value instanceof Entry.Mapping m) {
            Map<String, Entry.Field> fields = new LinkedHashMap<>();
            m.fields().forEach((key, field) -> fields.put(key, new Entry.Field(place, relocate(field.value(), place))));
            return new Entry.Mapping(fields, place);
        }
        return value;
    }

    /**
     * @param whole whether the definition is complete, so that its parts must go together
     */
    private static Definition read(Entry.Mapping root, String fallbackName, Mistakes mistakes, boolean whole) {
        Options o = Options.of(root, "", mistakes);
        String name = o.text("name").orElse(fallbackName);
        if (!name.matches("[A-Za-z0-9._-]{1,100}") || name.matches("\\.+")) {
            o.mistake("name", "'" + Mistakes.shortened(name) + "' cannot be a name; allowed: letters, digits, '-', '_', '.', at most "
                    + LONGEST_NAME + " of them");
            name = "experiment";
        }
        Optional<String> description = o.text("description");
        Dataset given = o.entry("data").map(e -> Dataset.read(e, "data", mistakes)).orElse(Dataset.mnistSample());
        Optional<Entry> networkEntry = o.entry("network");
        if (networkEntry.isEmpty()) {
            mistakes.add(root.place(), "'network' is missing: a list of layers, or a shortcut such as {mlp: {width: 512}}");
        }
        Network network = networkEntry.map(e -> Network.read(e, "network", mistakes)).orElse(Network.mlp());
        Dataset data = network.words().isPresent() ? given.inWords() : given;
        Optional<Training> train = o.entry("train").filter(e -> !(e instanceof Entry.Scalar s && s.text().equals("none")))
                .map(e -> Training.read(Options.of(e, "train", mistakes)));
        Optional<List<String>> kernels = o.entry("kernels")
                .map(e -> o.choices("kernels", Subjects.KERNELS, Subjects.KERNELS.toArray(String[]::new)));
        RegressionOptions regression = RegressionOptions.read(o.nested("regression"));
        boolean linearized = o.flag("linearized", false);
        boolean features = o.flag("features", false);
        boolean layers = o.flag("layers", false);
        boolean report = o.flag("report", true);
        int modes = o.integer("modes", 0, 0, Integer.MAX_VALUE);
        SpectrumOption spectrum = SpectrumOption.read(o);
        Set<List<String>> compare = compare(o);
        List<Integer> record = recorded(o);
        long seed = o.integer("seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        Precision precision = Precision.of(o.choice("precision", "float64", "float64", "float32"));
        Machine machine = machine(o);
        List<String> save = o.choices("save", List.of("predictions"), "kernels", "weights", "predictions");
        Map<String, List<Object>> sweep = sweep(o, root, data, fallbackName, mistakes);
        o.finish();
        Definition definition = new Definition(name, description, data, network, train, kernels, regression, linearized, modes, features,
                layers, report, spectrum, compare, record, seed, sweep, precision,
                machine, save);
        if (whole) {
            definition.contradictions().forEach(o::mistake);
            if (mistakes.isEmpty() && networkEntry.isPresent()) {
                network.checkFit(networkEntry.get(), data.shape(), network.outputs().orElse(data.classCount()), mistakes);
            }
        }
        return definition;
    }

    /** What does not go together, by key. */
    private Map<String, String> contradictions() {
        Map<String, String> found = new LinkedHashMap<>();
        if (train.isEmpty() && kernels.isPresent() && kernels.get().contains(Subjects.NTK_TRAINED)) {
            found.put("kernels", "ntk.trained needs training; add 'train', or leave it out");
        }
        if (train.isEmpty() && !record.isEmpty()) {
            found.put("record", "kernels along training need training; add 'train'");
        }
        if (regression.path() && (train.isEmpty() || !train.get().hasClosedForm()
                || !train.get().optimizer().name().equals("gradientDescent"))) {
            found.put("regression", "path, the sum along the network's path, is for gradientDescent on mse with the full batch; leave path "
                    + "out, or train so");
        } else if (regression.path() && record.isEmpty()) {
            found.put("regression", "path is a sum over recorded kernels; add record: {kernel: [0, 1, 2, …]}, steps of the training");
        }
        fitting().flatMap(this::untrainable).ifPresent(text -> found.put("train", text));
        if (!data.hasClasses() && train.isPresent() && train.get().loss().equals(Training.CROSS_ENTROPY)) {
            found.put("train", "cross-entropy is learnt from classes, and the targets are real values; loss: mse");
        }
        if (!data.hasClasses() && train.isPresent() && train.get().until().trainAccuracy().isPresent()) {
            found.put("train", "real-valued targets have no accuracy; until: {trainLoss: …} ends the training");
        }
        fitting().flatMap(this::unsuitable).ifPresent(text -> found.put("network", text));
        if (modes > data.trainCount()) {
            found.put("modes", modes + " eigendirections cannot be followed: the kernel of " + data.trainCount()
                    + " training inputs has as many");
        }
        return found;
    }

    /** The layers for these data, if they fit; if not, the plan says why. */
    private Optional<Serial> fitting() {
        try {
            Serial list = network.layers(data.shape(), network.outputs().orElse(data.classCount()));
            list.checked(data.shape());
            return Optional.of(list);
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    /** What is wrong with the names of the layers that are trained or not. */
    private Optional<String> untrainable(Serial list) {
        try {
            trainedPart().of(list, data.shape());
            return Optional.empty();
        } catch (Failure e) {
            return Optional.of(e.getMessage().replaceFirst("^train[.:] ?", ""));
        }
    }

    /** What of the network does not go with the data or with what is asked for. */
    private Optional<String> unsuitable(Serial list) {
        if (list.readsGraphs() && !data.hasGraphs()) {
            return Optional.of("aggregate: " + Aggregation.NO_GRAPH);
        }
        if (data.vocabulary().orElse(0) > list.words().orElse(Integer.MAX_VALUE)) {
            return Optional.of("embedding: vocabulary " + list.words().getAsInt() + " is too small, the data have "
                    + data.vocabulary().getAsInt() + " different words");
        }
        boolean finite = train.isPresent() || layers() || kernelNames().contains(Subjects.NTK_INIT)
                || regression.offsetFor(centred()).equals("initial");
        boolean infinite = kernelNames().contains(Subjects.NTK_INFINITE) || kernelNames().contains(Subjects.NNGP_INFINITE);
        return finite && list.infiniteOnly().isPresent() ? list.infiniteOnly() : infinite ? list.finiteOnly() : Optional.empty();
    }

    /**
     * Does nothing if the parts go together; withers come in any order, so that only a finished definition can tell.
     *
     * @throws Failure with one line for each contradiction
     */
    void check() {
        List<String> lines = contradictions().entrySet().stream().map(e -> name + ": " + e.getKey() + ": " + e.getValue()).toList();
        if (!lines.isEmpty()) {
            throw Failure.input(lines);
        }
    }

    private static Set<List<String>> compare(Options o) {
        Optional<Entry> entry = o.entry("compare");
        if (entry.isEmpty() || entry.get() instanceof Entry.Scalar s && s.text().equals("all")) {
            return Set.of();
        }
        Set<List<String>> pairs = new LinkedHashSet<>();
        for (Entry item : entry.get() instanceof Entry.Listing l ? l.items() : List.<Entry>of()) {
            if (item instanceof Entry.Listing pair && pair.items().size() == 2) {
                List<String> names = pair.items().stream().map(e -> e instanceof Entry.Scalar s ? s.text() : "").toList();
                for (int i = 0; i < 2; i++) {
                    if (!Subjects.ALL.contains(names.get(i))) {
                        o.mistakes().add(pair.items().get(i).place(), "compare: " + pair.items().get(i).describe() + " is not known"
                                + Mistakes.suggestion(names.get(i), Subjects.ALL));
                    }
                }
                pairs.add(names);
            } else {
                o.mistakes().add(item.place(), "compare: a pair [subject, reference] is needed, not " + item.describe());
            }
        }
        if (pairs.isEmpty()) {
            o.mistake("compare", entry.get().describe() + " is not known; allowed: all, or a list of pairs [subject, reference]");
        }
        return pairs;
    }

    private static List<Integer> recorded(Options o) {
        if (o.entry("record").isEmpty()) {
            return List.of();
        }
        Options inside = o.nested("record");
        List<Integer> steps = inside.integers("kernel", List.of(), 0, Integer.MAX_VALUE);
        inside.finish();
        return steps.stream().distinct().sorted().toList();
    }

    private static Machine machine(Options o) {
        Optional<String> device = o.text("device");
        Optional<String> memory = o.text("memory");
        Optional<Integer> threads = o.entry("threads").map(e -> o.integer("threads", 1, 1, 9999));
        Settings plain = new Settings(Path.of("."), Path.of("."), Optional.empty(), Long.MAX_VALUE, 1);
        try {
            device.ifPresent(plain::withDevice);
        } catch (Failure e) {
            o.mistake("device", e.getMessage());
        }
        try {
            memory.ifPresent(text -> plain.withMemory(Settings.bytes(text)));
        } catch (Failure e) {
            o.mistake("memory", e.getMessage());
        }
        return new Machine(device, memory, threads);
    }

    /** Reads the sweep and tries each of its values on its own, so that mistakes in them are found now. */
    private static Map<String, List<Object>> sweep(Options o, Entry.Mapping root, Dataset data, String fallbackName, Mistakes mistakes) {
        Optional<Entry> entry = o.entry("sweep");
        if (entry.isEmpty()) {
            return Map.of();
        }
        if (!(entry.get() instanceof Entry.Mapping map)) {
            o.mistake("sweep", "a map of path.to.key: [values] is needed, not " + entry.get().describe());
            return Map.of();
        }
        Map<String, List<Object>> sweep = new LinkedHashMap<>();
        Entry.Mapping asWritten = root.without("sweep");
        // What was read of the data's files serves for every value of other keys.
        Entry.Mapping sameData = asWritten.with("data", new Entry.Given(data, root.place()));
        Mistakes without = new Mistakes();
        read(asWritten, fallbackName, without, false);
        map.fields().forEach((path, field) -> {
            List<Object> values = new ArrayList<>();
            if (field.value() instanceof Entry.Listing list && !list.items().isEmpty()) {
                values.addAll(different(path, list, mistakes));
            } else if (path.equals("seed") && Options.isNumber(field.value())) {
                int count = o.integer(field.value(), "sweep.seed", 1, 1, MOST_CELLS);
                for (int i = 0; i < count; i++) {
                    values.add(new Entry.Scalar(String.valueOf(i), field.value().place()));
                }
            } else {
                mistakes.add(field.value().place(), "sweep." + path + ": a list of values is needed, not "
                        + (field.value() instanceof Entry.Listing ? "an empty one" : field.value().describe()));
                return;
            }
            if (path.equals("sweep") || path.startsWith("sweep.") || path.equals("name")) {
                mistakes.add(field.place(), "sweep: '" + path + "' cannot be swept");
                return;
            }
            for (Object value : path.equals("seed") && values.size() > 100 ? values.subList(0, 1) : values) {
                Mistakes own = new Mistakes();
                read((Entry.Mapping) Entry.with(path.startsWith("data") ? asWritten : sameData, path, (Entry) value), fallbackName, own,
                        false);
                own.lines().stream().filter(line -> !without.lines().contains(line))
                        .forEach(line -> mistakes.add(((Entry) value).place(), "sweep: " + line.replaceFirst("^.*?: (?=\\S)", "")));
            }
            sweep.put(path, values);
        });
        long cells = sweep.values().stream().mapToLong(List::size).reduce(1, (a, b) -> Math.min(Long.MAX_VALUE / MOST_CELLS, a) * b);
        if (cells > MOST_CELLS) {
            o.mistake("sweep", cells + " cells are too many; at most " + MOST_CELLS);
        }
        return sweep;
    }

    /** The values of an axis: of numbers that are written in different ways the first. The same twice is a slip. */
    private static List<Entry> different(String path, Entry.Listing list, Mistakes mistakes) {
        Map<String, String> seen = new LinkedHashMap<>();
        List<Entry> values = new ArrayList<>();
        for (Entry item : list.items()) {
            String before = seen.putIfAbsent(text(exact(plain(item))), text(item));
            if (before == null) {
                values.add(item);
            } else if (before.equals(text(item))) {
                mistakes.add(item.place(), "sweep." + path + ": " + item.describe() + " stands here twice");
            }
        }
        return values;
    }

    /** Equal numbers as the same number. */
    private static Object exact(Object plain) {
        if (plain instanceof List<?> list) {
            return list.stream().map(Definition::exact).toList();
        }
        if (plain instanceof Map<?, ?> map) {
            Map<Object, Object> same = new LinkedHashMap<>();
            map.forEach((key, value) -> same.put(key, exact(value)));
            return same;
        }
        return typed(plain) instanceof Number number ? (Object) number.doubleValue() : plain;
    }

    /**
     * With another value at a dotted path of the grammar.
     *
     * @throws Failure if there is no such key, or not such a value
     */
    public Definition with(String path, Object value) {
        Mistakes mistakes = new Mistakes();
        Map<String, Object> given = asGiven();
        if (!path.startsWith("data")) {
            // As it is, so that its files are not read again.
            given.put("data", data);
        }
        Entry changed = Entry.with(Entry.of(given, IN_JAVA), path, Entry.of(value, IN_JAVA));
        Definition definition = read((Entry.Mapping) changed, name, mistakes, false);
        mistakes.check();
        return definition;
    }

    /** On other data. */
    public Definition withData(Dataset other) {
        return new Definition(name, description, other, network, train, kernels, regression, linearized, modes, features, layers, report,
                spectrum,
                compare, record, seed, sweep, precision, machine, save);
    }

    /** With another network. */
    public Definition withNetwork(Network other) {
        return new Definition(name, description, data, other, train, kernels, regression, linearized, modes, features, layers, report,
                spectrum,
                compare, record, seed, sweep, precision, machine, save);
    }

    /** Trained otherwise. */
    public Definition withTraining(Optional<Training> other) {
        return new Definition(name, description, data, network, other, kernels, regression, linearized, modes, features, layers, report,
                spectrum,
                compare, record, seed, sweep, precision, machine, save);
    }

    /** With these kernels; empty: all that there are. */
    public Definition withKernels(Optional<List<String>> other) {
        return new Definition(name, description, data, network, train, other, regression, linearized, modes, features, layers, report,
                spectrum,
                compare, record, seed, sweep, precision, machine, save);
    }

    /** With other regressions. */
    public Definition withRegression(RegressionOptions other) {
        return new Definition(name, description, data, network, train, kernels, other, linearized, modes, features, layers, report,
                spectrum, compare,
                record, seed, sweep, precision, machine, save);
    }

    /** The kernels to compute: without training there is no {@code ntk.trained}. */
    public List<String> kernelNames() {
        return kernels.orElse(Subjects.KERNELS).stream().filter(k -> train.isPresent() || !k.equals(Subjects.NTK_TRAINED)).toList();
    }

    /** Which layers are trained: all, unless the training says otherwise. */
    public TrainedPart trainedPart() {
        return train.map(Training::part).orElse(TrainedPart.ALL);
    }

    /** Its layers for its data, marked where they are not trained. */
    public Serial layersOnData() {
        Shape in = data.shape();
        return trainedPart().of(network.layers(in, network.outputs().orElse(data.classCount())), in);
    }

    /** Whether f − f_0 is trained. */
    public boolean centred() {
        return train.map(Training::centred).orElse(true);
    }

    /** The points of the sweep, the last path running fastest; one point without a sweep. */
    public List<Point> points() {
        List<Point> points = List.of(new Point(withoutSweep(), Map.of()));
        for (Map.Entry<String, List<Object>> axis : sweep.entrySet()) {
            List<Point> more = new ArrayList<>();
            for (Point point : points) {
                for (Object value : axis.getValue()) {
                    Map<String, String> swept = new LinkedHashMap<>(point.swept);
                    if (!axis.getKey().equals("seed")) {
                        swept.put(axis.getKey(), text(value));
                    }
                    more.add(new Point(point.definition.with(axis.getKey(), value), swept));
                }
            }
            points = more;
        }
        return points;
    }

    private Definition withoutSweep() {
        return new Definition(name, description, data, network, train, kernels, regression, linearized, modes, features, layers, report,
                spectrum,
                compare, record, seed, Map.of(), precision, machine, save);
    }

    /** A swept value as it stands in the tables: a word or number as it was written, {@code [3, 3]}, {@code momentum {decay 0.7}}. */
    private static String text(Object value) {
        Object plain = value instanceof Entry e ? plain(e) : value;
        if (plain instanceof Map<?, ?> map && map.size() == 1) {
            return pair(map.entrySet().iterator().next());
        }
        return inside(plain);
    }

    private static String inside(Object plain) {
        if (plain instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(Definition::pair).collect(Collectors.joining(", ", "{", "}"));
        }
        return plain instanceof List<?> list ? list.stream().map(Definition::inside).collect(Collectors.joining(", ", "[", "]"))
                : String.valueOf(plain);
    }

    private static String pair(Map.Entry<?, ?> field) {
        String value = inside(field.getValue());
        return value.equals("{}") ? String.valueOf(field.getKey()) : field.getKey() + " " + value;
    }

    private static Object plain(Entry e) {
        if (e instanceof Entry.Scalar s) {
            return s.text();
        }
        if (e instanceof Entry.Listing l) {
            return l.items().stream().map(Definition::plain).toList();
        }
        if (e instanceof Entry.Mapping m) {
            Map<String, Object> map = new LinkedHashMap<>();
            m.fields().forEach((key, field) -> map.put(key, plain(field.value())));
            return map;
        }
        return e instanceof Entry.Given given ? String.valueOf(given.value()) : "none";
    }

    /** The paths that are swept, seed apart, in order. */
    public List<String> sweptPaths() {
        return sweep.keySet().stream().filter(path -> !path.equals("seed")).toList();
    }

    /** Every key with every default, as it goes into {@code resolved.yaml}. */
    public Map<String, Object> toMap() {
        Map<String, Object> given = asGiven();
        given.putIfAbsent("train", "none");
        given.put("kernels", kernelNames());
        given.put("spectrum", spectrum.toYaml(data.trainCount()));
        given.put("regression", regression.toMap(regression.offsetFor(centred())));
        Map<String, Object> axes = new LinkedHashMap<>();
        sweep.forEach((path, values) -> axes.put(path, values.stream().map(v -> typed(v instanceof Entry e ? plain(e) : v)).toList()));
        given.put("sweep", axes);
        Map<String, Object> map = new LinkedHashMap<>();
        KEYS.stream().filter(given::containsKey).forEach(key -> map.put(key, given.get(key)));
        return map;
    }

    /** A number in a sweep is written as one. */
    private static Object typed(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Definition::typed).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> typed = new LinkedHashMap<>();
            map.forEach((key, inside) -> typed.put(String.valueOf(key), typed(inside)));
            return typed;
        }
        if (value instanceof String s && s.matches("[+-]?\\d{1,9}")) {
            return Integer.valueOf(s);
        }
        return value instanceof String s && s.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?") ? (Object) Double.valueOf(s) : value;
    }

    private Map<String, Object> asGiven() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        description.ifPresent(text -> map.put("description", text));
        map.put("data", data.toMap());
        map.put("network", network.toYaml());
        train.ifPresent(t -> map.put("train", t.toMap()));
        kernels.ifPresent(k -> map.put("kernels", k));
        map.put("regression", regression.toMap(regression.offset().orElse("auto")));
        map.put("linearized", linearized);
        map.put("modes", modes);
        map.put("features", features);
        map.put("layers", layers);
        map.put("report", report);
        if (spectrum.count().isPresent()) {
            map.put("spectrum", spectrum.toYaml(0));
        }
        map.put("compare", compare.isEmpty() ? "all" : List.copyOf(compare));
        if (!record.isEmpty()) {
            map.put("record", Map.of("kernel", record));
        }
        map.put("seed", seed);
        if (!sweep.isEmpty()) {
            map.put("sweep", sweep);
        }
        map.put("precision", precision.toString());
        machine.device.ifPresent(d -> map.put("device", d));
        machine.memory.ifPresent(m -> map.put("memory", m));
        machine.threads.ifPresent(t -> map.put("threads", t));
        map.put("save", save);
        return map;
    }
}
