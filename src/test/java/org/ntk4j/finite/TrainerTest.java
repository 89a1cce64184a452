package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.LearningRates;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Regression;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.ntk4j.base.Precision;

class TrainerTest {

    private static final Split TRAIN = Cases.split(1, 24, 3, 5);
    private static final Split TEST = Cases.split(2, 10, 3, 5);

    private static Training training(Optimizer optimizer, int steps) {
        return Training.with(optimizer).until(until(0, steps)).precision("float64");
    }

    private static Until until(double loss, int steps) {
        return new Until(OptionalDouble.of(loss), OptionalInt.of(steps), OptionalDouble.empty(), Optional.empty());
    }

    private static FiniteNetwork network(String definition, long seed) {
        return FiniteNetwork.of(Network.parse(definition), new Seed(seed)).outputs(3).precision(Precision.FLOAT64).on(Cases.settings());
    }

    private static Trained train(FiniteNetwork network, Training training, double rate) {
        return new Trainer(training, rate, 7.5, Monitor.silent()).train(network, TRAIN, TEST, List.of());
    }

    private static double stable(FiniteNetwork network, LearningRates.Rule rule, double decay, LearningRates.Loss loss) {
        return LearningRates.largestStable(rule, decay, loss, network.ntk(TRAIN.inputs()).spectrum().maxEigenvalue(), TRAIN.count(), 3);
    }

    /** A linear network follows its kernel exactly, whichever way the steps are made. */
    @ParameterizedTest
    @ValueSource(strings = {"gradientDescent", "momentum", "nesterov"})
    void a_linear_network_should_follow_the_closed_form(String name) {
        for (boolean centred : new boolean[] {true, false}) {
            FiniteNetwork network = network("mlp: {depth: 0, wStd: 1.3, bStd: 0.4}", 4);
            Kernel theta = network.ntk(TRAIN.inputs());
            Kernel test = network.ntk(TEST.inputs(), TRAIN.inputs());
            Optimizer optimizer = switch (name) {
                case "momentum" -> new Optimizer.Momentum(0.8);
                case "nesterov" -> new Optimizer.Nesterov(0.8);
                default -> new Optimizer.GradientDescent();
            };
            double rate = 0.4 * stable(network, name.equals("momentum") ? LearningRates.Rule.MOMENTUM : name.equals("nesterov")
                    ? LearningRates.Rule.NESTEROV : LearningRates.Rule.GRADIENT_DESCENT, optimizer.decayOfMomentum(),
                            LearningRates.Loss.MSE);
            for (int steps : new int[] {1, 37}) {
                Trained trained = train(network, training(optimizer, steps).centred(centred), rate);
                Moment moment = Moment.steps(steps).learningRate(rate);
                moment = name.equals("momentum") ? moment.momentum(0.8) : name.equals("nesterov") ? moment.nesterov(0.8) : moment;
                Regression regression = Regression.of(theta);
                Fit fit = (centred ? regression : regression.offset(network.outputs(TRAIN.inputs()))).fit(TRAIN.targets()).at(moment);
                assertThat(trained.steps()).isEqualTo(steps);
                assertThat(Cases.difference(trained.train(), fit.train())).isLessThan(1e-8);
                assertThat(Cases.difference(trained.test(), centred
                        ? fit.predict(test) : fit.predict(test, network.outputs(TEST.inputs())))).isLessThan(1e-8);
            }
        }
    }

    /** One step of gradient descent gives the gradient; the loss's own differences give it too. */
    @ParameterizedTest
    @ValueSource(strings = {"mse", "crossEntropy"})
    void the_gradient_should_be_that_of_the_loss(String loss) {
        for (boolean centred : new boolean[] {true, false}) {
            FiniteNetwork start = network("mlp: {width: 4, depth: 1, activation: erf, wStd: 1.4, bStd: 0.3}", 5);
            // Another network than the one that f_0 belongs to would be centred differently: the differences are taken at the start.
            double rate = 1e-3;
            Trained trained = train(start, training(new Optimizer.GradientDescent(), 1).loss(loss).centred(centred), rate);
            Map<String, double[]> before = start.weights(TRAIN.inputs().shape());
            Map<String, double[]> after = trained.network().weights(TRAIN.inputs().shape());
            double[][] f0 = start.outputs(TRAIN.inputs());
            for (String name : List.of("0.dense/W", "0.dense/b", "2.dense/W", "2.dense/b")) {
                for (int i = 0; i < Math.min(3, before.get(name).length); i++) {
                    double h = 1e-5;
                    double slope = (loss(moved(start, before, name, i, h), loss, centred, f0)
                            - loss(moved(start, before, name, i, -h), loss, centred, f0)) / (2 * h);
                    assertThat((before.get(name)[i] - after.get(name)[i]) / rate).isCloseTo(slope, within(1e-8));
                }
            }
        }
    }

