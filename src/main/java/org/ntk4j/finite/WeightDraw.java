package org.ntk4j.finite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.ntk4j.base.Seed;
import org.ntk4j.kernel.Workers;
import org.ntk4j.layer.Weights;

/**
 * Draws initial weights in Java, so that they are the same on every device: each tensor has a generator of its own, seeded
 * by the seed and the tensor's name, so that neither the order nor the number of threads matters. The normal deviates are
 * those of {@link Random#nextGaussian()}, whose algorithm is part of Java's specification.
 */
final class WeightDraw {

    private WeightDraw() {
    }

    /** The weights of all tensors, by name, in C order; drawn on so many threads. */
    static Map<String, double[]> draw(Seed seed, Iterable<Weights> tensors, int threads) {
        Map<String, double[]> values = new LinkedHashMap<>();
        tensors.forEach(w -> values.put(w.name(), new double[w.size()]));
        Map<String, Double> deviations = new LinkedHashMap<>();
        tensors.forEach(w -> {
            w.measured().ifPresentOrElse(before -> Arrays.fill(Objects.requireNonNull(values.get(w.name())), before),
                    () -> deviations.put(w.name(), w.deviation()));
        });
        List<String> names = List.copyOf(deviations.keySet());
        Workers.each(threads, names.size(), "weights", i -> fill(Objects.requireNonNull(values.get(names.get(i))),
                Objects.requireNonNull(deviations.get(names.get(i))), seed.value(), names.get(i)));
        return values;
    }

    private static void fill(double[] values, double deviation, long seed, String name) {
        Random random = new Random(mix(mix(seed) ^ hash(name)));
        IntStream.range(0, values.length).forEach(i -> values[i] = deviation * random.nextGaussian());
    }

    /** FNV-1a, 64 bits. */
    private static long hash(String name) {
        long h = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        return h;
    }

    /** The finalizer of SplitMix64, which spreads neighbouring seeds. */
    private static long mix(long z) {
        long a = (z + 0x9e3779b97f4a7c15L);
        a = (a ^ (a >>> 30)) * 0xbf58476d1ce4e5b9L;
        a = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return a ^ (a >>> 31);
    }
}
