package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebook of the documentation, executed by Jupyter with the Java kernel JJava, without a screen. Both are installed into
 * {@code target/jupyter} the first time, which needs Python and its package index; else the test is skipped.
 * {@code ./mvnw -q -Pall test -Dtest=NotebookTest -Dpages=write} draws the picture of the documentation anew.
 */
@Tag("slow")
class NotebookTest {

    private static final Path NOTEBOOK = Path.of("src/site/resources/notebook/first.ipynb");
    private static final Path PYTHON = Path.of("target", "jupyter").toAbsolutePath();
    private static final List<String> PACKAGES = List.of("jjava==1.0a8", "nbclient==0.11.0");
    private static final int MOST_MINUTES = 5;

    @TempDir
    Path folder;

    @Test
    void draws_what_its_cells_end_with() throws Exception {
        install();
        Path executed = Files.copy(NOTEBOOK, folder.resolve("first.ipynb"));
        Path java = Path.of(System.getProperty("java.home"), "bin");
        String options = "--add-modules=jdk.incubator.vector -Dorg.bytedeco.javacpp.maxPhysicalBytes=0"
                + (Runtime.version().feature() >= 24 ? " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" : "");
        Called run = call(folder, Map.of("PATH", PYTHON.resolve("bin") + ":" + java + ":" + System.getenv("PATH"), "JJAVA_CLASSPATH",
                System.getProperty("java.class.path"), "JJAVA_JVM_OPTS", options), PYTHON.resolve("bin/jupyter").toString(), "execute",
                "--inplace", executed.toString());
        assertThat(run.status()).as(run.said()).isZero();

        List<JsonObject> results = new ArrayList<>();
        JsonArray cells = JsonParser.parseString(Files.readString(executed)).getAsJsonObject().getAsJsonArray("cells");
        for (JsonElement cell : cells) {
            JsonArray outputs = cell.getAsJsonObject().getAsJsonArray("outputs");
            for (JsonElement output : outputs == null ? new JsonArray() : outputs) {
                assertThat(output.getAsJsonObject().get("output_type").getAsString()).as(output.toString()).isNotEqualTo("error");
                if (output.getAsJsonObject().has("data")) {
                    results.add(output.getAsJsonObject().getAsJsonObject("data"));
                }
            }
        }
        assertThat(results).as("kernel, fit, accuracy, comparison, panel").hasSize(5);
        assertThat(svg(results.get(0))).contains("Θ_∞ between 60 inputs");
        assertThat(text(results.get(0), "text/plain")).startsWith("ntk.infinite: 60 × 60");
        assertThat(svg(results.get(1))).contains("leave-one-out error");
        assertThat(Double.parseDouble(text(results.get(2), "text/plain"))).isBetween(0.2, 1.0);
        assertThat(svg(results.get(3))).contains("f_T").contains("How far from NN_T");
        assertThat(text(results.get(3), "text/plain")).contains("NN_T   network");
        assertThat(svg(results.get(4))).contains("training step");
        assertThat(folder.resolve("out/notebook/latest/report.html")).exists();
        if ("write".equals(System.getProperty("pages"))) {
            Files.writeString(NOTEBOOK.resolveSibling("kernel.svg"), svg(results.get(0)) + "\n");
        }
    }

    private static String svg(JsonObject data) throws Exception {
        String svg = text(data, "image/svg+xml");
        javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new java.io.StringReader(svg)));
        return svg;
    }

    /** Jupyter writes a text as a list of lines. */
    private static String text(JsonObject data, String type) {
        assertThat(data.has(type)).as(data.keySet().toString()).isTrue();
        JsonElement value = data.get(type);
        StringBuilder text = new StringBuilder();
        (value.isJsonArray() ? value.getAsJsonArray().asList() : List.of(value)).forEach(line -> text.append(line.getAsString()));
        return text.toString();
    }

    private void install() throws Exception {
        Path made = PYTHON.resolve("made-" + String.join("-", PACKAGES).replace("=", ""));
        if (Files.exists(made)) {
            return;
        }
        Called python = call(folder, Map.of(), "python3", "-m", "venv", PYTHON.toString());
        assumeTrue(python.status() == 0, "there is no Python that makes environments: " + python.said());
        List<String> command = new ArrayList<>(List.of(PYTHON.resolve("bin/python").toString(), "-m", "pip", "install", "--quiet"));
        command.addAll(PACKAGES);
        Called pip = call(folder, Map.of(), command.toArray(String[]::new));
        assumeTrue(pip.status() == 0, "Jupyter cannot be installed here: " + pip.said());
        Files.createFile(made);
    }

    private record Called(int status, String said) {
    }

    private Called call(Path where, Map<String, String> environment, String... command) throws InterruptedException {
        try {
            Path log = Files.createTempFile(folder, "call", ".log");
            ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                process.destroy();
                return new Called(-1, command[0] + " took too long\n" + Files.readString(log));
            }
            return new Called(process.exitValue(), Files.readString(log));
        } catch (IOException e) {
            return new Called(-1, String.valueOf(e.getMessage()));
        }
    }
}
