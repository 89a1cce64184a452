package org.ntk4j.panel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Thumbnails;

class HtmlReportTest {

    @TempDir
    Path out;

    private Path run;

    @BeforeEach
    void writeARun() throws IOException {
        run = out.resolve("study").resolve("20260102-030405");
        RunFixture.write(run);
    }

    private HtmlReport report() {
        return HtmlReport.of(List.of(run));
    }

    private static JsonObject option(Panel panel) {
        return JsonParser.parseString(((Chart) panel.figures().get(0)).json()).getAsJsonObject();
    }

    private static List<String> texts(JsonArray array, String key) {
        List<String> texts = new ArrayList<>();
        for (JsonElement each : array) {
            texts.add(each.getAsJsonObject().get(key).getAsString());
        }
        return texts;
    }

    private static List<String> legend(JsonObject option) {
        List<String> names = new ArrayList<>();
        option.getAsJsonObject("legend").getAsJsonArray("data").forEach(n -> names.add(n.getAsString()));
        return names;
    }

    @Test
    void answers_the_question_first() {
        Panel panel = report().panel("answer");
        assertThat(panel.title()).isEqualTo("f_T is closer to NN_T than f_∞ in 1, and than f_0 in 0 of 2 points of the sweep");
        assertThat(panel.sentence()).contains("Closer than f_∞: yes at 1 (width 64), no at 1 (width 256), undecided at 0");
        JsonObject option = option(panel);
        assertThat(texts(option.getAsJsonArray("title"), "text")).containsExactly("How far from NN_T", "By how much f_T is closer");
        assertThat(legend(option)).containsExactly("f_0", "f_T", "f_∞");
        // Three functions; two references with bars and dots; the line of 0.
        assertThat(option.getAsJsonArray("series")).hasSize(3 + 2 * 2 + 1);
        assertThat(panel.notes()).as("remarks that differ in numbers alone are one")
                .containsExactly(RunFixture.NASTY + " at 0.1 (said 2 times)");
    }

    @Test
    void shows_training_with_what_each_kernel_foretells() {
        Panel panel = report().panel("training");
        assertThat(panel.title()).startsWith("Along training f_T foretells the network's test loss best, within 10");
        assertThat(panel.sentence()).contains("100 steps at a learning rate of 2.00, 0.500 of the largest stable one (4.00)")
                .contains("Each of the 2 seeds is a thin line");
        JsonObject option = option(panel);
        assertThat(texts(option.getAsJsonArray("title"), "text"))
                .containsExactly("Loss, test set", "Accuracy, test set", "Loss, training set", "Accuracy, training set",
                "Learning rate over the largest stable one");
        assertThat(texts(option.getAsJsonArray("xAxis"), "type")).containsOnly("log");
        assertThat(texts(option.getAsJsonArray("xAxis"), "name")).containsOnly("training step");
        assertThat(option.getAsJsonArray("series")).as("four functions of two seeds and the end in four plots; the rates of two seeds")
                .hasSize(4 * (4 * 2 + 1) + 2 + 1);
        JsonObject rates = option.getAsJsonArray("series").get(4 * 9).getAsJsonObject();
        assertThat(rates.getAsJsonArray("data").toString()).as("the rate of step 1 is judged by Θ_0").isEqualTo("[[1,0.5],[100,1.5]]");
        assertThat(option.getAsJsonArray("series").get(4 * 9 + 2).getAsJsonObject().getAsJsonObject("markLine").toString())
                .contains("\"yAxis\":1,").contains("stable below");
        assertThat(option.getAsJsonArray("yAxis").get(4).getAsJsonObject().get("max").getAsDouble()).as("1 is inside").isEqualTo(1.65);
        assertThat(legend(option)).containsExactly("f_∞", "f_0", "f_T", "NN_T");
    }

