package org.ntk4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Table;

class RunFolderTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T18:15:00Z"), ZoneOffset.UTC);
    private static final String DEFINITION = "network: mlp\n";

    @TempDir
    Path out;

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(out.resolve("study"))) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private RunFolder begin() {
        return RunFolder.begin(out, "study", DEFINITION, CLOCK);
    }

    private static Manifest manifest() {
        return Manifest.begin(List.of("ntk", "run", "a b.yaml"), "cpu", List.of(0L, 1L), CLOCK.instant());
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    @Test
    void should_rename_at_the_end_and_point_latest_to_it() throws IOException {
        try (RunFolder folder = begin()) {
            assertThat(folder.run()).isEqualTo("20261123-181500");
            folder.describe(manifest().withData("train", new int[] {3, 1}).with("note", Double.NaN));
            folder.write("results.csv", new Table(List.of("a"), List.of(List.of(1))));
            folder.finish("seed=0", "{\"a\":1}");
            folder.log().add("hello\nworld");
            assertThat(names()).containsExactly(".20261123-181500.partial");
            assertThat(json(folder.path().resolve("manifest.json")).get("status").getAsString()).isEqualTo("running");
            Path last = folder.complete();
            assertThat(last).isEqualTo(out.resolve("study/20261123-181500"));
        }
        assertThat(names()).containsExactly("20261123-181500", "latest");
        Path latest = out.resolve("study/latest");
        assertThat(Files.readSymbolicLink(latest)).isEqualTo(Path.of("20261123-181500"));
        assertThat(Files.readString(latest.resolve("results.csv"))).isEqualTo("a\r\n1\r\n");
        assertThat(Files.readString(latest.resolve("log.txt"))).isEqualTo(
                "2026-11-23T18:15:00Z hello\n2026-11-23T18:15:00Z world\n2026-11-23T18:15:00Z done\n");
        try (Stream<Path> files = Files.list(latest)) {
            assertThat(files.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("results.csv", "log.txt", "manifest.json");
        }
        JsonObject manifest = json(latest.resolve("manifest.json"));
        assertThat(manifest.get("status").getAsString()).isEqualTo("done");
        assertThat(manifest.get("ended").getAsString()).isEqualTo("2026-11-23T18:15:00Z");
        assertThat(manifest.getAsJsonObject("data").getAsJsonArray("train").toString()).isEqualTo("[3,1]");
        assertThat(manifest.get("note").getAsString()).isEqualTo("NaN");
        assertThat(manifest.getAsJsonObject("versions").get("tensorflow-java").getAsString()).isEqualTo("1.1.0");
    }

    @Test
    void should_give_two_runs_of_one_second_two_folders() throws IOException {
        try (RunFolder one = begin(); RunFolder two = begin()) {
            assertThat(two.run()).isEqualTo("20261123-181500-02");
            one.complete();
            two.complete();
        }
        begin().abandon(Failure.cancelled("Ctrl-C"));
        assertThat(names()).containsExactly("20261123-181500", "20261123-181500-02", "20261123-181500-03.interrupted", "latest");
        assertThat(Files.readSymbolicLink(out.resolve("study/latest"))).isEqualTo(Path.of("20261123-181500-02"));
    }

    @Test
    void should_mark_what_was_interrupted_and_what_failed() throws IOException {
        RunFolder interrupted = begin();
        interrupted.describe(manifest());
        interrupted.abandon(Failure.cancelled("Ctrl-C"));
        RunFolder failed = begin();
        failed.describe(manifest());
        failed.abandon(new IllegalStateException("boom"));
        RunFolder forgotten = begin();
        forgotten.close();
        assertThat(names()).containsExactly("20261123-181500-02.failed", "20261123-181500-03.failed", "20261123-181500.interrupted");
        assertThat(json(interrupted.path().resolve("manifest.json")).get("status").getAsString()).isEqualTo("interrupted");
        assertThat(json(failed.path().resolve("manifest.json")).get("status").getAsString()).isEqualTo("failed");
        assertThat(Files.readString(failed.path().resolve("log.txt"))).contains("failed: java.lang.IllegalStateException: boom");
    }

    @Test
    void should_resume_the_newest_unfinished_run_of_the_same_definition() throws IOException {
        try (RunFolder old = begin()) {
            old.finish("seed=0", "{\"value\":0.1}");
            old.abandon(Failure.cancelled("Ctrl-C"));
        }
        RunFolder.begin(out, "study", "network: cnn\n", CLOCK).abandon(Failure.cancelled("Ctrl-C"));
        assertThat(RunFolder.resume(out, "study", "network: other\n", CLOCK)).isEmpty();
        assertThat(RunFolder.resume(out, "other", DEFINITION, CLOCK)).isEmpty();
        RunFolder again = RunFolder.resume(out, "study", DEFINITION, CLOCK).orElseThrow();
        assertThat(again.run()).isEqualTo("20261123-181500");
        assertThat(again.finished("seed=0")).contains("{\"value\":0.1}");
        assertThat(again.finished("seed=1")).isEmpty();
        again.complete();
        assertThat(names()).containsExactly("20261123-181500", "20261123-181500-02.interrupted", "latest");
        assertThat(RunFolder.resume(out, "study", DEFINITION, CLOCK)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"digit", "cut", "empty", "null", "{}", "not text", "folder"})
    void should_not_trust_a_damaged_cell(String damage) throws IOException {
        try (RunFolder folder = begin()) {
            folder.finish("seed=0", "{\"value\":0.125}");
            Path cells = folder.path().resolve("cells");
            Path cell;
            try (Stream<Path> files = Files.list(cells)) {
                cell = files.findFirst().orElseThrow();
            }
            String text = Files.readString(cell);
            switch (damage) {
                case "digit" -> Files.writeString(cell, text.replace("0.125", "0.135"));
                case "cut" -> Files.writeString(cell, text.substring(0, text.length() - 1));
                case "empty" -> Files.writeString(cell, "");
                case "not text" -> Files.write(cell, new byte[] {(byte) 0xff, 0, 1});
                case "folder" -> {
                    Files.delete(cell);
                    Files.createDirectories(cell.resolve("inside"));
                }
                default -> Files.writeString(cell, damage);
            }
            folder.finish("seed=1", "2");
            List<String> notes = new ArrayList<>();
            assertThat(folder.finished("seed=0", notes::add)).isEmpty();
            assertThat(notes).singleElement().asString().contains(cell.toString()).contains("the cell is computed again");
            folder.finish("seed=0", "3");
            assertThat(folder.finished("seed=0")).contains("3");
            assertThat(folder.finished("seed=1")).contains("2");
            folder.complete();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void should_not_let_two_resume_one_folder() {
        try (RunFolder running = begin()) {
            assertThat(running.path()).exists();
            assertThatThrownBy(() -> RunFolder.resume(out, "study", DEFINITION, CLOCK))
                    .isInstanceOf(Failure.class).hasMessageContaining("another process is writing this run");
        }
        assertThat(RunFolder.resume(out, "study", DEFINITION, CLOCK)).isPresent().get().satisfies(RunFolder::close);
    }

    @Test
    void should_resume_after_the_process_was_killed() throws Exception {
        Path before = begin().complete();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(), out.toString()).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            assertThatThrownBy(() -> RunFolder.resume(out, "study", DEFINITION, CLOCK)).hasMessageContaining("another process");
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(names()).contains("20261123-181500", ".20261123-181500-02.partial");
        try (RunFolder again = RunFolder.resume(out, "study", DEFINITION, CLOCK).orElseThrow()) {
            assertThat(again.finished("seed=0")).contains("{}");
            assertThat(again.path().resolve("manifest.json")).content().contains("\"running\"");
            again.complete();
        }
        assertThat(before).isDirectory();
        assertThat(names()).containsExactly("20261123-181500", "20261123-181500-02", "latest");
    }

    /** A run that is killed while it works. */
    static final class Killed {
        public static void main(String[] args) throws InterruptedException {
            RunFolder folder = RunFolder.begin(Path.of(args[0]), "study", DEFINITION, CLOCK);
            folder.describe(manifest());
            folder.finish("seed=0", "{}");
            System.out.println("ready");
            Thread.sleep(60_000);
        }
    }

    @Test
    void should_fail_before_the_work_where_nothing_can_be_written() throws IOException {
        Path file = Files.writeString(out.resolve("file"), "");
        assertThatThrownBy(() -> RunFolder.begin(file, "study", DEFINITION, CLOCK))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.status()).isEqualTo(Failure.INPUT))
                .hasMessageContaining(file.toString()).hasMessageContaining("--out");
        for (String name : List.of("..", "a/b", "", "a b", ".")) {
            assertThatThrownBy(() -> RunFolder.begin(out, name, DEFINITION, CLOCK)).isInstanceOf(Failure.class)
                    .hasMessageContaining("cannot be the name");
        }
    }

    @Test
    void should_finish_even_where_latest_cannot_be_set() throws IOException {
        Files.createDirectories(out.resolve("study/latest/mine"));
        Path last = begin().complete();
        assertThat(last).isDirectory();
        assertThat(last.resolve("log.txt")).content().contains("'latest' could not be set");
        assertThat(out.resolve("study/latest/mine")).isDirectory();
    }

    @Test
    void should_write_lists_of_numbers_on_one_line() {
        assertThat(Json.write(Map.of("a", List.of(1, 2.5, List.of("x"))))).contains("[\"x\"]");
        assertThat(Json.write(Map.of("a", new int[] {1, 2}))).isEqualTo("{\n  \"a\": [1,2]\n}\n");
    }
}
