package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ntk4j.Ntk.gradientDescent;
import static org.ntk4j.Ntk.inputs;
import static org.ntk4j.Ntk.maxSteps;
import static org.ntk4j.Ntk.mlp;
import static org.ntk4j.Ntk.momentum;
import static org.ntk4j.Ntk.seed;
import static org.ntk4j.Ntk.trainAccuracy;
import static org.ntk4j.Ntk.trainLoss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.NamedArrays;
import org.ntk4j.files.Npy;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Finite networks without an experiment: trained, asked, saved, read again. */
class TrainedNetworkTest {

    private static final double[][] X = {{-2}, {-1}, {0}, {1}, {2}};
    private static final double[][] Y = {{-0.9}, {-0.8}, {0}, {0.8}, {0.9}};
    private static final double[][] T = {{-1.5}, {0.5}, {3}};
    private static final Network NET = mlp().width(64).depth(2).activation(Ntk.erf()).wStd(1.5).bStd(0.3);

    @TempDir
    Path folder;

    @Test
    void should_train_to_the_loss_that_was_asked_for_centred_or_not() {
        TrainedNetwork f = NET.init(seed(0)).train(X, Y, gradientDescent().until(trainLoss(1e-4)));
        assertThat(f.loss()).isLessThanOrEqualTo(1e-4);
        double[][] g = f.predict(X);
        double loss = 0;
        for (int i = 0; i < Y.length; i++) {
            loss += (g[i][0] - Y[i][0]) * (g[i][0] - Y[i][0]) / (2 * Y.length);
        }
        assertThat(loss).isCloseTo(f.loss(), within(1e-6));
        TrainedNetwork plain = NET.init(seed(0)).train(inputs(X), Y, gradientDescent().centred(false).until(trainLoss(1e-3)));
        double[][] h = plain.predict(T);
        double[][] direct = plain.network().predict(T);
        assertThat(h).isDeepEqualTo(direct);
        // Centred, the function at step 0 is 0 everywhere.
        TrainedNetwork still = NET.init(seed(0)).train(X, Y, gradientDescent().until(maxSteps(1)).learningRate(1e-12));
        assertThat(still.predict(T)[2][0]).isCloseTo(0, within(1e-6));
        assertThat(f.history().points().get(0).step()).isZero();
        assertThat(f.history().points()).hasSizeGreaterThan(3).allMatch(p -> p.split().equals("train"));
        assertThat(f.history().toString()).contains("step").doesNotContain("accuracy");
        assertThat(f.ntk(inputs(X)).name()).isEqualTo("ntk.trained");
        assertThat(f.ntk(inputs(X)).distanceTo(NET.init(seed(0)).ntk(inputs(X)))).isBetween(1e-6, 0.5);
        assertThat(f.toString()).startsWith("NN_T − NN_0: ").contains("steps, learning rate ");
    }