    @Test
    void what_does_not_change_is_no_finding() throws IOException {
        Path results = run.resolve("results.csv");
        Files.writeString(results, Files.readString(results)
                .replaceAll("(ntk\\.init,ntk\\.infinite,train,0,relativeFrobenius),[^,]*,", "$1,0.1,"));
        Panel sweep = report().panel("sweep");
        assertThat(sweep.title()).isEqualTo("‖Θ_T − Θ_0‖ goes as width to the power −1.00 [−1.00, −1.00]");
        assertThat(sweep.sentence()).contains("‖Θ_0 − Θ_∞‖ does not change with width (power 0 [0, 0])");
    }

    /** Draws of the training set are no axis. */
    @Test
    void draws_are_thin_lines() throws IOException {
        for (String table : List.of("results.csv", "summary.csv", "history.csv")) {
            List<String> lines = new ArrayList<>();
            for (String line : Files.readAllLines(run.resolve(table))) {
                int at = table.equals("summary.csv") ? line.indexOf(',') : line.indexOf(',', line.indexOf(',', line.indexOf(',') + 1) + 1);
                for (String draw : lines.isEmpty() ? List.of("data.seed") : List.of("0", "1")) {
                    lines.add(line.substring(0, at) + "," + draw + line.substring(at));
                }
            }
            Files.write(run.resolve(table), lines);
        }
        Panel sweep = report().panel("sweep");
        assertThat(texts(option(sweep).getAsJsonArray("xAxis"), "name")).containsExactly("width", "width", "width");
        assertThat(sweep.sentence()).startsWith("4 points of a sweep over width and draws of the training set. ");
    }

    @Test
    void shows_what_the_layers_look_at() throws IOException {
        Panel panel = report().panel("features");
        // 2 · 0.6² of 2 · 0.6² + 0.5² + 9 · 0.1².
        assertThat(panel.title()).isEqualTo("What 0.conv learnt lies in channel 3 of 6 by 67.9 %");
        assertThat(panel.sentence()).contains("0.conv 0.300 → 0.700 (its weights moved by 25.0 %)").contains("to step 100");
        Thumbnails tiles = (Thumbnails) panel.figures().get(0);
        assertThat(tiles.pictures()).extracting(t -> t.values().get("title")).containsExactly("0.conv: W Wᵀ, at the start",
                "0.conv: W Wᵀ, at the end", "0.conv: gradients, at the end", "0.conv: change of W, at the end");
        assertThat(tiles.pictures().get(0).values()).containsEntry("rowCount", 2).containsEntry("columnCount", 6)
                .containsEntry("rowGroups", "0,0|0,1");
        Files.writeString(run.resolve("features.csv"), "run,seed,network.mlp.width,layer,step,matrix,index,eigenvalue,input,value\r\n");
        assertThatThrownBy(() -> report().panel("features")).as("of an older version").isInstanceOf(Failure.class)
                .hasMessageContaining("holds nothing for the panel 'features'");
    }

    @Test
    void has_one_pair_of_buttons_a_panel() {
        String html = report().page().html();
        assertThat(html.split("data-kind=\"svg\"", -1)).hasSameSizeAs(html.split("data-kind=\"png\"", -1));
        for (String id : List.of("answer", "training", "functions", "spectra")) {
            assertThat(html.split("data-kind=\"svg\" data-name=\"" + id + "\"", -1).length - 1).as(id)
                    .isEqualTo(html.split("<section id=\"" + id + "\"")[1].split("</section>")[0].split("<article", -1).length - 1);
        }
    }

    @Test
    void one_subject_has_one_colour_in_all_panels() {
        for (String id : List.of("answer", "training", "accuracy", "functions", "sweep")) {
            for (JsonElement each : option(report().panel(id)).getAsJsonArray("series")) {
                JsonObject series = each.getAsJsonObject();
                if (series.has("name") && series.get("name").getAsString().equals("f_∞")) {
                    assertThat(series.getAsJsonObject("itemStyle").get("color").getAsString()).as(id).isEqualTo("#D55E00");
                }
            }
        }
    }

