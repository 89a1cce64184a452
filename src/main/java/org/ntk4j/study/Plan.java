package org.ntk4j.study;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ntk4j.Failure;
import org.ntk4j.Seed;
import org.ntk4j.Settings;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Precision;
import org.ntk4j.finite.TangentPlan;
import org.ntk4j.finite.Training;
import org.ntk4j.kernel.Blas;
import org.ntk4j.infinite.EngineChoice;
import org.ntk4j.network.ConvLocal;
import org.ntk4j.network.Layer;
import org.ntk4j.network.Network;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;
import org.ntk4j.network.Weights;

/**
 * What an experiment is going to do, how much memory it needs and about how long it takes: operations counted by hand over
 * the rate of a product that is timed now. Training is counted up to {@code maxSteps}; it usually ends before.
 */
final class Plan {

    private record CellPlan(long parameters, double bytes, double kernelSeconds, double stepSeconds, double seconds, TangentPlan tangent, EngineChoice engine) {
    }

    private final Definition definition;
    private final Settings settings;
    private final List<Definition.Point> points;
    private final List<CellPlan> cells = new ArrayList<>();
    private final Set<Object> infinite = new HashSet<>();
    /** Cells that differ in a seed have the same. */
    private final Map<List<Object>, TangentPlan> tangents = new HashMap<>();

    private Plan(Definition definition, Settings settings) {
        this.definition = definition;
        this.settings = settings;
        this.points = definition.points();
        double rate = rate(settings.threads());
        points.forEach(p -> cells.add(cell(p.definition(), rate)));
    }

    static Plan of(Definition definition, Settings settings) {
        return new Plan(definition, settings);
    }

