package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Dataset;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.files.Npy;
import org.ntk4j.finite.Optimizer;
import org.ntk4j.finite.Training;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.network.Network;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Row;

/** Every number of a small cell, computed a second time from saved kernels and weights by plain formulas. */
class CellTest {

    private static final int N = 30;
    private static final int M = 17;
    private static final int K = 10;

    @TempDir
    Path folder;

    private static Definition definition() {
        return Definition.of(Network.parse("mlp: {width: 24, depth: 1, wStd: 1.4142135623730951, bStd: 0.1}"))
                .withData(Dataset.mnistSample().train(N).test(M)).with("save", List.of("kernels", "weights", "predictions"))
                        .with("seed", 3);
    }

    private static Training training(Optimizer optimizer, int steps) {
        return Training.with(optimizer).until(Ntk.maxSteps(steps)).precision("float64");
    }

    private Cell.Outcome run(Definition definition) {
        return new Cell(definition.points().get(0), Cases.settings(), 0, Plan.of(definition, Cases.settings()).outputs(0), Monitor.silent(),
                new Shared(Cases.settings(), Monitor.silent(), TileFolder.whenLong(folder), true, new KernelAverages(false)),
                new KernelStore(folder)).run();
    }

    /** What is compared: a function on both sets, or a kernel on both. */
    private record Thing(String subject, String step, RealMatrix train, RealMatrix test) {
        String key(String reference, String split, String metric) {
            return String.join(" ", subject, reference, split, step, metric);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"centred", "not centred"})
    void every_number_should_be_found_again(String kind) throws Exception {
        boolean centred = kind.equals("centred");
        Optimizer optimizer = centred ? new Optimizer.GradientDescent() : new Optimizer.Momentum(0.3);
        Definition definition = definition()
                .withTraining(Optional.of(centred ? training(optimizer, 25).learningRate(0.9)
                : training(optimizer, 25).centred(false).learningRate(0.8))).with("linearized", true).with("regression.outputs", "mean")
                .with("regression.projection", false)
                .with("regression.ridge", centred ? 0 : 1e-3).with("regression.times", List.of("trained", "infinity", "25", "4"))
                .with("record", Map.of("kernel", List.of(0, 5)));
        Cell.Outcome outcome = run(definition);
        assertThat(outcome.failure()).isEmpty();
        Sample sample = definition.data().load(Cases.settings(), Monitor.silent());
        RealMatrix f0Train = outputs("weights.0", sample.train());
        RealMatrix f0Test = outputs("weights.0", sample.test());
        RealMatrix none = new Array2DRowRealMatrix(N, K);

        List<Thing> kernels = new ArrayList<>();
        List<Thing> functions = new ArrayList<>();
        RealMatrix shiftTrain = centred ? f0Train : none;
        functions.add(new Thing("network", "25", outputs("weights.25", sample.train()).subtract(shiftTrain),
                outputs("weights.25", sample.test()).subtract(centred ? f0Test : new Array2DRowRealMatrix(M, K))));
        Map<String, Double> expected = new LinkedHashMap<>();
        double rate = 0;
        for (Subject kernelName : Subject.KERNELS) {
            String name = kernelName.toString();
            String step = name.equals("ntk.init") ? "0" : name.equals("ntk.trained") ? "25" : "";
            String file = name + (step.isEmpty() ? "" : "." + step);
            Thing kernel = new Thing(name, step, kernel(file + ".train"), kernel(file + ".test"));
            kernels.add(kernel);
            double ridge = (centred ? 0 : 1e-3) * kernel.train.getTrace() / N;
            double[] eigenvalues = new EigenDecompositionSymmetric(kernel.train).getEigenvalues();
            double largest = Arrays.stream(eigenvalues).max().orElseThrow();
            double smallest = Arrays.stream(eigenvalues).min().orElseThrow();
            if (name.equals("ntk.init")) {
                rate = centred ? 0.9 : 0.8;
            }
            String regression = kernelName.regression().toString();
            expected.put(String.join(" ", regression, "", "train", "", "ridge"), ridge);
            boolean offset = !centred && !name.equals("nngp.infinite");
            RealMatrix residual = matrix(Cases.flat(sample.train().targets()), N, K).subtract(offset ? f0Train : none);
            RealMatrix regular = kernel.train.add(MatrixUtils.createRealIdentityMatrix(N).scalarMultiply(ridge));
            RealMatrix offsetTrain = offset ? f0Train : none;
            RealMatrix offsetTest = offset ? f0Test : new Array2DRowRealMatrix(M, K);
            Map<String, RealMatrix> weights = new LinkedHashMap<>();
            weights.put("", new LUDecomposition(regular).getSolver().solve(residual));
            if (!name.equals("nngp.infinite")) {
                weights.put("25", stepped(regular, residual, rate, centred ? 0 : 0.3, 25));
                weights.put("4", stepped(regular, residual, rate, centred ? 0 : 0.3, 4));
            }
            weights.forEach((moment, w) -> functions.add(new Thing(regression, moment, kernel.train.multiply(w).add(offsetTrain),
                    kernel.test.multiply(w).add(offsetTest))));
            if (name.equals("ntk.init")) {
                functions.add(new Thing("linearized", "25", kernel.train.multiply(weights.get("25")).add(offsetTrain),
                        kernel.test.multiply(weights.get("25")).add(offsetTest)));
            }
            spectrum(kernel, eigenvalues, largest, smallest, expected);
            labels(kernel, matrix(Cases.flat(sample.train().targets()), N, K), ridge, expected);
        }
        for (Thing f : functions) {
            accuracies(f, "train", f.train, sample.train(), expected);
            accuracies(f, "test", f.test, sample.test(), expected);
            for (Thing g : functions) {
                if (belong(f, g)) {
                    functionPair(f, g, "train", f.train, g.train, sample.train().labels(), expected);
                    functionPair(f, g, "test", f.test, g.test, sample.test().labels(), expected);
                }
            }
        }
        for (Thing a : kernels) {
            for (Thing b : kernels) {
                if (a != b) {
                    kernelPair(a, b, "train", a.train, b.train, expected);
                    kernelPair(a, b, "test", a.test, b.test, expected);
                }
            }
        }
        Map<String, Double> found = new HashMap<>();
        for (Row r : outcome.result().rows()) {
            boolean recorded = r.subject().toString().endsWith(".trained") && !r.step().isNone() && !List.of("25", "4").contains(r.step()
                    .toString());
            String key = r.subject() + " " + r.reference() + " " + r.split() + " " + r.step() + " " + r.metric();
            assertThat(found.put(key, r.value())).as("%s is there once", key).isNull();
            // The ensemble, the linearised network, findings and kernels against earlier ones of their own have tests elsewhere.
            Set<String> others = Set.of("ensemble", "linearized");
            boolean finding = r.metric().toString()
                    .matches(
                    "(learningRate|largestStableRate|sharpness|testAlignment|closer|accuracyDifference|mseDifference|mseLow|mseHigh"
                            + "|differenceEnergy|functionEnergy).*");
            boolean elsewhere = finding || others.contains(r.subject().toString()) || others.contains(r.reference().toString())
                    || r.subject() == r.reference();
            if (!recorded && !elsewhere) {
                assertThat(expected).as("what is there").containsKey(key);
                assertThat(expected.get(key)).as(key).isFinite();
                assertThat(r.value()).as(key).isCloseTo(expected.get(key), within(1e-6 * Math.max(1e-2, Math.abs(expected.get(key)))));
            }
        }
        assertThat(found.keySet()).containsAll(expected.keySet());
        for (String step : List.of("0", "5")) {
            for (String metric : List.of("relativeFrobenius", "kernelDistance", "cka")) {
                assertThat(found).containsKey("ntk.trained ntk.infinite test " + step + " " + metric);
            }
        }
        assertThat(found).containsKey("ntk.trained ntk.trained train 5 kernelDistance");
        assertThat(found.get("ntk.trained ntk.init train 0 relativeFrobenius")).as("at step 0 it is Θ_0").isCloseTo(0, within(1e-12));
        assertThat(found.get("ntk.trained ntk.init train 5 relativeFrobenius"))
                .isBetween(1e-6, found.get("ntk.trained ntk.init train 25 relativeFrobenius"));
        predictions(outcome.result(), functions);
    }

