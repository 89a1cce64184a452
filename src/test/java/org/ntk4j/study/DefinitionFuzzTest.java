package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Document;

/** A valid file, changed at random: it is either read, or refused in words. */
class DefinitionFuzzTest {

    private static final String VALID = """
            name: fuzz
            description: a study
            data: {name: mnist-sample, train: 60, test: 20, seed: 1, normalize: unit, targets: centred, classes: [1, 2, 3]}
            network:
              - flatten
              - dense: {units: 16, wStd: 1.4, bStd: 0.1}
              - relu
              - serial: [{dense: {units: 8, parameterization: standard}}, {leakyRelu: {alpha: 0.1}}]
              - dense: {units: 3}
            train:
              optimizer: {adam: {beta1: 0.9, beta2: 0.99}}
              learningRate: 1.0e-3
              loss: mse
              batch: 16
              until: {trainLoss: 1.0e-3, maxSteps: 30, trainAccuracy: 0.99, maxTime: 90s}
              record: 10
              precision: float32
            kernels: [ntk.init, ntk.trained, ntk.infinite]
            regression: {ridge: 1.0e-6, offset: zero, times: [trained, 10, infinity]}
            compare: [[network, labels], [ntk.trained, ntk.init]]
            record: {kernel: [0, 10]}
            sweep: {data.train: [30, 60], train.optimizer: [gradientDescent, {momentum: {decay: 0.8}}], seed: 3}
            save: [kernels, weights, predictions]
            memory: 2g
            threads: 2
            """;
    private static final List<String> WORDS = List.of("null", "~", "-1", "1e400", ".nan", "99999999999999999999", "0.5", "true", "[", "]",
            "{", "}", ": ", "- ", ", ", "\n",
            "&a ", "*a", "<<", "!!int ", "!x ", "'", "\"", "#", "|", ">", "%", "@", "`", "\t", "none", "auto", "all", "network", "sweep",
                    "é", "\u0000", "?", "---\n", "...");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void should_be_read_or_refused_in_words(long seed) throws IOException {
        Random random = new Random(seed);
        Path file = folder.resolve("fuzz.yaml");
        int read = 0;
        for (int i = 0; i < 120; i++) {
            String text = VALID;
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                text = mutated(text, random);
            }
            Files.writeString(file, text);
            try {
                Definition definition = Definition.read(file, List.of());
                read++;
                survives(definition);
            } catch (Failure e) {
                assertThat(e.status()).as(text).isEqualTo(2);
                assertThat(e.lines()).as(text).isNotEmpty().allMatch(line -> line.startsWith(file + ":") && !line.contains("null pointer"));
            } catch (RuntimeException | Error e) {
                throw new AssertionError(text, e);
            }
        }
        assertThat(read).isBetween(3, 117);
    }

    /** What was read can be written with every default, and gives the same again. */
    private void survives(Definition definition) throws IOException {
        Map<String, Object> map = definition.toMap();
        Path resolved = Files.writeString(folder.resolve("resolved.yaml"), Document.write(map));
        Definition again = Definition.read(resolved, List.of());
        assertThat(Document.write(again.toMap())).isEqualTo(Document.write(map));
        assertThat(again.points()).hasSameSizeAs(definition.points());
    }

    private static String mutated(String text, Random random) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(6));
        List<String> lines = text.lines().toList();
        return switch (random.nextInt(6)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, at) + WORDS.get(random.nextInt(WORDS.size())) + text.substring(at);
            case 2 -> text.substring(0, at) + WORDS.get(random.nextInt(WORDS.size())) + text.substring(end);
            case 3 -> text.replaceFirst(random.nextBoolean() ? "\\d+" : "(?<=: )[a-z]+", String.valueOf(random.nextInt(2000) - 20));
            case 4 -> text.replace(lines.get(random.nextInt(lines.size())) + "\n", "");
            default -> text + lines.get(random.nextInt(lines.size())) + "\n";
        };
    }
}
