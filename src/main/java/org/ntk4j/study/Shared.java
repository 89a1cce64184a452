package org.ntk4j.study;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentTiles;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.InfiniteSource;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.strip.DenseFeatures;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Subject;

/**
 * What the cells of a sweep share and is computed once: the data, and the infinite kernels, which depend neither on the
 * seed nor, in NTK parameterization, on the widths. Of several cells at once one computes and the others wait for it.
 */
final class Shared {

    /** K_∞ and Θ_∞. */
    record Infinite(SplitKernels nngp, SplitKernels ntk) {
    }

    /** Only the diagonal is wanted: small blocks along it. */
    private static final int BLOCK = 32;

    private final Settings settings;
    private final Monitor monitor;
    private final TileFolder tiles;
    private final boolean keepsAll;
    private final Map<Object, Sample> samples = new HashMap<>();
    private final Map<Object, Infinite> kernels = new HashMap<>();
    private final Map<Object, double[]> variances = new HashMap<>();
    private final KernelAverages averages;
    private final Optional<Cluster> cluster;
    private final Map<Object, Map<String, Kernel>> among = new HashMap<>();

    /** All of it on this machine. */
    Shared(Settings settings, Monitor monitor, TileFolder tiles, boolean keepsAll, KernelAverages averages) {
        this(settings, monitor, tiles, keepsAll, averages, Optional.empty());
    }

    /**
     * For the cells of a study.
     *
     * @param tiles    where tiles of kernels that take long are kept
     * @param keepsAll whether the memory holds the infinite kernels of all cells; else only the last ones are kept
     * @param averages where cells leave their kernels for the average over seeds
     * @param cluster  where kernels stay that are too large for this machine, or whose solver is conjugate gradients
     */
    Shared(Settings settings, Monitor monitor, TileFolder tiles, boolean keepsAll, KernelAverages averages, Optional<Cluster> cluster) {
        this.averages = averages;
        this.cluster = cluster;
        this.keepsAll = keepsAll;
        this.settings = settings;
        this.tiles = tiles;
        this.monitor = monitor;
    }

    /** Θ_T of the seeds of each point, summed up. */
    KernelAverages averages() {
        return averages;
    }

    synchronized Sample sample(Definition definition) {
        Object key = definition.data().toMap();
        Sample sample = samples.get(key);
        if (sample == null) {
            forget(samples);
            sample = definition.data().load(settings, monitor);
            samples.put(key, sample);
        }
        return sample;
    }

    /** The infinite kernels of a cell that holds {@code held} bytes, these among them. */
    synchronized Infinite infinite(Definition definition, Serial layers, Sample sample, long held) {
        List<String> names = infiniteNames(definition);
        Object key = List.of(definition.data().toMap(), layers.infiniteKey(), definition.precision(), names);
        Infinite found = kernels.get(key);
        if (found == null) {
            Inputs train = sample.train().inputs();
            Inputs test = sample.test().inputs();
            Precision precision = definition.precision();
            forget(kernels);
            forget(among);
            found = infinite(names, kernels(names, layers, train, Optional.empty(), precision, held),
                    kernels(names, layers, test, Optional.of(train), precision, held));
            kernels.put(key, found);
        }
        return found;
    }

    /**
     * The tangent kernel of a finite network with these inputs, by tiles on other machines where that is worth it.
     *
     * @param held bytes of the memory that are in use
     */
    Kernel tangent(FiniteNetwork network, Inputs rows, Optional<Inputs> columns, long held, Monitor told) {
        return TangentTiles.elsewhere(network, rows, columns, cluster, tiles, told)
                .orElseGet(() -> new EmpiricalKernel(network).beside(held).mean(rows, columns.orElse(null), told));
    }

    /** The infinite kernels of a cell, computed anew whenever they are read. */
    synchronized Infinite computed(Definition definition, Serial layers, Sample sample) {
        List<String> names = infiniteNames(definition);
        Object key = List.of(definition.data().toMap(), layers.infiniteKey(), definition.precision(), names, "computed");
        Infinite found = kernels.get(key);
        if (found == null) {
            // The plan of this cell knows nothing of kernels of earlier ones, and its factor will lie outside the heap that they took.
            boolean first = kernels.isEmpty();
            forget(kernels);
            forget(among);
            if (!first) {
                HeapGuard.giveBack();
            }
            Inputs train = sample.train().inputs();
            found = cluster.isPresent() ? elsewhere(cluster.get(), definition, layers, sample)
                    : infinite(names, computed(definition, layers, train, Optional.empty(), names),
                            computed(definition, layers, sample.test().inputs(), Optional.of(train), names));
            kernels.put(key, found);
        }
        return found;
    }

