package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.Padding;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Weights;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Devices;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/**
 * The tangent kernel of a finite network without Jacobians. For each recorded linear map z = scale·hW + bias·b one backward
 * pass per output c gives δ_c = ∂f_c/∂z for each example, and the map's share of {@code J_c J_d ᵀ} is
 * {@code Σ_pq (scale²⟨h_p, h'_q⟩ + bias²)·⟨δ_cp, δ'_dq⟩} over its positions, computed in the cheaper of two ways: {@link Contraction}.
 *
 * <p>Work goes in tiles of examples and portions of outputs that fit into the memory: {@link TangentPlan}. No value depends on
 * them beyond the rounding of the network's precision. In float32 a value is summed in float32 over the weights of all
 * maps and the outputs that go back together, and in float64 over the portions of outputs. It then differs from the one in float64 by less
 * than 2e-6 of {@code √(Θ(x,x)Θ(x',x'))} on networks of a thousand units and convolutions at 400 positions, where that is tested.
 */
public final class EmpiricalKernel {

    /** How δ goes back to the maps before the last one. */
    enum Back {
        /** By whichever takes less time. */
        FASTER,
        /** By TensorFlow. */
        GRAPH,
        /** Outside of it, where maps are a chain. */
        CHAIN
    }

    private static final int DIAGONAL_BLOCK = 32;

    private final FiniteNetwork network;
    private final int tile;
    private final int together;
    private final Contraction.@Nullable Way way;
    private final long held;
    private final Back back;

    /** The kernel of a network, in portions that suit its settings' memory. */
    public EmpiricalKernel(FiniteNetwork network) {
        this(network, 0, 0, null, 0, Back.FASTER);
    }

    private EmpiricalKernel(FiniteNetwork network, int tile, int together, Contraction.@Nullable Way way, long held,
            Back back) {
        this.network = network;
        this.tile = tile;
        this.together = together;
        this.way = way;
        this.held = held;
        this.back = back;
    }

    /** This kernel in tiles of this many examples. */
    public EmpiricalKernel tile(int examples) {
        return new EmpiricalKernel(network, examples, together, way, held, back);
    }

    /** This kernel with this many outputs at once. */
    EmpiricalKernel together(int outputs) {
        return new EmpiricalKernel(network, tile, outputs, way, held, back);
    }

    /** This kernel by one way for all maps, whatever it costs. */
    EmpiricalKernel way(Contraction.Way forced) {
        return new EmpiricalKernel(network, tile, together, forced, held, back);
    }

    /** This kernel by one way back, if there is that one. */
    EmpiricalKernel back(Back wanted) {
        return new EmpiricalKernel(network, tile, together, way, held, wanted);
    }

    /** This kernel where this many bytes of the memory are taken, by its own inputs, weights and result among others. */
    public EmpiricalKernel beside(long bytes) {
        return new EmpiricalKernel(network, tile, together, way, bytes, back);
    }

    /** {@code (1/k) Σ_c J_c J_cᵀ} of inputs with themselves. */
    public Kernel mean(Inputs x, Monitor monitor) {
        return compute(x, null, false, monitor);
    }

    /** {@code (1/k) Σ_c J_c J_cᵀ} of {@code x1} (rows) with {@code x2} (columns). */
    public Kernel mean(Inputs x1, @Nullable Inputs x2, Monitor monitor) {
        return compute(x1, x2, false, monitor);
    }

    /**
     * All outputs with all outputs, of inputs with themselves: entry {@code (n k + c, m k + d)} is {@code J_c(x_n) · J_d(x_m)}; half of it
     * is computed.
     */
    public Kernel full(Inputs x, Monitor monitor) {
        return compute(x, null, true, monitor);
    }

    /** All outputs with all outputs: entry {@code (n k + c, m k + d)} is {@code J_c(x1_n) · J_d(x2_m)}. */
    public Kernel full(Inputs x1, @Nullable Inputs x2, Monitor monitor) {
        return compute(x1, x2, true, monitor);
    }

