package org.ntk4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
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
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.tiles.TiledCholesky;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** What is measured inside a process of its own, under the names that the peer's script has. */
enum Case {

    /** Θ of 784-2048-2048-10, the mean over ten outputs, float32. */
    EMPIRICAL_MLP("empirical-mlp-2048", 1100, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork drawn = BenchInputs.wide().init(0).outputs(10).on(Settings.ofProcess());
            Inputs x = BenchInputs.images(n);
            // Drawing the weights is not part of it.
            FiniteNetwork network = drawn.weights(drawn.weights(x.shape()));
            return Stopwatch.timed(repeats, () -> new EmpiricalKernel(network).mean(x, Monitor.silent()));
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
            Inputs x = Inputs.of(BenchInputs.gaussian(n * 784, 0), n, Shape.of(28, 28, 1));
            FiniteNetwork network = drawn.weights(drawn.weights(x.shape()));
            return Stopwatch.timed(repeats, () -> new EmpiricalKernel(network).mean(x, Monitor.silent()));
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

    /** Θ_∞ of an MLP with five hidden layers. */
    INFINITE_MLP("infinite-mlp-5", 4000, BenchInputs.FIVE_DENSE, n -> 5 * pairs(n), 784) {
        /** Half of the inputs' Gram product; the layers are counted by entries. */
        @Override
        double operations(int n) {
            return (double) n * n * 784;
        }
    },
    INFINITE_MLP_FLOAT32(INFINITE_MLP),

    /** Θ_∞ of five convolutions with relu and global average pooling, 28×28×1. */
    CNN_GAP("infinite-cnn-5-gap-28", 6, BenchInputs.convolutions(5, "globalAvgPool"), n -> 5 * planes(n, 28), 28, 28, 1),
    CNN_GAP_FLOAT32(CNN_GAP),

    /** Θ_∞ of twenty convolutions with relu and global average pooling, 32×32×3. */
    CNN_DEEP("infinite-cnn-20-gap-32", 4, BenchInputs.convolutions(20, "globalAvgPool"), n -> 20 * planes(n, 32), 32, 32, 3),
    CNN_DEEP_FLOAT32(CNN_DEEP),

    /** Θ_∞ of five convolutions with relu and flatten, 28×28×1. */
    CNN_FLATTEN("infinite-cnn-5-flatten-28", 400, BenchInputs.convolutions(5, "flatten"), n -> 5 * 28 * 28 * pairs(n), 28, 28, 1),
    CNN_FLATTEN_FLOAT32(CNN_FLATTEN),

    /** Θ_∞ of Myrtle5, 32×32×3. */
    MYRTLE_5("infinite-myrtle-5-32", 4, "{myrtle: {depth: 5}}", n -> 2 * planes(n, 32) + planes(n, 16) + planes(n, 8), 32, 32, 3),
    MYRTLE_5_FLOAT32(MYRTLE_5),

    /** Θ_∞ of Myrtle10, 32×32×3. */
    MYRTLE_10("infinite-myrtle-10-32", 4, "{myrtle: {depth: 10}}",
            n -> 3 * planes(n, 32) + 3 * planes(n, 16) + 3 * planes(n, 8), 32, 32, 3),
    MYRTLE_10_FLOAT32(MYRTLE_10),

    /** Θ_∞ of a wide residual network with one block a group, 32×32×3, by all its pairs of positions. */
    WIDE_RESNET("infinite-wide-resnet-1-32", 4, "{wideResnet: {}}",
            n -> 4 * planes(n, 32) + 3 * planes(n, 16) + 3 * planes(n, 8), 32, 32, 3),
    WIDE_RESNET_FLOAT32(WIDE_RESNET),

    /** Θ_∞ of two blocks of attention and a feed-forward map on sentences of 32 positions. */
    ATTENTION("infinite-attention-2-32", 100, BenchInputs.ATTENTION_BLOCKS, n -> 8 * pairs(n) * 32 * 32, 32, 50),
    ATTENTION_FLOAT32(ATTENTION),

    /** Θ_∞ of an MLP with three hidden layers of tanh. */
    TANH_MLP("infinite-mlp-3-tanh", 1000, "{mlp: {depth: 3, activation: tanh, wStd: 1.5, bStd: 0.1}}", n -> 3 * pairs(n), 784),
    TANH_MLP_FLOAT32(TANH_MLP),

    /** Θ_∞ of three convolutions with tanh and global average pooling, 28×28×1. */
    TANH_CNN("infinite-cnn-3-tanh-gap-28", 4, BenchInputs.convolutions(3, "globalAvgPool").replace("relu", "tanh"),
            n -> 3 * planes(n, 28), 28, 28, 1),
    TANH_CNN_FLOAT32(TANH_CNN),

    /**
     * Θ_∞ of a transformer of two blocks with residuals and pre-norm on sentences of 32 positions: the peer raises. A dense map, and in
     * each block attention, a feed-forward map and its way back.
     */
    TRANSFORMER("infinite-transformer-2-32", 200, "{transformer: {blocks: 2, width: 64, feedForward: 256, activation: relu}}",
            n -> 8 * pairs(n) * 32 * 32, 32, 64),
    TRANSFORMER_FLOAT32(TRANSFORMER),

    /** K_∞ of seven convolutions of 7×7 in a {@code repeat}, flatten: the ConvNet GP of Garriga-Alonso et al. (2019). */
    CONVNET_GP("infinite-convnet-gp-28", 60, Case.NNGP, BenchInputs.CONVNET_GP, n -> 7 * 28 * 28 * pairs(n), 28, 28, 1),
    CONVNET_GP_FLOAT32(CONVNET_GP),

    /**
     * K_∞ of a residual network of 32 layers with strides, flatten: the ResNet GP of Garriga-Alonso et al. (2019). Behind the first
     * convolution three groups of ten convolutions and a shortcut, and at the end a convolution of the whole.
     */
    RESNET_GP("infinite-resnet-gp-28", 300, Case.NNGP, BenchInputs.residualGroups(),
            n -> pairs(n) * (12 * 28 * 28 + 11 * 14 * 14 + 11 * 7 * 7 + 1), 28, 28, 1),
    RESNET_GP_FLOAT32(RESNET_GP),

    /** Five full-batch steps of gradient descent of that network, float32. */
    TRAIN_MLP("train-mlp-2048-5-steps", 1000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork network = BenchInputs.wide().init(0).outputs(10).on(Settings.ofProcess());
            Split train = BenchInputs.split(BenchInputs.images(n));
            Split test = BenchInputs.split(BenchInputs.images(10));
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
            double[] a = BenchInputs.gaussian(2 * n * n, 1);
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
            double[][] y = BenchInputs.rows(BenchInputs.gaussian(n * 10, 2), 10);
            Moment[] moments = Moment.flows(1, 10, 100);
            return Stopwatch.timed(repeats, () -> {
                Curves curves = Dynamics.of(k).fit(y);
                return new Object[] {curves.train(moments), curves.test(kTest, null, moments)};
            });
        }
    },

