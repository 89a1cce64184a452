package org.ntk4j.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.ntk4j.Cases;
import org.ntk4j.data.Inputs;
import org.ntk4j.shape.Shape;

/** Random networks of the grammar, with the shape of their inputs: some fit, some do not. */
public final class RandomNetworks {

    private static final String[] ACTIVATIONS = {"relu", "{leakyRelu: {alpha: 0.2}}", "{abRelu: {a: -0.5, b: 1.2}}", "abs", "erf",
            "{erf: {a: 0.7, b: 1.3, c: 0.2}}", "sigmoidLike", "gelu", "sin",
        "{cos: {a: 0.8, b: 1.1, c: 0.4}}", "{rbf: {gamma: 0.5}}", "{gaussian: {b: -0.3}}", "{polynomial: {coefficients: [0.3, 1, -0.2]}}",
                "{monomial: {degree: 2}}", "gabor"};

    private static final int WORDS = 4;

    private final Random random;
    private boolean linear;

    private RandomNetworks(long seed) {
        this.random = new Random(seed);
    }

    /** A network and the shape of its inputs. */
    public record Sample(String definition, int[] shape) {

        /** Random inputs, with graphs if the network looks at them. */
        public Inputs inputs(long seed, int count) {
            if (definition.contains("embedding")) {
                Random random = new Random(seed);
                return Inputs.of(random.ints((long) count * shape[0], 0, WORDS).asDoubleStream().toArray(), count, Shape.of(shape));
            }
            Inputs x = Cases.inputs(seed, count, shape);
            return definition.contains("aggregate") && shape.length == 2 ? Cases.withGraphs(seed, x) : x;
        }
    }

    public static Sample of(long seed) {
        return new RandomNetworks(seed * 7919 + 13).sample();
    }

    private Sample sample() {
        int[] shape = switch (random.nextInt(3)) {
            case 0 -> new int[] {3 + random.nextInt(3)};
            case 1 -> new int[] {2 + random.nextInt(3), 1 + random.nextInt(3)};
            default -> new int[] {2 + random.nextInt(3), 2 + random.nextInt(2), 1 + random.nextInt(2)};
        };
        // Sentences of words, now and then.
        boolean words = shape.length == 2 && random.nextInt(3) == 0;
        shape = words ? new int[] {shape[0], 1} : shape;
        linear = words;
        List<String> layers = new ArrayList<>();
        if (words) {
            layers.add("{embedding: {vocabulary: " + WORDS + ", channels: " + (1 + random.nextInt(2))
                    + (random.nextInt(4) == 0 ? ", parameterization: standard" : "") + ", wStd: 1.3}}");
        }
        layers.addAll(layers(shape.length - 1, 1 + random.nextInt(4), 0));
        layers.add("{dense: {units: " + (1 + random.nextInt(2)) + scales() + "}}");
        return new Sample("[" + String.join(", ", layers) + "]", shape);
    }

    private List<String> layers(int axes, int count, int depth) {
        List<String> layers = new ArrayList<>();
        int space = axes;
        for (int i = 0; i < count; i++) {
            if (linear && random.nextInt(10) < 6) {
                layers.add(ACTIVATIONS[random.nextInt(ACTIVATIONS.length)]);
                linear = false;
                continue;
            }
            String layer = random.nextInt(10) < 6 ? weights(space) : other(space, depth);
            layers.add(layer);
            space = layer.matches("flatten|global.*") ? 0 : space;
        }
        return layers;
    }

    private String scales() {
        String bias = random.nextBoolean() ? String.format(Locale.ROOT, ", bStd: %.2f", random.nextDouble()) : "";
        String parameterization = random.nextInt(8) == 0 ? ", parameterization: standard" : "";
        return String.format(Locale.ROOT, ", wStd: %.2f", 0.5 + random.nextDouble()) + bias + parameterization;
    }