    /** What {@link #mean(Inputs, Monitor)} of this many inputs of a shape is going to do. */
    public TangentPlan plan(Shape in, int count) {
        try (CompiledNetwork compiled = new CompiledNetwork(network.layers(in), in, network.precision(), network.settings(),
                network.layers(in).readsGraphs() ? Padding.WITH_GRAPHS : Padding.NONE)) {
            TangentMaps maps = TangentMaps.of(compiled.pass(compiled.batch(), true), false, trained(in), (double) count * count / 2, count,
                    way);
            return work(maps, frame(compiled, count, count, true, (long) count * in.size(), 1, 1), count).plan;
        }
    }

    /** The share of each layer with weights in the mean over outputs, by the layer's path, first to last: their sum is the kernel. */
    public Map<String, Kernel> byLayer(Inputs x1, @Nullable Inputs x2, Monitor monitor) {
        List<String> paths = network.layers(x1.shape()).weights(x1.shape()).stream().filter(Weights::trained).map(Weights::layer).distinct()
                .toList();
        Map<String, Kernel> shares = new LinkedHashMap<>();
        if (!paths.isEmpty()) {
            compute(x1, x2, false, paths, List.of(network.weights(x1.shape())), monitor, kernels -> {
                for (int i = 0; i < kernels.size(); i++) {
                    shares.put(paths.get(i), kernels.get(i).named("ntk of " + paths.get(i)));
                }
            });
        }
        return shares;
    }

