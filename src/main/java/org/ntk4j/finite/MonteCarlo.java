package org.ntk4j.finite;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;

/**
 * Estimates of K_∞ and Θ_∞ from finite networks, for networks that have no closed form: the mean over seeded draws of
 * {@code f(x)·f(x')} and of the empirical tangent kernel, both averaged over outputs, with the standard error of that mean. Every width
 * (units, channels, heads) is multiplied by one whole number, and the inputs are repeated along their channels as often, which
 * leaves K_0 alone: so sums, concatenations and the raw input's own limit stay what they are. The mean's own distance from the limit falls
 * as 1/width.
 *
 * <p>The kernel of {@code standard} parameterization depends on the widths as written: those networks are drawn as they are.
 */
public final class MonteCarlo {

    private final Architecture network;
    private final int samples;
    private final int width;
    private final Seed seed;
    private final Settings settings;
    private final String part;
    private final @Nullable Inputs training;

    private MonteCarlo(Architecture network, int samples, int width, Seed seed, Settings settings, String part, @Nullable Inputs training) {
        this.network = network;
        this.samples = samples;
        this.width = width;
        this.seed = seed;
        this.settings = settings;
        this.part = part;
        this.training = training;
    }

    /**
     * An engine of {@code samples} draws (at least 2, else there is no error to state) at about this width, seed 0.
     *
     * @throws Failure if there are fewer than 2 samples or the width is below 1
     */
    public static MonteCarlo of(Architecture network, int samples, int width) {
        Required.value(network, "network");
        if (samples < 2 || samples > 1_000_000) {
            throw Failure.input("monteCarlo: " + samples + " samples; allowed: 2 to 1,000,000");
        }
        if (width < 1 || width > 1 << 20) {
            throw Failure.input("monteCarlo: a width of " + width + "; allowed: 1 to " + (1 << 20));
        }
        return new MonteCarlo(network, samples, width, new Seed(0), Settings.ofProcess(), "", null);
    }

    /** This estimate with draws from other seeds: sample i is drawn from {@code 1,000,000 seed + i}. */
    public MonteCarlo seed(Seed other) {
        Required.value(other, "other");
        return new MonteCarlo(network, samples, width, other, settings, part, training);
    }

    /** This estimate on another device, with another memory or number of threads. */
    public MonteCarlo on(Settings other) {
        return new MonteCarlo(network, samples, width, seed, other, part, training);
    }

    /**
     * This estimate with the statistics of batch normalization measured on these inputs; otherwise they are measured on those of the
     * columns.
     */
    public MonteCarlo calibrated(Inputs inputs) {
        Required.value(inputs, "inputs");
        return new MonteCarlo(network, samples, width, seed, settings, part, inputs);
    }

    /** This estimate, whose progress says which part of a larger kernel it is: {@code , tile 2 of 6}. */
    public MonteCarlo named(String words) {
        Required.value(words, "words");
        return new MonteCarlo(network, samples, width, seed, settings, words, training);
    }

    /** An estimate of Θ_∞ of inputs with themselves. */
    public Kernel ntk(Inputs x) {
        Required.value(x, "x");
        return ntk(x, null, ConsoleMonitor.ofProcess()).kernel;
    }

    /** An estimate of Θ_∞ of {@code x} (rows) with {@code x2} (columns). */
    public Kernel ntk(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return ntk(x, x2, ConsoleMonitor.ofProcess()).kernel;
    }

    /** An estimate of K_∞ of inputs with themselves. */
    public Kernel nngp(Inputs x) {
        Required.value(x, "x");
        return nngp(x, null, ConsoleMonitor.ofProcess()).kernel;
    }

    /** An estimate of K_∞ of {@code x} (rows) with {@code x2} (columns). */
    public Kernel nngp(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return nngp(x, x2, ConsoleMonitor.ofProcess()).kernel;
    }

    /**
     * An estimate.
     *
     * @param errors the standard error of each value
     */
    public record Estimated(Kernel kernel, double[] errors) {

        /** The standard errors, beside the values. */
        public Kernel standardErrors() {
            return Kernel.of(kernel.name() + ".error", kernel.rows(), kernel.columns(), errors);
        }
    }

    /** Where an estimate is kept while it grows. */
    public interface Store {

        /** What was kept: the number of samples, their mean and the sum of squares around it; empty: nothing. */
        Optional<Kept> load(String kernel);

        /** Keeps this in place of what was kept. */
        void save(String kernel, Kept kept);

        /** Keeps nothing. */
        Store NONE = new Store() {
            @Override
            public Optional<Kept> load(String kernel) {
                return Optional.empty();
            }

            @Override
            public void save(String kernel, Kept kept) {
            }
        };
    }

    /**
     * An estimate so far.
     *
     * @param count   how many samples
     * @param mean    their mean, row by row
     * @param squares the sum of squares around it
     */
    public record Kept(int count, double[] mean, double[] squares) {
    }

    /**
     * An estimate of {@code nngp} or {@code ntk}, with its standard errors.
     *
     * @param x2    the inputs of the columns; empty: the first with themselves
     * @param store where the estimate is kept while it grows, and where one that was kept there goes on
     * @throws Failure after Ctrl-C; what there is was kept
     */
    public Estimated estimate(String kernel, Inputs x, Optional<Inputs> x2, Monitor monitor, Store store) {
        return kernel.equals("ntk") ? ntk(x, x2.orElse(null), monitor, store) : nngp(x, x2.orElse(null), monitor, store);
    }

    /** Null: the first inputs with themselves. */
    Estimated ntk(Inputs x, @Nullable Inputs x2, Monitor monitor) {
        return ntk(x, x2, monitor, Store.NONE);
    }

