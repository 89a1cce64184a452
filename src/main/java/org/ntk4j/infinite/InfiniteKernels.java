package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.strip.ClosePairs;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Filling;
import org.ntk4j.infinite.tile.Fingerprint;
import org.ntk4j.infinite.tile.Grid;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.infinite.tile.Writers;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelWriter;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * K_∞ and Θ_∞ of a network, in closed form and float64, tile by tile over all cores. A tile is a pure function of the
 * layers and of two runs of inputs; its inner products are taken in blocks of fixed size. So not one byte of the result
 * depends on the size of the tiles or on the number of threads; on a GPU rounding may.
 *
 * @param nngp the covariance K_∞
 * @param ntk  the tangent kernel Θ_∞
 */
public record InfiniteKernels(Kernel nngp, Kernel ntk) {

    /** Bytes of a piece from which on what the one before it has left is cleaned up first. */
    private static final long LARGE_PIECE = 64L << 20;
    /** Values of a kernel from which on Java clears its memory for longer than a thread takes to start. */
    private static final double LARGE_KERNEL = 1 << 20;

    /** The note about graphs that no layer reads. */
    public static final String NO_AGGREGATE = "no layer reads the edges of the graphs: without an aggregate the network sees a bag of "
            + "nodes";

    /**
     * How to compute: with how many threads, in which memory, in which tiles.
     *
     * @param threads how many may work at once
     * @param memory  the budget in bytes: inputs, tiles and, unless they stay in files, the kernels
     * @param tile    rows and columns of a tile
     * @param workers how many do, because the memory holds no more
     * @param piece   rows and columns of what is computed at once, where the memory does not hold a tile
     * @param bytes   how much of the memory is expected to be used; 0 if that was not asked
     * @param inFiles whether the kernels stay in files because the memory does not hold them
     * @param precision of the values; what an engine has in float64 alone is rounded
     * @param engines what computes them; empty: Java, as suits the network
     * @param names   the kernels that are kept: {@code nngp}, {@code ntk}, or both
     * @param cluster the machines that compute the tiles; empty: this one does
     */
    public record Plan(int threads, long memory, int tile, int workers, int piece, long bytes, boolean inFiles, Precision precision,
            Optional<EngineChoice> engines, List<String> names, Optional<Cluster> cluster) {

        static final List<String> BOTH = List.of("nngp", "ntk");

        /** On this machine. */
        public Plan(int threads, long memory, int tile, int workers, int piece, long bytes, boolean inFiles, Precision precision,
                Optional<EngineChoice> engines, List<String> names) {
            this(threads, memory, tile, workers, piece, bytes, inFiles, precision, engines, names, Optional.empty());
        }

        /** Tiles of a given size, in any memory. */
        public Plan(int threads, long memory, int tile) {
            this(threads, memory, tile, threads, tile, 0, false, Precision.FLOAT64, Optional.empty(), BOTH, Optional.empty());
        }

        /**
         * A plan for kernels in memory.
         *
         * @param x2 the inputs of the columns; empty for the kernels of {@code x1} with itself
         * @throws Failure if the memory is too small, with the smallest that is not
         */
        public static Plan of(Settings settings, Serial network, Inputs x1, Optional<Inputs> x2) {
            return of(settings, network, x1, x2, 0);
        }

        /** A plan for kernels in memory, of which this many bytes are taken, by the inputs and these kernels among others. */
        public static Plan of(Settings settings, Serial network, Inputs x1, Optional<Inputs> x2, long held) {
            return of(settings, network, x1, x2, held, BOTH);
        }

        /**
         * A plan for one kernel in memory, or both, of which this many bytes are taken.
         *
         * @param names those that are wanted: {@code nngp}, {@code ntk}, or both
         */
        public static Plan of(Settings settings, Serial network, Inputs x1, Optional<Inputs> x2, long held, List<String> names) {
            return MemoryNeed.of(network, x1.shape(), x1.count(), x2.map(Inputs::count), held,
                    EngineChoice.of(network, x1, x2, settings).of(names), names).plan(settings, false);
        }

        /**
         * A plan for kernels that go to files if the memory does not hold them.
         *
         * @param names those that are wanted: {@code nngp}, {@code ntk}, or both
         */
        public static Plan orInFiles(Settings settings, Serial network, Inputs x1, Optional<Inputs> x2, List<String> names) {
            return MemoryNeed.of(network, x1.shape(), x1.count(), x2.map(Inputs::count), 0,
                    EngineChoice.of(network, x1, x2, settings).of(names), names).plan(settings, true);
        }

        /**
         * The bytes that are in use at least, one pair at a time, for kernels in memory of this many inputs with others, or with
         * themselves.
         *
         * @param names those that are wanted: {@code nngp}, {@code ntk}, or both
         */
        public static long least(Serial network, Shape in, int rows, Optional<Integer> columns, long held, EngineChoice engines,
                List<String> names) {
            return MemoryNeed.of(network, in, rows, columns, held, engines, names).least();
        }

        /** This plan with tiles of another size. */
        public Plan withTile(int size) {
            return new Plan(threads, memory, size, workers, Math.min(size, piece), bytes, inFiles, precision, engines, names, cluster);
        }

        /** This plan with values of this precision. */
        public Plan withPrecision(Precision other) {
            return new Plan(threads, memory, tile, workers, piece, bytes, inFiles, other, engines, names, cluster);
        }

        /** With tiles that these machines compute, in Java. */
        public Plan on(Optional<Cluster> machines) {
            return new Plan(threads, memory, tile, workers, piece, bytes, inFiles, precision,
                    machines.isPresent() ? Optional.empty() : engines, names, machines);
        }

        /** {@code strips, tiles of 128 × 128, 2 threads, memory about 40 MiB of 8192 MiB}. */
        @Override
        public String toString() {
            return engines.map(e -> e + ", ").orElse("") + "tiles of " + tile + " × " + tile
                    + (piece < tile ? " in pieces of " + piece + " × " + piece : "") + ", " + workers
                    + (workers == 1 ? " thread" : " threads") + ", memory about " + ((bytes >> 20) + 1) + " MiB of "
                    + (memory >> 20) + " MiB" + (inFiles ? ", the kernels in files" : "")
                    + cluster.map(c -> ", on " + c.name()).orElse("");
        }
    }

