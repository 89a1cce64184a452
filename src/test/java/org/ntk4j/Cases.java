package org.ntk4j;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.positions.Edges;

/** Random inputs, splits and settings for tests, and how far two results are from each other. */
public final class Cases {

    private Cases() {
    }

    /** Settings of two threads and two gigabytes. */
    public static Settings settings() {
        return new Settings(Path.of("data"), Path.of("out"), Optional.of("cpu"), 2L << 30, 2);
    }

    public static double[] normal(long seed, int count) {
        Random random = new Random(seed);
        return DoubleStream.generate(random::nextGaussian).limit(count).toArray();
    }

    public static Inputs inputs(long seed, int count, int... shape) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Inputs.of(normal(seed, count * size), count, org.ntk4j.shape.Shape.of(shape));
    }

    /** The same inputs with a random graph for each: directed edges with weights above 0, some from a node to itself. */
    public static Inputs withGraphs(long seed, Inputs x) {
        Random random = new Random(seed);
        int n = x.shape().positions();
        return x.graphs(java.util.stream.IntStream.range(0, x.count()).mapToObj(i -> {
            double[][] a = new double[n][n];
            for (int e = 0; e < 2 * n; e++) {
                int tail = random.nextInt(n);
                int head = random.nextInt(n);
                a[tail][head] = x.isReal(i, tail) && x.isReal(i, head) ? 0.3 + random.nextDouble() : 0;
            }
            return Edges.of(a);
        }).toList());
    }

    /** Inputs multiplied by a number. */
    public static Inputs times(Inputs x, double factor) {
        return x.with(Arrays.stream(x.values()).map(v -> v * factor).toArray(), x.shape().channels());
    }

    /** The inputs at these places, in this order. */
    public static Inputs pick(Inputs x, int... places) {
        int size = x.shape().size();
        double[] values = new double[places.length * size];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(x.values(), places[i] * size, values, i * size, size);
        }
        Inputs picked = Inputs.of(values, places.length, x.shape());
        return x.graphs().map(g -> picked.graphs(Arrays.stream(places).mapToObj(g::of).toList())).orElse(picked);
    }

    /** Random inputs with one-hot targets, less their mean; the classes come from a random linear map, so they can be learned. */
    public static Split split(long seed, int count, int classes, int... shape) {
        Inputs x = inputs(seed, count, shape);
        int size = x.shape().size();
        double[] map = normal(classes, size * classes);
        int[] labels = new int[count];
        double[][] targets = new double[count][classes];
        for (int i = 0; i < count; i++) {
            double[] score = new double[classes];
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j < size; j++) {
                    score[c] += x.values()[i * size + j] * map[j * classes + c];
                }
                labels[i] = score[c] > score[labels[i]] ? c : labels[i];
            }
            Arrays.fill(targets[i], -1.0 / classes);
            targets[i][labels[i]] += 1;
        }
        return new Split(x, targets, labels, java.util.stream.IntStream.range(0, count).toArray());
    }

    /** The largest absolute difference. */
    public static double difference(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new AssertionError(a.length + " values against " + b.length);
        }
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            double d = Math.abs(a[i] - b[i]);
            worst = d <= worst ? worst : Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
        }
        return worst;
    }

    public static double difference(double[][] a, double[][] b) {
        return difference(flat(a), flat(b));
    }

    /** The largest difference, relative to the largest value of the second. */
    public static double relative(Kernel a, Kernel b) {
        return difference(a.values(), b.values()) / largest(b.values());
    }

    public static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    public static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }
}