    private Estimated ntk(Inputs x, @Nullable Inputs x2, Monitor monitor, Store store) {
        WideNetwork wide = WideNetwork.of(network, x.shape(), width, false, seed, settings);
        try (Growing growing = new Growing("ntk", new MeanOfMatrices(x.count(), (x2 == null ? x : x2).count()), monitor, store);
                Statistics statistics = statistics(wide, x, x2)) {
            new EmpiricalKernel(wide.network()).means(wide.inputs(x), x2 == null ? null : wide.inputs(x2),
                    draws(wide, statistics, x.shape(), growing.estimate.count()), Monitor.quiet(monitor::cancelled, monitor::note),
                    k -> growing.add(k.values()));
            return kernel("ntk.monteCarlo", growing.estimate, x2 == null, wide);
        }
    }

    Estimated nngp(Inputs x, @Nullable Inputs x2, Monitor monitor) {
        return nngp(x, x2, monitor, Store.NONE);
    }

    private Estimated nngp(Inputs x, @Nullable Inputs x2, Monitor monitor, Store store) {
        if (x2 != null && !x.shape().equals(x2.shape())) {
            throw Failure.input("the inputs have different shapes: " + x.shape() + " and " + x2.shape());
        }
        WideNetwork wide = WideNetwork.of(network, x.shape(), width, true, seed, settings);
        int columns = (x2 == null ? x : x2).count();
        Inputs both = x2 == null ? wide.inputs(x) : wide.inputs(x.and(x2));
        try (Growing growing = new Growing("nngp", new MeanOfMatrices(x.count(), columns), monitor, store);
                Statistics statistics = statistics(wide, x, x2)) {
            wide.network().outputs(both, draws(wide, statistics, x.shape(), growing.estimate.count()),
                    f -> growing.add(products(f, x.count(), x2 == null ? 0 : x.count(), columns)));
            return kernel("nngp.monteCarlo", growing.estimate, x2 == null, wide);
        }
    }

    /** An estimate that grows with each sample; closing it keeps what there is. */
    private final class Growing implements AutoCloseable {

        private static final long NANOS_BETWEEN = 1_000_000_000L;
        /** Writing it takes at most this fraction of the time, as a divisor. */
        private static final int RARELY = 20;

        private final String name;
        private final MeanOfMatrices estimate;
        private final Monitor monitor;
        private final Store store;
        private final Monitor.Task task;
        private long kept = System.nanoTime();
        private long pause = NANOS_BETWEEN;

        Growing(String name, MeanOfMatrices empty, Monitor monitor, Store store) {
            this.name = name;
            this.monitor = monitor;
            this.store = store;
            this.estimate = store.load(name).filter(k -> k.count <= samples).map(empty::with).orElse(empty);
            if (estimate.count() > 0) {
                monitor.note(String.format(Locale.ROOT, "%s: %,d of %,d samples are there already", name + part, estimate.count(),
                        samples));
            }
            this.task = monitor.begin("Monte Carlo, " + name + part, samples);
        }

        void add(double[] values) {
            if (monitor.cancelled()) {
                throw Failure.cancelled("stopped while estimating a kernel");
            }
            estimate.add(values);
            task.done(estimate.count());
            if (System.nanoTime() - kept > pause) {
                keep();
            }
        }

        private void keep() {
            long began = System.nanoTime();
            store.save(name, estimate.kept());
            kept = System.nanoTime();
            pause = Math.max(NANOS_BETWEEN, RARELY * (kept - began));
        }

        @Override
        public void close() {
            task.close();
            if (estimate.count() > 0) {
                keep();
            }
        }
    }

    /** The mean over outputs of {@code f_c(x) f_c(x')}. */
    private static double[] products(double[][] f, int rows, int firstColumn, int columns) {
        double[] k = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double[] a = f[i];
                double[] b = f[firstColumn + j];
                double sum = 0;
                for (int c = 0; c < a.length; c++) {
                    sum += a[c] * b[c];
                }
                k[i * columns + j] = sum / a.length;
            }
        }
        return k;
    }

    /** Batch normalization has the statistics of the columns, which are the training set in K(test, train). */
    private Statistics statistics(WideNetwork wide, Inputs x, @Nullable Inputs x2) {
        return new Statistics(wide.network(), wide.inputs(training != null ? training : x2 == null ? x : x2));
    }

    private Iterable<Map<String, double[]>> draws(WideNetwork wide, Statistics statistics, Shape in, int from) {
        Shape shape = in.withChannels(Math.multiplyExact(in.channels(), wide.copies()));
        List<Weights> weights = wide.network().layers(shape).weights(shape);
        return () -> LongStream.range(from, samples)
                .mapToObj(i -> statistics.of(WeightDraw.draw(new Seed(1_000_000 * seed.value() + i), weights, settings.threads())))
                .iterator();
    }

    private Estimated kernel(String name, MeanOfMatrices estimate, boolean symmetric, WideNetwork wide) {
        double[] mean = estimate.mean();
        Kernel kernel = symmetric ? Kernel.symmetric(name, estimate.rows, mean) : Kernel.of(name, estimate.rows, estimate.columns, mean);
        double[] errors = estimate.standardErrors();
        double largest = 0;
        double square = 0;
        for (double e : errors) {
            largest = Math.max(largest, e);
            square += e * e / errors.length;
        }
        return new Estimated(
                kernel.noted(List.of(String.format(Locale.ROOT,
                "an estimate, not a closed form: the mean of %,d finite networks%s; standard error %.2g (largest %.2g), and a bias that "
                + "falls as 1/width",
                samples, wide.words(), Math.sqrt(square), largest))), errors);
    }
}