    private String weights(int axes) {
        linear = true;
        int kind = axes == 0 ? 0 : random.nextInt(6);
        if (kind < 2) {
            return "{dense: {units: " + (1 + random.nextInt(3)) + scales() + "}}";
        }
        if (kind == 5) {
            String mechanism = List.of("softmax", "identity", "abs", "relu").get(random.nextInt(4));
            boolean sqrt = mechanism.equals("identity") && random.nextBoolean();
            return "{selfAttention: {heads: " + (1 + random.nextInt(2)) + ", mechanism: " + mechanism + (sqrt ? ", scaling: sqrt" : "")
                    + ", positions: "
                    + List.of("none", "sum", "concat").get(random.nextInt(3)) + (random.nextBoolean() ? ", posDecay: 0.5" : "")
                            + (random.nextBoolean() ? ", bStd: 0.3" : "") + "}}";
        }
        String name = List.of("conv", "convLocal", "convTranspose").get(kind - 2);
        return "{" + name + ": {channels: " + (1 + random.nextInt(2)) + ", " + window("filter", axes) + scales() + "}}";
    }

    private String window(String key, int axes) {
        List<Integer> sizes = new ArrayList<>();
        List<Integer> strides = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            sizes.add(1 + random.nextInt(3));
            strides.add(random.nextInt(4) == 0 ? 2 : 1);
        }
        return key + ": " + sizes + ", strides: " + strides + ", padding: "
                + List.of("same", "same", "valid", "circular").get(random.nextInt(4));
    }

    private String other(int axes, int depth) {
        boolean was = linear;
        switch (random.nextInt(depth < 2 ? 18 : 13)) {
            case 0 -> {
                return axes == 0 ? "identity" : "{avgPool: {" + window("window", axes)
                        + (random.nextBoolean() ? ", normalizeEdges: true" : "") + "}}";
            }
            case 1 -> {
                return axes == 0 ? "identity" : "{sumPool: {" + window("window", axes) + "}}";
            }
            case 2 -> {
                return axes == 0 ? "flatten" : List.of("globalAvgPool", "globalSumPool", "flatten").get(random.nextInt(3));
            }
            case 3, 4 -> {
                return "{layerNorm: {over: " + (random.nextBoolean() ? "all" : "channels") + ", epsilon: 0.1}}";
            }
            case 5 -> {
                linear = false;
                return "{dropout: {keep: 0.7, mode: " + (random.nextBoolean() ? "train" : "test") + "}}";
            }
            case 6, 7 -> {
                return List.of("identity", "{serial: [identity]}").get(random.nextInt(2));
            }
            case 8 -> {
                return axes == 1 ? "{aggregate: {normalize: " + List.of("none", "mean", "symmetric").get(random.nextInt(3))
                        + ", selfLoops: " + random.nextBoolean() + "}}" : "identity";
            }
            case 9 -> {
                List<Integer> sizes = random.ints(Math.max(1, axes), 1, 6).boxed().toList();
                return axes == 0 ? "identity" : "{resize: {size: " + sizes + ", method: "
                        + List.of("nearest", "linear", "cubic").get(random.nextInt(3)) + ", antialias: " + random.nextBoolean() + "}}";
            }
            case 10 -> {
                List<Integer> from = random.ints(Math.max(1, axes), 0, 2).boxed().toList();
                List<Integer> step = random.ints(Math.max(1, axes), 1, 3).boxed().toList();
                return axes == 0 ? "identity" : "{slice: {from: " + from + ", step: " + step + "}}";
            }
            case 11 -> {
                return axes == 0 ? "identity" : "{maxPool: {" + window("window", axes) + "}}";
            }
            case 12 -> {
                return random.nextInt(3) == 0 ? "{batchNorm: {epsilon: 0.1}}" : "identity";
            }
            case 13 -> {
                return "{serial: " + layers(axes, 1 + random.nextInt(2), depth + 1) + "}";
            }
            case 14 -> {
                return "{repeat: {times: " + random.nextInt(3) + (random.nextInt(3) == 0 ? ", shared: true" : "") + ", layers: "
                        + layers(axes, 1 + random.nextInt(2), depth + 1) + "}}";
            }
            case 15 -> {
                List<String> inside = layers(axes, 1 + random.nextInt(2), depth + 1);
                linear = was;
                return "{residual: {layers: " + inside + "}}";
            }
            default -> {
                List<String> branches = new ArrayList<>();
                for (int i = 0; i < 1 + random.nextInt(3); i++) {
                    linear = was;
                    branches.add(layers(axes, random.nextInt(3), depth + 1).toString());
                }
                linear = false;
                return "{parallel: {branches: " + branches + ", merge: " + List.of("sum", "product", "concat").get(random.nextInt(3))
                        + "}}";
            }
        }
    }
}
