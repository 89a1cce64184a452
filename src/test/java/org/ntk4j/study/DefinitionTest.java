package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Document;
import org.ntk4j.network.Network;

class DefinitionTest {

    /** Some values of each key but those of sweep, which are values of other keys. */
    private static final Map<String, List<Object>> VALUES = Map.ofEntries(
            Map.entry("name", List.of("a", "b-2", "C.3_d")),
            Map.entry("description", List.of("a study", "100 % of f(x): {no map}, [no list] # no comment", "\"\"", "Θ_∞", "1")),
            Map.entry("data", List.of("mnist-sample", Map.of("name", "stripes", "train", 12, "test", 8, "agreement", 0.7),
                    Map.of("name", "mnist-sample", "train", 30, "normalize", "standard", "classes", List.of(1, 7)))),
            Map.entry("network", List.of("mlp", Map.of("mlp", Map.of("width", 8, "depth", 2, "activation", "erf", "wStd", 1.25)),
                    Map.of("cnn", Map.of("channels", 4, "activation", Map.of("leakyRelu", Map.of("alpha", 0.25)))))),
            Map.entry("train", List.of(Map.of(), Map.of("learningRate", 0.5, "centred", false), Map.of("optimizer", "nesterov", "batch", 4),
                    Map.of("optimizer", Map.of("adam", Map.of("beta1", 0.75)), "until", Map.of("maxSteps", 7, "maxTime", "90s")),
                    Map.of("frozen", List.of("1.dense")))),
            Map.entry("kernels", List.of(List.of("ntk.init"), List.of("nngp.infinite", "ntk.infinite"), List.of("ntk.trained"))),
            Map.entry("regression", List.of(Map.of("ridge", 1e-6), Map.of("ridge", "auto", "offset", "initial", "outputs", "mean"),
                    Map.of("times", List.of("trained", 10, "infinity"), "projection", false),
                    Map.of("solver", Map.of("nystrom", Map.of("rank", 5))))),
            Map.entry("linearized", List.of(true, false)), Map.entry("quadratic", List.of(true, false)),
            Map.entry("features", List.of(true, false)),
            Map.entry("layers", List.of(true, false)), Map.entry("report", List.of(true, false)),
            Map.entry("modes", List.of(0, 3)), Map.entry("statistics", List.of(Map.of("samples", 16, "probes", 2))),
            Map.entry("spectrum", List.of("all", "none", Map.of("top", 4))),
            Map.entry("compare", List.of("all", List.of(List.of("network", "labels"), List.of("ntk.trained", "ntk.init")))),
            Map.entry("record", List.of(Map.of("kernel", List.of(0, 4, 2)))), Map.entry("seed", List.of(-3, 17)),
            Map.entry("precision", List.of("float32", "float64")), Map.entry("device", List.of("cpu")),
            Map.entry("engine", List.of("java")),
            Map.entry("memory", List.of("3g")), Map.entry("threads", List.of(2)),
            Map.entry("save", List.of(List.of("kernels", "weights"), List.of("predictions"))));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void should_be_equal_when_written_and_read_again(long seed) throws IOException {
        Random random = new Random(seed);
        Set<String> keys = new TreeSet<>(VALUES.keySet());
        Set<Definition> different = new HashSet<>();
        int compared = 0;
        for (int i = 0; i < 40; i++) {
            Definition definition = Definition.of(Network.mlp());
            for (String key : keys) {
                List<Object> values = VALUES.get(key);
                if (random.nextInt(3) > 0) {
                    definition = definition.with(key, values.get(random.nextInt(values.size())));
                }
            }
            if (random.nextBoolean()) {
                definition = definition.with("sweep", Map.of("modes", List.of(1, 2), "seed", 2));
            }
            if (Contradictions.of(definition).isEmpty()) {
                Path file = Files.writeString(folder.resolve("again.yaml"), Document.write(definition.toMap()));
                Definition again = Definition.read(file, List.of());
                assertThat(again).isEqualTo(definition).hasSameHashCodeAs(definition);
                assertThat(again.toMap()).isEqualTo(definition.toMap());
                different.add(again);
                compared++;
            }
        }
        assertThat(different).hasSize(compared).hasSizeGreaterThan(3);
    }

    @Test
    void should_have_a_value_to_try_for_each_key() {
        assertThat(Definition.KEYS).containsAll(VALUES.keySet()).hasSize(VALUES.size() + 1).contains("sweep");
    }

    @Test
    void should_say_in_a_sweep_what_is_wrong_with_a_value_of_a_key_and_nothing_twice() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "network: {mlp: {wdith: 4}}\n"
                + "sweep: {network.mlp.width: [4, none], modus: [1], data.train: [10, 0], seed: [0, 1]}\n");
        assertThatThrownBy(() -> Definition.read(file, List.of())).isInstanceOfSatisfying(Failure.class, e -> assertThat(e.lines())
                .hasSize(4).anyMatch(l -> l.contains("a.yaml:1:") && l.contains("'wdith'"))
                .anyMatch(l -> l.contains("a.yaml:2:32: sweep: ") && l.contains("'none'"))
                .anyMatch(l -> l.contains("sweep: there is no option 'modus'; did you mean 'modes'?"))
                .anyMatch(l -> l.contains("sweep: data.train: '0'")));
    }

    @Test
    void should_read_a_swept_key_once_for_all_cells_and_no_other_at_all() {
        Definition definition = Definition.of(Network.mlp()).with("data.train", 20)
                .with("sweep", Map.of("network.mlp.width", List.of(4, 16), "seed", 3));
        List<Definition> cells = definition.points().stream().map(Definition.Point::definition).toList();
        assertThat(cells).hasSize(6).allSatisfy(cell -> {
            assertThat(cell.data()).isSameAs(definition.data());
            assertThat(cell.regression()).isSameAs(definition.regression());
        });
        Set<Network> networks = Collections.newSetFromMap(new IdentityHashMap<>());
        cells.forEach(cell -> networks.add(cell.network()));
        assertThat(networks).hasSize(2);
        assertThat(cells.stream().map(Definition::seed)).containsOnly(0L, 1L, 2L);
    }

    @Test
    void should_sweep_two_paths_of_one_key_as_their_product() {
        Map<String, Object> axes = new LinkedHashMap<>();
        axes.put("network.mlp.width", List.of(4, 16));
        axes.put("network.mlp.depth", List.of(1, 2));
        List<Definition.Point> points = Definition.of(Network.mlp()).with("sweep", axes).points();
        assertThat(points.stream().map(p -> p.swept().values().toString())).containsExactly("[4, 1]", "[4, 2]", "[16, 1]", "[16, 2]");
        assertThat(points.stream().map(p -> p.definition().network().toString())).doesNotHaveDuplicates().hasSize(4);
        assertThat(points.get(2).definition().network().toString()).contains("16").isEqualTo(
                Definition.of(Network.mlp()).with("network.mlp.width", 16).with("network.mlp.depth", 1).network().toString());
    }
}
