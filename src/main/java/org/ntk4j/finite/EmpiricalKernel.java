package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ntk4j.Failure;
import org.ntk4j.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Shape;
import org.ntk4j.network.Weights;

/**
 * The tangent kernel of a finite network without Jacobians. For each recorded linear map z = scale·hW + bias·b one backward
 * pass per output c gives δ_c = ∂f_c/∂z for each example, and the map's share of {@code J_c J_d ᵀ} is
 * {@code (scale²⟨h, h'⟩ + bias²)·⟨δ_c, δ'_d⟩} at one position, and the product of the per-example gradients
 * {@code Σ_p h_p ⊗ δ_p} at several (the structured derivatives of Novak, Sohl-Dickstein and Schoenholz 2022).
 *
 * <p>Work goes in tiles of examples. The backward passes are kept where they fit into the memory, else repeated for each
 * tile; either way no value depends on it beyond the rounding of the network's precision.
 */
public final class EmpiricalKernel {

    private static final int SMALLEST_TILE = 256;

    private final FiniteNetwork network;
    private final int tile;

    /** The kernel of a network, in tiles that suit its settings' memory. */
    public EmpiricalKernel(FiniteNetwork network) {
        this(network, 0);
    }

    private EmpiricalKernel(FiniteNetwork network, int tile) {
        this.network = network;
        this.tile = tile;
    }

    /** The same in tiles of so many examples. */
    public EmpiricalKernel tile(int examples) {
        return new EmpiricalKernel(network, examples);
    }

    /** {@code (1/k) Σ_c J_c J_cᵀ} of inputs with themselves. */
    public Kernel mean(Inputs x, Monitor monitor) {
        return compute(x, null, false, monitor);
    }

    /** {@code (1/k) Σ_c J_c J_cᵀ} of {@code x1} (rows) with {@code x2} (columns). */
    public Kernel mean(Inputs x1, Inputs x2, Monitor monitor) {
        return compute(x1, x2, false, monitor);
    }

    /** All outputs with all outputs: entry {@code (n k + c, m k + d)} is {@code J_c(x1_n) · J_d(x2_m)}. */
    public Kernel full(Inputs x1, Inputs x2, Monitor monitor) {
        return compute(x1, x2, true, monitor);
    }

    /** The share of each layer with weights in the mean over outputs, by the layer's path, first to last: their sum is the kernel. */
    public Map<String, Kernel> byLayer(Inputs x1, Inputs x2, Monitor monitor) {
        Map<String, Kernel> shares = new LinkedHashMap<>();
        for (Weights w : network.layers(x1.shape()).weights(x1.shape())) {
            String path = w.name().substring(0, w.name().indexOf('/'));
            shares.computeIfAbsent(path, p -> {
                List<Kernel> one = new ArrayList<>(1);
                compute(x1, x2, false, m -> m.name().equals(p), List.of(network.weights(x1.shape())), monitor, one::add);
                return one.get(0).named("ntk of " + p);
            });
        }
        return shares;
    }

    /** The mean over outputs for one set of weights after the other, from one graph. */
    void means(Inputs x1, Inputs x2, Iterable<Map<String, double[]>> draws, Monitor monitor, Consumer<Kernel> use) {
        compute(x1, x2, false, m -> true, draws, monitor, use);
    }

    private Kernel compute(Inputs x1, Inputs x2, boolean full, Monitor monitor) {
        List<Kernel> one = new ArrayList<>(1);
        compute(x1, x2, full, m -> true, List.of(network.weights(x1.shape())), monitor, one::add);
        return one.get(0);
    }

    private void compute(Inputs x1, Inputs x2, boolean full, Predicate<TrainedMap> wanted, Iterable<Map<String, double[]>> draws, Monitor monitor,
            Consumer<Kernel> use) {
        if (x2 != null && !x1.shape().equals(x2.shape())) {
            throw Failure.input("the inputs have different shapes: " + x1.shape() + " and " + x2.shape());
        }
        Shape in = x1.shape();
        try (Compiled compiled = new Compiled(network.layers(in), in, network.precision(), network.settings(),
                x2 == null ? Padding.of(x1) : Padding.of(x1).and(Padding.of(x2)))) {
            TangentGraph graph = new TangentGraph(compiled, full, wanted);
            compiled.open();
            for (Map<String, double[]> weights : draws) {
                compiled.load(weights);
                use.accept(fill(graph, x1, x2, full, monitor));
            }
        }
    }

