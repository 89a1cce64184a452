package org.ntk4j.finite;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.TileWork;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Filling;
import org.ntk4j.infinite.tile.Fingerprint;
import org.ntk4j.infinite.tile.Grid;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.infinite.tile.Writers;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelWriter;
import org.ntk4j.shape.Shape;

/**
 * The mean over outputs of a network's tangent kernel as work that many machines can do: each tile is computed from its two ranges of
 * inputs alone, in one thread, in portions that depend on the network and not on the machine. So the tiles have the same bytes wherever
 * they are computed, on processors of one kind. A kernel that is computed whole, {@link EmpiricalKernel}, differs from it by the rounding
 * of the network's precision.
 *
 * @param network with its weights
 * @param x1      the inputs of the rows
 * @param x2      those of the columns; empty for the kernel of {@code x1} with itself
 * @param tile    rows and columns of a tile
 * @param memory  bytes that a tile is computed in, most of them outside Java's heap
 */
public record TangentTiles(FiniteNetwork network, Inputs x1, Optional<Inputs> x2, int tile, long memory) implements TileWork {

    /** What takes less here is not worth sending. */
    private static final double WORTH_SECONDS = 10;
    /** Of a core, in float32. */
    private static final double OPERATIONS_PER_SECOND = 5e10;
    /** A row of tiles has about so many: more would take its inputs through the network more often. */
    private static final int ACROSS = 8;
    private static final int SMALLEST = 64;
    private static final int LARGEST = 1024;
    private static final long PORTIONS = 1L << 30;
    /** A tile off the diagonal has two sides, and needs not be cut into the smallest portions. */
    private static final int ROOM = 4;

    /** In tiles that suit the network and the number of inputs. */
    public static TangentTiles of(FiniteNetwork network, Inputs x1, Optional<Inputs> x2) {
        int longest = Math.max(x1.count(), x2.orElse(x1).count());
        int side = (longest / ACROSS + SMALLEST - 1) / SMALLEST * SMALLEST;
        return of(network, x1, x2, Math.max(SMALLEST, Math.min(LARGEST, side)));
    }

    /** In tiles of this size. */
    public static TangentTiles of(FiniteNetwork network, Inputs x1, Optional<Inputs> x2, int tile) {
        long memory = PORTIONS;
        while (memory < ROOM * HeapGuard.budgetFor(kernel(unlimited(network)).plan(x1.shape(), tile).least())) {
            memory *= 2;
        }
        return new TangentTiles(network, x1, x2, tile, memory);
    }

    /** A tile's values are those of TensorFlow, whether the process that computes it has Java's vector instructions or not. */
    private static EmpiricalKernel kernel(FiniteNetwork network) {
        return new EmpiricalKernel(network).back(EmpiricalKernel.Back.GRAPH);
    }

    private static FiniteNetwork unlimited(FiniteNetwork network) {
        return network.on(network.settings().withMemory(Long.MAX_VALUE / 2));
    }

    /** The kernel: on the cluster that the network's settings name, where that is worth it, or here. */
    static Kernel mean(FiniteNetwork network, Inputs x1, Optional<Inputs> x2, Monitor monitor) {
        TileFolder folder = TileFolder.within(network.settings().out().resolve("kernels"));
        try {
            Optional<Kernel> elsewhere = elsewhere(network, x1, x2, Cluster.of(network.settings()), folder, monitor);
            folder.saved();
            return elsewhere.orElseGet(() -> new EmpiricalKernel(network).mean(x1, x2.orElse(null), monitor));
        } finally {
            folder.release();
        }
    }

    /**
     * The kernel by tiles: on a cluster if there is one of many cores, or from the tiles that an earlier run has left in the folder; empty
     * where it is computed whole, because there is neither, because it takes less than ten seconds, or because the network has a function
     * given in Java and cannot be sent. All tiles together take the inputs through the network several times, so that a few cores would
     * need longer for them than this machine for the whole.
     */
    public static Optional<Kernel> elsewhere(FiniteNetwork network, Inputs x1, Optional<Inputs> x2, Optional<Cluster> cluster,
            TileFolder folder, Monitor monitor) {
        if (!isWorthSending(network, x1, x2) || !Fingerprint.tells(network.architecture().toYaml())) {
            return Optional.empty();
        }
        TangentTiles tiles = of(network, x1, x2);
        Optional<Cluster> large = cluster.filter(c -> isLarge(c.mostCores(), network.settings().threads()));
        return large.isPresent() || folder.hasTiles(Fingerprint.once(tiles::fingerprint))
                ? Optional.of(tiles.kernel(large, folder, monitor)) : Optional.empty();
    }

    /** Whether this machine would be busy with it for more than ten seconds. */
    public static boolean isWorthSending(FiniteNetwork network, Inputs x1, Optional<Inputs> x2) {
        int columns = x2.orElse(x1).count();
        // The plan is one of inputs with themselves: half of the pairs.
        double pairs = x2.isEmpty() ? 1 : 2.0 * x1.count() / columns;
        double operations = new EmpiricalKernel(unlimited(network)).plan(x1.shape(), columns).operations();
        return isWorthSending(pairs * operations, network.settings().threads());
    }