    /** Both kernels of {@code x} with itself: only the upper half is computed. */
    public static InfiniteKernels of(Serial network, Inputs x, Plan plan, Monitor monitor) {
        return of(network, x, Optional.empty(), plan, monitor, Optional.empty());
    }

    /** Both kernels of {@code x1} (rows) with {@code x2} (columns). */
    public static InfiniteKernels of(Serial network, Inputs x1, Inputs x2, Plan plan, Monitor monitor) {
        return of(network, x1, Optional.of(x2), plan, monitor, Optional.empty());
    }

    /**
     * Both kernels on one tile: a pure function of the network, the inputs and two ranges of them, bit for bit what stands there in the
     * whole kernel, whoever computes it and on whichever machine.
     *
     * @param x2   the inputs of the columns; empty for the kernel of {@code x1} with itself
     * @param tile within the kernel; without {@code x2} above the diagonal or along it
     */
    public static TileValues tile(Serial network, Inputs x1, Optional<Inputs> x2, Tile tile) {
        if (tile.i1() > x1.count() || tile.j1() > x2.orElse(x1).count() || x2.isEmpty() && tile.j0() < tile.i1() && !tile.isDiagonal()) {
            throw new IllegalArgumentException(tile + " is not a tile of " + x1.count() + " × " + x2.orElse(x1).count() + " inputs");
        }
        InputCheck.values(x1, 1);
        x2.ifPresent(x -> InputCheck.values(x, 1));
        network.checked(x1);
        x2.ifPresent(network::checked);
        try (Engine engine = EngineChoice.java(network, x1, x2).open(network, x1, x2, Precision.FLOAT64)) {
            return engine.tile(tile);
        }
    }

