package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.reference.Kind;
import org.ntk4j.reference.Reference;
import org.ntk4j.reference.Topic;
import org.ntk4j.reference.Type;
import org.ntk4j.study.Definition;

/** The reference says what the reader takes and what a study writes: no key, name, word, bound, default, metric or column more or less. */
class ReferenceTest {

    private static final String UNKNOWN = "zzz";
    private static final Pattern ALLOWED = Pattern.compile("allowed: (.*)$");

    private final Reference reference = Reference.read();

    @TempDir
    Path folder;

    @Test
    void should_have_the_keys_that_the_reader_takes() {
        assertThat(Definition.KEYS).as("keys of an experiment, in their order").isEqualTo(names(reference.of(Kind.KEY)));
        List<String> checked = new ArrayList<>();
        for (Topic topic : inExperiments()) {
            boolean map = topic.type().map(type -> type.toString().contains("map")).orElse(true);
            if (!map || topic.name().equals("sweep")) {
                continue;
            }
            Set<String> expected = new TreeSet<>(names(topic.keys()));
            if (topic.kind() == Kind.DATA && topic.path().size() == 2) {
                expected.addAll(names(reference.of(Kind.KEY, "data").orElseThrow().keys()));
            }
            if (topic.path().equals(List.of("data"))) {
                continue;
            }
            String line = mistakes(document(topic, Map.of(UNKNOWN, 1))).stream()
                    .filter(l -> l.contains("there is no option '" + UNKNOWN + "'")).findFirst()
                    .orElseGet(() -> fail(topic.dotted() + ": no word about an unknown option"));
            assertThat(allowed(line)).as(topic.dotted()).isEqualTo(expected);
            checked.add(topic.dotted());
        }
        assertThat(checked).contains("train.until", "network.dense", "network.mlp", "data.csv.columns", "network.relu",
                "train.optimizer.adam");
    }

    @Test
    void should_have_the_names_that_the_reader_knows() {
        Set<String> layers = new TreeSet<>(names(reference.of(Kind.LAYER)));
        layers.addAll(names(reference.of(Kind.ACTIVATION)));
        assertThat(allowed(mistakes(Map.of("network", List.of(UNKNOWN))).get(0))).isEqualTo(layers);
        assertThat(allowed(mistakes(Map.of("network", Map.of("mlp", Map.of("activation", UNKNOWN)))).get(0)))
                .isEqualTo(set(Kind.ACTIVATION));
        assertThat(allowed(mistakes(Map.of("network", "mlp", "data", UNKNOWN)).get(0))).isEqualTo(set(Kind.DATA));
        assertThat(allowed(mistakes(Map.of("network", "mlp", "train", Map.of("optimizer", UNKNOWN))).get(0)))
                .isEqualTo(set(Kind.OPTIMIZER));
        assertThat(allowed(mistakes(Map.of("network", "mlp", "compare", List.of(List.of(UNKNOWN, "labels")))).get(0)))
                .isEqualTo(set(Kind.SUBJECT));
        assertThat(allowed(mistakes(Map.of("network", "mlp", "kernels", List.of(UNKNOWN))).get(0)))
                .isEqualTo(new TreeSet<>(reference.choices().get("kernel")));
        assertThat(allowed(mistakes(Map.of("network", "mlp", "save", List.of(UNKNOWN))).get(0)))
                .isEqualTo(new TreeSet<>(reference.choices().get("saved")));
        Matcher shortcuts = Pattern.compile("one of (.*), not ").matcher(mistakes(Map.of("network", UNKNOWN)).get(0));
        assertThat(shortcuts.find()).isTrue();
        assertThat(words(shortcuts.group(1))).isEqualTo(set(Kind.SHORTCUT));
    }

