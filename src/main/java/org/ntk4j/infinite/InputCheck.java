package org.ntk4j.infinite;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.kernel.Workers;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Float64;

/** Looks at inputs before a kernel of them is computed. */
final class InputCheck {

    /** Inputs that a thread looks at one after the other. */
    private static final int SOME = 64;
    /** Fewer values than these take less time than another thread. */
    private static final int ALONE = 1 << 18;

    private InputCheck() {
    }

    /**
     * Sees to it that a kernel of these inputs can be computed, as far as they tell.
     *
     * @throws Failure if a value does not suit float64, or the network does not read such inputs
     */
    static void of(Serial network, Inputs x, int threads) {
        values(x, threads);
        network.checked(x);
        flattened(network, x);
    }

    /** Does nothing if the squares of the values suit float64, and each input has a real position. */
    static void values(Inputs x, int threads) {
        boolean[] wrong = new boolean[x.count()];
        each(x, threads, i -> wrong[i] = problem(x, i).isPresent());
        IntStream.range(0, x.count()).filter(i -> wrong[i]).findFirst().ifPresent(i -> {
            throw Failure.input(problem(x, i).orElseThrow());
        });
    }

    private static void each(Inputs x, int threads, IntConsumer look) {
        Workers.each(x.values().length < ALONE ? 1 : threads, (x.count() + SOME - 1) / SOME, "inputs", block ->
                IntStream.range(block * SOME, Math.min(x.count(), (block + 1) * SOME)).forEach(look));
    }

    private static Optional<String> problem(Inputs x, int i) {
        int size = x.shape().size();
        boolean real = false;
        double largest = 0;
        for (int p = i * size; p < (i + 1) * size; p++) {
            double value = x.values()[p];
            real |= !Double.isNaN(value);
            largest = Math.max(largest, Double.isNaN(value) ? 0 : Math.abs(value));
        }
        if (!real) {
            return Optional.of("input " + i + " is all padding; at least one position must be real");
        }
        if (Float64.vanished(largest, largest * largest)) {
            return Optional.of("input " + i + " has values up to " + largest
                    + " only: their square is less than float64 holds; scale the inputs");
        }
        return Double.isFinite(largest * largest * size) ? Optional.empty() : Optional.of("input " + i + " has values up to " + largest
                + ": the sum of their squares is more than float64 holds; scale the inputs");
    }

    /** A network that begins with {@code flatten} sees vectors, in which there is no padding. */
    private static void flattened(Serial network, Inputs x) {
        if (!x.shape().isVector() && InputGram.shape(network, x.shape()).isVector() && x.hasPadding()) {
            List<Layer> layers = network.flat().layers();
            int at = 0;
            while (layers.get(at).ending().isEmpty()) {
                at++;
            }
            throw Failure.input("network." + at + "." + layers.get(at).name() + ": " + layers.get(at).name()
                    + " makes the value depend on how much padding there is; use globalAvgPool");
        }
    }

    /** The mean of the squares of all values, padding aside. */
    static double meanSquare(Inputs x, int threads) {
        int size = x.shape().size();
        double[] sums = new double[x.count()];
        int[] counts = new int[x.count()];
        each(x, threads, i -> {
            for (int p = i * size; p < (i + 1) * size; p++) {
                double v = x.values()[p];
                sums[i] += Double.isNaN(v) ? 0 : v * v;
                counts[i] += Double.isNaN(v) ? 0 : 1;
            }
        });
        return Arrays.stream(sums).sum() / Math.max(1, Arrays.stream(counts).asLongStream().sum());
    }
}
