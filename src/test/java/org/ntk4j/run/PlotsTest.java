package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports and single panels as a user asks for them: in a file, on the command line, in a script. */
class PlotsTest {

    private static final String TINY = """
            name: tiny
            data: {train: 20, test: 20}
            network: {mlp: {width: 8}}
            train: {until: {maxSteps: 4}}
            """;

    @TempDir
    Path folder;

    private Program.Result ntk(String verb, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = verb;
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--out";
        all[words.length + 2] = folder.resolve("out").toString();
        return Program.ntk(all);
    }

    @Test
    void a_report_can_be_left_out_and_made_later() throws IOException {
        String file = Files.writeString(folder.resolve("tiny.yaml"), TINY).toString();
        assertThat(ntk("run", file, "--no-report").status()).isZero();
        Path run = Program.run(folder.resolve("out"), "tiny");
        assertThat(run.resolve("report.html")).doesNotExist();
        Program.Result made = Program.ntk("report", folder.resolve("out/tiny").toString());
        assertThat(made.status()).isZero();
        assertThat(Path.of(made.out().strip()).toRealPath()).isEqualTo(run.resolve("report.html").toRealPath());
        assertThat(Files.readString(run.resolve("report.html"))).contains("<section id=\"answer\"").contains("The network, layer by layer");
        assertThat(ntk("report", run.toString(), run.toString()).status()).isZero();
        assertThat(Files.readString(folder.resolve("out/report.html"))).contains("<section id=\"sweep\"");
        assertThat(ntk("run", file, "--set", "report=false", "--set", "name=silent", "--set", "train=none").status()).isZero();
        assertThat(Program.run(folder.resolve("out"), "silent").resolve("report.html")).doesNotExist();
    }

    @Test
    void a_script_draws_single_panels() throws Exception {
        Path svg = folder.resolve("answer.svg");
        Path script = Files.writeString(folder.resolve("a.jsh"), """
                var result = Experiment.mlp().name("small").width(8).on(mnistSample().train(20).test(20))
                    .train(gradientDescent().until(maxSteps(4))).run();
                result.report();
                result.plot("training");
                result.plot("answer", Path.of("SVG"));
                var data = mnistSample().train(20).test(10);
                var k = mlp().ntk(data.train().inputs());
                k.plot();
                k.plot();
                Regression.of(k).ridge(1e-3).fit(data.train().targets()).plot();
                """.replace("SVG", svg.toString()));
        Program.Result result = ntk("run", script.toString());
        assertThat(result.status()).as(String.join("\n", result.err())).isZero();
        Path run = folder.resolve("out/small/latest");
        assertThat(Files.readString(run.resolve("report.html"))).contains("<section id=\"kernels\"");
        assertThat(Files.readString(run.resolve("training.html"))).contains("Accuracy, test set").doesNotContain("<section id=\"answer\"");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        assertThat(folder.resolve("out/plots/ntk.infinite.html")).exists();
        assertThat(folder.resolve("out/plots/ntk.infinite-2.html")).as("a picture that is there stays").exists();
        assertThat(Files.readString(folder.resolve("out/plots/fit.html"))).contains("leave-one-out error");
    }

    @Test
    void what_cannot_be_drawn_is_said_in_one_line() throws IOException {
        Path script = Files.writeString(folder.resolve("a.jsh"), "mlp().ntk(mnistSample().inputs(5)).plot(Path.of(\"k.png\"));\n");
        Program.Result result = ntk("run", script.toString());
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).anyMatch(line -> line.contains("k.png: a picture is written as .html or .svg"));
        assertThat(Program.ntk("report", script.toString()).err()).singleElement().asString().contains("this is no folder");
    }
}
