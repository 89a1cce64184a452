package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Settings;

/**
 * The quick variants of the studies in {@code experiments/}, through the command line: in smaller sizes in every build, as they stand in
 * the slow one.
 */
class ExperimentsTest {

    @TempDir
    Path folder;

    private List<CSVRecord> results(String name, String... more) {
        List<String> args = new ArrayList<>(List.of("run", "experiments/" + name + ".yaml", "--out", folder.resolve("out").toString()));
        args.addAll(Arrays.asList(more));
        Program.Result result = Program.ntk(args.toArray(String[]::new));
        assertThat(result.status()).as(result.err().toString()).isZero();
        Path run = Program.run(folder.resolve("out"), name);
        hasItsReport(run);
        return Program.records(run.resolve("results.csv"));
    }

    private static void hasItsReport(Path run) {
        try {
            String html = Files.readString(run.resolve("report.html"));
            assertThat(html).hasSizeLessThan(3_000_000);
            for (String panel : List.of("answer", "training", "accuracy", "functions", "kernels", "spectra", "change", "setup")) {
                assertThat(html).contains("<section id=\"" + panel + "\"");
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double mean(List<CSVRecord> results, String subject, String reference, String split, String metric) {
        return results.stream().filter(r -> r.get("subject").equals(subject) && r.get("reference").equals(reference)
                && r.get("split").equals(split)
                        && r.get("metric").equals(metric))
                .mapToDouble(r -> Double.parseDouble(r.get("value"))).average().orElseThrow();
    }

    private static void hasTheWholeLoop(List<CSVRecord> results) {
        for (String subject : List.of("network", "regression.init", "regression.trained", "regression.infinite", "regression.nngp")) {
            assertThat(mean(results, subject, "labels", "test", "accuracy")).as(subject).isBetween(0.0, 1.0);
        }
        assertThat(mean(results, "ntk.init", "ntk.infinite", "train", "relativeFrobenius")).isGreaterThan(0);
        assertThat(mean(results, "ntk.trained", "ntk.init", "train", "relativeFrobenius")).isGreaterThan(0);
        assertThat(mean(results, "regression.trained", "network", "test", "rmse")).isGreaterThan(0);
    }

    @Test
    void an_mlp_learns() {
        List<CSVRecord> results = results("mlp-mnist-quick", "--set", "sweep.network.mlp.width=[64]", "--set", "sweep.seed=[0]", "--set",
                "data.train=100");
        hasTheWholeLoop(results);
        assertThat(mean(results, "network", "labels", "train", "accuracy")).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void a_cnn_learns_with_both_readouts() {
        List<CSVRecord> results = results("cnn-mnist-quick", "--set", "sweep.network.cnn.channels=[8]", "--set", "sweep.seed=[0]", "--set",
                "data.train=10",
                "--set", "data.test=10", "--set", "train.until.maxSteps=200");
        for (String readout : List.of("flatten", "gap")) {
            List<CSVRecord> own = results.stream().filter(r -> r.get("network.cnn.readout").equals(readout)).toList();
            hasTheWholeLoop(own);
            assertThat(mean(own, "network", "labels", "train", "accuracy")).as(readout).isGreaterThan(readout.equals("gap") ? 0.45 : 0.99);
        }
    }

    /** Of 24 channels one says something of the label: the trained CNN and its own kernel find it, the infinitely wide twin does not. */
    @Test
    void a_cnn_learns_what_its_infinite_width_limit_does_not() throws IOException {
        List<CSVRecord> results = results("cnn-stripes-quick", "--set", "data.test=200");
        double network = mean(results, "network", "labels", "test", "accuracy");
        List<CSVRecord> limit = results.stream().filter(r -> r.get("step").isEmpty()).toList();
        assertThat(network - mean(limit, "regression.infinite", "labels", "test", "accuracy")).isGreaterThan(0.15);
        assertThat(3 * mean(limit, "regression.trained", "network", "test", "rmse"))
                .isLessThan(mean(limit, "regression.infinite", "network", "test", "rmse"));
        List<CSVRecord> features = Program.records(Program.run(folder.resolve("out"), "cnn-stripes-quick").resolve("features.csv"));
        for (String matrix : List.of("weights", "gradients", "change")) {
            double[] energy = channels(features, matrix);
            assertThat(IntStream.range(0, 24).reduce((a, b) -> energy[a] >= energy[b] ? a : b)).as(matrix).hasValue(0);
            assertThat(energy[0]).as("%s: of an eigenvector of length 1 over 24 channels", matrix).isGreaterThan(0.4);
        }
    }

    /** How much of the leading eigenvector at the convolution's input each channel has, after training; 9 offsets, channels within. */
    private static double[] channels(List<CSVRecord> features, String matrix) {
        double[] energy = new double[24];
        features.stream().filter(r -> r.get("layer").equals("0.conv") && r.get("matrix").equals(matrix) && !r.get("step").equals("0")
                && r.get("index").equals("0"))
                .forEach(r -> energy[Integer.parseInt(r.get("input")) % 24] += Math.pow(Double.parseDouble(r.get("value")), 2));
        return energy;
    }

    /** What a bag of words cannot learn, a network with attention does. */
    @Test
    @Tag("slow")
    void a_transformer_learns_what_words_alone_do_not_say() {
        List<CSVRecord> results = results("transformer-phrases-quick", "--set", "sweep.network.transformer.width=[16]", "--set",
                "sweep.seed=[0]",
                "--set", "data.train=80");
        hasTheWholeLoop(results);
        // 100 test examples: chance is 0.5 with a standard deviation of 0.05.
        assertThat(mean(results, "network", "labels", "test", "accuracy")).isGreaterThan(0.8);
        assertThat(mean(results, "regression.trained", "network", "test", "rmse"))
                .isLessThan(mean(results, "regression.infinite", "network", "test", "rmse"));
    }

    @Test
    @Tag("slow")
    void a_transformer_learns_sentences_from_a_file() throws IOException {
        List<CSVRecord> results = results("transformer-reviews-quick", "--set", "data.file=" + sentences(), "--set",
                "data.vectors=" + vectors(),
                "--set", "sweep.network.transformer.width=[16]", "--set", "sweep.seed=[0]", "--set", "data.train=40", "--set",
                        "data.test=40",
                "--set", "train.until.maxSteps=150");
        hasTheWholeLoop(results);
        assertThat(mean(results, "network", "labels", "test", "accuracy")).as("one word decides").isGreaterThan(0.8);
    }

    /** What a bag of nodes cannot learn, a graph network does. */
    @Test
    @Tag("slow")
    void a_graph_network_learns_what_nodes_alone_do_not_say() {
        List<CSVRecord> results = results("gntk-graphs-quick", "--set", "sweep.seed=[0]", "--set", "data.train=60", "--set",
                "network.gntk.width=32");
        for (String subject : List.of("network", "regression.infinite", "regression.trained")) {
            List<CSVRecord> bag = results.stream().filter(r -> r.get("network.gntk.blocks").equals("0")).toList();
            List<CSVRecord> graph = results.stream().filter(r -> r.get("network.gntk.blocks").equals("2")).toList();
            hasTheWholeLoop(graph);
            // 200 test graphs: chance is 0.5 with a standard deviation of 0.035.
            assertThat(mean(bag, subject, "labels", "test", "accuracy")).as(subject).isBetween(0.38, 0.62);
            assertThat(mean(graph, subject, "labels", "test", "accuracy")).as(subject).isGreaterThan(0.9);
        }
    }

    private static final List<String> WORDS = IntStream.range(0, 30).mapToObj(i -> "word" + i).toList();

    /** In the format of the film reviews: number, rating, text; with CRLF. The one word of judgement decides the rating. */
    private Path sentences() throws IOException {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            List<String> words = new ArrayList<>(IntStream.range(0, 2 + random.nextInt(4))
                    .mapToObj(j -> WORDS.get(random.nextInt(WORDS.size()))).toList());
            words.add(random.nextInt(words.size()), i % 2 == 0 ? "good" : "bad");
            double rating = (i % 2 == 0 ? 1 : -1) * (0.4 + 3 * random.nextDouble());
            text.append(i + 1).append('\t').append(String.format(Locale.ROOT, "%.3f", rating)).append('\t').append("The ")
                    .append(String.join(" ", words)).append(".\r\n");
        }
        return Files.writeString(folder.resolve("ratings.tsv"), text);
    }

    private Path vectors() throws IOException {
        Random random = new Random(6);
        List<String> all = new ArrayList<>(WORDS);
        all.addAll(List.of("the", ".", "good", "bad"));
        return Files.writeString(folder.resolve("vectors.txt"), all.stream().map(word -> word + " " + IntStream.range(0, 10)
                .mapToObj(i -> String.format(Locale.ROOT, "%.4f", random.nextGaussian())).collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("\n")));
    }

    /** On the film reviews where the data folder has them, else on the made-up ones. */
    @Test
    @Tag("slow")
    void the_reviews_run_as_they_stand() throws IOException {
        Path data = Settings.ofProcess().data().resolve("sentences");
        boolean there = Files.exists(data.resolve("movie-review-snippets.tsv")) && Files.exists(data.resolve("word-vectors-100d.txt.gz"));
        hasTheWholeLoop(there ? results("transformer-reviews-quick")
                : results("transformer-reviews-quick", "--set", "data.file=" + sentences(), "--set", "data.vectors=" + vectors(), "--set",
                        "data.test=80"));
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"mlp-mnist-quick", "cnn-mnist-quick", "transformer-phrases-quick", "gntk-graphs-quick"})
    void runs_as_it_stands(String name) {
        hasTheWholeLoop(results(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp-mnist", "cnn-mnist", "transformer-phrases", "cnn-stripes", "lazy-rich-mnist"})
    void the_full_one_is_without_mistakes(String name) {
        Program.Result result = Program.ntk("check", "experiments/" + name + ".yaml");
        assertThat(result.status()).as(result.err().toString()).isZero();
    }

    @Test
    void names_the_lines_of_a_bad_table() throws IOException {
        Path table = Files.writeString(folder.resolve("bad.tsv"), "1\t0.9\tgood\n2\tx\tbad\n3\t1\n");
        Program.Result result = Program.ntk("run", "experiments/transformer-reviews-quick.yaml", "--set", "data.file=" + table, "--set",
                "data.vectors=" + vectors());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).hasSize(2).anyMatch(l -> l.contains("bad.tsv:2:2: the label is 'x'; a number is needed"))
                .anyMatch(l -> l.contains("bad.tsv:3: the row has 2 columns; 3"));
    }
}
