package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.HashMap;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole studies of a tiny network, as a user runs them: what is written, in which columns, and what is said. */
class StudyTest {

    static final String TINY = """
            data: {name: mnist-sample, train: 60, test: 20}
            network: {mlp: {width: 16, wStd: 1.4, bStd: 0.1}}
            train: {until: {maxSteps: 30}}
            """;

    @TempDir
    private static Path common;

    /** What {@link #TINY} itself gave: several look at it, none changes it. */
    private static Program.Result plain;
    private static Path plainRun;

    @TempDir
    Path folder;

    private Path out;

    @BeforeAll
    static void runOnce() {
        plain = run(common, TINY);
        plainRun = runOf(plain);
    }

    @BeforeEach
    void name() {
        out = folder.resolve("out");
    }

    private Program.Result run(String yaml, String... more) {
        return run(folder, yaml, more);
    }

    private static Program.Result run(Path folder, String yaml, String... more) {
        try {
            List<String> args = new ArrayList<>(List.of("run", Files.writeString(folder.resolve("tiny.yaml"), yaml).toString(), "--out",
                    folder.resolve("out").toString(), "--threads", "1"));
            args.addAll(Arrays.asList(more));
            return Program.ntk(args.toArray(String[]::new));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path done(String yaml, String... more) {
        return runOf(run(yaml, more));
    }

    private static Path runOf(Program.Result result) {
        assertThat(result.status()).as(result.err().toString()).isZero();
        return Path.of(result.out().lines().reduce((a, b) -> b).orElseThrow().replaceFirst("^results: ", ""));
    }

    private static List<String> keys(List<CSVRecord> results) {
        return results.stream().map(r -> Stream.of("subject", "reference", "split", "step", "metric").map(r::get)
                .collect(Collectors.joining(","))).toList();
    }

    private static String head(Path run, String file) throws IOException {
        return Files.readString(run.resolve(file)).lines().findFirst().orElseThrow();
    }

    @Test
    void should_write_what_the_contract_says() throws IOException {
        assertThat(plain.out().lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100)
                .noneMatch(line -> line.contains("…"));
        Path run = Program.run(common.resolve("out"), "tiny");
        assertThat(common.resolve("out/tiny/latest").toRealPath()).isEqualTo(run.toRealPath());
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.yaml", "resolved.yaml", "manifest.json", "results.csv", "summary.csv",
                    "history.csv", "predictions.csv", "spectrum.csv", "examples.csv", "wide.csv", "log.txt", "summary.txt", "report",
                            "report.html");
        }
        assertThat(head(run, "results.csv")).isEqualTo("run,seed,subject,reference,split,step,metric,value,at");
        assertThat(head(run, "summary.csv")).isEqualTo("subject,reference,split,step,metric,mean,deviation,count,at");
        assertThat(head(run, "history.csv")).isEqualTo("run,seed,step,time,seconds,subject,split,loss,accuracy");
        assertThat(head(run, "predictions.csv")).isEqualTo("run,seed,subject,split,step,example,label,output,value,at");
        assertThat(head(run, "spectrum.csv")).isEqualTo("run,seed,subject,step,index,eigenvalue");
        assertThat(head(run, "examples.csv")).isEqualTo("run,seed,rank,example,label,network,regression.infinite,difference");
        assertThat(run.resolve("config.yaml")).hasContent(TINY);
        assertThat(Files.readString(run.resolve("results.csv"))).endsWith("\r\n").doesNotContain("NaN", "Infinity");

        List<CSVRecord> results = Program.records(run.resolve("results.csv"));
        assertThat(results).allMatch(r -> r.get("run").equals(run.getFileName().toString()) && r.get("seed").equals("0"));
        assertThat(keys(results)).doesNotHaveDuplicates().contains("network,labels,test,30,accuracy", "network,labels,train,30,mse",
                "regression.init,labels,test,,accuracy",
                "regression.trained,network,test,30,rmse", "regression.infinite,network,test,,agreement",
                        "regression.nngp,labels,test,,accuracyHigh",
                "ntk.init,ntk.infinite,train,0,relativeFrobenius", "ntk.trained,ntk.infinite,test,30,cka",
                        "ntk.trained,ntk.init,train,30,kernelDistance",
                "nngp.infinite,,train,,conditionNumber", "ntk.infinite,labels,train,,alignment",
                        "network,regression.trained,test,30,correlation");
        List<CSVRecord> predictions = Program.records(run.resolve("predictions.csv"));
        assertThat(predictions.stream().filter(r -> r.get("subject").equals("network") && r.get("split").equals("test"))).hasSize(20 * 10);
        assertThat(Program.records(run.resolve("spectrum.csv")).stream().filter(r -> r.get("subject").equals("ntk.trained"))).hasSize(60);
        List<CSVRecord> history = Program.records(run.resolve("history.csv"));
        assertThat(history.stream().map(r -> r.get("subject")).distinct()).contains("network", "regression.infinite");
        assertThat(history.get(0).get("step")).isEqualTo("0");
        assertThat(new TreeSet<>(history.stream().map(r -> Integer.parseInt(r.get("step"))).toList()).last()).isEqualTo(30);

        String manifest = Files.readString(run.resolve("manifest.json"));
        assertThat(manifest).contains("\"status\": \"done\"", "\"ntk4j\"", "\"seeds\": [0]", "\"train\": [", "\"test\": [", "\"run\"",
                "\"device\": \"").doesNotContain("\"auto\"");
    }