    private static void predictions(CellResult result, List<Thing> functions) {
        assertThat(result.predictions().stream().filter(p -> !p.subject().toString().equals("ensemble") && !List.of("0", "5")
                .contains(p.step().toString())))
                .hasSameSizeAs(functions);
        for (Thing f : functions) {
            if (f.subject.equals("linearized")) {
                continue;
            }
            CellResult.Prediction p = result.predictions().stream().filter(q -> q.subject().toString().equals(f.subject) && q.step()
                    .toString().equals(f.step))
                    .findFirst().orElseThrow();
            assertThat(Cases.difference(p.values(), f.test.getData())).as(f.subject + f.step).isLessThan(1e-7);
        }
    }

    /** The update as it is written down, in function space: the weights of the kernel take the place of the network's. */
    private static RealMatrix stepped(RealMatrix regular, RealMatrix residual, double rate, double decay, int steps) {
        RealMatrix w = new Array2DRowRealMatrix(N, K);
        RealMatrix v = new Array2DRowRealMatrix(N, K);
        for (int i = 0; i < steps; i++) {
            v = v.scalarMultiply(decay).add(regular.multiply(w).subtract(residual).scalarMultiply(1.0 / N / K));
            w = w.subtract(v.scalarMultiply(rate));
        }
        return w;
    }