    @Test
    void should_choose_a_rate_that_is_stable_for_all_outputs_together() {
        double[][] y = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}};
        TrainedNetwork f = mlp().width(16).bStd(0.1).init(seed(1)).train(X, y, momentum(0.5).until(maxSteps(300)));
        assertThat(f.predict(T)[0]).hasSize(3);
        assertThat(f.loss()).isLessThan(f.history().points().get(0).loss());
        assertThat(f.history().toString()).contains("accuracy");
    }

    @Test
    void should_name_the_layer_that_float32_does_not_hold() {
        double[][] large = {X[0].clone()};
        large[0][0] = 1e300;
        assertThatThrownBy(() -> mlp().width(8).init(seed(0)).predict(large)).isInstanceOf(Failure.class).hasMessageMatching(
                "network\\.\\d\\.dense: its values at input 0 are more than float32 holds; use a smaller wStd .* train.precision: float64");
    }

    @Test
    void should_refuse_classes_where_there_are_none() {
        assertThatThrownBy(() -> NET.init(seed(0)).train(X, Y, gradientDescent().loss("crossEntropy")))
                .isInstanceOf(Failure.class).hasMessageContaining("at least two, and there is one; use mse");
    }

    @Test
    void should_name_the_inputs_that_do_not_suit_it() {
        TrainedNetwork f = NET.init(seed(0)).train(X, Y, gradientDescent().until(maxSteps(2)));
        double[][] wider = {{1, 2, 3, 4, 5, 6, 7}};
        String message = "inputs of 7 do not suit a network that was trained on inputs of " + X[0].length;
        assertThatThrownBy(() -> f.predict(wider)).isInstanceOf(Failure.class).hasMessage(message);
        assertThatThrownBy(() -> f.ntk(inputs(wider))).hasMessage(message);
        assertThatThrownBy(() -> f.ntk(inputs(X), inputs(wider))).hasMessage(message);
    }

    @Test
    void should_predict_the_function_that_was_trained_with_an_output_scale() {
        TrainedNetwork f = NET.init(seed(0)).train(X, Y, gradientDescent().outputScale(0.3).until(trainLoss(1e-4)));
        double[][] g = f.predict(X);
        double loss = 0;
        for (int i = 0; i < Y.length; i++) {
            loss += (g[i][0] - Y[i][0]) * (g[i][0] - Y[i][0]) / (2 * Y.length);
        }
        assertThat(loss).isCloseTo(f.loss(), within(1e-6)).isLessThan(1.1e-4);
    }

    @Test
    void should_average_an_ensemble_in_one_line() {
        Training training = gradientDescent().centred(false).until(maxSteps(50));
        NetworkEnsemble.TrainedEnsemble all = NET.ensemble(3).train(X, Y, training);
        double sum = 0;
        for (int s = 0; s < 3; s++) {
            sum += NET.init(seed(s)).train(X, Y, training).predict(T)[1][0];
        }
        assertThat(all.predict(T)[1][0]).isCloseTo(sum / 3, within(1e-5));
        assertThat(all.deviation(T)[1][0]).isPositive();
    }

    @Test
    void should_say_what_does_not_fit() {
        FiniteNetwork net = NET.init(seed(0));
        assertThatThrownBy(() -> net.train(X, new double[][] {{1}}, gradientDescent())).isInstanceOf(Failure.class)
                .hasMessageContaining("5 inputs and 1 rows of targets");
        assertThatThrownBy(() -> net.train(X, new double[][] {{1}, {1, 2}, {1}, {1}, {1}}, gradientDescent()))
                .hasMessageContaining("row 1 of the targets has 2");
        assertThatThrownBy(() -> net.train(X, new double[][] {{1}, {Double.NaN}, {1}, {1}, {1}}, gradientDescent()))
                .hasMessageContaining("row 1 of the targets has NaN");
        assertThatThrownBy(() -> net.train(X, Y, gradientDescent().until(trainAccuracy(0.9))))
                .hasMessageContaining("trainAccuracy needs classes");
        assertThatThrownBy(() -> NET.outputs(2).init(seed(0)).train(X, Y, gradientDescent())).hasMessageContaining("2 outputs");
        assertThatThrownBy(() -> net.train(X, Y, gradientDescent().learningRate(1e6))).isInstanceOf(Failure.class)
                .hasMessageContaining("diverged");
    }

    @Test
    void should_save_weights_with_names_and_shapes_and_read_them_again() {
        TrainedNetwork f = NET.init(seed(3)).train(X, Y, gradientDescent().centred(false).until(maxSteps(20)));
        for (String name : new String[] {"weights", "weights.npz"}) {
            Path file = folder.resolve("out").resolve(name);
            f.save(file);
            Map<String, Npy> arrays = NamedArrays.read(file);
            assertThat(arrays.keySet()).containsExactlyInAnyOrder("0.dense.W", "0.dense.b", "2.dense.W", "2.dense.b", "4.dense.W",
                    "4.dense.b");
            assertThat(arrays.get("2.dense.W").shape()).containsExactly(64, 64);
            assertThat(arrays.get("0.dense.W").shape()).containsExactly(1, 64);
            assertThat(NET.load(file).predict(T)).isDeepEqualTo(f.network().predict(T));
            assertThat(NET.load(file).ntk(inputs(X)).distanceTo(f.ntk(inputs(X)))).isLessThan(1e-6);
        }
    }

    @Test
    void should_refuse_weights_that_do_not_fit_with_the_names_that_do() {
        Network small = mlp().width(2);
        NamedArrays.write(folder.resolve("w"), Map.of("0.dense.W", new Npy(new int[] {2, 1}, new double[] {1, 2}), "2.dens.W",
                new Npy(new int[] {2, 1}, new double[] {1, -1})));
        assertThatThrownBy(() -> small.load(folder.resolve("w")).predict(T)).isInstanceOf(Failure.class)
                .hasMessageContaining("weights '0.dense/W' are [2, 1] and should be [1, 2]: transpose them")
                .hasMessageContaining("weights '2.dense/W' of [2, 1] are missing; did you mean '2.dens.W'")
                .hasMessageContaining("weights '2.dens.W' belong to no layer of this network");
        assertThatThrownBy(() -> small.load(folder.resolve("nothing.npz"))).hasMessageContaining("there is no such file");
    }

    @Test
    void should_refuse_an_archive_that_is_none() throws IOException {
        Path odd = Files.writeString(folder.resolve("odd.npz"), "no zip");
        assertThatThrownBy(() -> mlp().load(odd)).isInstanceOf(Failure.class)
                .hasMessageContaining("neither a folder of .npy files nor an .npz");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> mlp().load(empty)).hasMessageContaining("there are no arrays");
    }

    /**
     * The worked example of the documentation: weights as PyTorch has them, V of [outputs, inputs] with z = V x + c, become W =
     * √fanIn/wStd·Vᵀ and b = c/bStd. Θ_0 of f(x) = w₂·relu(W₁ x + b₁) + b₂ by hand, with derivatives by W and b.
     */
    @Test
    void should_give_the_tangent_kernel_of_weights_from_elsewhere() {
        double[][] w1 = {{0.6, -0.4}, {1.2, 0.3}, {-0.7, 0.9}};
        double[] b1 = {0.1, -0.2, 0.05};
        double[] w2 = {0.5, -1.1, 0.8};
        double wStd = Math.sqrt(2);
        double bStd = 0.1;
        double[] first = new double[6];
        double[] second = new double[3];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                first[i * 3 + j] = w1[j][i] * Math.sqrt(2) / wStd;
                second[j] = w2[j] * Math.sqrt(3) / wStd;
            }
        }
        NamedArrays.write(folder.resolve("torch.npz"), Map.of("0.dense.W", new Npy(new int[] {2, 3}, first), "0.dense.b",
                new Npy(new int[] {3}, new double[] {1, -2, 0.5}),
                "2.dense.W", new Npy(new int[] {3, 1}, second), "2.dense.b", new Npy(new int[] {1}, new double[] {3})));
        double[][] x = {{1, 2}, {-0.5, 0.7}};
        double[][] k = mlp().width(3).wStd(wStd).bStd(bStd).load(folder.resolve("torch.npz")).precision("float64").ntk(inputs(x)).toArray();
        double expected = 0;
        for (int j = 0; j < 3; j++) {
            double z = w1[j][0] * x[0][0] + w1[j][1] * x[0][1] + b1[j];
            double y = w1[j][0] * x[1][0] + w1[j][1] * x[1][1] + b1[j];
            double both = z > 0 && y > 0 ? 1 : 0;
            expected += wStd * wStd / 3 * Math.max(z, 0) * Math.max(y, 0);
            expected += both * w2[j] * w2[j] * (wStd * wStd / 2 * (x[0][0] * x[1][0] + x[0][1] * x[1][1]) + bStd * bStd);
        }
        assertThat(k[0][1]).isCloseTo(expected + bStd * bStd, within(1e-12));
        assertThat(Inputs.of(x).shape()).isEqualTo(Shape.of(2));
    }
}
