package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ntk4j.kernel.Kernel;

/** A golden file of predictions. */
record Golden(JsonObject json) {

    static Golden read(String name) {
        try (var reader = new InputStreamReader(Golden.class.getResourceAsStream("/golden/predict/" + name + ".json"),
                StandardCharsets.UTF_8)) {
            return new Golden(JsonParser.parseReader(reader).getAsJsonObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonElement at(String path) {
        JsonElement element = json;
        for (String key : path.split("/")) {
            element = element.getAsJsonObject().get(key);
        }
        return element;
    }

    double number(String path) {
        return at(path).getAsDouble();
    }

    double[][] rows(String path) {
        return new Gson().fromJson(at(path), double[][].class);
    }

    double[][][] cube(String path) {
        return new Gson().fromJson(at(path), double[][][].class);
    }

    double[] times(String path) {
        List<Double> times = new ArrayList<>();
        at(path).getAsJsonArray().forEach(e -> times.add(e.getAsString().equals("infinity") ? Double.POSITIVE_INFINITY : e.getAsDouble()));
        return times.stream().mapToDouble(t -> t).toArray();
    }

    Kernel kernel(String path) {
        return Kernel.of(rows(path)).named(path);
    }

    Ridge ridge() {
        return at("diagRegAbsolute").getAsBoolean() ? Ridge.absolute(number("diagReg")) : Ridge.relative(number("diagReg"));
    }

    /** {@code |a − b| ≤ relTol·max(|b|, scale)}, scale the largest golden value of the array. */
    void check(String path, double[][][] actual) {
        double[][][] expected = cube(path);
        double scale = 0;
        for (double[][] a : expected) {
            for (double[] b : a) {
                for (double c : b) {
                    scale = Math.max(scale, Math.abs(c));
                }
            }
        }
        assertThat(actual).as(path).hasNumberOfRows(expected.length);
        for (int t = 0; t < expected.length; t++) {
            assertThat(actual[t].length).isEqualTo(expected[t].length);
            for (int i = 0; i < expected[t].length; i++) {
                assertThat(actual[t][i].length).isEqualTo(expected[t][i].length);
                for (int c = 0; c < expected[t][i].length; c++) {
                    assertThat(Math.abs(actual[t][i][c] - expected[t][i][c])).as("%s[%d][%d][%d]", path, t, i, c)
                            .isLessThanOrEqualTo(number("relTol") * Math.max(Math.abs(expected[t][i][c]), scale));
                }
            }
        }
    }
}