    private static FiniteNetwork moved(FiniteNetwork network, Map<String, double[]> weights, String name, int i, double by) {
        Map<String, double[]> other = new HashMap<>(weights);
        double[] values = weights.get(name).clone();
        values[i] += by;
        other.put(name, values);
        return network.weights(other);
    }

    private static double loss(FiniteNetwork network, String loss, boolean centred, double[][] f0) {
        double[][] f = network.outputs(TRAIN.inputs());
        double sum = 0;
        for (int i = 0; i < f.length; i++) {
            double normaliser = 0;
            for (int c = 0; c < 3; c++) {
                f[i][c] -= centred ? f0[i][c] : 0;
                double error = f[i][c] - TRAIN.targets()[i][c];
                sum += loss.equals("mse") ? error * error / (2.0 * f.length * 3) : 0;
                normaliser += Math.exp(f[i][c]);
            }
            sum += loss.equals("mse") ? 0 : (Math.log(normaliser) - f[i][TRAIN.labels()[i]]) / f.length;
        }
        return sum;
    }

    static List<Optimizer> adams() {
        return List.of(new Optimizer.Adam(0.9, 0.999, 1e-7), new Optimizer.Adam(0.5, 0.9, 1e-3), new Optimizer.AdamW(0.9, 0.99, 1e-7, 0.3));
    }

    /** A linear network of one bias-free layer: f = XW/√n, so that the gradient is written down at once. */
    @ParameterizedTest
    @MethodSource("adams")
    void adam_should_agree_with_its_definition(Optimizer optimizer) {
        FiniteNetwork start = network("mlp: {depth: 0}", 6);
        int steps = 25;
        double rate = 0.05;
        Trained trained = train(start, training(optimizer, steps).centred(false), rate);
        double beta1 = optimizer instanceof Optimizer.Adam a ? a.beta1() : ((Optimizer.AdamW) optimizer).beta1();
        double beta2 = optimizer instanceof Optimizer.Adam a ? a.beta2() : ((Optimizer.AdamW) optimizer).beta2();
        double epsilon = optimizer instanceof Optimizer.Adam a ? a.epsilon() : ((Optimizer.AdamW) optimizer).epsilon();
        double decay = optimizer instanceof Optimizer.AdamW a ? a.weightDecay() : 0;
        double[] w = start.weights(Shape.of(5)).get("0.dense/W").clone();
        double[] m = new double[w.length];
        double[] v = new double[w.length];
        for (int t = 1; t <= steps; t++) {
            double[] g = gradient(w);
            for (int i = 0; i < w.length; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                double scaled = rate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
                w[i] -= rate * decay * w[i] + scaled * m[i] / (Math.sqrt(v[i]) + epsilon);
            }
        }
        assertThat(Cases.difference(trained.network().weights(Shape.of(5)).get("0.dense/W"), w)).isLessThan(1e-10);
    }

    private static double[] gradient(double[] w) {
        double[] g = new double[w.length];
        int n = TRAIN.count();
        for (int i = 0; i < n; i++) {
            double[] x = TRAIN.inputs().row(i);
            for (int c = 0; c < 3; c++) {
                double f = 0;
                for (int j = 0; j < 5; j++) {
                    f += x[j] * w[j * 3 + c] / Math.sqrt(5);
                }
                for (int j = 0; j < 5; j++) {
                    g[j * 3 + c] += (f - TRAIN.targets()[i][c]) * x[j] / Math.sqrt(5) / (n * 3);
                }
            }
        }
        return g;
    }

