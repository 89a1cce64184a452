package org.ntk4j.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Curves;
import org.ntk4j.inference.Dynamics;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Solver;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.ntk4j.solver.TiledFactor;

/** What is measured inside a process of its own, under the names that the peer's script has. */
enum Case {

    /** Θ of 784-2048-2048-10, the mean over ten outputs, float32. */
    EMPIRICAL_MLP("empirical-mlp-2048", 1100, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork drawn = wide().init(0).outputs(10).on(Settings.ofProcess());
            Inputs x = images(n);
            // Drawing the weights is not part of it.
            FiniteNetwork network = drawn.weights(drawn.weights(x.shape()));
            return timed(repeats, () -> new EmpiricalKernel(network).mean(x, Monitor.silent()));
        }

        /** Forward, a backward pass through one map for each output, half of every Gram product. */
        @Override
        double operations(int n) {
            double forward = 2.0 * n * (784 * 2048 + 2048 * 2048 + 2048 * 10);
            double backward = 10 * 2.0 * n * 2048 * 2048;
            double products = (double) n * n * (10 * 2048 + 784 + 3 * 2048);
            return forward + backward + products;
        }

        @Override
        List<String> peers() {
            return List.of(title + "-structured");
        }
    },

    /** Θ of a CNN with three convolutions of 64 channels and global average pooling on 28×28 images, the mean over ten outputs, float32. */
    EMPIRICAL_CNN("empirical-cnn-64-gap", 110, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork drawn = Ntk.cnn().channels(64).depth(3).readout("gap").wStd(Math.sqrt(2)).init(0).outputs(10)
                    .on(Settings.ofProcess());
            Inputs x = Inputs.of(gaussian(n * 784, 0), n, Shape.of(28, 28, 1));
            FiniteNetwork network = drawn.weights(drawn.weights(x.shape()));
            return timed(repeats, () -> new EmpiricalKernel(network).mean(x, Monitor.silent()));
        }

        /**
         * Forward, back through two convolutions for each output, per-example gradients for each output (of the last convolution: once),
         * half of their products.
         */
        @Override
        double operations(int n) {
            double wide = 2.0 * n * 784 * 576 * 64;
            double narrow = 2.0 * n * 784 * 9 * 64;
            double products = (double) n * n * 64 * (10 * (9 + 576) + 576);
            return 2 * wide + narrow + 20 * wide + 11 * wide + 10 * narrow + products;
        }

        /** Its way by Jacobians is sometimes the faster one there. */
        @Override
        List<String> peers() {
            return List.of(title + "-structured", title + "-jacobians");
        }
    },

    /** Θ_∞ of an MLP with five hidden layers, float64. */
    INFINITE_MLP("infinite-mlp-5", 4000, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite(FIVE_DENSE, images(n), precision, repeats);
        }

        /** Half of the inputs' Gram product; the layers are counted by entries. */
        @Override
        double operations(int n) {
            return (double) n * n * 784;
        }

        @Override
        double entries(int n) {
            return 5 * (n * (n + 1.0) / 2);
        }
    },

    /** The case above in float32. */
    INFINITE_MLP_FLOAT32(INFINITE_MLP),

    /** Θ_∞ of five convolutions with relu and global average pooling, 28×28×1, float64. */
    CNN_GAP("infinite-cnn-5-gap-28", 6, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite(convolutions(5, "globalAvgPool"), images(n, 28, 28, 1), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 5 * planes(n, 28);
        }
    },

    /** The case above in float32. */
    CNN_GAP_FLOAT32(CNN_GAP),

    /** Θ_∞ of twenty convolutions with relu and global average pooling, 32×32×3, float64. */
    CNN_DEEP("infinite-cnn-20-gap-32", 4, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite(convolutions(20, "globalAvgPool"), images(n, 32, 32, 3), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 20 * planes(n, 32);
        }
    },

    /** The case above in float32. */
    CNN_DEEP_FLOAT32(CNN_DEEP),

    /** Θ_∞ of five convolutions with relu and flatten, 28×28×1, float64. */
    CNN_FLATTEN("infinite-cnn-5-flatten-28", 400, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite(convolutions(5, "flatten"), images(n, 28, 28, 1), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 5 * 28 * 28 * (n * (n + 1.0) / 2);
        }
    },

    /** The case above in float32. */
    CNN_FLATTEN_FLOAT32(CNN_FLATTEN),

    /** Θ_∞ of Myrtle5, 32×32×3, float64. */
    MYRTLE_5("infinite-myrtle-5-32", 4, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite("{myrtle: {depth: 5}}", images(n, 32, 32, 3), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 2 * planes(n, 32) + planes(n, 16) + planes(n, 8);
        }
    },

    /** The case above in float32. */
    MYRTLE_5_FLOAT32(MYRTLE_5),

    /** Θ_∞ of Myrtle10, 32×32×3, float64. */
    MYRTLE_10("infinite-myrtle-10-32", 4, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite("{myrtle: {depth: 10}}", images(n, 32, 32, 3), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 3 * planes(n, 32) + 3 * planes(n, 16) + 3 * planes(n, 8);
        }
    },

    /** The case above in float32. */
    MYRTLE_10_FLOAT32(MYRTLE_10),

    /** Θ_∞ of a wide residual network with one block a group, 32×32×3, by all its pairs of positions, float64. */
    WIDE_RESNET("infinite-wide-resnet-1-32", 4, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite("{wideResnet: {}}", images(n, 32, 32, 3), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 4 * planes(n, 32) + 3 * planes(n, 16) + 3 * planes(n, 8);
        }
    },

    /** The case above in float32. */
    WIDE_RESNET_FLOAT32(WIDE_RESNET),

    /** Θ_∞ of two blocks of attention and a feed-forward map on sentences of 32 positions, float64. */
    ATTENTION("infinite-attention-2-32", 100, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite(ATTENTION_BLOCKS, images(n, 32, 64), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 8 * (n * (n + 1.0) / 2) * 32 * 32;
        }
    },

    /** The case above in float32. */
    ATTENTION_FLOAT32(ATTENTION),

    /** Θ_∞ of an MLP with three hidden layers of tanh, float64. */
    TANH_MLP("infinite-mlp-3-tanh", 1000, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite("{mlp: {depth: 3, activation: tanh, wStd: 1.5, bStd: 0.1}}", images(n, 100), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 3 * (n * (n + 1.0) / 2);
        }
    },

    /** The case above in float32. */
    TANH_MLP_FLOAT32(TANH_MLP),

    /** Θ_∞ of three convolutions with tanh and global average pooling, 28×28×1, float64. */
    TANH_CNN("infinite-cnn-3-tanh-gap-28", 4, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return infinite(convolutions(3, "globalAvgPool").replace("relu", "tanh"), images(n, 28, 28, 1), precision, repeats);
        }

        @Override
        double entries(int n) {
            return 3 * planes(n, 28);
        }
    },

    /** The case above in float32. */
    TANH_CNN_FLOAT32(TANH_CNN),

    /** Five full-batch steps of gradient descent of that network, float32. */
    TRAIN_MLP("train-mlp-2048-5-steps", 1000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork network = wide().init(0).outputs(10).on(Settings.ofProcess());
            Split train = split(images(n));
            Split test = split(images(10));
            Training training = Ntk.gradientDescent().until(Ntk.maxSteps(21).or(Ntk.trainLoss(1e-300))).record(2);
            List<Time> all = new ArrayList<>();
            for (int i = 0; i <= repeats; i++) {
                Trained trained = new Trainer(training, 1e-3, 1, Monitor.silent()).train(network, train, test, List.of());
                List<Trained.Point> points = trained.history().stream().filter(p -> p.split().equals("train") && p.step() > 0).toList();
                // From step 1 to step 21: twenty steps, and one look at the training function.
                all.add(new Time((points.get(1).seconds() - points.get(0).seconds()) / 4, 0));
            }
            return all;
        }

        @Override
        double operations(int n) {
            return 5 * 2.0 * n * (2 * 784 * 2048 + 3 * 2048 * 2048 + 3 * 2048 * 10);
        }
    },

    /** Training curves at three times for ten outputs, the eigendecomposition included, float64. */
    DYNAMICS("dynamics-3-times", 2000, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            double[] a = gaussian(2 * n * n, 1);
            double[] product = Blas.product(false, true, n, n, 2 * n, a, a);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    double value = product[i * n + j] / n;
                    product[i * n + j] = value;
                    product[j * n + i] = value;
                }
            }
            Kernel k = Kernel.symmetric("kernel", n, product);
            Kernel kTest = k.block(0, Math.min(100, n), 0, n);
            double[][] y = rows(gaussian(n * 10, 2), 10);
            Moment[] moments = Moment.flows(1, 10, 100);
            return timed(repeats, () -> {
                Curves curves = Dynamics.of(k).fit(y);
                return new Object[] {curves.train(moments), curves.test(kTest, null, moments)};
            });
        }
    },

    /** Kernel regression with ten outputs in float64: weights and predictions of 1,000 inputs. */
    REGRESSION("regression-cholesky", 10_000, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            Kernel k = Kernel.symmetric("kernel", n, wellConditioned(n, 0, n, n));
            Kernel kTest = k.block(0, Math.min(1000, n), 0, n);
            double[][] y = rows(gaussian(n * 10, 2), 10);
            return timed(repeats, () -> Regression.of(k).ridge(1e-6).solver(new Solver.Cholesky()).fit(y).predict(kTest));
        }

        /** The factorisation. */
        @Override
        double operations(int n) {
            return (double) n * n * n / 3;
        }
    },

    /** Cholesky in float32 of a kernel in native memory, as regressions of 60,000 inputs take it: beside the rate of products. */
    CHOLESKY_FLOAT32("cholesky-tiles", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            try (TileStore store = inTiles(n)) {
                Kernel k = Kernel.inTiles("kernel", store);
                int threads = Runtime.getRuntime().availableProcessors();
                TiledFactor.Place place = new TiledFactor.Place(false, Optional.empty(), "bench");
                return timed(repeats, () -> {
                    try (TiledFactor factor = TiledFactor.of(k, 1e-6, 1.1, threads, place, Monitor.silent())) {
                        return factor.describe();
                    }
                });
            }
        }

        @Override
        double operations(int n) {
            return (double) n * n * n / 3;
        }
    },

    /** Conjugate gradients to a relative residual of 1e-6 for ten outputs, the kernel in native memory in float32. */
    CONJUGATE_GRADIENT("regression-conjugate-gradient", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            try (TileStore store = inTiles(n)) {
                Kernel k = Kernel.inTiles("kernel", store);
                double[][] y = rows(gaussian(n * 10, 2), 10);
                return timed(repeats, () -> Regression.of(k).ridge(1e-6).solver(new Solver.ConjugateGradient(1e-6, 200)).fit(y)
                        .diagnosis().residual());
            }
        }
    },

    /** One product of that kernel with ten vectors, in float64. */
    KERNEL_PRODUCT("kernel-product", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            try (TileStore store = inTiles(n); KernelProduct product = Kernel.inTiles("kernel", store).product(Monitor.silent())) {
                double[] b = gaussian(n * 10, 2);
                return timed(repeats, () -> product.times(b, 10));
            }
        }

        /** Each value meets ten numbers. */
        @Override
        double operations(int n) {
            return 20.0 * n * n;
        }
    },

    /** Nothing but a start, with TensorFlow: a tiny kernel of a finite network. What a case needs is counted from here. */
    IDLE_FINITE("idle-finite", 10, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork network = Ntk.mlp().width(8).init(0);
            return timed(repeats, () -> network.ntk(images(n)).spectrum());
        }
    },

    /** Nothing but a start, without TensorFlow. */
    IDLE_INFINITE("idle-infinite", 10, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return timed(repeats, () -> Ntk.mlp().ntk(images(n)).spectrum());
        }
    };

    /** In which precision a case computes: which limit of the machine it is held against. */
    final String title;
    final int size;
    final Precision precision;
    /** The case in float64 that this one in float32 is otherwise; else null. */
    private final @Nullable Case twin;

    Case(String title, int size, Precision precision) {
        this.title = title;
        this.size = size;
        this.precision = precision;
        this.twin = null;
    }

    Case(Case twin) {
        this.title = twin.title + "-float32";
        this.size = twin.size;
        this.precision = Precision.FLOAT32;
        this.twin = twin;
    }

    /**
     * What a call took, in seconds.
     *
     * @param wall on the clock
     * @param cpu  of all threads together, which other work on the machine hardly changes; 0: not measured
     */
    record Time(double wall, double cpu) {
    }

    /** The times of a first call and of this many more. */
    List<Time> times(int n, int repeats) {
        return times(n, repeats, precision);
    }

    /** The times of this case, if it has a choice of precision in this one. */
    List<Time> times(int n, int repeats, Precision precision) {
        return Objects.requireNonNull(twin).times(n, repeats, precision);
    }

    /** Floating-point operations that matrix products of this size need; 0 if that says nothing. */
    double operations(int n) {
        return twin == null ? 0 : twin.operations(n);
    }

    /** Values of the covariance times layers, each needed pair counted once; 0 where it does not apply. */
    double entries(int n) {
        return twin == null ? 0 : twin.entries(n);
    }

    /** The names that another program may have this case under: one for each of its ways. */
    List<String> peers() {
        return List.of(title);
    }

    /** The process that did next to nothing with the same libraries. */
    Case idle() {
        return precision == Precision.FLOAT32 && !title.startsWith("infinite") ? IDLE_FINITE : IDLE_INFINITE;
    }

    boolean isIdle() {
        return this == idle();
    }

    static @Nullable Case of(String title) {
        return Arrays.stream(values()).filter(c -> c.title.equals(title) || c.peers().contains(title)).findFirst().orElse(null);
    }

    private interface Work {
        Object run();
    }

    private static List<Time> timed(int repeats, Work work) {
        List<Time> all = new ArrayList<>();
        for (int i = 0; i <= repeats; i++) {
            // The peak of memory is that of one call: what the one before has left is gone.
            System.gc();
            double cpu = cpu();
            long start = System.nanoTime();
            if (work.run() == null) {
                throw new IllegalStateException("nothing was computed");
            }
            all.add(new Time((System.nanoTime() - start) / 1e9, cpu() - cpu));
        }
        return all;
    }

    private static double cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9 : 0;
    }

    private static Network wide() {
        return Ntk.mlp().width(2048).depth(2).wStd(Math.sqrt(2)).bStd(0.1);
    }

    private static double[] gaussian(int count, long seed) {
        Random random = new Random(seed);
        return DoubleStream.generate(random::nextGaussian).limit(count).toArray();
    }

    private static Inputs images(int n) {
        return images(n, 784);
    }

    private static Inputs images(int n, int... sizes) {
        Shape shape = Shape.of(sizes);
        return Inputs.of(gaussian(n * shape.size(), 0), n, shape);
    }

    private static final String ATTENTION_BLOCKS = "[{dense: {units: 1}}, {repeat: {times: 2, layers: [layerNorm, {selfAttention: {heads: "
            + "1, keyChannels: 1, valueChannels: 1, outChannels: 1}}, "
            + "layerNorm, {dense: {units: 1, wStd: 1.4142135623730951}}, relu, {dense: {units: 1}}]}}, globalAvgPool, {dense: {units: 1}}]";
    private static final String FIVE_DENSE = "{mlp: {depth: 5, wStd: 1.4142135623730951, bStd: 0.1}}";

    private static String convolutions(int depth, String readout) {
        String layer = "{conv: {channels: 1, padding: same, wStd: 1.4142135623730951}}, relu, ";
        return "[" + layer.repeat(depth) + readout + ", {dense: {units: 1}}]";
    }

    /**
     * Entries of the covariances of n images that are needed: half of the pairs, of an image with itself half of the pairs of positions.
     */
    private static double planes(int n, int width) {
        double positions = width * width;
        return n * (n - 1.0) / 2 * positions * positions + n * positions * (positions + 1) / 2;
    }

    /** Θ_∞ alone, as the peer is asked for it. */
    private static List<Time> infinite(String definition, Inputs x, Precision precision, int repeats) {
        Serial network = Network.parse(definition).layers(x.shape());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.orInFiles(Settings.ofProcess(), network, x, Optional.empty(), List.of("ntk"))
                .withPrecision(precision);
        return timed(repeats, () -> InfiniteKernels.named(network, x, Optional.empty(), plan, Monitor.silent(), Optional.empty()));
    }

    /** Some rows of a kernel with eigenvalues from 0.1 up, from a column on: inner products of features, and a diagonal. */
    private static double[] wellConditioned(int n, int fromRow, int toRow, int columnCount) {
        int features = 64;
        double[] a = gaussian(n * features, 1);
        int first = n - columnCount;
        double[] some = Arrays.copyOfRange(a, fromRow * features, toRow * features);
        double[] others = Arrays.copyOfRange(a, first * features, a.length);
        double[] values = Blas.product(false, true, toRow - fromRow, columnCount, features, some, others);
        for (int i = 0; i < toRow - fromRow; i++) {
            for (int j = 0; j < columnCount; j++) {
                values[i * columnCount + j] = values[i * columnCount + j] / features + (fromRow + i == first + j ? 0.1 : 0);
            }
        }
        return values;
    }

    /** That kernel in tiles of float32 outside the heap. */
    private static TileStore inTiles(int n) {
        int side = 2048;
        TileStore store = TileStore.inMemory(TileLayout.symmetric(n, side), true);
        for (int i = 0; i < n; i += side) {
            int to = Math.min(n, i + side);
            store.put(i, i, to - i, n - i, wellConditioned(n, i, to, n - i));
        }
        return store;
    }

    private static double[][] rows(double[] values, int width) {
        double[][] rows = new double[values.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
        return rows;
    }

    private static Split split(Inputs x) {
        int[] labels = new int[x.count()];
        double[][] targets = new double[x.count()][10];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 10;
            Arrays.fill(targets[i], -0.1);
            targets[i][labels[i]] = 0.9;
        }
        return new Split(x, targets, labels, labels);
    }
}