    @Test
    void should_give_the_same_from_what_it_resolved() {
        String resolved = read(plainRun.resolve("resolved.yaml"));
        Path second = done(resolved);
        for (String file : List.of("results.csv", "summary.csv", "history.csv", "predictions.csv", "spectrum.csv")) {
            assertThat(Program.lines(second.resolve(file))).as(file).isEqualTo(Program.lines(plainRun.resolve(file)));
        }
        assertThat(second.resolve("resolved.yaml")).hasContent(resolved);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void should_write_points_and_full_precision_in_any_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Program.Result german = run(TINY);
            assertThat(german.status()).isZero();
            assertThat(german.out() + german.err()).doesNotContainPattern("\\d,\\d");
            assertThat(run(TINY, "--dry-run").out()).doesNotContainPattern("\\d,\\d{1,2}\\D");
            Path run = Path.of(german.out().lines().reduce((a, b) -> b).orElseThrow().replaceFirst("^results: ", ""));
            assertThat(Program.lines(run.resolve("results.csv"))).isEqualTo(Program.lines(plainRun.resolve("results.csv")));
        } finally {
            Locale.setDefault(before);
        }
        List<CSVRecord> loss = Program.records(plainRun.resolve("history.csv"));
        assertThat(loss.stream().map(r -> r.get("loss")).filter(text -> text.length() > 14)).hasSizeGreaterThan(loss.size() / 2);
    }

    @Test
    @Tag("slow")
    void should_sweep_over_any_keys() throws IOException {
        Path run = done(TINY + "sweep: {network.mlp.activation: [relu, {erf: {b: 2}}], data.train: [20, 40], seed: 2}\n", "--set",
                "train.until.maxSteps=3",
                "--set", "kernels=[ntk.init]");
        assertThat(head(run, "results.csv"))
                .isEqualTo("run,seed,network.mlp.activation,data.train,subject,reference,split,step,metric,value,at");
        assertThat(head(run, "summary.csv"))
                .isEqualTo("network.mlp.activation,data.train,subject,reference,split,step,metric,mean,deviation,count,at");
        Set<String> cells = Program.records(run.resolve("results.csv")).stream()
                .map(r -> r.get("network.mlp.activation") + " " + r.get("data.train") + " " + r.get("seed")).collect(Collectors.toSet());
        assertThat(cells).hasSize(8).contains("relu 20 0", "relu 40 1").anyMatch(c -> c.contains("erf") && c.endsWith(" 40 1"));
        CSVRecord mean = Program.records(run.resolve("summary.csv")).stream()
                .filter(r -> r.get("subject").equals("network") && r.get("metric").equals("mse")).findFirst().orElseThrow();
        assertThat(mean.get("count")).isEqualTo("2");
        assertThat(Double.parseDouble(mean.get("deviation"))).isPositive();
        assertThat(Files.readString(run.resolve("manifest.json"))).contains("\"seeds\": [0,1]");
    }

    @Test
    void should_show_an_untrained_network_only_where_it_is_wanted() {
        String untrained = "name: u\ndata: {train: 30, test: 20}\nnetwork: {mlp: {width: 8}}\n";
        Program.Result alone = run(untrained + "kernels: [ntk.infinite]\n");
        assertThat(alone.status()).isZero();
        assertThat(alone.out()).contains("f_∞").doesNotContain("NN_T", "NN_0");
        assertThat(Program.records(Program.run(out, "u").resolve("results.csv")).stream().map(r -> r.get("subject")).distinct())
                .containsExactlyInAnyOrder("regression.infinite", "ntk.infinite");
        Program.Result start = run(untrained.replace("name: u", "name: v") + "kernels: [ntk.init, ntk.infinite]\n");
        assertThat(start.out()).contains("NN_0   network", "RMSE to NN_0").doesNotContain("NN_T");
        assertThat(Program.records(Program.run(out, "v").resolve("results.csv")).stream().filter(r -> r.get("subject").equals("network"))
                .map(r -> r.get("at")).distinct()).containsExactly("start");
    }

    @Test
    void should_say_of_each_number_which_moment_it_speaks_of() {
        Path run = done(TINY, "--set", "record={kernel: [10]}", "--set", "regression.times=[trained, infinity, 5]");
        Map<String, String> at = new HashMap<>();
        List<CSVRecord> results = Program.records(run.resolve("results.csv"));
        results.forEach(r -> at.put(String.join(" ", r.get("subject"), r.get("step"), r.get("metric")), r.get("at")));
        assertThat(at).containsEntry("network 30 accuracy", "trained").containsEntry("regression.infinite  accuracy", "limit")
                .containsEntry("regression.infinite 30 accuracy", "trained")
                .containsEntry("regression.infinite 5 accuracy", "step").containsEntry("ntk.init 0 trace", "start")
                        .containsEntry("ntk.trained 30 trace", "trained")
                .containsEntry("ntk.trained 10 trace", "step").containsEntry("ntk.infinite  trace", "")
                        .containsEntry("regression.infinite  ridge", "");
        assertThat(Program.records(run.resolve("predictions.csv")).stream().map(r -> r.get("subject") + " " + r.get("at")).distinct())
                .contains("network trained", "regression.init limit", "regression.init trained", "regression.init step");
        assertThat(Program.records(run.resolve("summary.csv")).stream().map(r -> r.get("at")).distinct())
                .contains("start", "trained", "step", "limit", "");

        List<CSVRecord> wide = Program.records(run.resolve("wide.csv"));
        assertThat(wide).hasSize(1);
        assertThat(wide.get(0).toMap()).hasSize(2 + results.size());
        for (CSVRecord r : results) {
            String moment = r.get("at").equals("step") ? r.get("step") : r.get("at");
            assertThat(wide.get(0).get(String.join(":", r.get("metric"), r.get("subject"), r.get("reference"), r.get("split"), moment)))
                    .isEqualTo(r.get("value"));
        }
        List<CSVRecord> examples = Program.records(run.resolve("examples.csv"));
        assertThat(examples.stream().map(r -> r.get("rank"))).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        List<Double> differences = examples.stream().map(r -> Double.parseDouble(r.get("difference"))).toList();
        assertThat(differences).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void should_let_a_change_win_over_a_sweep() throws IOException {
        String sweep = TINY + "sweep: {network.mlp.width: [8, 16], train.optimizer: [gradientDescent, adam], seed: 3}\n";
        assertThat(run(sweep, "--dry-run").out()).contains("cells      12");
        assertThat(run(sweep, "--dry-run", "--set", "network.mlp.width=5").out()).contains("cells      6").contains("dense {units 5,");
        assertThat(run(sweep, "--dry-run", "--set", "sweep.network.mlp.width=[3, 4, 5]").out()).contains("cells      18");
        assertThat(run(sweep, "--dry-run", "--set", "seed=7", "--set", "sweep.train.optimizer=[adam]").out()).contains("cells      2");
        assertThat(run(sweep, "--dry-run", "--set", "sweep={}").out()).contains("cells      1");
        assertThat(run("data: mnist-sample\nnetwork: [{dense: {units: 3}}, relu, {dense: {units: 10}}]\n", "--dry-run", "--set",
                "data.name=mnist", "--set", "data.train=17",
                "--set", "network.0.dense.units=4", "--set", "network.1=erf").out()).contains("mnist: 17 training")
                        .contains("dense {units 4,").contains("1 erf");
        assertThat(out).doesNotExist();
    }

    @Test
    void should_compare_what_it_is_asked_to() {
        Path only = done(TINY, "--set", "compare=[[network, regression.infinite]]", "--set", "name=only");
        assertThat(Program.records(only.resolve("results.csv")).stream().filter(r -> !r.get("reference").isEmpty())
                .map(r -> r.get("subject") + "-" + r.get("reference")).distinct())
                .containsExactly("network-regression.infinite");
        Path recorded = done(TINY, "--set", "record={kernel: [0, 10]}", "--set", "save=[kernels, weights]", "--set", "name=recorded");
        List<String> keys = keys(Program.records(recorded.resolve("results.csv")));
        assertThat(keys).doesNotHaveDuplicates().contains("ntk.trained,ntk.infinite,train,10,relativeFrobenius",
                "ntk.trained,ntk.init,test,0,cka");
        assertThat(Program.records(recorded.resolve("predictions.csv"))).isEmpty();
        assertThat(recorded.resolve("kernels/seed=0/ntk.trained.30.train.npy")).isRegularFile();
        assertThat(recorded.resolve("weights/seed=0/weights.30")).isNotEmptyDirectory();
        Path untrained = done(TINY, "--set", "train=none", "--set", "name=untrained");
        assertThat(Program.records(untrained.resolve("results.csv")).stream().map(r -> r.get("subject")).distinct())
                .contains("network", "regression.init", "ntk.infinite").doesNotContain("ntk.trained", "regression.trained");
        assertThat(Program.records(untrained.resolve("history.csv"))).isEmpty();
    }

    @Test
    void should_train_in_every_way() {
        for (List<String> way : List.of(List.of("train.optimizer=momentum", "train.precision=float64", "linearized=true"),
                List.of("train.optimizer={adam: {beta1: 0.8}}", "train.loss=crossEntropy", "train.batch=16"),
                List.of("train.optimizer=nesterov", "train.centred=false", "kernels=[ntk.init]", "precision=float32"))) {
            List<String> args = new ArrayList<>();
            way.forEach(change -> args.addAll(List.of("--set", change)));
            Path run = done(TINY, args.toArray(String[]::new));
            List<CSVRecord> results = Program.records(run.resolve("results.csv"));
            assertThat(keys(results)).doesNotHaveDuplicates().contains("network,labels,test,30,accuracy");
            assertThat(results).allMatch(r -> Double.isFinite(Double.parseDouble(r.get("value"))));
            assertThat(keys(results).contains("linearized,labels,test,30,accuracy")).isEqualTo(way.contains("linearized=true"));
        }
    }

    @Test
    void should_tell_a_divergence_and_keep_what_there_was() throws IOException {
        Path before = done(TINY, "--set", "train=none", "--set", "kernels=[ntk.infinite]");
        String results = Files.readString(before.resolve("results.csv"));
        Program.Result result = run(TINY, "--set", "train.learningRate=1000");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).last().asString().matches("ntk: training diverged at step \\d+: the loss is \\d\\.\\d+e\\+\\d+ "
                + "\\(0\\.\\d+ at the start\\); the learning rate is 1000, "
                + "the largest stable one 5\\.\\d+; use learningRate: auto or a smaller number");
        assertThat(result.err()).anyMatch(l -> l.matches("kept what there is: .*\\.failed"))
                .noneMatch(l -> l.contains("cells are finished"));
        assertThat(before.resolve("results.csv")).hasContent(results);
        assertThat(out.resolve("tiny/latest").toRealPath()).isEqualTo(before.toRealPath());
        try (Stream<Path> runs = Files.list(out.resolve("tiny"))) {
            Path failed = runs.filter(p -> p.toString().endsWith(".failed")).findFirst().orElseThrow();
            assertThat(failed.resolve("manifest.json")).content().contains("\"status\": \"failed\"");
            assertThat(failed.resolve("log.txt")).content().contains("failed: training diverged");
            assertThat(Program.records(failed.resolve("history.csv"))).isNotEmpty();
        }
        Program.Result adam = run(TINY, "--set", "train.optimizer=adam", "--set", "train.learningRate=1e6");
        assertThat(adam.status()).isEqualTo(1);
        assertThat(adam.err()).last().asString().contains("diverged").doesNotContain("NaN").doesNotContain("largest stable");
    }

    @Test
    void should_fail_where_a_cell_of_a_sweep_fails_and_try_it_again() throws IOException {
        String sweep = TINY + "kernels: [ntk.infinite]\nsweep: {train.learningRate: [0.1, 1.0e+9, 2.0e+9]}\n";
        Program.Result result = run(sweep);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).filteredOn(line -> line.startsWith("ntk: cell train.learningRate=")).hasSize(2)
                .allMatch(line -> line.contains("diverged"));
        assertThat(result.err()).anyMatch(line -> line.startsWith("ntk: 2 of 3 cells failed"));
        assertThat(result.out()).contains("0.1", "results: ");
        Path run = Program.run(out, "tiny");
        assertThat(run.toString()).endsWith(".failed");
        assertThat(Files.readString(run.resolve("manifest.json"))).contains("\"status\": \"failed\"");
        assertThat(Program.records(run.resolve("results.csv"))).anyMatch(r -> r.get("train.learningRate").equals("0.1"));
        Program.Result again = run(sweep, "--resume");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).noneMatch(line -> line.startsWith("cell 1 of 3")).anyMatch(line -> line.startsWith("cell 2 of 3"));
        Path script = Files.writeString(folder.resolve("sweep.jsh"), "System.setProperty(\"ntk.out\", \"" + out.resolve("script") + "\");\n"
                + "var c = Experiment.read(Path.of(\"" + folder.resolve("tiny.yaml") + "\")).compare();\nFiles.createFile(Path.of(\""
                        + folder.resolve("reached") + "\"));\n");
        Program.Result inScript = Program.ntk("run", script.toString());
        assertThat(inScript.status()).isEqualTo(1);
        assertThat(folder.resolve("reached")).doesNotExist();
    }

    @Test
    void should_say_that_there_is_nothing_to_resume_and_not_need_much_memory() {
        Program.Result result = run(TINY, "--resume", "--set", "train=none", "--set", "kernels=[ntk.infinite]");
        assertThat(result.status()).isZero();
        assertThat(result.err()).anyMatch(l -> l.startsWith("nothing to resume: "));
        Program.Result small = run(TINY, "--set", "network.mlp.width=20000", "--memory", "64m");
        assertThat(small.status()).isEqualTo(2);
        assertThat(small.err()).singleElement().asString().contains("64 MiB are allowed; use --memory");
    }
}