    /**
     * Both kernels of {@code x1} (rows) with {@code x2} (columns), or with itself.
     *
     * @param folder where finished tiles are kept until they are all there, and kernels that the plan does not hold in memory:
     *               {@code nngp.npy}, {@code ntk.npy}
     * @throws Failure if an input or a value does not suit float64, the disk does not take a tile, or after Ctrl-C; finished tiles are kept
     */
    public static InfiniteKernels of(Serial network, Inputs x1, Optional<Inputs> x2, Plan plan, Monitor monitor,
            Optional<TileFolder> folder) {
        Map<String, Kernel> both = named(network, x1, x2, plan, monitor, folder);
        return new InfiniteKernels(Objects.requireNonNull(both.get("nngp")), Objects.requireNonNull(both.get("ntk")));
    }

    /**
     * Only the kernels that the plan names, by their names {@code nngp} and {@code ntk}: one of them takes half of the memory of both.
     *
     * @throws Failure as above
     */
    public static Map<String, Kernel> named(Serial network, Inputs x1, Optional<Inputs> x2, Plan plan, Monitor monitor,
            Optional<TileFolder> folder) {
        if (x2.isPresent() && !x1.shape().equals(x2.get().shape())) {
            throw Failure.input("the inputs have different shapes: " + x1.shape() + " and " + x2.get().shape());
        }
        double meanSquare = InputCheck.of(network, x1, plan.threads);
        x2.ifPresent(x -> InputCheck.of(network, x, plan.threads));
        List<String> notes = notes(network, x1, meanSquare);
        Blas.setThreads(1);
        // Tiles of other machines hold both kernels.
        EngineChoice engines = plan.engines.orElseGet(() -> plan.cluster.isPresent() ? EngineChoice.java(network, x1, x2)
                : EngineChoice.java(network, x1, x2).of(plan.names));
        try (Engine engine = engines.open(network, x1, x2, plan.precision, plan.threads)) {
            Supplier<Fingerprint> own = Fingerprint.once(() -> fingerprint(engine, network, x1, x2, plan));
            int there = folder.filter(f -> Fingerprint.tells(network.toYaml())).map(f -> f.sizeThere(own)).orElse(0);
            Plan same = there > 0 ? plan.withTile(there) : plan;
            Supplier<Fingerprint> fingerprint = Fingerprint.once(() -> own.get().withTile(same.tile));
            Map<String, Kernel> kernels = fill(engine, engines.best().nanosPerPair(plan.precision),
                    new TileJob(network, x1, x2, same.tile, same.piece, same.precision), same, folder, fingerprint, monitor, notes);
            return x2.isEmpty() ? withDistances(kernels, network, x1) : kernels;
        } finally {
            Blas.setThreads(plan.threads);
        }
    }

    /** Kernels that know the distances of close inputs, where these can be carried through the network. */
    private static Map<String, Kernel> withDistances(Map<String, Kernel> kernels, Serial network, Inputs x) {
        Optional<ClosePairs> pairs = InputGram.shape(network, x.shape()).isVector()
                ? ClosePairs.of(network, InputGram.of(network, x)) : Optional.empty();
        if (pairs.isEmpty()) {
            return kernels;
        }
        Map<String, Kernel> known = new LinkedHashMap<>();
        kernels.forEach((name, kernel) -> known.put(name, kernel.distances(name.equals("ntk")
                ? pairs.get()::ntkDistance : pairs.get()::nngpDistance)));
        return known;
    }

