package org.ntk4j.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Finite networks on a device and on the CPU, from the same weights: their functions, Θ_0, and training step for step. */
final class FiniteOnDevice {

    private static final double LIMIT = 1e-4;
    /** Rounding may turn a unit of relu on or off, and then Θ jumps: training in float32 and in float64 on one CPU differs by 3e-3. */
    private static final double LIMIT_OF_KINKS = 3e-3;
    private static final double LIMIT64 = 1e-10;
    private static final int CLASSES = 3;
    private static final int STEPS = 60;
    private static final double RATE = 0.5;

    private FiniteOnDevice() {
    }

    /** A network with the inputs it is tried on. */
    private record Example(Network network, Inputs x) {
    }

    private static Map<String, Example> examples() {
        Map<String, Example> examples = new LinkedHashMap<>();
        examples.put("mlp", new Example(Ntk.mlp().width(512).depth(2).wStd(Math.sqrt(2)).bStd(0.1), normal(100, 64)));
        examples.put("cnn", new Example(Ntk.cnn().channels(32).depth(2).readout("gap").wStd(Math.sqrt(2)), normal(40, 10, 10, 2)));
        examples.put("transformer", new Example(Network.parse("{transformer: {blocks: 1, heads: 2, width: 32}}"), normal(30, 8, 6)));
        return examples;
    }

    /** Θ_0 and f_0. */
    static void kernels(Settings settings, String device, Consumer<Measurement> figures) {
        examples().forEach((name, e) -> {
            for (String precision : List.of("float32", "float64")) {
                FiniteNetwork network = e.network.init(0).outputs(CLASSES).precision(precision);
                FiniteNetwork here = network.on(settings);
                FiniteNetwork there = network.on(settings.withDevice("cpu"));
                double limit = precision.equals("float32") ? LIMIT : LIMIT64;
                figures.accept(Measurement.error("f_0 " + name + " " + precision, device,
                        RelativeDifference.of(here.outputs(e.x), there.outputs(e.x)), limit));
                figures.accept(Measurement.error("Θ_0 " + name + " " + precision, device,
                        RelativeDifference.of(here.ntk(e.x).toArray(), there.ntk(e.x).toArray()), limit));
            }
        });
    }

    /** The trained function, and the loss on the way to it. */
    static void training(Settings settings, String device, Consumer<Measurement> figures) {
        examples().forEach((name, e) -> {
            Trained here = trained(e, settings);
            Trained there = trained(e, settings.withDevice("cpu"));
            figures.accept(Measurement.error("training " + name + ": f_T", device, RelativeDifference.of(here.train(), there.train()),
                    LIMIT));
            figures.accept(Measurement.error("training " + name + ": loss", device, RelativeDifference.of(losses(here), losses(there)),
                    LIMIT));
            figures.accept(Measurement.error("training " + name + ": Θ_T", device,
                    RelativeDifference.of(here.network().on(settings).ntk(e.x).toArray(), there.network().ntk(e.x).toArray()),
                            LIMIT_OF_KINKS));
        });
    }

    private static Trained trained(Example e, Settings settings) {
        int[] labels = new int[e.x.count()];
        double[][] targets = new double[e.x.count()][CLASSES];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
            targets[i][labels[i]] = 1;
        }
        Split split = new Split(e.x, targets, labels, labels);
        Training training = Ntk.gradientDescent().until(Ntk.maxSteps(STEPS).or(Ntk.trainLoss(1e-300)));
        return new Trainer(training, RATE, RATE, Monitor.silent())
                .train(e.network.init(0).outputs(CLASSES).on(settings), split, split, List.of());
    }

    private static double[][] losses(Trained trained) {
        return new double[][] {trained.history().stream().mapToDouble(Trained.Point::loss).toArray()};
    }

    private static Inputs normal(int count, int... sizes) {
        Shape shape = Shape.of(sizes);
        Random random = new Random(1);
        return Inputs.of(DoubleStream.generate(random::nextGaussian).limit((long) count * shape.size()).toArray(), count, shape);
    }
}