    private static void spectrum(Thing k, double[] eigenvalues, double largest, double smallest, Map<String, Double> expected) {
        double trace = k.train.getTrace();
        double entropy = 0;
        double squares = 0;
        for (double value : eigenvalues) {
            entropy -= value > 0 ? value / trace * Math.log(value / trace) : 0;
            squares += value * value;
        }
        expected.put(k.key("", "train", "trace"), trace);
        expected.put(k.key("", "train", "minEigenvalue"), smallest);
        expected.put(k.key("", "train", "maxEigenvalue"), largest);
        expected.put(k.key("", "train", "conditionNumber"), largest / smallest);
        expected.put(k.key("", "train", "effectiveRank"), Math.exp(entropy));
        expected.put(k.key("", "train", "participationRatio"), trace * trace / squares);
    }

    private static void labels(Thing k, RealMatrix y, double ridge, Map<String, Double> expected) {
        RealMatrix centred = y.copy();
        for (int c = 0; c < K; c++) {
            double mean = Arrays.stream(y.getColumn(c)).average().orElseThrow();
            for (int i = 0; i < N; i++) {
                centred.addToEntry(i, c, -mean);
            }
        }
        double energy = centred.getFrobeniusNorm() * centred.getFrobeniusNorm();
        expected.put(k.key("labels", "train", "alignment"), centred.transposeMultiply(k.train.multiply(centred)).getTrace()
                / k.train.getFrobeniusNorm() / energy);
        RealMatrix inverse = new LUDecomposition(k.train.add(MatrixUtils.createRealIdentityMatrix(N).scalarMultiply(ridge))).getSolver()
                .getInverse();
        double weights = inverse.multiply(y).getFrobeniusNorm();
        expected.put(k.key("labels", "train", "kare"), N * weights * weights / K / inverse.getTrace() / inverse.getTrace());
        double error = 0;
        for (int out = 0; out < N; out++) {
            int[] rest = others(out);
            int[] all = IntStream.range(0, K).toArray();
            RealMatrix inner = k.train.getSubMatrix(rest, rest).add(MatrixUtils.createRealIdentityMatrix(N - 1).scalarMultiply(ridge));
            RealMatrix prediction = k.train.getSubMatrix(new int[] {out}, rest)
                    .multiply(new LUDecomposition(inner).getSolver().solve(y.getSubMatrix(rest, all)));
            for (int c = 0; c < K; c++) {
                double difference = prediction.getEntry(0, c) - y.getEntry(out, c);
                error += difference * difference / N / K;
            }
        }
        expected.put(k.key("labels", "train", "looError"), error);
    }

