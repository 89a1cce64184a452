package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.inference.LearningRates.Loss;
import org.ntk4j.inference.LearningRates.Rule;

class GoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"mse-relu-1", "mse-relu-3", "mse-erf-ridge-relative", "mse-erf-ridge-absolute", "mse-cnn"})
    void gradient_flow_follows_the_golden_values(String name) {
        Golden golden = Golden.read(name);
        Moment[] moments = moments(golden, "t");
        for (String kernel : new String[] {"nngp", "ntk"}) {
            Curves curves = Dynamics.of(golden.kernel("kTrainTrain/" + kernel)).ridge(golden.ridge())
                    .from(golden.rows("fTrain0")).fit(golden.rows("yTrain"));
            golden.check("gradientDescentMse/" + kernel + "/train", curves.train(moments));
            golden.check("gradientDescentMse/" + kernel + "/test",
                    curves.test(golden.kernel("kTestTrain/" + kernel), golden.rows("fTest0"), moments));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mse-relu-1", "mse-relu-3", "mse-erf-ridge-relative", "mse-erf-ridge-absolute", "mse-cnn"})
    void regression_at_a_moment_predicts_the_golden_values_on_the_test_inputs(String name) {
        Golden golden = Golden.read(name);
        Moment[] moments = moments(golden, "t");
        for (String kernel : new String[] {"nngp", "ntk"}) {
            Fit fit = Regression.of(golden.kernel("kTrainTrain/" + kernel)).ridge(golden.ridge())
                    .offset(golden.rows("fTrain0")).fit(golden.rows("yTrain"));
            double[][][] test = new double[moments.length][][];
            for (int t = 0; t < moments.length; t++) {
                test[t] = fit.at(moments[t]).predict(golden.kernel("kTestTrain/" + kernel), golden.rows("fTest0"));
            }
            golden.check("gradientDescentMse/" + kernel + "/test", test);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mse-relu-1", "mse-relu-3", "mse-erf-ridge-relative", "mse-erf-ridge-absolute", "mse-cnn"})
    void ensembles_have_the_golden_means_and_covariances(String name) {
        Golden golden = Golden.read(name);
        Posterior posterior = Posterior.of(golden.kernel("kTrainTrain/nngp"), golden.ridge(), golden.rows("yTrain"));
        Ensemble ensemble = Ensemble.of(golden.kernel("kTrainTrain/ntk"), golden.kernel("kTrainTrain/nngp"), golden.ridge(),
                golden.rows("yTrain"));
        var nngpTest = golden.kernel("kTestTrain/nngp");
        var ntkTest = golden.kernel("kTestTrain/ntk");
        var testTest = golden.kernel("kTestTest/nngp");
        check(golden, "ensemble/nngp", moments(golden, "t"), t -> posterior.at(t).predict(nngpTest, testTest));
        check(golden, "ensemble/ntk", moments(golden, "t"), t -> ensemble.at(t).predict(ntkTest, nngpTest, testTest));
        check(golden, "ensembleTrain/nngp", moments(golden, "ensembleTrain/nngp/t"), t -> posterior.at(t).train());
        check(golden, "ensembleTrain/ntk", moments(golden, "ensembleTrain/ntk/t"), t -> ensemble.at(t).train());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mse-relu-1", "mse-relu-3", "mse-erf-ridge-relative", "mse-erf-ridge-absolute", "mse-cnn"})
    void the_largest_stable_learning_rate_is_the_golden_one(String name) {
        Golden golden = Golden.read(name);
        int outputs = golden.rows("yTrain")[0].length;
        golden.at("maxLearningRate").getAsJsonObject().asMap().forEach((momentum, rate) -> {
            double m = Double.parseDouble(momentum);
            double actual = Dynamics.of(golden.kernel("kTrainTrain/ntk"))
                    .largestStableRate(m == 0 ? Rule.GRADIENT_DESCENT : Rule.MOMENTUM, m, Loss.MSE, outputs);
            assertThat(actual).isCloseTo(rate.getAsDouble(), within(1e-8 * rate.getAsDouble()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ode-cross-entropy", "ode-cross-entropy-momentum", "ode-mse-momentum"})
    void training_in_function_space_follows_the_golden_values(String name) {
        Golden golden = Golden.read(name);
        var momentum = golden.at("momentum");
        FunctionSpace.Path path = FunctionSpace
                .of(golden.kernel("kTrainTrain/ntk"), name.contains("mse") ? LossGradient.mse() : LossGradient.crossEntropy())
                .withLearningRate(golden.number("learningRate"))
                .withMomentum(momentum.isJsonNull() ? 0 : momentum.getAsDouble())
                .solve(golden.rows("fTrain0"), golden.rows("yTrain"), golden.times("t"));
        golden.check("gradientDescent/train", path.train());
        golden.check("gradientDescent/test", path.test(golden.kernel("kTestTrain/ntk"), golden.rows("fTest0")));
    }

    private static void check(Golden golden, String path, Moment[] moments, Function<Moment, GaussianPrediction> at) {
        double[][][] mean = new double[moments.length][][];
        double[][][] covariance = new double[moments.length][][];
        for (int t = 0; t < moments.length; t++) {
            GaussianPrediction gaussian = at.apply(moments[t]);
            mean[t] = gaussian.mean();
            covariance[t] = gaussian.covariance().toArray();
        }
        golden.check(path + "/mean", mean);
        golden.check(path + "/covariance", covariance);
    }

    private static Moment[] moments(Golden golden, String path) {
        double[] times = golden.times(path);
        for (int i = 0; i < times.length; i++) {
            times[i] *= golden.number("learningRate");
        }
        return Moment.flows(times);
    }
}
