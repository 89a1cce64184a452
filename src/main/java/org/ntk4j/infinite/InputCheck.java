package org.ntk4j.infinite;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Float64;

/** Looks at inputs before a kernel of them is computed. */
final class InputCheck {

    private InputCheck() {
    }

    /**
     * Sees to it that a kernel of these inputs can be computed, as far as they tell.
     *
     * @throws Failure if a value does not suit float64, or the network does not read such inputs
     */
    static void of(Serial network, Inputs x) {
        values(x);
        network.checked(x);
        flattened(network, x);
    }

    /** Does nothing if the squares of the values suit float64, and each input has a real position. */
    static void values(Inputs x) {
        IntStream.range(0, x.count()).mapToObj(i -> problem(x, i)).flatMap(Optional::stream).findFirst().ifPresent(why -> {
            throw Failure.input(why);
        });
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
    static double meanSquare(Inputs x) {
        int size = x.shape().size();
        double[][] sums = IntStream.range(0, x.count()).mapToObj(i -> {
            double sum = 0;
            int count = 0;
            for (int p = i * size; p < (i + 1) * size; p++) {
                double v = x.values()[p];
                sum += Double.isNaN(v) ? 0 : v * v;
                count += Double.isNaN(v) ? 0 : 1;
            }
            return new double[] {sum, count};
        }).toArray(double[][]::new);
        return Arrays.stream(sums).mapToDouble(s -> s[0]).sum() / Math.max(1, Arrays.stream(sums).mapToDouble(s -> s[1]).sum());
    }
}