    /**
     * Does nothing if every cell fits into the memory.
     *
     * @throws Failure naming the largest cell otherwise
     */
    void check() {
        points.forEach(p -> p.definition().check());
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).bytes > settings.memory()) {
                throw Failure.input(String.format(Locale.ROOT, "memory: %s needs about %s and %s are allowed; use --memory %dm or more, or fewer examples or a "
                        + "smaller width", points.size() == 1 ? definition.name() : "the cell " + points.get(i).key(), memory(cells.get(i).bytes),
                        memory(settings.memory()), (long) (cells.get(i).bytes / (1 << 20)) + 1));
            }
        }
    }

    private CellPlan cell(Definition d, double rate) {
        Shape in = d.data().shape();
        int outputs = d.network().outputs().orElse(d.data().classCount());
        Network network = d.network();
        Serial layers = network.layers(in, outputs);
        layers.outputShape(in);
        long parameters = network.parameters(in, outputs);
        double n = d.data().trainCount();
        double m = d.data().testCount();
        Precision precision = d.train().map(Training::precision).orElse(Precision.FLOAT32);
        double finiteRate = precision == Precision.FLOAT32 ? 2 * rate : rate;
        double products = products(layers, in);
        long empirical = d.kernelNames().stream().filter(k -> k.equals(Subjects.NTK_INIT) || k.equals(Subjects.NTK_TRAINED)).count();
        TangentPlan theta = empirical == 0 ? null : tangents.computeIfAbsent(List.of(network.toString(), precision, in, outputs, d.data().trainCount()), k ->
                new EmpiricalKernel(FiniteNetwork.of(network, new Seed(0)).outputs(outputs).precision(precision).on(settings)).plan(in, d.data().trainCount()));
        double widths = layers.weights(in).stream().filter(w -> w.shape().size() > 1).mapToDouble(w -> w.shape().get(0) + w.shape().get(1)).sum();
        int batch = d.train().flatMap(t -> t.batch().isPresent() ? Optional.of(t.batch().getAsInt()) : Optional.<Integer>empty()).orElse((int) n);
        double step = 6.0 * products * Math.min(batch, n) / finiteRate;
        // Half of n² pairs of training inputs, and n·m with the test inputs.
        double tangent = theta == null ? 0 : theta.operations() * (1 + 2 * m / n) / finiteRate;
        EngineChoice engine = EngineChoice.of(layers, in, d.precision().equals("float32"), settings);
        // Cells share what depends neither on the seed nor on widths.
        boolean shared = d.kernelNames().size() == empirical || !infinite.add(List.of(d.data().toMap(), layers.infiniteKey(), d.precision()));
        double closedForm = shared ? 0 : (n * n / 2 + n * m) * engine.nanosPerPair() * 1e-9 / settings.threads();
        double regression = 12 * n * n * n / rate;
        double kernels = empirical * tangent + closedForm + d.kernelNames().size() * regression;
        double steps = d.train().map(t -> t.until().steps()).orElse(0);
        int slots = d.train().map(t -> t.optimizer().slots()).orElse(0);
        double weights = parameters * (double) (precision.bytes() * (3 + slots) + 8 * 2 + 8.0 * d.record().size());
        double activations = 3.0 * n * widths * precision.bytes();
        double matrices = 8 * (d.kernelNames().size() * (n * n + n * m) + 3 * n * n);
        return new CellPlan(parameters, weights + activations + matrices, kernels, step, kernels + steps * step, theta, engine);
    }

    /** Products of weights with values of one example: a weight works at every position after it. */
    private static double products(Serial layers, Shape in) {
        double sum = 0;
        Shape shape = in;
        for (Layer layer : layers.layers()) {
            Shape after = layer.outputShape(shape);
            sum += layer.weights(shape).stream().mapToDouble(Weights::size).sum() * (layer instanceof ConvLocal ? 1 : after.positions());
            shape = after;
        }
        return sum;
    }

    /** Operations in a second, float64, with so many threads: timed on a small product. */
    private static double rate(int threads) {
        int n = 384;
        double[] a = new double[n * n];
        java.util.Arrays.fill(a, 1e-3);
        Blas.setThreads(threads);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            long start = System.nanoTime();
            Blas.product(false, true, n, n, n, a, a);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return 2.0 * n * n * n / best;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, definition.name() + definition.description().map(d -> ": " + d).orElse(""));
        line(text, "data       " + definition.data());
        CellPlan first = cells.get(0);
        text.append("network    ").append(String.format(Locale.ROOT, "%,d weights%s%n", first.parameters, cells.size() > 1 ? " in the first cell" : ""));
        int outputs = definition.network().outputs().orElse(definition.data().classCount());
        points.get(0).definition().network().describe(definition.data().shape(), outputs).lines().forEach(l -> line(text, "           " + l));
        line(text, "training   " + definition.train().map(t -> t.optimizer().name() + ", " + t.loss() + ", learning rate "
                + (t.learningRate().isPresent() ? number(t.learningRate().getAsDouble()) : "auto") + ", batch " + (t.batch().isPresent() ? t.batch().getAsInt() : "full")
                + ", until train loss " + number(t.until().loss()) + " or " + t.until().steps() + " steps" + (t.centred() ? ", centred" : ", not centred")).orElse("none"));
        line(text, "kernels    " + String.join(", ", definition.kernelNames()) + "; regression ridge "
                + (definition.regression().ridge().isPresent() ? number(definition.regression().ridge().getAsDouble()) : "auto") + ", at " + String.join(" and ", definition.regression().times()));
        if (first.tangent != null) {
            line(text, "           tangent kernels of the finite network" + (cells.size() > 1 ? " in the first cell:" : ":"));
            first.tangent.toString().lines().forEach(l -> line(text, "             " + l));
        }
        if (definition.kernelNames().contains(Subjects.NTK_INFINITE) || definition.kernelNames().contains(Subjects.NNGP_INFINITE)) {
            line(text, "           infinite kernels: " + first.engine.name() + (cells.size() > 1 ? ", in the first cell" : ""));
        }
        line(text, "cells      " + points.size() + (definition.sweep().isEmpty() ? "" : ": " + definition.sweep().keySet()));
        double bytes = cells.stream().mapToDouble(CellPlan::bytes).max().orElse(0);
        line(text, "memory     about " + memory(bytes) + " of " + memory(settings.memory()) + " allowed");
        double kernels = cells.stream().mapToDouble(CellPlan::kernelSeconds).sum();
        double most = cells.stream().mapToDouble(CellPlan::seconds).sum();
        line(text, "time       kernels about " + time(kernels) + (definition.train().isEmpty() ? "" : String.format(Locale.ROOT,
                "; a step of training about %s; at most %s if every cell trains to maxSteps", time(first.stepSeconds), time(most))));
        line(text, "machine    " + settings.threads() + (settings.threads() == 1 ? " thread" : " threads") + ", device " + settings.device().orElse("auto") + "; results go to " + settings.out().resolve(definition.name()));
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }

    /** {@code 0.001}, {@code 1e-4}, {@code 1000}. */
    private static String number(double value) {
        return String.valueOf(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    private static String memory(double bytes) {
        return bytes < 1 << 30 ? String.format(Locale.ROOT, "%.0f MiB", bytes / (1 << 20)) : String.format(Locale.ROOT, "%.1f GiB", bytes / (1 << 30));
    }

    private static String time(double seconds) {
        return seconds < 1 ? String.format(Locale.ROOT, "%.0f ms", Math.ceil(seconds * 1000)) : seconds < 120 ? String.format(Locale.ROOT, "%.0f s", seconds)
                : seconds < 7200 ? String.format(Locale.ROOT, "%.0f min", seconds / 60) : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