    @Test
    void should_have_the_words_and_bounds_that_the_reader_has() {
        int probed = 0;
        for (Topic topic : inExperiments()) {
            if (topic.kind() != Kind.KEY && reference.of(topic.kind()).contains(topic)) {
                continue;
            }
            List<String> before = mistakes(document(topic, Optional.empty()));
            for (Type type : topic.type().map(ReferenceTest::alternatives).orElse(List.of())) {
                if (type instanceof Type.Word w) {
                    assertThat(mistakes(document(topic, w.word()))).as("%s: %s", topic.dotted(), w).isSubsetOf(before);
                    probed++;
                }
                if (type instanceof Type.Numeric n) {
                    for (String good : Stream.of(n.from(), n.to()).flatMap(Optional::stream).toList()) {
                        assertThat(mistakes(document(topic, number(good)))).as("%s: %s", topic.dotted(), good)
                                .allMatch(line -> before.contains(line) || line.contains("cannot be divided among"));
                    }
                    List<Double> bad = new ArrayList<>();
                    n.from().ifPresent(x -> bad.add(Double.parseDouble(x) - 1));
                    n.above().ifPresent(x -> bad.add(Double.parseDouble(x)));
                    n.to().ifPresent(x -> bad.add(Double.parseDouble(x) + 1));
                    n.below().ifPresent(x -> bad.add(Double.parseDouble(x)));
                    if (n.whole()) {
                        bad.add(1.5);
                    }
                    for (double value : bad) {
                        assertThat(mistakes(document(topic, value == Math.rint(value) ? (Object) (long) value : value)))
                                .as("%s: %s", topic.dotted(), value).isNotEqualTo(before);
                        probed++;
                    }
                }
            }
            if (topic.type().filter(t -> alternatives(t).stream().allMatch(Type.Word.class::isInstance)).isPresent()) {
                String line = mistakes(document(topic, UNKNOWN)).stream().filter(l -> l.contains("'" + UNKNOWN + "'")).findFirst()
                        .orElseThrow();
                assertThat(allowed(line)).as(topic.dotted()).isEqualTo(new TreeSet<>(topic.type().orElseThrow().words()));
            }
        }
        assertThat(probed).isGreaterThan(150);
    }

    @Test
    void should_have_the_defaults_that_the_reader_has() {
        int compared = 0;
        for (Topic topic : inExperiments()) {
            if (topic.fallback().isEmpty() || topic.type().isEmpty() || topic.kind() == Kind.DATA && needsFiles(topic)) {
                continue;
            }
            String text = topic.fallback().get();
            if (!isValue(text, topic.type().get())) {
                continue;
            }
            Topic outer = outer(topic);
            Object resolved = resolved(outer == null ? Map.of("network", "mlp") : document(outer, sample(outer)), topic);
            if (resolved == null) {
                assertThat(text).as("%s, which resolved.yaml does not have", topic.dotted()).isIn("none", "auto", "absent", "false");
            } else if (text.equals("auto") && topic.type().get().words().contains(resolved.toString())) {
                // resolved.yaml says what auto means there.
                compared++;
            } else if (!resolved.toString().equals(text)) {
                assertThat(Double.parseDouble(resolved.toString())).as(topic.dotted()).isEqualTo(Double.parseDouble(text));
            }
            compared++;
        }
        assertThat(compared).isGreaterThan(80);
    }

