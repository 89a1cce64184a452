package org.ntk4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Network;
import org.ntk4j.positions.Edges;

/** A file of golden values. */
public record Golden(String name, JsonObject json) {

    /** All files of a folder under {@code golden/}. */
    public static List<Golden> all(String folder) {
        try (Stream<Path> files = Files.list(Path.of(Golden.class.getResource("/golden/" + folder).toURI()))) {
            return files.sorted().map(Golden::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Golden read(Path file) {
        try {
            return new Golden(file.getFileName().toString().replace(".json", ""),
                    new Gson().fromJson(Files.readString(file), JsonObject.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Network network() {
        return Network.parse(json.get("network").toString());
    }

    public boolean has(String field) {
        return json.has(field) && !json.get(field).isJsonNull();
    }

    public Inputs inputs(String field) {
        // Padding is written as the text "nan", which JSON has no number for.
        String text = json.get(field).toString().replace("\"nan\"", "NaN");
        Inputs inputs = Inputs.of(new Gson().fromJson(text, double[][].class), new Gson().fromJson(json.get("shape"), int[].class));
        String edges = field.replace("x", "edges");
        return has(edges) ? inputs.graphs(Arrays.stream(new Gson().fromJson(json.get(edges), double[][][].class)).map(Golden::edges)
                .toList()) : inputs;
    }

    private static Edges edges(double[][] rows) {
        return new Edges(Arrays.stream(rows).mapToInt(e -> (int) e[0]).toArray(), Arrays.stream(rows).mapToInt(e -> (int) e[1]).toArray(),
                Arrays.stream(rows).mapToDouble(e -> e[2]).toArray());
    }

    public double[][] matrix(String field) {
        return new Gson().fromJson(json.get(field), double[][].class);
    }

    public double tolerance() {
        return json.get("relTol").getAsDouble();
    }

    /** The largest error, relative to what the file's rule allows to be compared with. */
    public static double error(double[][] actual, double[][] expected) {
        double scale = Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
        double worst = 0;
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                double error = Math.abs(actual[i][j] - expected[i][j])
                        / Math.max(Math.max(Math.abs(expected[i][j]), scale), Double.MIN_NORMAL);
                assertThat(error).isNotNaN();
                worst = Math.max(worst, error);
            }
        }
        return worst;
    }

    @Override
    public String toString() {
        return name;
    }
}
