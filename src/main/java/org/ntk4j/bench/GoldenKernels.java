package org.ntk4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.EngineChoice;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;

/** Kernels of a dozen networks of all families, by the graph that a GPU runs, against values computed elsewhere. */
final class GoldenKernels {

    /** Of each family one; the build copies these files from the tests. */
    private static final List<String> NAMES = List.of("mlp-relu-3-bias", "act-erf-abc", "act-gelu", "cnn-same-gap", "conv-stride2",
            "convtranspose", "pool-avg-overlap",
            "act-conv-mix", "residual-wide", "parallel-product-conv", "layernorm-all", "attention-softmax", "mask-transformer",
                    "dropout-cnn");
    private static final double LIMIT64 = 1e-10;
    private static final double LIMIT32 = 1e-4;
    private static final int TILE = 128;
    private static final long MEMORY = 4L << 30;

    private GoldenKernels() {
    }

    /** The larger relative error of K and Θ of each, in both precisions. */
    static void check(Settings settings, String device, Consumer<Measurement> figures) {
        for (String name : NAMES) {
            JsonObject golden = read(name);
            for (Precision precision : List.of(Precision.FLOAT64, Precision.FLOAT32)) {
                figures.accept(Measurement.error("golden " + name + " " + precision, device, error(golden, settings, precision),
                        precision == Precision.FLOAT32 ? LIMIT32 : LIMIT64));
            }
        }
    }

    private static double error(JsonObject golden, Settings settings, Precision precision) {
        Inputs x1 = inputs(golden, "x1").orElseThrow();
        Serial network = Network.parse(golden.get("network").toString()).layers(x1.shape());
        Optional<Inputs> x2 = inputs(golden, "x2");
        boolean padded = x1.hasPadding() || x2.map(Inputs::hasPadding).orElse(false);
        EngineChoice engines = EngineChoice.graph(network, x1.shape(), padded, settings);
        InfiniteKernels.Plan plan = new InfiniteKernels.Plan(settings.threads(), MEMORY, TILE, 1, TILE, 0, false, precision,
                Optional.of(engines), List.of("nngp", "ntk"));
        Map<String, Kernel> kernels = InfiniteKernels.named(network, x1, x2, plan, Monitor.silent(), Optional.empty());
        double worst = 0;
        for (Map.Entry<String, Kernel> kernel : kernels.entrySet()) {
            worst = Math.max(worst, RelativeDifference.of(kernel.getValue().toArray(),
                    new Gson().fromJson(golden.get(kernel.getKey()), double[][].class)));
        }
        return worst;
    }

    private static Optional<Inputs> inputs(JsonObject golden, String field) {
        if (!golden.has(field) || golden.get(field).isJsonNull()) {
            return Optional.empty();
        }
        // Padding is written as the text "nan", which JSON has no number for.
        String text = golden.get(field).toString().replace("\"nan\"", "NaN");
        return Optional.of(Inputs.of(new Gson().fromJson(text, double[][].class), new Gson().fromJson(golden.get("shape"), int[].class)));
    }

    private static JsonObject read(String name) {
        try (var in = GoldenKernels.class.getResourceAsStream("golden/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the golden values of " + name + " are not in this build");
            }
            return new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), JsonObject.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