    @Test
    void shows_accuracies_with_intervals() {
        Panel panel = report().panel("accuracy");
        assertThat(panel.title()).isEqualTo("NN_T is less accurate than f_T and f_∞");
        assertThat(panel.table().rows()).hasSize(4).anySatisfy(row -> assertThat(row)
                .contains("f_∞", "0.860 [0.810, 0.910]", "−0.0600 [−0.0900, −0.0300]"));
        assertThat(option(panel).getAsJsonArray("series")).hasSize(4 * 2 + 3 * 2 + 1);
    }

    @Test
    void shows_the_examples_that_differ_most_first() {
        Panel panel = report().panel("functions");
        assertThat(panel.title()).isEqualTo("The outputs of NN_T go with those of f_T (0.700) more than with those of f_∞ (0.600)");
        assertThat(panel.table().rows().get(0)).startsWith("3", "1");
        Thumbnails tiles = (Thumbnails) panel.figures().get(1);
        assertThat(tiles.pictures()).hasSize(10);
        assertThat(tiles.svg("t", "w", 700)).contains("#3, label 1").contains("&lt;script").doesNotContain("<script");
    }

    @Test
    void fits_power_laws() {
        assertThat(report().panel("spectra").sentence()).contains("fall about as index to the power −2.00 (Θ_0)");
        Panel sweep = report().panel("sweep");
        assertThat(sweep.title()).isEqualTo("‖Θ_0 − Θ_∞‖ goes as width to the power −0.500 [−0.500, −0.500]");
        assertThat(texts(option(sweep).getAsJsonArray("title"), "text"))
                .containsExactly("Kernels: Θ_0 to Θ_∞ and Θ_T to Θ_0", "How far from NN_T", "Accuracy");
        assertThat(report().panel("change").title()).isEqualTo("Training turns the kernel towards the labels: alignment 0.100 → 0.300");
    }

    @Test
    void is_one_file_in_the_order_of_the_questions() {
        String html = report().page().html();
        int last = 0;
        for (String id : List.of("answer", "training", "accuracy", "functions", "spectra", "change", "features", "sweep", "setup")) {
            int at = html.indexOf("<section id=\"" + id + "\"");
            assertThat(at).as(id).isGreaterThan(last);
            last = at;
        }
        assertThat(html).as("no heat maps without their file").doesNotContain("<section id=\"kernels\"")
                .contains("report/thinned.csv is not there: no kernels as heat maps.");
        assertThat(html).contains("Apache License").contains("Licensed to the Apache Software Foundation");
        assertThat(html.replaceAll("(?s)<script>.*?</script>|<pre tabindex=\"0\">.*?</pre>", "")).as("nothing is fetched")
                .doesNotContain("src=").doesNotContainPattern("href=\"(?!#|data:|[a-z/]+\\.(csv|json)\")");
        assertThat(html.length()).isLessThan(3_000_000);
    }

    @Test
    void escapes_what_comes_from_files() {
        String html = report().page().html();
        assertThat(html).doesNotContain("<script>alert").contains("&lt;script&gt;alert(&#39;x&#39;)");
        assertThat(html).as("a path out of the folder is not followed").doesNotContain("secret");
    }

    @Test
    void reads_tables_of_an_older_version() throws IOException {
        RunFixture fixture = RunFixture.write(run);
        fixture.results(false);
        Files.delete(run.resolve("report/notes.csv"));
        Files.delete(run.resolve("report/looks.csv"));
        Files.writeString(run.resolve("log.txt"), "2026-01-02T03:04:05Z cell 1 of 6: width=64\n2026-01-02T03:04:05Z not converged "
                + "3\n2026-01-02T03:04:05Z Θ_0: eigenvalues 1 to 2, condition number 2\n2026-01-02T03:04:05Z done\n");
        assertThat(report().panel("answer").notes()).containsExactly("not converged 3");
        assertThat(report().panel("sweep").title()).startsWith("‖Θ_0 − Θ_∞‖ goes as width to the power −0.500");
        // At the network's step, not in the limit.
        FactTable results = RunTables.of(List.of(RunFiles.of(run))).results();
        assertThat(results.find("regression.trained", "network", "test", "rmse").stream().map(Fact::at)).containsOnly("trained", "limit");
    }