    /** Inner products of inputs of 784 values in float32, tile by tile. */
    KERNEL_PRODUCT("kernel-product", 10_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.inputProducts(n, repeats);
        }

        /** Half of the product. */
        @Override
        double operations(int n) {
            return (double) n * n * 784;
        }
    },

    /** Cholesky in tiles of float32, in place: the upper half alone. */
    CHOLESKY_TILES("cholesky-tiles", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.cholesky(n, repeats, false);
        }

        @Override
        double operations(int n) {
            return TiledCholesky.operations(n);
        }
    },

    /** Cholesky in tiles of float32, in files. */
    CHOLESKY_FILES("cholesky-files", 12_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.cholesky(n, repeats, true);
        }

        @Override
        double operations(int n) {
            return TiledCholesky.operations(n);
        }
    },

    /** Conjugate gradients for ten outputs with a kernel in tiles of float32 in memory. */
    GRADIENTS("regression-conjugate-gradient", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.gradients(n, LargeSystems.OUTPUTS, repeats);
        }

        @Override
        double bytes(int n) {
            return LargeSystems.bytes(n, LargeSystems.ITERATIONS + 1);
        }
    },

    /** The same for one output: the memory gives the pace. */
    GRADIENT("regression-conjugate-gradient-one", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.gradients(n, 1, repeats);
        }

        @Override
        double bytes(int n) {
            return LargeSystems.bytes(n, LargeSystems.ITERATIONS + 1);
        }
    },

    /** The products of these conjugate gradients for ten outputs, without what is between them. */
    PRODUCTS("kernel-vectors", 20_000, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.products(n, LargeSystems.OUTPUTS, repeats);
        }

        @Override
        double bytes(int n) {
            return LargeSystems.bytes(n, LargeSystems.ITERATIONS);
        }
    },

    /** A regression for ten outputs, by Cholesky, with predictions at 100 inputs, float64. */
    REGRESSION("regression-cholesky", 10_000, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return LargeSystems.regression(n, repeats);
        }

        @Override
        double operations(int n) {
            return TiledCholesky.operations(n);
        }
    },

    /** Nothing but a start, with TensorFlow: a tiny kernel of a finite network. What a case needs is counted from here. */
    IDLE_FINITE("idle-finite", 10, Precision.FLOAT32) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            FiniteNetwork network = Ntk.mlp().width(8).init(0);
            return Stopwatch.timed(repeats, () -> network.ntk(BenchInputs.images(n)).spectrum());
        }
    },

    /** Nothing but a start, without TensorFlow. */
    IDLE_INFINITE("idle-infinite", 10, Precision.FLOAT64) {
        @Override
        List<Time> times(int n, int repeats, Precision precision) {
            return Stopwatch.timed(repeats, () -> Ntk.mlp().ntk(BenchInputs.images(n)).spectrum());
        }
    };

    private static final String NTK = "ntk";
    private static final String NNGP = "nngp";

    final String title;
    final int size;
    /** In which precision a case computes: which limit of the machine it is held against. */
    final Precision precision;
    /** The infinite kernel that is measured; null in the other cases. */
    private final @Nullable Infinite infinite;
    /** The case in float64 that this one in float32 is otherwise; else null. */
    private final @Nullable Case twin;

    /**
     * An infinite kernel of a network on random inputs.
     *
     * @param kernel     {@code ntk} or {@code nngp}, alone, as the peer is asked for it
     * @param definition of the network, in YAML
     * @param entries    values of the covariance times layers, each needed pair counted once, by the number of inputs
     * @param shape      of an input
     */
    private record Infinite(String kernel, String definition, IntToDoubleFunction entries, int... shape) {

        List<Time> times(int n, int repeats, Precision precision) {
            Inputs x = BenchInputs.images(n, shape);
            Serial network = Network.parse(definition).layers(x.shape());
            InfiniteKernels.Plan plan = InfiniteKernels.Plan
                    .orInFiles(Settings.ofProcess(), network, x, Optional.empty(), List.of(kernel)).withPrecision(precision);
            return Stopwatch.timed(repeats, () -> InfiniteKernels.named(network, x, Optional.empty(), plan, Monitor.silent(),
                    Optional.empty()));
        }
    }

    /** A case of its own. */
    Case(String title, int size, Precision precision) {
        this.title = title;
        this.size = size;
        this.precision = precision;
        this.infinite = null;
        this.twin = null;
    }

    /** Θ_∞ in float64. */
    Case(String title, int size, String definition, IntToDoubleFunction entries, int... shape) {
        this(title, size, NTK, definition, entries, shape);
    }

    /** An infinite kernel in float64. */
    Case(String title, int size, String kernel, String definition, IntToDoubleFunction entries, int... shape) {
        this.title = title;
        this.size = size;
        this.precision = Precision.FLOAT64;
        this.infinite = new Infinite(kernel, definition, entries, shape);
        this.twin = null;
    }

    /** An infinite kernel in float32 that is otherwise that of another case. */
    Case(Case twin) {
        this.title = twin.title + "-float32";
        this.size = twin.size;
        this.precision = Precision.FLOAT32;
        this.infinite = twin.infinite;
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
        return Objects.requireNonNull(infinite).times(n, repeats, precision);
    }

    /** Floating-point operations that matrix products of this size need; 0 if that says nothing. */
    double operations(int n) {
        return twin == null ? 0 : twin.operations(n);
    }

    /** Values of the covariance times layers, each needed pair counted once; 0 where it does not apply. */
    double entries(int n) {
        return infinite == null ? 0 : infinite.entries.applyAsDouble(n);
    }

    /** Bytes of a kernel that are read; 0 where matrix products take the time. */
    double bytes(int n) {
        return 0;
    }

    /** The names that another program may have this case under: one for each of its ways. */
    List<String> peers() {
        return List.of(title);
    }

    /** The process that did next to nothing with the same libraries. */
    Case idle() {
        return title.matches("(empirical|train|idle-finite).*") ? IDLE_FINITE : IDLE_INFINITE;
    }

    boolean isIdle() {
        return this == idle();
    }

    static @Nullable Case of(String title) {
        return Arrays.stream(values()).filter(c -> c.title.equals(title) || c.peers().contains(title)).findFirst().orElse(null);
    }

    /**
     * Entries of the covariances of n images that are needed: half of the pairs, of an image with itself half of the pairs of positions.
     */
    private static double planes(int n, int width) {
        double positions = width * width;
        return n * (n - 1.0) / 2 * positions * positions + n * positions * (positions + 1) / 2;
    }

    /** Pairs of n inputs, each with itself among them. */
    private static double pairs(int n) {
        return n * (n + 1.0) / 2;
    }
}
