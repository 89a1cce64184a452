package org.ntk4j.infinite;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * What infinite kernels need the memory for, and what follows from it for their tiles.
 *
 * @param heap    the inputs in Java's heap, the kernels and what else is held there
 * @param outside the inputs where products read them, in the heap once more or outside of it
 * @param kernels the kernels
 * @param own     what is kept of each input for all tiles
 * @param engines what computes
 * @param names   the kernels that are kept
 */
record MemoryNeed(int rows, int columns, long heap, long outside, long kernels, long own, EngineChoice engines, List<String> names) {

    /** The most tiles along a side: their number stays below 2³¹. */
    private static final int MOST_TILES = 60_000;

    static MemoryNeed of(Serial network, Shape in, int rows, Optional<Integer> others, long held, EngineChoice engines,
            List<String> names) {
        network.checked(in);
        int columns = others.orElse(rows);
        long inputs = (long) Double.BYTES * in.size() * (rows + others.orElse(0));
        long kernels = (long) names.size() * Double.BYTES * rows * columns;
        Offer engine = engines.best();
        long own = engine.bytesKept(rows) + others.map(engine::bytesKept).orElse(0L);
        return new MemoryNeed(rows, columns, Math.max(held, inputs + kernels), inputs, kernels, own, engines, names);
    }

    /** Of a job for machines without a GPU. */
    static MemoryNeed of(TileJob job) {
        return of(job.network(), job.x1().shape(), job.x1().count(), job.x2().map(Inputs::count), 0,
                EngineChoice.java(job.network(), job.x1(), job.x2()), InfiniteKernels.Plan.BOTH);
    }

    long inMemory() {
        return heap + outside + own;
    }

    /** What a thread needs for a piece: its pairs, each of its inputs with itself, and its buffers. */
    long pieces(int side) {
        Offer engine = engines.best();
        return ((long) side * side + 2L * side) * engine.bytesPerPair() + 2L * side * engine.bytesPerImage()
                + engine.bytesPerThread(side);
    }

    /** The bytes that are in use at least, one pair at a time. */
    long least() {
        return inMemory() + pieces(1);
    }

    /**
     * The plan for a process.
     *
     * @param files whether the kernels may go to files if the memory does not hold them
     * @throws Failure if the memory is too small, with the smallest that is not
     */
    InfiniteKernels.Plan plan(Settings settings, boolean files) {
        Offer engine = engines.best();
        long smallest = pieces(1);
        long memory = settings.memory();
        long data = memory - HeapGuard.overhead(memory);
        boolean tooMany = (long) rows * columns > Integer.MAX_VALUE - 8;
        boolean inFiles = files && (inMemory() + smallest > data || kernels > heapLeft() || tooMany);
        if (tooMany && !inFiles) {
            throw Failure.input("K_∞ and Θ_∞ of " + rows + " × " + columns
                    + " have more values than an array holds, 2³¹; compute them in blocks of the inputs, "
                    + "or into files with 'ntk kernel'");
        }
        long needed = inMemory() - (inFiles ? kernels : 0);
        long left = engine.usable(data - needed);
        if (left < smallest) {
            long least = (HeapGuard.budgetFor(needed + smallest) >> 20) + 1;
            throw Failure.input("memory: K_∞ and Θ_∞ of " + rows + " × " + columns + " need at least " + least
                    + " MiB, one tile at a time" + (inFiles
                    ? " and the kernels in files" : "") + ", and " + (memory >> 20) + " MiB are allowed; use --memory " + least
                            + "m or fewer inputs");
        }
        int side = Math.max(engine.side(rows, columns, settings.threads()), (Math.max(rows, columns) - 1) / MOST_TILES + 1);
        int workers = (int) Math.min(engine.workers(settings.threads()), left / smallest);
        int largest = Math.min(side, Math.max(rows, columns));
        int piece = largest;
        while (piece > 1 && workers * pieces(piece) > left) {
            piece--;
        }
        return new InfiniteKernels.Plan(settings.threads(), memory, side, workers, piece < largest ? piece : side,
                HeapGuard.overhead(0) + needed + workers * pieces(piece), inFiles, Precision.FLOAT64, Optional.of(engines),
                names, Optional.empty());
    }

    private static long heapLeft() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    /** The smallest memory of a process that computes this many tiles at once, pair by pair. */
    static long least(TileJob job, int workers) {
        MemoryNeed need = of(job);
        return HeapGuard.budgetFor(need.inMemory() - need.kernels + workers * need.pieces(1));
    }

    /** The largest piece with which a process of so much memory computes this many tiles at once. */
    static int piece(TileJob job, long memory, int workers) {
        MemoryNeed need = of(job);
        long needed = need.inMemory() - need.kernels;
        long left = memory - HeapGuard.overhead(memory) - needed;
        int piece = Math.min(job.tile(), Math.max(need.rows, need.columns));
        while (piece > 1 && workers * need.pieces(piece) > left) {
            piece--;
        }
        if (workers * need.pieces(piece) > left) {
            throw Failure.input("memory: an executor that computes " + workers + " tiles at once needs at least "
                    + ((least(job, workers) >> 20) + 1) + " MiB for the inputs and one pair at a "
                    + "time, and it has " + (memory >> 20) + " MiB; give it more memory, fewer cores, or fewer inputs");
        }
        return piece < Math.min(job.tile(), Math.max(need.rows, need.columns)) ? piece : job.tile();
    }
}