    @Test
    void says_what_an_unfinished_run_does_not_hold() throws IOException {
        for (String file : List.of("results.csv", "summary.csv", "predictions.csv", "spectrum.csv")) {
            Files.delete(run.resolve(file));
        }
        Files.writeString(run.resolve("manifest.json"), "{\"status\": \"interrupted\"}");
        Files.writeString(run.resolve("failures.csv"), "run,seed,network.mlp.width,reason\r\nr,0,64,it broke\r\nr,1,64,it broke\r\n");
        String html = report().page().html();
        assertThat(html).contains("<section id=\"training\"").doesNotContain("<section id=\"answer\"").contains("The run was interrupted")
                .contains("results.csv is not there")
                .contains("failed: width 64, seed 0; width 64, seed 1: it broke");
    }

    @Test
    void sets_runs_side_by_side() throws IOException {
        Path other = out.resolve("study").resolve("20260102-030406");
        RunFixture.write(other);
        HtmlReport both = HtmlReport.of(List.of(run, other));
        Panel sweep = both.panel("sweep");
        List<String> names = new ArrayList<>();
        option(sweep).getAsJsonArray("xAxis").forEach(x -> names.add(x.getAsJsonObject().get("name").getAsString()));
        assertThat(new TreeSet<>(names)).containsExactly("run", "width");
        assertThat(both.page().cells()).contains("study/20260102-030405, width 64", "study/20260102-030406, width 256");
    }

    @Test
    void finds_the_run_that_is_meant() throws IOException {
        Files.createSymbolicLink(out.resolve("study/latest"), Path.of("20260102-030405"));
        assertThat(HtmlReport.of(List.of(out.resolve("study"))).home()).isEqualTo(out.resolve("study/20260102-030405/report.html"));
        assertThat(HtmlReport.of(List.of(run.resolve("results.csv"))).home().getParent()).isEqualTo(run.toAbsolutePath());
        for (Path wrong : List.of(out, out.resolve("nothing"), Files.writeString(out.resolve("x.csv"), "a,b\n"))) {
            assertThatThrownBy(() -> HtmlReport.of(List.of(wrong)))
                    .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(2)).hasMessageContaining(wrong.toString());
        }
    }

    @Test
    void names_the_line_of_a_damaged_table() throws IOException {
        Path results = run.resolve("results.csv");
        String good = Files.readString(results);
        Files.writeString(results, good + "r,0,64,network\r\n");
        int last = (int) good.lines().count() + 1;
        assertThatThrownBy(this::report).isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(2))
                .hasMessageStartingWith(results + ":" + last + ": the table is damaged: it has 4 fields");
        Files.writeString(results, good.replaceFirst("accuracy,0.8", "accuracy,zero"));
        assertThatThrownBy(this::report).hasMessageContaining("results.csv:2: the table is damaged: 'zero' in the column value is not a "
                + "number");
        Files.writeString(results, "run,seed,subject,metric\r\n");
        assertThatThrownBy(this::report).hasMessageContaining("results.csv:1: there is no column 'value'");
        Files.write(results, new byte[] {'a', '"', 0, 1, (byte) 0xFF});
        assertThatThrownBy(this::report).isInstanceOf(Failure.class);
        Files.writeString(results, good);
        Files.writeString(run.resolve("manifest.json"), "{\"status\": ");
        assertThatThrownBy(() -> report().page()).isInstanceOf(Failure.class).hasMessageContaining("manifest.json: the file is damaged");
    }

    @Test
    void keeps_the_report_that_was_there_if_it_cannot_write() throws IOException {
        Path file = out.resolve("here").resolve("report.html");
        report().write(file);
        String before = Files.readString(file);
        Files.createDirectory(file.resolveSibling(".report.html.writing"));
        assertThatThrownBy(() -> report().write(file)).isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(1))
                .hasMessageContaining("cannot be written");
        assertThat(Files.readString(file)).isEqualTo(before);
    }
}
