package org.ntk4j.study;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Dataset;
import org.ntk4j.finite.Training;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.network.Network;
import org.ntk4j.result.Pair;
import org.ntk4j.result.Subject;
import org.ntk4j.study.option.RegressionOptions;
import org.ntk4j.study.option.SpectrumOption;
import org.ntk4j.study.option.StatisticsOption;
import org.ntk4j.study.option.Sweep;

/** The keys of an experiment. What they mean to a user stands in the reference. */
final class Keys {

    static final String DEFAULT_NAME = "experiment";
    static final int LONGEST_NAME = 100;

    static final Key<String> NAME = Key.of("name", DEFAULT_NAME, Keys::name, name -> name);
    static final Key<Optional<String>> DESCRIPTION = text("description", text -> { });
    static final Key<Dataset> DATA = Key.of("data", Dataset.mnistSample(),
            o -> o.entry("data").map(e -> Dataset.read(e, "data", o.mistakes())).orElse(Dataset.mnistSample()),
            Dataset::toMap);
    static final Key<Network> NETWORK = Key.of("network", Network.mlp(), Keys::network, Network::toYaml);
    /** Empty: no training. */
    static final Key<Optional<Training>> TRAIN = Key.of("train", Optional.empty(),
            o -> o.entry("train").filter(e -> !(e instanceof Entry.Scalar s && s.text().equals("none")))
                    .map(e -> Training.read(Options.of(e, "train", o.mistakes()))),
            train -> train.<Object>map(Training::toMap).orElse("none"));
    /** Empty: all that there are. */
    static final Key<Optional<List<Subject>>> KERNELS = Key.<Optional<List<Subject>>>optional("kernels", Optional.empty(),
            o -> o.entry("kernels").map(e -> o.choices("kernels", words(Subject.KERNELS), words(Subject.KERNELS).toArray(String[]::new))
                    .stream().map(Subject::of).toList()),
            kernels -> kernels.map(Keys::words)).resolvedAs((definition, kernels) -> words(definition.kernels()));
    static final Key<RegressionOptions> REGRESSION = Key.of("regression", RegressionOptions.defaults(),
            o -> RegressionOptions.read(o.nested("regression")), r -> r.toMap(r.offset().orElse("auto")))
            .resolvedAs((definition, r) -> r.toMap(r.offsetFor(definition.centred())));
    static final Key<Boolean> LINEARIZED = Key.flag("linearized", false);
    static final Key<Boolean> QUADRATIC = Key.flag("quadratic", false);
    static final Key<Integer> MODES = Key.integer("modes", 0, 0, Integer.MAX_VALUE);
    static final Key<Boolean> FEATURES = Key.flag("features", false);
    static final Key<Boolean> LAYERS = Key.flag("layers", false);
    static final Key<SpectrumOption> SPECTRUM = Key.optional("spectrum", SpectrumOption.byDefault(), SpectrumOption::read,
            s -> s.count().isPresent() ? Optional.of(s.toYaml(0)) : Optional.empty())
            .resolvedAs((definition, s) -> s.toYaml(definition.data().trainCount()));
    /** Empty: tangent kernels of finite networks are stored. */
    static final Key<Optional<StatisticsOption>> STATISTICS = Key.optional("statistics", Optional.empty(), StatisticsOption::read,
            statistics -> statistics.map(StatisticsOption::toMap));
    static final Key<Boolean> REPORT = Key.flag("report", true);
    /** Pairs of subject and reference; empty: all. */
    static final Key<Set<Pair>> COMPARE = Key.of("compare", Set.of(), Keys::compare,
            pairs -> pairs.isEmpty() ? "all" : pairs.stream().map(pair -> words(List.of(pair.subject(), pair.reference()))).toList());
    static final Key<List<Integer>> RECORD = Key.optional("record", List.of(), Keys::recorded,
            steps -> steps.isEmpty() ? Optional.empty() : Optional.of(Map.of("kernel", steps)));
    static final Key<Long> SEED = Key.of(Sweep.SEED, 0L, o -> (long) o.integer(Sweep.SEED, 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
            seed -> seed);
    static final Key<Sweep> SWEEP = Key.optional("sweep", Sweep.NONE,
            o -> Sweep.read(o, (path, value) -> DefinitionReader.tried(o, path, value)),
            sweep -> sweep.isEmpty() ? Optional.<Object>empty() : Optional.of(sweep.axes()))
            .resolvedAs((definition, sweep) -> sweep.toYaml());
    static final Key<Precision> PRECISION = Key.of("precision", Precision.FLOAT64,
            o -> Precision.of(o.choice("precision", "float64", "float64", "float32")), Precision::toString);
    static final Key<Optional<String>> DEVICE = text("device", word -> anySettings().withDevice(word));
    static final Key<Optional<String>> ENGINE = text("engine", word -> anySettings().withEngine(word));
    static final Key<Optional<String>> MEMORY = text("memory", word -> anySettings().withMemory(Settings.bytes(word)));
    static final Key<Optional<Integer>> THREADS = Key.optional("threads", Optional.empty(),
            o -> o.entry("threads").map(e -> o.integer("threads", 1, 1, 9999)), threads -> threads.map(t -> t));
    static final Key<List<String>> SAVE = Key.of("save", List.of("predictions"),
            o -> o.choices("save", List.of("predictions"), "kernels", "weights", "predictions"), save -> save);

    /** All, in the order in which they are written. */
    static final List<Key<?>> ALL = List.of(NAME, DESCRIPTION, DATA, NETWORK, TRAIN, KERNELS, REGRESSION, LINEARIZED, QUADRATIC, MODES,
            FEATURES, LAYERS, SPECTRUM, STATISTICS, REPORT, COMPARE, RECORD, SEED, SWEEP, PRECISION, DEVICE, ENGINE, MEMORY, THREADS, SAVE);

    private Keys() {
    }

    /** The key at the head of a dotted path, if it is one. */
    static Optional<Key<?>> at(String path) {
        String head = path.replaceFirst("\\..*", "");
        return ALL.stream().filter(key -> key.name().equals(head)).findFirst();
    }

    private static String name(Options o) {
        String name = o.text("name").orElse(DEFAULT_NAME);
        if (!name.matches("[A-Za-z0-9._-]{1," + LONGEST_NAME + "}") || name.matches("\\.+")) {
            o.mistake("name", "'" + Mistakes.shortened(name) + "' cannot be a name; allowed: letters, digits, '-', '_', '.', at most "
                    + LONGEST_NAME + " of them");
            return DEFAULT_NAME;
        }
        return name;
    }

    private static Network network(Options o) {
        Optional<Entry> entry = o.entry("network");
        if (entry.isEmpty()) {
            o.mistakes().add(o.place(), "'network' is missing: a list of layers, or a shortcut such as {mlp: {width: 512}}");
        }
        return entry.map(e -> Network.read(e, "network", o.mistakes())).orElse(Network.mlp());
    }

    private static Set<Pair> compare(Options o) {
        Optional<Entry> entry = o.entry("compare");
        if (entry.isEmpty() || entry.get() instanceof Entry.Scalar s && s.text().equals("all")) {
            return Set.of();
        }
        Set<Pair> pairs = new LinkedHashSet<>();
        for (Entry item : entry.get() instanceof Entry.Listing l ? l.items() : List.<Entry>of()) {
            if (item instanceof Entry.Listing pair && pair.items().size() == 2) {
                pairs.add(new Pair(subject(o, pair.items().get(0)), subject(o, pair.items().get(1))));
            } else {
                o.mistakes().add(item.place(), "compare: a pair [subject, reference] is needed, not " + item.describe());
            }
        }
        if (pairs.isEmpty()) {
            o.mistake("compare", entry.get().describe() + " is not known; allowed: all, or a list of pairs [subject, reference]");
        }
        return pairs;
    }

    private static Subject subject(Options o, Entry e) {
        String word = e instanceof Entry.Scalar s ? s.text() : "";
        if (!Subject.words().contains(word)) {
            o.mistakes().add(e.place(), "compare: " + e.describe() + " is not known" + Mistakes.suggestion(word, Subject.words()));
            return Subject.NONE;
        }
        return Subject.of(word);
    }

    private static List<String> words(List<Subject> subjects) {
        return subjects.stream().map(Subject::toString).toList();
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

    /** A text that may be absent; the trial fails on one that is not allowed. */
    private static Key<Optional<String>> text(String name, Consumer<String> trial) {
        Function<Options, Optional<String>> reader = o -> {
            Optional<String> text = o.text(name);
            try {
                text.ifPresent(trial);
            } catch (Failure e) {
                o.mistake(name, e.getMessage());
            }
            return text;
        };
        return Key.optional(name, Optional.empty(), reader, text -> text.map(t -> t));
    }

    private static Settings anySettings() {
        return new Settings(Path.of("."), Path.of("."), Optional.empty(), Long.MAX_VALUE, 1);
    }
}
