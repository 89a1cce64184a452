package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Golden;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.base.Precision;

class GoldenEmpiricalTest {

    static List<Golden> files() {
        return Golden.all("empirical");
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_agree_with_golden_values_in_float64(Golden golden) {
        check(golden, Precision.FLOAT64, golden.tolerance());
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_agree_with_golden_values_in_float32(Golden golden) {
        check(golden, Precision.FLOAT32, 1e-5);
    }

    private static void check(Golden golden, Precision precision, double tolerance) {
        Inputs x1 = golden.inputs("x1");
        Inputs x2 = golden.inputs("x2");
        FiniteNetwork network = FiniteNetwork.of(golden.network(), new Seed(0)).precision(precision).weights(weights(golden));
        assertThat(Golden.error(network.outputs(x1), golden.matrix("f1"))).isLessThanOrEqualTo(tolerance);
        assertThat(Golden.error(network.outputs(x2), golden.matrix("f2"))).isLessThanOrEqualTo(tolerance);
        assertThat(Golden.error(network.ntk(x1, x2).toArray(), golden.matrix("thetaMean"))).isLessThanOrEqualTo(tolerance);
        double[][][][] theta = new Gson().fromJson(golden.json().get("theta"), double[][][][].class);
        assertThat(Golden.error(network.ntkPerOutput(x1, x2).toArray(), flat(theta))).isLessThanOrEqualTo(tolerance);
    }

    private static Map<String, double[]> weights(Golden golden) {
        Map<String, double[]> weights = new HashMap<>();
        for (JsonElement e : golden.json().getAsJsonArray("weights")) {
            JsonObject layer = e.getAsJsonObject();
            for (String name : layer.keySet()) {
                if (!name.equals("layer")) {
                    List<Double> values = new ArrayList<>();
                    collect(layer.get(name), values);
                    weights.put(layer.get("layer").getAsString() + "/" + name, values.stream().mapToDouble(d -> d).toArray());
                }
            }
        }
        return weights;
    }

    private static void collect(JsonElement e, List<Double> values) {
        if (e.isJsonArray()) {
            e.getAsJsonArray().forEach(item -> collect(item, values));
        } else {
            values.add(e.getAsDouble());
        }
    }

    /** [n][m][c][d] as rows n k + c, columns m k + d. */
    private static double[][] flat(double[][][][] theta) {
        int k = theta[0][0].length;
        double[][] rows = new double[theta.length * k][theta[0].length * k];
        for (int n = 0; n < theta.length; n++) {
            for (int m = 0; m < theta[0].length; m++) {
                for (int c = 0; c < k; c++) {
                    System.arraycopy(theta[n][m][c], 0, rows[n * k + c], m * k, k);
                }
            }
        }
        return rows;
    }
}