    /** Every example has a coordinate of its own, so its row of weights moves when it is in a batch, and never else. */
    @Test
    void batches_should_visit_every_example_once_in_each_epoch() {
        int n = 23;
        double[][] one = new double[n][n];
        double[][] targets = new double[n][3];
        int[] labels = new int[n];
        int[] indices = new int[n];
        for (int i = 0; i < n; i++) {
            one[i][i] = 1;
            labels[i] = i % 3;
            indices[i] = i;
            targets[i][labels[i]] = 1;
        }
        Split split = new Split(Inputs.of(one), targets, labels, indices);
        int batch = 5;
        double rate = 0.1;
        Set<Set<Integer>> lastBatches = new HashSet<>();
        for (int seed = 0; seed < 4; seed++) {
            FiniteNetwork network = network("[{dense: {units: 3, parameterization: standard}}]", seed);
            for (int epochs = 1; epochs <= 2; epochs++) {
                Trained trained = new Trainer(training(new Optimizer.GradientDescent(), 5 * epochs).batch(batch), rate, 1, Monitor.silent())
                        .train(network, split, split, List.of());
                assertThat(trained.steps()).isEqualTo(5 * epochs);
                Set<Integer> last = new TreeSet<>();
                for (int i = 0; i < n; i++) {
                    double f = trained.train()[i][labels[i]];
                    double residual = 1 - f;
                    double usual = 1 - rate / (batch * 3);
                    double larger = 1 - rate / (3 * 3);
                    if (epochs == 1) {
                        boolean inLast = Math.abs(residual - larger) < 1e-12;
                        assertThat(inLast || Math.abs(residual - usual) < 1e-12).as("example %s was seen once", i).isTrue();
                        if (inLast) {
                            last.add(i);
                        }
                    } else {
                        assertThat(List.of(usual * usual, usual * larger, larger * larger)).as("example %s was seen twice", i)
                                .anyMatch(expected -> Math.abs(residual - expected) < 1e-12);
                    }
                }
                if (epochs == 1) {
                    assertThat(last).as("23 examples leave a last batch of 3").hasSize(3);
                    lastBatches.add(last);
                }
            }
        }
        assertThat(lastBatches).as("another seed, another order").hasSizeGreaterThan(1);
    }

    static List<Optimizer> stepping() {
        return List.of(new Optimizer.GradientDescent(), new Optimizer.Momentum(0.9), new Optimizer.Nesterov(0.9));
    }

    @ParameterizedTest
    @MethodSource("stepping")
    void should_converge_just_below_the_largest_stable_rate_and_diverge_well_above(Optimizer optimizer) {
        LearningRates.Rule rule = optimizer instanceof Optimizer.Momentum ? LearningRates.Rule.MOMENTUM
                : optimizer instanceof Optimizer.Nesterov ? LearningRates.Rule.NESTEROV : LearningRates.Rule.GRADIENT_DESCENT;
        FiniteNetwork linear = network("mlp: {depth: 0}", 8);
        double largest = stable(linear, rule, optimizer.decayOfMomentum(), LearningRates.Loss.MSE);
        Trained below = train(linear, training(optimizer, 600), 0.97 * largest);
        assertThat(below.failure()).isEmpty();
        assertThat(last(below)).isLessThan(below.history().get(0).loss());
        assertThat(train(linear, training(optimizer, 600), 1.05 * largest).failure()).isPresent();
        Trained above = new Trainer(training(optimizer, 2000), 2.5 * largest, largest, Monitor.silent())
                .train(linear, TRAIN, TEST, List.of());
        assertThat(above.failure()).isPresent();
        assertThat(above.ended()).isEqualTo("diverged");
        assertThat(above.failure().get().status()).isEqualTo(Failure.RUN);
        assertThat(above.failure().get()).hasMessageContaining("diverged at step ").hasMessageContaining("the loss is ")
                .hasMessageContaining(String.format(Locale.ROOT, "%.4g", largest)).hasMessageContaining("learningRate: auto");
    }