    /**
     * Whether a cluster needs less time for all tiles than this machine for the whole.
     *
     * @param cores   that it has; empty: unknown, and taken to be many
     * @param threads of this machine
     */
    public static boolean isLarge(OptionalInt cores, int threads) {
        return cores.isEmpty() || cores.getAsInt() > ACROSS * threads;
    }

    /** Whether so many operations keep so many threads busy for more than ten seconds. */
    public static boolean isWorthSending(double operations, int threads) {
        return operations / OPERATIONS_PER_SECOND / threads > WORTH_SECONDS;
    }

    /**
     * The kernel from its tiles.
     *
     * @param cluster computes those that are not there yet; empty: this machine does
     * @param folder  where they are kept
     */
    public Kernel kernel(Optional<Cluster> cluster, TileFolder folder, Monitor monitor) {
        Grid grid = grid();
        Supplier<Fingerprint> fingerprint = Fingerprint.once(this::fingerprint);
        cluster.ifPresent(c -> c.compute(this, folder.shelf(fingerprint, grid, monitor), monitor));
        Settings settings = network.settings();
        int workers = (int) Math.max(1, Math.min(settings.threads(), settings.memory() / memory));
        try (Engine engine = engine();
                Writers writers = Writers.of(List.of("ntk"),
                        name -> KernelWriter.inMemory(name, grid.rows(), grid.columns(), grid.symmetric()))) {
            new Filling(kernels(), engine, grid, writers, folder.atBeginning(fingerprint, monitor),
                    () -> Optional.of(folder.open(fingerprint, monitor)), HeapGuard.within(settings.memory()), monitor).run(workers);
            return Objects.requireNonNull(writers.finish(List.of()).get("ntk"));
        }
    }

    private Fingerprint fingerprint() {
        Fingerprint rows = fingerprint(network, x1.shape()).with("memory", memory).with("tile", tile).with("x", x1);
        return x2.isPresent() ? rows.with("x2", x2.get()) : rows.with("x2", "as x");
    }

    /** Of a network with all its weights. */
    static Fingerprint fingerprint(FiniteNetwork network, Shape in) {
        Fingerprint common = new Fingerprint(List.of()).with("ntk4j", Machine.ntk4j()).with("kernel", "tangent kernel of a finite network")
                .with("network", network.architecture().toYaml()).with("outputs", network.outputs())
                .with("trained", network.architecture().trainedPart()).with("precision", network.precision().toString());
        for (Map.Entry<String, double[]> w : new TreeMap<>(network.weights(in)).entrySet()) {
            common = common.with(w.getKey(), Inputs.of(w.getValue(), 1, Shape.of(w.getValue().length)));
        }
        return common;
    }

    @Override
    public double secondsPerTile() {
        return 2 * kernel(unlimited(network)).plan(x1.shape(), tile).operations() / OPERATIONS_PER_SECOND;
    }

    @Override
    public TangentTiles within(long other, int workers) {
        // Inputs and weights as they came and as they are here, a tile and what is written of it; the rest is outside of the heap.
        long inputs = (long) x1.values().length + x2.map(x -> x.values().length).orElse(0);
        long weights = network.weights(x1.shape()).values().stream().mapToLong(w -> w.length).sum();
        long needed = HeapGuard.budgetFor(Double.BYTES * (2 * inputs + 2 * weights + 5L * workers * tile * tile));
        if (needed > other) {
            throw Failure.input("memory: an executor that computes " + workers + " tiles of a tangent kernel at once needs at least "
                    + ((needed >> 20) + 1) + " MiB for the inputs, the weights and what it computes, and it has " + (other >> 20)
                    + " MiB; give it more memory, fewer cores, or fewer inputs");
        }
        return this;
    }

    @Override
    public String kernels() {
        return "a tangent kernel";
    }

    /** One tile after the other, each with a session of its own: so many threads may ask at once. */
    @Override
    public Engine engine() {
        FiniteNetwork alone = network.on(network.settings().withMemory(memory).withThreads(1).withDevice("cpu"));
        return new Engine() {
            @Override
            public TileValues tile(Tile t) {
                Inputs rows = x1.slice(t.i0(), t.i1());
                Inputs columns = x2.isEmpty() && t.isDiagonal() ? null : x2.orElse(x1).slice(t.j0(), t.j1());
                Monitor interrupted = Monitor.quiet(() -> Thread.currentThread().isInterrupted(), line -> { });
                try {
                    double[] values = kernel(alone).mean(rows, columns, interrupted).values();
                    return new TileValues(t, new double[values.length], values);
                } catch (Failure e) {
                    throw e.status() == Failure.RUN
                            ? Failure.run("inputs counted from " + t.i0() + " (rows), " + t.j0() + " (columns): " + e.getMessage(), e) : e;
                }
            }

            @Override
            public void close() {
            }
        };
    }
}
