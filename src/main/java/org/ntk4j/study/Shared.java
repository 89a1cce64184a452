package org.ntk4j.study;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.Monitor;
import org.ntk4j.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Sample;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Serial;

/**
 * What the cells of a sweep share and is computed once: the data, and the infinite kernels, which depend neither on the
 * seed nor, in NTK parameterization, on the widths.
 */
final class Shared {

    /** K_∞ and Θ_∞ of train with train and of test with train. */
    record Infinite(Kernel nngpTrain, Kernel nngpTest, Kernel ntkTrain, Kernel ntkTest) {
    }

    /** Only the diagonal is wanted: small blocks along it. */
    private static final int BLOCK = 32;

    private final Settings settings;
    private final Monitor monitor;
    private final Map<Object, Sample> samples = new HashMap<>();
    private final Map<Object, Infinite> kernels = new HashMap<>();
    private final Map<Object, double[]> variances = new HashMap<>();

    Shared(Settings settings, Monitor monitor) {
        this.settings = settings;
        this.monitor = monitor;
    }

    Sample sample(Definition definition) {
        Object key = definition.data().toMap();
        Sample sample = samples.get(key);
        if (sample == null) {
            sample = definition.data().load(settings, monitor);
            samples.put(key, sample);
        }
        return sample;
    }

    Infinite infinite(Definition definition, Serial layers, Sample sample) {
        Object key = List.of(definition.data().toMap(), layers.infiniteKey(), definition.precision());
        Infinite found = kernels.get(key);
        if (found == null) {
            Inputs train = sample.train().inputs();
            Inputs test = sample.test().inputs();
            InfiniteKernels ofTrain = InfiniteKernels.of(layers, train, plan(layers, train, train), monitor);
            InfiniteKernels ofTest = InfiniteKernels.of(layers, test, train, plan(layers, test, train), monitor);
            if (definition.precision().equals("float32")) {
                ofTrain = ofTrain.rounded();
                ofTest = ofTest.rounded();
            }
            found = new Infinite(ofTrain.nngp(), ofTest.nngp(), ofTrain.ntk(), ofTest.ntk());
            kernels.put(key, found);
        }
        return found;
    }

    /** K_∞(x, x) of each test input. */
    double[] testVariances(Definition definition, Serial layers, Sample sample) {
        Object key = List.of(definition.data().toMap(), layers.infiniteKey(), definition.precision());
        return variances.computeIfAbsent(key, k -> {
            Inputs test = sample.test().inputs();
            double[] values = new double[test.count()];
            for (int from = 0; from < values.length; from += BLOCK) {
                Inputs some = test.slice(from, Math.min(values.length, from + BLOCK));
                Kernel block = InfiniteKernels.of(layers, some, plan(layers, some, some), Monitor.silent()).nngp();
                for (int i = 0; i < some.count(); i++) {
                    values[from + i] = block.get(i, i);
                }
            }
            return values;
        });
    }

    private InfiniteKernels.Plan plan(Serial layers, Inputs rows, Inputs columns) {
        return InfiniteKernels.Plan.of(settings, layers, rows.shape(), rows.count(), columns.count());
    }
}