    /** What earlier cells left, where the memory does not hold that of all cells. */
    private void forget(Map<Object, ?> kept) {
        if (!keepsAll) {
            kept.clear();
        }
    }

    private Map<String, Kernel> computed(Definition definition, Serial layers, Inputs rows, Optional<Inputs> columns, List<String> names) {
        InfiniteSource source = InfiniteSource.of(layers, rows, columns, definition.precision(), settings.threads(), names);
        return names.stream().collect(Collectors.toMap(name -> name, source::kernel));
    }

    /** Random features in place of an infinite kernel. They are drawn anew for each cell, by its seed. */
    SplitKernels features(Definition definition, Serial layers, Sample sample, boolean tangent, int count, Kernel exact) {
        DenseFeatures train = DenseFeatures.of(layers, sample.train().inputs(), tangent, count, definition.seed(), monitor);
        DenseFeatures test = DenseFeatures.of(layers, sample.test().inputs(), tangent, count, definition.seed(), monitor);
        return new SplitKernels(Kernel.ofFeatures(exact.name(), train, Optional.of(exact)), Kernel.ofFeatures(exact.name(), test, train));
    }

    /** The infinite kernels of a cell on other machines. */
    private Infinite elsewhere(Cluster machines, Definition definition, Serial layers, Sample sample) {
        Inputs train = sample.train().inputs();
        List<String> names = infiniteNames(definition);
        int threads = machines.cores();
        Map<String, Kernel> ofTrain = machines.kernels(TileJob.of(layers, train, Optional.empty(), definition.precision(), threads), names,
                monitor);
        Map<String, Kernel> ofTest = machines.kernels(TileJob.of(layers, sample.test().inputs(), Optional.of(train),
                definition.precision(), threads), names, monitor);
        return infinite(names, ofTrain, ofTest);
    }

    /** The names of the infinite kernels that a cell asks for; both where it asks for none. */
    static List<String> infiniteNames(Definition definition) {
        boolean k = definition.kernels().contains(Subject.NNGP_INFINITE);
        boolean theta = definition.kernels().contains(Subject.NTK_INFINITE);
        return k == theta ? List.of("nngp", "ntk") : List.of(k ? "nngp" : "ntk");
    }

    /** One that nobody asked for stands in for the other: it is not read. */
    private static Infinite infinite(List<String> names, Map<String, Kernel> ofTrain, Map<String, Kernel> ofTest) {
        String first = names.get(0);
        return new Infinite(new SplitKernels(of(ofTrain, "nngp", first), of(ofTest, "nngp", first)),
                new SplitKernels(of(ofTrain, "ntk", first), of(ofTest, "ntk", first)));
    }

    private static Kernel of(Map<String, Kernel> kernels, String name, String first) {
        return Objects.requireNonNull(kernels.getOrDefault(name, kernels.get(first)), name);
    }

    /** K_∞(x, x) of each test input. */
    synchronized double[] testVariances(Definition definition, Serial layers, Sample sample) {
        Object key = List.of(definition.data().toMap(), layers.infiniteKey(), definition.precision());
        return variances.computeIfAbsent(key, k -> {
            Inputs test = sample.test().inputs();
            double[] values = new double[test.count()];
            for (int from = 0; from < values.length; from += BLOCK) {
                Inputs some = test.slice(from, Math.min(values.length, from + BLOCK));
                Kernel block = InfiniteKernels.of(layers, some, InfiniteKernels.Plan.of(settings, layers, some, Optional.empty()),
                        Monitor.silent()).nngp();
                for (int i = 0; i < some.count(); i++) {
                    values[from + i] = block.get(i, i);
                }
            }
            return values;
        });
    }

    /** Θ_∞ or K_∞ of test inputs with themselves. */
    synchronized Kernel amongTest(Definition definition, Serial layers, Split some, boolean tangent, long held) {
        Object key = List.of(definition.data().toMap(), layers.infiniteKey(), definition.precision(), some.count());
        if (!among.containsKey(key)) {
            forget(among);
        }
        List<String> names = infiniteNames(definition);
        Map<String, Kernel> found = among.computeIfAbsent(key,
                k -> kernels(names, layers, some.inputs(), Optional.empty(), definition.precision(), held));
        return of(found, tangent ? "ntk" : "nngp", names.get(0));
    }

    private Map<String, Kernel> kernels(List<String> names, Serial layers, Inputs rows, Optional<Inputs> columns, Precision precision,
            long held) {
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.of(settings, layers, rows, columns, held, names).withPrecision(precision)
                .on(cluster);
        return InfiniteKernels.named(layers, rows, columns, plan, monitor, Optional.of(tiles));
    }
}