    @Test
    void should_have_the_metrics_and_columns_that_a_study_writes() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), """
                name: a
                data: {name: stripes, size: 4, channels: 2, train: 20, test: 20}
                network: {mlp: {depth: 1}}
                train: {centred: false, until: {maxSteps: 8}}
                linearized: true
                modes: 2
                layers: true
                features: true
                record: {kernel: [2, 4]}
                sweep: {network.mlp.width: [8, 16], seed: [0, 1]}
                """);
        assertThat(Program.ntk("run", file.toString(), "--out", folder.resolve("out").toString()).status()).isZero();
        Path run = Program.run(folder.resolve("out"), "a");
        Files.writeString(folder.resolve("b.csv"), "x,y\n1,1\n2,4\n3,9\n4,16\n5,25\n6,36\n");
        Path real = Files.writeString(folder.resolve("b.yaml"),
                "data: {name: csv, file: b.csv, targets: {columns: y}, train: 4, test: 2, normalize: none}\nnetwork: mlp\nkernels: "
                + "ntk.infinite\n"
                + "train: {until: {maxSteps: 3}}\n");
        assertThat(Program.ntk("run", real.toString(), "--out", folder.resolve("out").toString()).status()).isZero();
        Set<String> metrics = new TreeSet<>(Program.records(Program.run(folder.resolve("out"), "b").resolve("results.csv")).stream()
                .map(r -> r.get("metric"))
                .filter(m -> !m.matches(".*\\.\\d+")).toList());
        Path curve = Files.writeString(folder.resolve("c.yaml"),
                "data: {name: stripes, size: 4, test: 20}\n"
                + "network: {mlp: {width: 4}}\nkernels: ntk.infinite\ntrain: {until: {maxSteps: 2}}\nsweep: {data.train: "
                + "[10, 12, 14]}\n");
        assertThat(Program.ntk("run", curve.toString(), "--out", folder.resolve("out").toString()).status()).isZero();
        Program.records(Program.run(folder.resolve("out"), "c").resolve("summary.csv")).stream().map(r -> r.get("metric"))
                .filter(m -> m.startsWith("errorExponent")).forEach(metrics::add);
        Path estimated = Files.writeString(folder.resolve("d.yaml"), "data: {name: stripes, size: 4, train: 20, test: 20}\n"
                + "network: {mlp: {width: 4}}\n"
                + "kernels: [ntk.init, ntk.infinite]\nstatistics: {samples: 5, probes: 2}\n");
        assertThat(Program.ntk("run", estimated.toString(), "--out", folder.resolve("out").toString()).status()).isZero();
        Program.records(Program.run(folder.resolve("out"), "d").resolve("results.csv")).forEach(r -> metrics.add(r.get("metric")));
        for (String table : List.of("results.csv", "summary.csv")) {
            for (CSVRecord row : Program.records(run.resolve(table))) {
                metrics.add(row.get("metric").replaceFirst("\\.\\d+$", ".I").replaceFirst("/.*$", "/LAYER"));
            }
        }
        assertThat(metrics).isEqualTo(set(Kind.METRIC));
        try (Stream<Path> all = Files.list(run)) {
            for (Path each : all.toList()) {
                String name = each.getFileName().toString();
                Topic topic = reference.of(Kind.FILE, name).orElseGet(() -> fail(name + " is not in the reference"));
                // The columns of the wide table are the numbers of results.csv.
                if (name.endsWith(".csv") && !name.equals("wide.csv")) {
                    List<String> columns = Arrays.asList(Files.readAllLines(each).get(0).split(","));
                    List<String> before = name.equals("summary.csv")
                            ? List.of("network.mlp.width") : List.of("run", "seed", "network.mlp.width");
                    assertThat(columns).as(name).isEqualTo(Stream.concat(before.stream(), names(topic.keys()).stream()).toList());
                }
            }
        }
    }

    /** All topics that stand in an experiment. */
    private List<Topic> inExperiments() {
        return reference.all().stream().filter(t -> !List.of(Kind.SUBJECT, Kind.METRIC, Kind.FILE).contains(t.kind())).toList();
    }

    private static List<Type> alternatives(Type type) {
        return type instanceof Type.Either e ? e.types() : List.of(type);
    }

    private Topic outer(Topic topic) {
        return inExperiments().stream().filter(t -> t.keys().contains(topic)).findFirst().orElse(null);
    }

    private static boolean needsFiles(Topic topic) {
        return List.of("images", "csv", "sentences").contains(topic.path().get(1));
    }

    private static boolean isValue(String text, Type type) {
        return text.matches("[-+]?[\\d.]+(e-?\\d+)?|true|false|none|auto|\\[.*") || type.words().contains(text);
    }

    private static Object number(String text) {
        return text.matches("-?\\d+") ? (Object) Long.valueOf(text) : Double.valueOf(text);
    }

    /** An experiment with this value at the place of a topic, whatever else must be there, too; an empty optional leaves it out. */
    private Map<String, Object> document(Topic topic, Object value) {
        Map<String, Object> root = new LinkedHashMap<>(Map.of("network", "mlp"));
        List<String> path = new ArrayList<>(topic.path());
        if (topic.kind() == Kind.DATA) {
            Map<String, Object> data = new LinkedHashMap<>(Map.of("name", path.get(1)));
            if (path.size() == 2) {
                data.putAll(((Map<?, ?>) value).entrySet().stream()
                        .collect(Collectors.toMap(e -> e.getKey().toString(), Map.Entry::getValue)));
            } else {
                needed(reference.of(Kind.DATA, path.get(1)).orElseThrow(), data);
                put(data, path.subList(2, path.size()), value);
            }
            root.put("data", data);
            return root;
        }
        if (topic.kind() != Kind.KEY) {
            // Beside the option stands what its layer needs.
            int own = topic.kind() == Kind.OPTIMIZER ? 3 : 2;
            Map<String, Object> options = new LinkedHashMap<>();
            if (path.size() > own) {
                needed(reference.of(topic.kind(), path.get(own - 1)).orElseThrow(), options);
                put(options, path.subList(own, path.size()), value);
            }
            Map<String, Object> one = Map.of(path.get(own - 1), path.size() > own ? options : value);
            put(root, path.subList(0, own - 1), topic.kind() == Kind.LAYER || topic.kind() == Kind.ACTIVATION ? List.of(one) : one);
            return root;
        }
        put(root, path, value);
        return root;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> map, List<String> path, Object value) {
        if (path.size() > 1) {
            Object inside = map.get(path.get(0)) instanceof Map<?, ?> m ? m : new LinkedHashMap<String, Object>();
            map.put(path.get(0), inside);
            put((Map<String, Object>) inside, path.subList(1, path.size()), value);
        } else if (value.equals(Optional.empty())) {
            map.remove(path.get(0));
        } else {
            map.put(path.get(0), value);
        }
    }

    private void needed(Topic topic, Map<String, Object> options) {
        topic.keys().stream().filter(Topic::isNeeded).forEach(key -> options.put(key.name(), sample(key)));
    }

    /** A value that a key may have. */
    private Object sample(Topic topic) {
        if (!topic.keys().isEmpty() || topic.type().isEmpty()) {
            Map<String, Object> map = new LinkedHashMap<>();
            needed(topic, map);
            return map;
        }
        return sample(topic.type().get());
    }

    private static Object sample(Type type) {
        if (type instanceof Type.Numeric n) {
            return number(n.from().filter(x -> !x.equals("0")).orElse("1"));
        }
        if (type instanceof Type.Word w) {
            return w.word();
        }
        if (type instanceof Type.Listing l) {
            return List.of(sample(l.of()), sample(l.of()));
        }
        if (type instanceof Type.Either e) {
            return sample(e.types().get(0));
        }
        return type.toString().equals("layers") ? List.of("relu") : type.toString().equals("map") ? Map.of() : "missing";
    }

    private List<String> mistakes(Map<String, Object> document) {
        try {
            Definition.read(write(document), List.of());
            return List.of();
        } catch (Failure e) {
            // The files that a sample names are not there; that is no mistake of the words beside them.
            return e.lines().stream().map(line -> line.replaceFirst("^.*?:\\d+:\\d+: ", ""))
                    .filter(line -> !line.contains("there is no such file")).toList();
        }
    }

    private Path write(Map<String, Object> document) {
        try {
            return Files.writeString(folder.resolve("a.yaml"), new Gson().toJson(document));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What stands in resolved.yaml at the place of a topic. */
    private Object resolved(Map<String, Object> document, Topic topic) {
        Object value = Definition.read(write(suiting(document)), List.of()).toMap();
        List<String> path = topic.kind() == Kind.DATA ? Stream.concat(Stream.of("data"),
                topic.path().subList(2, topic.path().size()).stream()).toList() : topic.path();
        for (String name : path) {
            while (value instanceof List<?> list) {
                value = list.get(0);
            }
            value = value instanceof Map<?, ?> map ? map.get(name) : value;
        }
        return value;
    }

    /** The same with what its network needs of the rest: graphs, or no finite network. */
    private static Map<String, Object> suiting(Map<String, Object> document) {
        Map<String, Object> whole = new LinkedHashMap<>(document);
        if (document.toString().matches(".*(aggregate|gntk).*")) {
            whole.put("data", "graphs");
        }
        if (document.toString().contains("expNormalized")) {
            whole.put("kernels", List.of("ntk.infinite"));
        }
        if (document.toString().matches(".*(maxPool|batchNorm).*")) {
            whole.put("kernels", List.of("ntk.init"));
        }
        return whole;
    }

    private Set<String> set(Kind kind) {
        return new TreeSet<>(names(reference.of(kind)));
    }

    private static List<String> names(List<Topic> topics) {
        return topics.stream().map(Topic::name).toList();
    }

    private static Set<String> allowed(String line) {
        Matcher matcher = ALLOWED.matcher(line);
        return matcher.find() ? words(matcher.group(1)) : Set.of();
    }

    private static Set<String> words(String list) {
        return new TreeSet<>(Arrays.asList(list.split(", ")));
    }
}
