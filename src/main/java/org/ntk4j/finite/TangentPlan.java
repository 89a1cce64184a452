package org.ntk4j.finite;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.base.Precision;

/**
 * How a tangent kernel is going to be computed: which way for each map, and in which portions, so that it fits into the
 * memory with as little repeated work as that allows.
 *
 * @param ways       how the share of each map is computed
 * @param chain      bytes for taking δ back from map to map outside of TensorFlow, without the units that are off; 0 where it does that
 * @param threads    how many threads take δ back there
 * @param outputs    of the network
 * @param tile       how many examples of each side meet at once
 * @param together   how many outputs are taken back through the network at once
 * @param block      how many examples go through the network at once
 * @param edge       how many examples of the right side are in one product
 * @param wide       with how many of the left
 * @param operations of all forward and backward passes and products
 * @param bytes      that are needed, inputs, weights and result included
 * @param outside    how many of these lie outside Java's heap
 * @param least      how many would do in the smallest portions
 * @param precision  of the network
 */
public record TangentPlan(List<Contraction> ways, long chain, int threads, int outputs, int tile, int together, int block, int edge,
        int wide, double operations, long bytes, long outside, long least, Precision precision) {

    private static final int MOST_OUTPUTS = 16;
    /** Examples go through the network in blocks whose values take no more than this: more would only leave the caches. */
    private static final long BLOCK_BYTES = 256L << 20;
    /** A tile that goes through in one block may take more: there is nothing to put together then. */
    private static final long WHOLE_BYTES = 768L << 20;
    private static final int SMALLEST_EDGE = 64;
    /** Portions have room for so many threads, however many there are: else values would depend on that. More of them take what is left. */
    private static final int THREADS = 4;

    /**
     * What the portions are cut from.
     *
     * @param inputs  how many values the inputs have
     * @param weights how many values the weights have
     * @param result  the bytes of the kernel
     * @param held    the bytes that are taken in all, by these among others
     * @param memory  the bytes that are allowed
     */
    record Frame(int rows, int columns, boolean symmetric, long inputs, long weights, long result, long held, long memory,
            Precision precision, int threads) {

        int bytes() {
            return precision.bytes();
        }

        /** What lies in Java's heap: inputs, weights as they were given, and the kernel. */
        long heap() {
            return Math.max(held, Double.BYTES * (inputs + weights) + result);
        }
    }

    /**
     * The portions with the fewest operations among those that fit.
     *
     * @param fixedTile examples in a tile; 0: what suits
     * @param fixedTogether outputs at once; 0: what suits
     * @throws Failure if not even one example fits
     */
    static TangentPlan of(TangentMaps maps, Frame frame, int fixedTile, int fixedTogether) {
        TangentPlan plan = best(maps, frame, fixedTile, fixedTogether);
        if (plan.bytes > allowed(frame)) {
            long smallest = (HeapGuard.budgetFor(plan.least) >> 20) + 1;
            throw Failure.input("memory: the tangent kernel needs at least " + smallest + " MiB and "
                    + (frame.memory >> 20) + " MiB are allowed; use --memory " + smallest + "m");
        }
        return plan;
    }

    private static long allowed(Frame frame) {
        return frame.memory - HeapGuard.overhead(frame.memory);
    }

    /** The same, if there are portions of these maps that fit. */
    static Optional<TangentPlan> ifFits(TangentMaps maps, Frame frame, int fixedTile, int fixedTogether) {
        return Optional.of(best(maps, frame, fixedTile, fixedTogether)).filter(plan -> plan.bytes <= allowed(frame));
    }

    /** The portions with the fewest operations among those that fit; if none do, the smallest. */
    private static TangentPlan best(TangentMaps maps, Frame frame, int fixedTile, int fixedTogether) {
        int longest = Math.max(1, Math.max(frame.rows, frame.columns));
        int k = maps.others().isEmpty() ? 1 : maps.pass().count();
        long allowed = allowed(frame);
        @Nullable TangentPlan best = null;
        @Nullable TangentPlan smallest = null;
        for (int tiles = 1; tiles <= longest; tiles = next(tiles, longest)) {
            int tile = fixedTile > 0 ? Math.min(fixedTile, longest) : (longest + tiles - 1) / tiles;
            for (int passes = 1; passes <= k; passes++) {
                int together = fixedTogether > 0 ? Math.min(fixedTogether, k) : (k + passes - 1) / passes;
                if (together > MOST_OUTPUTS && fixedTogether == 0) {
                    continue;
                }
                TangentPlan plan = cut(maps, frame, tile, together, k);
                smallest = smallest == null || plan.bytes < smallest.bytes ? plan : smallest;
                if (plan.bytes <= allowed && (best == null || plan.operations < best.operations)) {
                    best = plan;
                }
                if (fixedTogether > 0) {
                    break;
                }
            }
            if (fixedTile > 0) {
                break;
            }
        }
        TangentPlan chosen = Objects.requireNonNullElse(best, smallest);
        long each = maps.chain() == null ? 0 : TangentChain.bytesOfThread(maps.chain(), chosen.together, frame.precision);
        long more = each == 0 ? 0 : Math.max(0, Math.min(frame.threads - THREADS, (allowed - chosen.bytes) / each));
        return chosen.with((int) more, more * each, Objects.requireNonNull(smallest).bytes);
    }

    private TangentPlan with(int moreThreads, long more, long smallest) {
        return new TangentPlan(ways, chain + more, threads + moreThreads, outputs, tile, together, block, edge, wide, operations,
                bytes + more, outside, smallest, precision);
    }

    /** Every number of tiles while they are few, then by halves, at last one example each. */
    private static int next(int tiles, int longest) {
        return tiles < 8 || tiles == longest ? tiles + 1 : Math.min(longest, tiles * 2);
    }

    private static TangentPlan cut(TangentMaps maps, Frame frame, int tile, int together, int k) {
        long alive = Math.max(1, maps.valuesAlive(together) * frame.bytes());
        long whole = Math.min(WHOLE_BYTES, frame.memory / 4) / alive;
        int most = (int) Math.max(1, Math.min(tile, whole >= tile ? whole : Math.min(BLOCK_BYTES, frame.memory / 4) / alive));
        int blocks = (tile + most - 1) / most;
        int block = (tile + blocks - 1) / blocks;
        long pair = maps.valuesOfPair() * frame.bytes();
        long room = Math.min(BLOCK_BYTES, frame.memory / 8);
        int edge = (int) Math.max(1, Math.min(Math.max(SMALLEST_EDGE, (tile + 7) / 8), Math.sqrt(room / (double) pair)));
        int wide = (int) Math.max(edge, Math.min(tile, room / pair / edge));
        long tiles1 = ((long) frame.rows + tile - 1) / tile;
        long tiles2 = ((long) frame.columns + tile - 1) / tile;
        int passes = (k + together - 1) / together;
        boolean one = frame.symmetric && tiles1 == 1 && (!maps.full() || passes == 1);
        long kept = (one ? 1L : 2L) * tile * maps.valuesKept(together) * frame.bytes();
        // Weights are there twice, as variables and while these are filled. What a block keeps is there once more, before it is put with
        // the others.
        long outside = 2 * frame.weights * frame.bytes() + kept + block * (alive + maps.valuesKept(together) * frame.bytes())
                + edge * (long) wide * pair;
        double filled = frame.symmetric ? frame.rows * (tiles1 + 1) / 2.0
                : frame.rows * (double) (maps.full() && passes > 1 ? passes : 1)
                        + frame.columns * (double) (tiles2 == 1 && (passes == 1 || !maps.full()) ? 1 : tiles1 * (maps.full() ? passes : 1));
        double through = filled * passes * (maps.forward() + maps.backward(together, frame.precision));
        double products = maps.ways().stream().mapToDouble(Contraction::operations).sum();
        long chain = maps.chain() == null ? 0 : TangentChain.bytes(maps.chain(), together, frame.precision, THREADS);
        return new TangentPlan(maps.ways(), chain, Math.min(frame.threads, THREADS), maps.pass().count(), tile, together, block,
                edge, wide, through + products, frame.heap() + chain + outside, outside, 0, frame.precision);
    }

    /** Which way each map takes and why, and the portions. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Contraction way : ways) {
            text.append(way).append(System.lineSeparator());
        }
        if (chain > 0) {
            text.append("δ goes back without the units that are off").append(System.lineSeparator());
        }
        return text.append(String.format(Locale.ROOT, "%,.1f GFLOP in all, %,d MiB; tiles of %d examples, %d at once through the network, "
                + "%d of %d outputs at once; %s", operations / 1e9,
                (bytes >> 20) + 1, tile, block, together, outputs, error(precision))).toString();
    }

    /** How far a value is from the exact one, as it is tested, relative to the root of the two values on the diagonal. */
    private static String error(Precision precision) {
        return precision == Precision.FLOAT32 ? "sums in float32, values within 2e-6 √(Θ(x,x) Θ(x',x'))" : "sums in float64";
    }
}