    private static int[] others(int out) {
        return IntStream.range(0, N).filter(i -> i != out).toArray();
    }

    /** Functions at the same step; the network with the limit of a regression, too, the limit alone where the network is the subject. */
    private static boolean belong(Thing a, Thing b) {
        boolean networkA = a.subject.equals("network") || a.subject.equals("linearized");
        boolean networkB = b.subject.equals("network") || b.subject.equals("linearized");
        if (a.subject.equals(b.subject)) {
            return false;
        }
        if (networkA && !networkB) {
            return b.step.isEmpty();
        }
        return a.step.equals(b.step) || networkB && a.step.isEmpty();
    }

    private static int[] classes(RealMatrix f) {
        int[] classes = new int[f.getRowDimension()];
        for (int i = 0; i < classes.length; i++) {
            for (int c = 1; c < K; c++) {
                classes[i] = f.getEntry(i, c) > f.getEntry(i, classes[i]) ? c : classes[i];
            }
        }
        return classes;
    }

    private static void accuracies(Thing f, String split, RealMatrix values, Split data, Map<String, Double> expected) {
        int[] classes = classes(values);
        double n = classes.length;
        double right = 0;
        double square = 0;
        for (int i = 0; i < n; i++) {
            right += classes[i] == data.labels()[i] ? 1 : 0;
            for (int c = 0; c < K; c++) {
                double error = values.getEntry(i, c) - data.targets()[i][c];
                square += error * error / n / K;
            }
        }
        double z = 1.959963984540054;
        double p = right / n;
        double centre = (p + z * z / 2 / n) / (1 + z * z / n);
        double half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / 4 / n / n);
        expected.put(f.key("labels", split, "accuracy"), p);
        expected.put(f.key("labels", split, "accuracyLow"), centre - half);
        expected.put(f.key("labels", split, "accuracyHigh"), centre + half);
        expected.put(f.key("labels", split, "mse"), square);
    }

    private static void functionPair(Thing a, Thing b, String split, RealMatrix x, RealMatrix y, int[] labels,
            Map<String, Double> expected) {
        double[] u = Cases.flat(x.getData());
        double[] v = Cases.flat(y.getData());
        expected.put(a.key(b.subject, split, "rmse"), x.subtract(y).getFrobeniusNorm() / Math.sqrt(u.length));
        double meanU = Arrays.stream(u).average().orElseThrow();
        double meanV = Arrays.stream(v).average().orElseThrow();
        double uv = 0;
        double uu = 0;
        double vv = 0;
        for (int i = 0; i < u.length; i++) {
            uv += (u[i] - meanU) * (v[i] - meanV);
            uu += (u[i] - meanU) * (u[i] - meanU);
            vv += (v[i] - meanV) * (v[i] - meanV);
        }
        expected.put(a.key(b.subject, split, "correlation"), uv / Math.sqrt(uu * vv));
        int[] s = classes(x);
        int[] t = classes(y);
        double agree = 0;
        int onlyA = 0;
        int onlyB = 0;
        for (int i = 0; i < s.length; i++) {
            agree += s[i] == t[i] ? 1 : 0;
            onlyA += s[i] == labels[i] && t[i] != labels[i] ? 1 : 0;
            onlyB += s[i] != labels[i] && t[i] == labels[i] ? 1 : 0;
        }
        expected.put(a.key(b.subject, split, "agreement"), agree / s.length);
        double tail = 0;
        double binomial = 1;
        int n = onlyA + onlyB;
        for (int i = 0; i <= Math.min(onlyA, onlyB); i++) {
            tail += binomial;
            binomial = binomial * (n - i) / (i + 1);
        }
        expected.put(a.key(b.subject, split, "mcnemar"), Math.min(1, 2 * tail / Math.pow(2, n)));
    }

    private static void kernelPair(Thing a, Thing b, String split, RealMatrix x, RealMatrix y, Map<String, Double> expected) {
        expected.put(a.key(b.subject, split, "relativeFrobenius"), x.subtract(y).getFrobeniusNorm() / y.getFrobeniusNorm());
        expected.put(a.key(b.subject, split, "kernelDistance"), 1 - cosine(x, y));
        RealMatrix left = centring(x.getRowDimension());
        RealMatrix right = centring(x.getColumnDimension());
        expected.put(a.key(b.subject, split, "cka"), cosine(left.multiply(x).multiply(right), left.multiply(y).multiply(right)));
    }

    private static RealMatrix centring(int n) {
        RealMatrix h = MatrixUtils.createRealIdentityMatrix(n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                h.addToEntry(i, j, -1.0 / n);
            }
        }
        return h;
    }

    private static double cosine(RealMatrix x, RealMatrix y) {
        return x.transposeMultiply(y).getTrace() / x.getFrobeniusNorm() / y.getFrobeniusNorm();
    }

    /** The offset follows the training, whatever was set before it, in a sweep too. */
    @Test
    void the_offset_should_follow_the_training() {
        Training plain = training(new Optimizer.GradientDescent(), 5).centred(false);
        assertThat(offset(definition().with("seed", 1).withTraining(Optional.of(plain)))).isEqualTo("initial");
        Definition sweep = definition().withTraining(Optional.of(plain)).with("sweep", Map.of("train.centred", List.of(true, false)));
        assertThat(sweep.points()).extracting(p -> offset(p.definition())).containsExactly("zero", "initial");
        assertThat(offset(definition().withTraining(Optional.of(plain)).with("regression.offset", "zero").with("seed", 1)))
                .isEqualTo("zero");
        assertThat((Map<?, ?>) sweep.points().get(1).definition().toMap().get("regression")).extracting(m -> m.get("offset"))
                .isEqualTo("initial");
    }

    private static String offset(Definition definition) {
        return definition.regression().offsetFor(definition.centred());
    }

    /** A rate far too large: what is said, and nothing that is not a number. */
    @Test
    void divergence_should_end_the_cell_with_what_is_a_number() {
        Cell.Outcome outcome = run(definition()
                .withTraining(Optional.of(training(new Optimizer.GradientDescent(), 500).learningRate(1e6))));
        assertThat(outcome.failure()).get().satisfies(f -> assertThat(f).hasMessageContaining("diverged")
                .hasMessageContaining("largest stable"));
        assertThat(outcome.result().predictions()).isEmpty();
        assertThat(outcome.result().history()).isNotEmpty().allSatisfy(h -> assertThat(h.point().loss()).isFinite());
        assertThat(outcome.result().notes()).anyMatch(n -> n.contains("above the largest stable one"));
    }

    /** A rate above the stable one, for few steps: all is a number still, and none of it is of use. */
    @Test
    void a_linearised_network_that_diverges_should_be_told_and_left_out() {
        double stable = run(definition().withTraining(Optional.of(training(new Optimizer.GradientDescent(), 2)))).result().rows().stream()
                .filter(r -> r.metric().toString().equals("largestStableRate")).findFirst().orElseThrow().value();
        Cell.Outcome outcome = run(definition().withTraining(Optional.of(training(new Optimizer.GradientDescent(), 40)
                .learningRate(1.5 * stable))).with("linearized", true));
        assertThat(outcome.result().notes()).anyMatch(n -> n.startsWith("NN_lin diverges from step "))
                .anyMatch(n -> n.startsWith("f_0 diverges from step "));
        assertThat(outcome.result().rows()).noneMatch(r -> r.subject().toString().equals("linearized"));
        assertThat(outcome.result().history()).filteredOn(h -> h.subject().toString().equals("linearized")).isNotEmpty()
                .allSatisfy(h -> assertThat(h.point().loss()).isLessThan(1e4));
    }

    @Test
    void without_training_there_should_be_the_limits_alone() {
        Cell.Outcome outcome = run(definition());
        assertThat(outcome.result().predictions()).extracting(p -> p.subject() + "@" + p.step())
                .containsExactly("network@0", "regression.init@", "regression.infinite@", "regression.nngp@");
        assertThat(outcome.result().history()).isEmpty();
    }

    /** The history of a regression is what a regression at that step would be. */
    @Test
    void history_should_hold_the_network_and_its_predictions() {
        CellResult result = run(definition().withTraining(Optional.of(training(new Optimizer.GradientDescent(), 25)))).result();
        List<String> subjects = result.history().stream().map(h -> h.subject().toString()).distinct().toList();
        assertThat(subjects).containsExactly("network", "regression.init", "regression.trained", "regression.infinite");
        for (String subject : subjects) {
            CellResult.History last = result.history().stream().filter(h -> h.subject().toString().equals(subject) && h.point().split()
                    .equals("test"))
                    .reduce((a, b) -> b).orElseThrow();
            Row mse = result.rows().stream().filter(r -> r.subject().toString().equals(subject) && r.reference().toString().equals("labels")
                    && r.split().toString().equals("test")
                    && r.step().toString().equals("25") && r.metric().toString().equals("mse")).findFirst().orElseThrow();
            assertThat(last.point().step()).isEqualTo(25);
            assertThat(last.point().loss()).isCloseTo(mse.value() / 2, within(1e-12));
        }
    }

    private RealMatrix kernel(String name) {
        Npy npy = Npy.read(folder.resolve("kernels").resolve("seed=3").resolve(name + ".npy"));
        return matrix(npy.values(), npy.shape()[0], npy.shape()[1]);
    }

    /** The network's outputs from its saved weights, with plain loops. */
    private RealMatrix outputs(String name, Split split) {
        Path weights = folder.resolve("weights").resolve("seed=3").resolve(name);
        RealMatrix x = matrix(split.inputs().values(), split.count(), 784);
        RealMatrix w1 = matrix(Npy.read(weights.resolve("1.dense.W.npy")).values(), 784, 24);
        double[] b1 = Npy.read(weights.resolve("1.dense.b.npy")).values();
        RealMatrix w2 = matrix(Npy.read(weights.resolve("3.dense.W.npy")).values(), 24, K);
        double[] b2 = Npy.read(weights.resolve("3.dense.b.npy")).values();
        RealMatrix h = x.multiply(w1).scalarMultiply(Math.sqrt(2.0 / 784));
        for (int i = 0; i < h.getRowDimension(); i++) {
            for (int j = 0; j < 24; j++) {
                h.setEntry(i, j, Math.max(0, h.getEntry(i, j) + 0.1 * b1[j]));
            }
        }
        RealMatrix f = h.multiply(w2).scalarMultiply(Math.sqrt(2.0 / 24));
        for (int i = 0; i < f.getRowDimension(); i++) {
            for (int c = 0; c < K; c++) {
                f.addToEntry(i, c, 0.1 * b2[c]);
            }
        }
        return f;
    }

    private static RealMatrix matrix(double[] values, int rows, int columns) {
        double[][] rowsOfValues = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, rowsOfValues[i], 0, columns);
        }
        return new Array2DRowRealMatrix(rowsOfValues, false);
    }
}