    /** A little above the bound a network leaves the kernel's regime, and comes down where it is flat (Lewkowycz et al. 2020). */
    @Test
    void a_wide_network_should_be_thrown_into_a_flatter_place_above_the_bound() {
        FiniteNetwork wide = network("mlp: {width: 300, depth: 2, wStd: 1.4}", 8);
        double bound = stable(wide, LearningRates.Rule.GRADIENT_DESCENT, 0, LearningRates.Loss.MSE);
        assertThat(last(train(wide, training(new Optimizer.GradientDescent(), 60), 0.97 * bound))).isLessThan(0.03);
        Trained above = train(wide, training(new Optimizer.GradientDescent(), 60).record(60), 1.5 * bound);
        assertThat(above.history().stream().mapToDouble(Trained.Point::loss).max().orElseThrow()).isGreaterThan(1);
        assertThat(last(above)).isLessThan(0.03);
        assertThat(stable(above.network(), LearningRates.Rule.GRADIENT_DESCENT, 0, LearningRates.Loss.MSE)).as("flatter")
                .isGreaterThan(1.5 * bound);
    }

    @Test
    void the_message_about_divergence_should_have_points_in_any_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Failure failure = train(network("mlp: {depth: 0}", 8), training(new Optimizer.GradientDescent(), 600), 1e3).failure()
                    .orElseThrow();
            assertThat(failure).hasMessageContaining("largest stable one 7.500");
        } finally {
            Locale.setDefault(before);
        }
    }

    /** The very last step is looked at too. */
    @Test
    void should_notice_divergence_in_the_last_step() {
        Trained trained = train(network("mlp: {depth: 0}", 8), training(new Optimizer.GradientDescent(), 1), 1e200);
        assertThat(trained.failure()).isPresent();
    }

    @Test
    void cross_entropy_should_be_stable_below_its_bound() {
        FiniteNetwork linear = network("mlp: {depth: 0}", 9);
        double largest = stable(linear, LearningRates.Rule.GRADIENT_DESCENT, 0, LearningRates.Loss.CROSS_ENTROPY);
        Trained trained = train(linear, training(new Optimizer.GradientDescent(), 300).loss("crossEntropy").record(300), 0.95 * largest);
        List<Trained.Point> points = trained.history().stream().filter(p -> p.split().equals("train")).toList();
        for (int i = 1; i < points.size(); i++) {
            assertThat(points.get(i).loss()).isLessThan(points.get(i - 1).loss());
        }
    }

    private static double last(Trained trained) {
        return trained.history().stream().filter(p -> p.split().equals("train")).reduce((a, b) -> b).orElseThrow().loss();
    }

    private static double lossBefore(FiniteNetwork network, Training training, double rate, int steps) {
        return last(train(network, training.until(until(0, steps)), rate));
    }

    @ParameterizedTest
    @MethodSource("stepping")
    void should_end_at_the_first_step_with_the_train_loss(Optimizer optimizer) {
        FiniteNetwork network = network("mlp: {width: 30, depth: 1, wStd: 1.4}", 10);
        double rate = 0.3 * stable(network, LearningRates.Rule.GRADIENT_DESCENT, 0, LearningRates.Loss.MSE);
        Training training = training(optimizer, 5000).until(until(0.05, 5000));
        Trained trained = train(network, training, rate);
        assertThat(trained.ended()).startsWith("trainLoss");
        assertThat(last(trained)).isLessThanOrEqualTo(0.05);
        assertThat(lossBefore(network, training, rate, trained.steps() - 1)).isGreaterThan(0.05);
        Trained same = train(network, training.until(until(0, trained.steps())), rate);
        assertThat(Cases.difference(trained.train(), same.train())).as("the weights are those of that step").isLessThan(1e-12);
    }

    @Test
    void should_end_at_the_first_step_with_the_train_accuracy() {
        FiniteNetwork network = network("mlp: {width: 30, depth: 1, wStd: 1.4}", 10);
        double rate = 0.05 * stable(network, LearningRates.Rule.GRADIENT_DESCENT, 0, LearningRates.Loss.MSE);
        Until until = new Until(OptionalDouble.of(0), OptionalInt.of(5000), OptionalDouble.of(0.9), Optional.empty());
        Trained trained = train(network, training(new Optimizer.GradientDescent(), 0).until(until), rate);
        assertThat(trained.ended()).startsWith("trainAccuracy");
        assertThat(TRAIN.accuracy(trained.train())).isGreaterThanOrEqualTo(0.9);
        Trained before = train(network, training(new Optimizer.GradientDescent(), trained.steps() - 1), rate);
        assertThat(TRAIN.accuracy(before.train())).isLessThan(0.9);
    }

    @Test
    void should_not_start_where_the_end_is_reached() {
        Trained trained = train(network("mlp: {depth: 0}", 11), training(new Optimizer.GradientDescent(), 10).until(until(10, 10)), 0.1);
        assertThat(trained.steps()).isZero();
        assertThat(trained.history()).hasSize(2);
    }

    /** The third step takes longer than all the time there is. */
    @Test
    void should_end_after_the_time_given_within_an_epoch_too() {
        Until until = new Until(OptionalDouble.of(0), OptionalInt.of(50_000_000), OptionalDouble.empty(),
                Optional.of(Duration.ofMillis(100)));
        for (OptionalInt batch : List.of(OptionalInt.empty(), OptionalInt.of(1))) {
            Training training = training(new Optimizer.GradientDescent(), 0).until(until);
            Trained trained = new Trainer(batch.isPresent() ? training.batch(batch.getAsInt()) : training, 1e-4, 1, asked(count -> {
                if (count == 3) {
                    sleep(150);
                }
                return false;
            })).train(network("mlp: {depth: 0}", 11), TRAIN, TEST, List.of());
            assertThat(trained.ended()).isEqualTo("maxTime 0.1s");
            assertThat(trained.steps()).isBetween(1, 3);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Asked between steps whether to end, with how many times it has been asked. */
    private static Monitor asked(IntPredicate cancelled) {
        AtomicInteger asked = new AtomicInteger();
        return new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return Monitor.silent().begin(what, total);
            }

            @Override
            public boolean cancelled() {
                return cancelled.test(asked.incrementAndGet());
            }

            @Override
            public void note(String line) {
            }
        };
    }

    /** 18 of 20 are 0.9, in float32 too; and the end of maxSteps may be another end at the same time. */
    @Test
    void should_take_the_accuracy_as_the_fraction_that_it_is() {
        int right = 0;
        for (int steps = 1; steps < 40; steps++) {
            FiniteNetwork network = network("mlp: {width: 30, depth: 1, wStd: 1.4}", 10);
            Trained trained = train(network, training(new Optimizer.GradientDescent(), steps), 0.3);
            double accuracy = TRAIN.accuracy(trained.train());
            if (accuracy > 0.6 && accuracy < 1 && (float) accuracy < accuracy) {
                Until until = new Until(OptionalDouble.of(0), OptionalInt.of(steps), OptionalDouble.of(accuracy), Optional.empty());
                assertThat(train(network, training(new Optimizer.GradientDescent(), 0).until(until).precision("float32"), 0.3).ended())
                        .isEqualTo("trainAccuracy " + accuracy);
                right++;
                break;
            }
        }
        assertThat(right).isEqualTo(1);
    }

    @Test
    void batches_should_end_with_the_loss_of_all_examples() {
        FiniteNetwork network = network("mlp: {depth: 0, bStd: 1}", 11);
        Trained trained = train(network, training(new Optimizer.GradientDescent(), 0).batch(7).until(until(0.06, 5000)), 0.5);
        assertThat(trained.ended()).startsWith("trainLoss");
        assertThat(last(trained)).isLessThanOrEqualTo(0.06);
        assertThat(trained.steps() % 4).as("looked at after each epoch").isZero();
    }

    @Test
    void ctrl_c_should_keep_what_is_there() {
        Monitor monitor = asked(count -> count > 5);
        FiniteNetwork network = network("mlp: {depth: 0}", 11);
        Trained trained = new Trainer(training(new Optimizer.GradientDescent(), 100), 0.1, 1, monitor)
                .train(network, TRAIN, TEST, List.of());
        assertThat(trained.ended()).isEqualTo(Trained.INTERRUPTED);
        assertThat(trained.steps()).isEqualTo(5);
        assertThat(Cases.difference(trained.train(), train(network, training(new Optimizer.GradientDescent(), 5), 0.1).train()))
                .isLessThan(1e-13);
        assertThat(trained.history().get(trained.history().size() - 1).step()).isEqualTo(5);
    }

    @Test
    void centred_training_should_begin_at_zero_and_give_the_difference() {
        FiniteNetwork network = network("mlp: {width: 20, depth: 1}", 12);
        Trained trained = train(network, training(new Optimizer.GradientDescent(), 20), 0.5);
        double mse = Arrays.stream(Cases.flat(TRAIN.targets())).map(y -> y * y).average().orElseThrow();
        assertThat(trained.history().get(0).loss()).isCloseTo(mse / 2, within(1e-14));
        double[][] f = trained.network().outputs(TEST.inputs());
        double[][] f0 = network.outputs(TEST.inputs());
        for (int i = 0; i < f.length; i++) {
            for (int c = 0; c < 3; c++) {
                assertThat(trained.test()[i][c]).isCloseTo(f[i][c] - f0[i][c], within(1e-12));
            }
        }
        Trained plain = train(network, training(new Optimizer.GradientDescent(), 20).centred(false), 0.5);
        assertThat(Cases.difference(plain.test(), plain.network().outputs(TEST.inputs()))).isLessThan(1e-12);
        assertThat(Cases.difference(plain.test(), trained.test())).isGreaterThan(1e-3);
    }

    /** In processes of their own: TensorFlow takes the number of threads from the first session of a process. */
    @Test
    void one_thread_should_repeat_bit_for_bit() throws Exception {
        Process[] processes = {repeat(), repeat()};
        List<String> said = new ArrayList<>();
        for (Process p : processes) {
            said.add(new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertThat(p.waitFor()).isZero();
        }
        assertThat(said.get(0)).isNotBlank().isEqualTo(said.get(1));
    }

    private static Process repeat() throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", OneThread.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
    }

    /** Trains with full and with small batches, on one thread, and prints a digest of all that comes of it. */
    static final class OneThread {

        public static void main(String[] arguments) {
            FiniteNetwork network = network("mlp: {width: 200, depth: 2, wStd: 1.4, bStd: 0.1}", 13).on(Cases.settings().withThreads(1));
            for (OptionalInt batch : List.of(OptionalInt.empty(), OptionalInt.of(7))) {
                Training training = training(new Optimizer.Momentum(0.9), 40).precision("float32");
                Trained trained = train(network, batch.isPresent() ? training.batch(7) : training, 0.5);
                new TreeMap<>(trained.network().weights(Shape.of(5)))
                        .forEach((name, values) -> System.out.println(name + " " + Arrays.hashCode(values)));
                System.out.println(Arrays.deepHashCode(trained.train()) + " " + Arrays.deepHashCode(trained.test()));
                System.out.println(Arrays.hashCode(trained.network().precision(Precision.FLOAT32).ntk(TRAIN.inputs()).values()));
            }
        }
    }

    @Test
    void history_should_be_spaced_logarithmically_and_kept_networks_be_those_of_their_steps() {
        FiniteNetwork network = network("mlp: {width: 20, depth: 1}", 14);
        Trained trained = new Trainer(training(new Optimizer.GradientDescent(), 100).record(5), 0.5, 1, Monitor.silent())
                .train(network, TRAIN, TEST, List.of(0, 3, 200));
        assertThat(trained.history().stream().filter(p -> p.split().equals("train")).map(Trained.Point::step))
                .containsExactly(0, 1, 3, 10, 32, 100);
        assertThat(trained.recorded().keySet()).containsExactly(0, 3);
        Trained three = train(network, training(new Optimizer.GradientDescent(), 3), 0.5);
        assertThat(Cases.difference(trained.recorded().get(3).outputs(TEST.inputs()), three.network().outputs(TEST.inputs())))
                .isLessThan(1e-13);
        assertThat(trained.history().get(2).time()).isEqualTo(0.5);
    }

    @Test
    void should_refuse_data_with_another_number_of_targets() {
        assertThatThrownBy(() -> train(network("[{dense: {units: 4}}]", 1), training(new Optimizer.GradientDescent(), 1), 1))
                .isInstanceOf(Failure.class).hasMessageContaining("4 outputs").hasMessageContaining("3");
    }
}