    /** The diagonal of the mean over outputs, {@code (1/k) Σ_c ‖J_c(x)‖²} of each input, by small blocks along it. */
    public double[] diagonal(Inputs x, Monitor monitor) {
        Shape in = x.shape();
        network.layers(in).checkWords(x);
        double[] diagonal = new double[x.count()];
        int block = Math.min(DIAGONAL_BLOCK, x.count());
        try (CompiledNetwork compiled = new CompiledNetwork(network.layers(in), in, network.precision(), network.settings(), Padding.of(x));
                Monitor.Task task = monitor.begin("diagonal of a tangent kernel, inputs", x.count())) {
            Placeholder<TFloating> batch = compiled.batch();
            Work work = work(TangentMaps.of(compiled.pass(batch, true), false, trained(in), (double) x.count() * block, x.count(), way),
                    frame(compiled, block, block, true, x.values().length, 1, 1), x.count());
            TangentPlan plan = work.plan;
            TangentGraph graph = new TangentGraph(compiled, batch, work.maps, plan, List.of());
            compiled.openAsWritten();
            graph.load(network.weights(in));
            for (int from = 0; from < x.count(); from += block) {
                Inputs some = CompiledNetwork.fed(x.slice(from, Math.min(x.count(), from + block)));
                int first = from;
                HeapGuard guard = HeapGuard.within(network.settings().memory() - plan.outside());
                double[] values = new TangentFilling(graph, plan, some, null, false, guard, Monitor.silent())
                        .kernels(row -> Failure.run("the tangent kernel of input " + (first + row) + " is not finite")).get(0).values();
                for (int i = 0; i < some.count(); i++) {
                    diagonal[from + i] = values[i * some.count() + i];
                }
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while computing the diagonal of a tangent kernel");
                }
                task.done(from + some.count());
            }
        }
        return diagonal;
    }

    /** What is computed, and in which portions. */
    private record Work(TangentMaps maps, TangentPlan plan) {
    }

    private Work work(TangentMaps maps, TangentPlan.Frame frame, double examples) {
        TangentMaps chained = back == Back.GRAPH || !Rows.vectors() ? maps : maps.chained();
        boolean wanted = chained.chain() != null && (back == Back.CHAIN || chained.isChainFaster(examples, frame.precision()))
                && Devices.used(network.settings()).equals("cpu");
        Optional<TangentPlan> plan = wanted ? TangentPlan.ifFits(chained, frame, tile, together) : Optional.empty();
        return plan.map(p -> new Work(chained, p)).orElseGet(() -> new Work(maps, TangentPlan.of(maps, frame, tile, together)));
    }

    /** The maps whose weights are trained. */
    private Predicate<TrainedMap> trained(Shape in) {
        Set<String> layers = network.layers(in).weights(in).stream().filter(Weights::trained).map(Weights::layer)
                .collect(Collectors.toSet());
        return map -> layers.contains(map.name());
    }

    /** The mean over outputs for one set of weights after the other, from one graph. */
    void means(Inputs x1, @Nullable Inputs x2, Iterable<Map<String, double[]>> draws, Monitor monitor, Consumer<Kernel> use) {
        compute(x1, x2, false, List.of(), draws, monitor, kernels -> use.accept(kernels.get(0)));
    }

    private Kernel compute(Inputs x1, @Nullable Inputs x2, boolean full, Monitor monitor) {
        List<Kernel> one = new ArrayList<>(1);
        compute(x1, x2, full, List.of(), List.of(network.weights(x1.shape())), monitor, one::addAll);
        return one.get(0);
    }

    /** @param layers those whose shares are wanted one by one, from the same passes; none: the sum of all */
    private void compute(Inputs x1, @Nullable Inputs x2, boolean full, List<String> layers, Iterable<Map<String, double[]>> draws,
            Monitor monitor, Consumer<List<Kernel>> use) {
        if (x2 != null && !x1.shape().equals(x2.shape())) {
            throw Failure.input("the inputs have different shapes: " + x1.shape() + " and " + x2.shape());
        }
        Shape in = x1.shape();
        boolean symmetric = x2 == null;
        Inputs other = x2 == null ? x1 : x2;
        network.layers(in).checkWords(x1);
        network.layers(in).checkWords(other);
        try (CompiledNetwork compiled = new CompiledNetwork(network.layers(in), in, network.precision(), network.settings(),
                symmetric ? Padding.of(x1) : Padding.of(x1).and(Padding.of(other)))) {
            Placeholder<TFloating> batch = compiled.batch();
            double pairs = (double) x1.count() * other.count() / (symmetric ? 2 : 1);
            double examples = x1.count() + (symmetric ? 0 : other.count());
            TangentMaps all = TangentMaps.of(compiled.pass(batch, true), full, trained(in), pairs, examples, way);
            Work work = work(all, frame(compiled, x1.count(), other.count(), symmetric,
                    x1.values().length + (symmetric ? 0L : other.values().length), full ? all.pass().count() : 1,
                    Math.max(1, layers.size())), examples);
            TangentMaps maps = work.maps;
            TangentPlan plan = work.plan;
            // What earlier work left behind in the heap is no part of the plan, unless it is so little that each plan has room for it.
            long memory = network.settings().memory();
            long ours = Math.max(HeapGuard.leftBehind(memory), Math.max(held, plan.bytes() - plan.outside()));
            HeapGuard.within(Math.min(memory, HeapGuard.budgetFor(ours)))
                    .makeRoom(Double.BYTES * (long) x1.count() * other.count() * Math.max(1, layers.size())
                            * (full ? (long) plan.outputs() * plan.outputs() : 1));
            TangentGraph graph = new TangentGraph(compiled, batch, maps, plan, layers);
            compiled.openAsWritten();
            for (Map<String, double[]> weights : draws) {
                graph.load(weights);
                Inputs fed = CompiledNetwork.fed(x1);
                TangentFilling filling = new TangentFilling(graph, plan, fed, x2 == null ? null : CompiledNetwork.fed(x2), full,
                        HeapGuard.within(network.settings().memory() - plan.outside()), monitor);
                use.accept(filling.kernels(row -> Overflow.of(compiled, batch, maps.pass().maps(), fed, row)));
            }
        }
    }

    private TangentPlan.Frame frame(CompiledNetwork compiled, int rows, int columns, boolean symmetric, long inputs, int factor,
            int kernels) {
        long weights = compiled.weights().values().stream().mapToLong(v -> v.shape().stream().mapToLong(Integer::longValue)
                .reduce(1, (a, b) -> a * b)).sum();
        long values = (long) rows * factor * columns * factor;
        if (values > Integer.MAX_VALUE - 8) {
            throw Failure.input("the tangent kernel of " + rows + " × " + columns
                    + (factor > 1 ? " inputs and " + factor + " outputs" : " inputs")
                    + " has more values than an array holds, 2³¹; compute it in blocks of the inputs");
        }
        return new TangentPlan.Frame(rows, columns, symmetric, inputs, weights, (long) kernels * Double.BYTES * values, held,
                network.settings().memory(), network.precision(), network.settings().threads());
    }
}