    private static Map<String, Kernel> fill(Engine engine, double nanosPerPair, TileJob job, Plan plan,
            Optional<TileFolder> folder, Supplier<Fingerprint> fingerprint, Monitor monitor, List<String> notes) {
        Serial network = job.network();
        Inputs x1 = job.x1();
        Grid grid = job.grid();
        Optional<TileFolder> tiles = folder.filter(f -> Fingerprint.tells(network.toYaml()));
        plan.cluster.ifPresent(c -> c.compute(job, tiles.orElseThrow(() -> Failure.input("a network with a function given in Java cannot "
                + "be sent to other machines; write it with the activations of the grammar, or leave --spark out"))
                .shelf(fingerprint, grid, monitor), monitor));
        try (Writers writers = writers(grid, plan, folder, fingerprint)) {
            long outside = InputGram.shape(network, x1.shape()).isVector()
                    ? 0 : (long) Double.BYTES * (x1.values().length + job.x2().map(x -> x.values().length).orElse(0));
            String label = EngineChoice.isOfK(plan.names) ? "K_∞" : job.kernels();
            HeapGuard guard = HeapGuard.within(plan.memory - outside);
            Engine asked = job.around(engine, job.piece() < job.tile() ? between(job, guard) : guard::check);
            new Filling(label, asked, grid, writers, tiles.flatMap(f -> f.atBeginning(fingerprint, monitor)),
                    () -> tiles.map(f -> f.open(fingerprint, monitor)), guard, monitor).expecting(nanosPerPair).run(plan.workers);
            return writers.finish(notes);
        }
    }

    /** What is done behind each piece of a tile. */
    private static Runnable between(TileJob job, HeapGuard guard) {
        long piece = MemoryNeed.of(job).pieces(job.piece());
        return piece < LARGE_PIECE ? guard::check : () -> guard.makeRoom(piece);
    }

    private static List<String> notes(Serial network, Inputs x, double meanSquare) {
        List<String> notes = new ArrayList<>(network.notes());
        Phase.of(network, meanSquare).ifPresent(notes::add);
        if (x.graphs().isPresent() && !network.readsGraphs()) {
            notes.add(NO_AGGREGATE);
        }
        return notes;
    }

    /** Large kernels in memory are made while the first tiles are computed. */
    private static Writers writers(Grid grid, Plan plan, Optional<TileFolder> folder, Supplier<Fingerprint> fingerprint) {
        boolean large = (double) grid.rows() * grid.columns() >= LARGE_KERNEL;
        return plan.inFiles || plan.threads == 1 || !large ? Writers.of(plan.names, name -> writer(name, grid, plan, folder, fingerprint))
                : Writers.meanwhile(plan.names, name -> inMemory(name, grid));
    }

    private static KernelWriter writer(String name, Grid grid, Plan plan, Optional<TileFolder> folder, Supplier<Fingerprint> fingerprint) {
        return plan.inFiles ? KernelWriter.inFile(name + ".infinite", grid.rows(), grid.columns(), grid.symmetric(),
                folder.orElseThrow().file(name + ".npy", fingerprint,
                        (long) plan.names.size() * Double.BYTES * grid.rows() * grid.columns()))
                : inMemory(name, grid);
    }

    private static KernelWriter inMemory(String name, Grid grid) {
        return KernelWriter.inMemory(name + ".infinite", grid.rows(), grid.columns(), grid.symmetric());
    }

    private static Fingerprint fingerprint(Engine engine, Serial network, Inputs x1, Optional<Inputs> x2, Plan plan) {
        Fingerprint common = new Fingerprint(List.of()).with("ntk4j", Machine.ntk4j()).with("network", network.toYaml())
                .with("precision", plan.precision.toString())
                .with("engine", engine.name()).with("tile", plan.tile).with("x", x1);
        Fingerprint whole = x2.isPresent() ? common.with("x2", x2.get()) : common.with("x2", "as x");
        return Fingerprint.tells(network.toYaml()) ? whole : whole.with("function", UUID.randomUUID());
    }

    /**
     * Sees to it that a kernel of these inputs can be computed, as far as they tell.
     *
     * @throws Failure if a value does not suit float64, or the network does not read such inputs
     */
    public static void check(Serial network, Inputs x) {
        InputCheck.of(network, x, 1);
    }
}
