package org.ntk4j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ntk4j.Ntk.gradientDescent;
import static org.ntk4j.Ntk.maxSteps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Dataset;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.CentralDifferences;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentOperator;
import org.ntk4j.finite.TrainedNetwork;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.study.Definition;

/** Word vectors that are trained: rows of a table at finite width, equal words and others at infinite width. */
class EmbeddingTest {

    private static final double NO = Double.NaN;
    private static final Inputs WORDS = Inputs.of(new double[][] {{0, 2, 1, 2}, {2, 2, 3, NO}, {4, 0, NO, NO}}, 4, 1);

    private static FiniteNetwork float64(String definition) {
        return Network.parse(definition).init(5).precision(Precision.FLOAT64).on(Cases.settings());
    }

    @Test
    void should_give_each_word_its_row() {
        FiniteNetwork network = float64("[{embedding: {vocabulary: 5, channels: 2, wStd: 3}}, globalSumPool]");
        double[] w = Objects.requireNonNull(network.weights(WORDS.shape()).get("0.embedding/W"));
        double[][] f = network.outputs(WORDS);
        for (int c = 0; c < 2; c++) {
            assertThat(f[0][c]).isCloseTo(3 * (w[c] + 2 * w[4 + c] + w[2 + c]), within(1e-12));
            assertThat(f[2][c]).as("padding is no word").isCloseTo(3 * (w[8 + c] + w[c]), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[{embedding: {vocabulary: 5, channels: 3, wStd: 1.3}}, erf, globalAvgPool, {dense: {units: 2}}]",
        "[{embedding: {vocabulary: 5, channels: 2, wStd: 1.3, parameterization: standard}}, {selfAttention: {positions: sum}}, "
                + "globalAvgPool, {dense: {units: 2}}]",
        "[{embedding: {vocabulary: 6, channels: 2}}, {conv: {channels: 2, filter: [3], padding: same, bStd: 0.3}}, gelu, globalSumPool]"})
    void its_tangent_kernel_should_be_that_of_central_differences(String definition) {
        CentralDifferences.check(float64(definition), WORDS);
    }

    @Test
    void all_outputs_and_products_with_vectors_should_agree() {
        FiniteNetwork network = float64("[{embedding: {vocabulary: 5, channels: 3}}, erf, globalAvgPool, {dense: {units: 2}}]");
        Kernel full = network.ntkPerOutput(WORDS, WORDS);
        try (TangentOperator operator = new TangentOperator(network, WORDS)) {
            double[] v = {1, -2, 0.5, 3, 0, 1};
            double[] product = operator.times(v);
            for (int i = 0; i < 6; i++) {
                double sum = 0;
                for (int j = 0; j < 6; j++) {
                    sum += full.get(i, j) * v[j];
                }
                assertThat(product[i]).isCloseTo(sum, within(1e-10));
            }
        }
    }

    /** Which is the definition of an embedding; one-hot vectors are of the length √vocabulary, so that K_0 is 1. */
    @Test
    void should_be_a_dense_layer_on_one_hot_vectors() {
        double[][] oneHot = new double[3][20];
        for (int i = 0; i < 3; i++) {
            for (int p = 0; p < 4; p++) {
                for (int w = 0; w < 5; w++) {
                    double word = WORDS.values()[i * 4 + p];
                    oneHot[i][p * 5 + w] = Double.isNaN(word) ? NO : word == w ? Math.sqrt(5) : 0;
                }
            }
        }
        Inputs x = Inputs.of(oneHot, 4, 5);
        String rest = ", {dense: {units: 4, bStd: 0.3}}, relu, globalAvgPool, {dense: {units: 1}}]";
        Network embedding = Network.parse("[{embedding: {vocabulary: 5, channels: 4, wStd: 1.3}}" + rest);
        Network dense = Network.parse("[{dense: {units: 4, wStd: 1.3}}" + rest);
        assertThat(Cases.difference(embedding.nngp(WORDS).values(), dense.nngp(x).values())).isLessThan(1e-14);
        assertThat(Cases.difference(embedding.ntk(WORDS).values(), dense.ntk(x).values())).isLessThan(1e-14);
    }

    @Tag("slow")
    @Test
    void finite_widths_should_meet_the_infinite_one_with_slope_one_half() {
        Inputs x = Dataset.phrases().words("indices").inputs(6);
        String network = "[{embedding: {vocabulary: 46, channels: W}}, relu, {dense: {units: W, wStd: 1.4}}, relu, globalAvgPool, {dense: "
                + "{units: 1}}]";
        Kernel infinite = Network.parse(network.replace("W", "8")).ntk(x);
        double[] logs = new double[2];
        for (int i = 0; i < 2; i++) {
            double squares = 0;
            for (int seed = 0; seed < 40; seed++) {
                double d = Network.parse(network.replace("W", i == 0 ? "48" : "384")).init(seed).on(Cases.settings()).ntk(x)
                        .distanceTo(infinite);
                squares += d * d / 40;
            }
            logs[i] = Math.log(squares) / 2;
        }
        assertThat((logs[1] - logs[0]) / Math.log(8)).isCloseTo(-0.5, within(0.15));
    }

    @Test
    void should_learn_its_vectors() {
        Inputs x = Inputs.of(new double[][] {{0, 1}, {0, 2}, {3, 1}, {3, 2}}, 2, 1);
        double[][] y = {{1}, {-1}, {1}, {-1}};
        FiniteNetwork start = float64("transformer: {vocabulary: 4, width: 16, heads: 2}");
        TrainedNetwork trained = start.train(x, y, gradientDescent().precision("float64").until(maxSteps(300)));
        assertThat(trained.loss()).isLessThan(0.05);
        assertThat(trained.weights().get("0.embedding/W")).isNotEqualTo(start.weights(x.shape()).get("0.embedding/W"));
    }

    @Test
    void phrases_should_hand_over_indices_where_the_network_asks(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.yaml");
        Files.writeString(file, "data: {name: phrases, train: 20, test: 10}\nnetwork: {transformer: {vocabulary: 46, width: 8}}\n");
        Definition definition = Definition.read(file, List.of());
        assertThat(definition.data().shape().sizes()).containsExactly(12, 1);
        assertThat(definition.data().toMap()).containsEntry("words", "indices").containsEntry("normalize", "none");
        Files.writeString(file, "data: {name: phrases, train: 20}\nnetwork: {transformer: {vocabulary: 40, width: 8}}\n");
        assertThatThrownBy(() -> Definition.read(file, List.of())).hasMessageContaining("a.yaml:2")
                .hasMessageContaining("46 different words");
        Files.writeString(file, "data: {name: phrases, words: vectors}\nnetwork: {transformer: {vocabulary: 46, width: 8}}\n");
        assertThatThrownBy(() -> Definition.read(file, List.of())).hasMessageContaining("words: indices");
        Files.writeString(file, "data: {name: phrases, words: indices, normalize: unit}\nnetwork: {transformer: {vocabulary: 46}}\n");
        assertThatThrownBy(() -> Definition.read(file, List.of())).hasMessageContaining("normalize: none");
    }

    @Test
    void sentences_should_need_no_vectors_for_indices(@TempDir Path folder) throws IOException {
        Path table = Files.writeString(folder.resolve("t.tsv"), "a fine film\tgood\na dull film\tbad\na film\tgood\nfine\tbad\n");
        Dataset data = Dataset.sentences(table).words("indices").positions(4).test(1);
        assertThat(data.vocabulary()).hasValue(4);
        double[] all = data.train().inputs().values();
        assertThat(all).contains(0, 1, 2).hasSize(12);
        assertThat(data.with("vocabulary", 2).vocabulary()).hasValue(2);
        assertThat(data.with("vocabulary", 2).train().inputs().values()).contains(0, 1).doesNotContain(2.0, 3.0);
    }

    @Test
    void what_it_cannot_read_should_be_said() {
        String network = "[{embedding: {vocabulary: 4, channels: 3}}, globalAvgPool, {dense: {units: 1}}]";
        assertThatThrownBy(() -> Network.parse(network).ntk(WORDS))
                .hasMessageContaining("network.0.embedding: input 2 has 4.0 at position 0").hasMessageContaining("0 to 3");
        assertThatThrownBy(() -> Network.parse(network).init(0).ntk(WORDS)).hasMessageContaining("network.0.embedding: input 2");
        assertThatThrownBy(() -> Network.parse(network).init(0).outputs(Inputs.of(new double[][] {{0.5}}, 1, 1)))
                .hasMessageContaining("no index of a word").hasMessageContaining("normalize: none");
        assertThatThrownBy(() -> Network.parse(network).ntk(Cases.inputs(1, 2, 4, 3))).hasMessageContaining("words: indices");
        assertThatThrownBy(() -> Network.parse("[identity, {embedding: {vocabulary: 4, channels: 3}}, globalAvgPool]").init(0).ntk(WORDS))
                .hasMessageContaining("layer 1 of `network.serial`").hasMessageContaining("put it first");
        assertThatThrownBy(() -> Network.parse("[{residual: {layers: [{embedding: {vocabulary: 4, channels: 1}}]}}, globalAvgPool]")
                .ntk(WORDS)).hasMessageContaining("put it first");
    }
}
