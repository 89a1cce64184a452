package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Golden;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.positions.Edges;
import org.ntk4j.positions.Graphs;

/** Every golden kernel through the verb {@code kernel}, from CSV to CSV. */
class GoldenCommandTest {

    private Properties before;

    @TempDir
    Path folder;

    static List<Golden> files() {
        return Golden.all("kernels");
    }

    @BeforeEach
    void keepProperties() {
        before = (Properties) System.getProperties().clone();
    }

    @AfterEach
    void restoreProperties() {
        System.setProperties(before);
    }

    private String csv(String name, Inputs x) throws IOException {
        int size = x.shape().size();
        String text = IntStream.range(0, x.count()).mapToObj(i -> Arrays.stream(x.values(), i * size, (i + 1) * size)
                .mapToObj(v -> Double.isNaN(v) ? "nan" : String.valueOf(v)).collect(Collectors.joining(",")))
                        .collect(Collectors.joining("\n"));
        return Files.writeString(folder.resolve(name), text + "\n").toString();
    }

    private String edges(String name, Graphs graphs, boolean header) throws IOException {
        StringBuilder text = new StringBuilder(header ? "example,tail,head,weight\n" : "");
        for (int i = 0; i < graphs.count(); i++) {
            Edges e = graphs.of(i);
            for (int k = 0; k < e.count(); k++) {
                text.append(i).append(',').append(e.tails()[k]).append(',').append(e.heads()[k]).append(',').append(e.weights()[k])
                        .append('\n');
            }
        }
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private double[][] read(String name) throws IOException {
        return Files.readAllLines(folder.resolve("k").resolve(name)).stream()
                .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
                .toArray(double[][]::new);
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_agree_with_golden_values(Golden golden) throws IOException {
        Inputs x1 = golden.inputs("x1");
        List<String> args = new ArrayList<>(List.of("kernel",
                Files.writeString(folder.resolve("net.yaml"), golden.json().get("network").toString()).toString(),
                "--x", csv("x.csv", x1), "--shape", Arrays.stream(golden.json().get("shape").toString().replaceAll("[\\[\\] ]", "")
                        .split(","))
                        .collect(Collectors.joining(",")), "--out", folder + "/k"));
        if (golden.has("x2")) {
            args.addAll(List.of("--x2", csv("x2.csv", golden.inputs("x2"))));
        }
        for (String which : List.of("1", "2")) {
            if (golden.has("edges" + which)) {
                args.addAll(List.of("--edges" + which.replace("1", ""),
                        edges("e" + which + ".csv", golden.inputs("x" + which).graphs().orElseThrow(), which.equals("1"))));
            }
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = Main.execute(new Console(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), messages,
                new ConsoleMonitor(messages, OptionalInt.empty(), System::nanoTime), args), args.toArray(String[]::new));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(Golden.error(read("nngp.csv"), golden.matrix("nngp"))).isLessThanOrEqualTo(golden.tolerance());
        assertThat(Golden.error(read("ntk.csv"), golden.matrix("ntk"))).isLessThanOrEqualTo(golden.tolerance());
    }
}
