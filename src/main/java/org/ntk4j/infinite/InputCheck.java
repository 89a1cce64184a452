package org.ntk4j.infinite;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
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
    private static final int ALONE = 1 << 22;

    private InputCheck() {
    }

    /**
     * Sees to it that a kernel of these inputs can be computed, as far as they tell.
     *
     * @return the mean of the squares of all values, padding aside
     * @throws Failure if a value does not suit float64, or the network does not read such inputs
     */
    static double of(Serial network, Inputs x, int threads) {
        double meanSquare = values(x, threads);
        network.checked(x);
        flattened(network, x);
        return meanSquare;
    }

    /**
     * Sees to it that the squares of the values suit float64, and each input has a real position.
     *
     * @return the mean of the squares of all values, padding aside
     */
    static double values(Inputs x, int threads) {
        int size = x.shape().size();
        double[] sums = new double[x.count()];
        long[] counts = new long[x.count()];
        boolean[] wrong = new boolean[x.count()];
        each(x, threads, i -> {
            sums[i] = squares(x.values(), i * size, size);
            counts[i] = size;
            // Without padding, and with this sum, no value is too large, and the largest not too small.
            if (!(sums[i] * size <= Double.MAX_VALUE && sums[i] / size >= Double.MIN_NORMAL)) {
                wrong[i] = problem(x, i).isPresent();
                sums[i] = real(x, i).map(v -> v * v).sum();
                counts[i] = real(x, i).count();
            }
        });
        IntStream.range(0, x.count()).filter(i -> wrong[i]).findFirst().ifPresent(i -> {
            throw Failure.input(problem(x, i).orElseThrow());
        });
        return Arrays.stream(sums).sum() / Math.max(1, Arrays.stream(counts).sum());
    }

    private static DoubleStream real(Inputs x, int i) {
        int size = x.shape().size();
        return Arrays.stream(x.values(), i * size, (i + 1) * size).filter(v -> !Double.isNaN(v));
    }

    /** Four sums side by side, none of which waits for another. */
    private static double squares(double[] values, int from, int count) {
        double one = 0;
        double two = 0;
        double three = 0;
        double four = 0;
        int end = from + count;
        int p = from;
        for (; p + 4 <= end; p += 4) {
            one += values[p] * values[p];
            two += values[p + 1] * values[p + 1];
            three += values[p + 2] * values[p + 2];
            four += values[p + 3] * values[p + 3];
        }
        for (; p < end; p++) {
            one += values[p] * values[p];
        }
        return one + two + (three + four);
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
}