    private Kernel fill(TangentGraph graph, Inputs x1, Inputs x2, boolean full, Monitor monitor) {
        boolean symmetric = x2 == null;
        Inputs other = symmetric ? x1 : x2;
        int k = graph.outputs();
        int factor = full ? k : 1;
        long values = (long) x1.count() * factor * other.count() * factor;
        Plan plan = plan(graph, x1, symmetric ? null : x2, 8 * values);
        double[] theta = new double[Math.toIntExact(values)];
        try (BackwardPasses rows = new BackwardPasses(graph, x1, plan.tile, plan.keep);
                BackwardPasses columns = symmetric ? null : new BackwardPasses(graph, other, plan.tile, plan.keep)) {
            BackwardPasses right = symmetric ? rows : columns;
            int blocks1 = rows.blocks();
            int blocks2 = right.blocks();
            int passes = graph.backwardPasses() * factor;
            long tiles = symmetric ? (long) blocks1 * (blocks1 + 1) / 2 : (long) blocks1 * blocks2;
            long done = 0;
            try (Monitor.Task task = monitor.begin("tangent kernel, " + x1.count() + " × " + other.count(), tiles * (1 + passes))) {
                for (int i = 0; i < blocks1; i++) {
                    for (int j = symmetric ? i : 0; j < blocks2; j++) {
                        Target target = new Target(theta, rows.from(i), right.from(j), right.count(j), other.count(), factor);
                        try (TangentGraph.Tile products = graph.tile(rows.shared(i), right.shared(j))) {
                            if (products.shared() != null) {
                                target.add(products.shared(), 0, 0, 1);
                            }
                            task.done(++done);
                            for (int c = 0; c < graph.backwardPasses(); c++) {
                                for (int d = full ? 0 : c; d < (full ? k : c + 1); d++) {
                                    if (monitor.cancelled()) {
                                        throw Failure.cancelled("stopped while computing a tangent kernel");
                                    }
                                    target.add(products.output(rows.output(i, c), right.output(j, d)), full ? c : 0, full ? d : 0, full ? 1 : 1.0 / k);
                                    task.done(++done);
                                }
                            }
                        }
                        if (right != rows || j != i) {
                            right.release(j);
                        }
                    }
                    rows.release(i);
                }
            }
        }
        if (!symmetric) {
            return Kernel.of("ntk", x1.count() * factor, other.count() * factor, theta);
        }
        mirror(theta, x1.count());
        return Kernel.symmetric("ntk", x1.count(), theta);
    }

    /** Where a tile goes in the whole: its first row and column, its width, and the width of the whole, in examples. */
    private record Target(double[] theta, int row0, int column0, int columns, int allColumns, int outputs) {

        /** Adds a tile of outputs c and d. */
        void add(double[] tile, int c, int d, double weight) {
            int rows = tile.length / columns;
            for (int i = 0; i < rows; i++) {
                int start = ((row0 + i) * outputs + c) * (allColumns * outputs) + column0 * outputs + d;
                for (int j = 0; j < columns; j++) {
                    theta[start + j * outputs] += weight * tile[i * columns + j];
                }
            }
        }
    }

    private static void mirror(double[] theta, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                theta[i * n + j] = theta[j * n + i];
            }
        }
    }

    private record Plan(int tile, boolean keep) {
    }

    /** Keeps all backward passes if they and the result fit into the memory; else the largest tile that fits with two blocks of them. */
    private Plan plan(TangentGraph graph, Inputs x1, Inputs x2, long resultBytes) {
        long memory = network.settings().memory() - resultBytes;
        int bytes = network.precision().bytes();
        long examples = x1.count() + (x2 == null ? 0 : x2.count());
        int longest = Math.max(x1.count(), x2 == null ? 0 : x2.count());
        long forward = graph.valuesOfShared() * bytes;
        long backward = graph.valuesOfOutput() * bytes;
        // Forward and backward of one block are alive twice over while TensorFlow computes them.
        long perExample = 3 * (forward + backward);
        long weights = 3L * graph.valuesOfWeights() * bytes;
        long maps = graph.products();
        long kept = examples * (forward + graph.backwardPasses() * backward);
        int wanted = tile > 0 ? tile : Math.max(SMALLEST_TILE, (longest + 3) / 4);
        if (kept + weights + wanted * perExample + 3L * maps * wanted * wanted * bytes <= memory) {
            return new Plan(Math.min(wanted, longest), true);
        }
        int size = tile > 0 ? tile : longest;
        while (size > 1 && weights + 2 * size * perExample + 3 * maps * size * size * bytes > memory) {
            size = tile > 0 ? 1 : size / 2;
        }
        long least = resultBytes + weights + 2 * perExample + 3 * maps * bytes;
        if (least > network.settings().memory()) {
            throw Failure.input("memory: the tangent kernel needs at least " + ((least >> 20) + 1) + " MiB and "
                    + (network.settings().memory() >> 20) + " MiB are allowed; use --memory " + ((least >> 20) + 1) + "m");
        }
        return new Plan(size, false);
    }
}
