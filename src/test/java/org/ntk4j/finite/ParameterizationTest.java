package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Split;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.ntk4j.base.Precision;

/** The same network in both parameterizations. */
class ParameterizationTest {

    private static final String IMAGES = "[{conv: {channels: 3, filter: [2, 2], padding: same, wStd: 1.3, bStd: 0.4}}, relu, {residual: "
            + "{layers: [{convLocal: {channels: 3, filter: [2, 2], padding: same, bStd: 0.2}}, erf]}}, "
            + "{convTranspose: {channels: 2, filter: [2, 2], strides: [2, 2]}}, {repeat: {times: 2, layers: [{dense: {units: 4, wStd: 1.2, "
                    + "bStd: 0.0}}, relu]}}, flatten, {dense: {units: 3, bStd: 0.1}}]";
    private static final String SENTENCES = "[{dense: {units: 4, wStd: 1.4}}, {selfAttention: {heads: 2, bStd: 0.3}}, {parallel: "
            + "{branches: [[{dense: {units: 4, bStd: 0.5}}], [erf]], merge: sum}}, globalAvgPool, {dense: {units: 3, wStd: 0.7}}]";

    static Stream<Arguments> cases() {
        return Stream.of("gradientDescent", "momentum", "nesterov")
                .flatMap(o -> Stream.of(Arguments.of(o, IMAGES, new int[] {3, 2, 2}), Arguments.of(o, SENTENCES, new int[] {4, 3}),
                Arguments.of(o, "mlp: {width: 9, depth: 2, outputs: 3, wStd: 1.4, bStd: 0.2}", new int[] {5})));
    }

    private static Optimizer optimizer(String name) {
        return switch (name) {
            case "momentum" -> new Optimizer.Momentum(0.8);
            case "nesterov" -> new Optimizer.Nesterov(0.8);
            default -> new Optimizer.GradientDescent();
        };
    }

    private static FiniteNetwork network(String definition) {
        return Network.parse(definition).init(5).outputs(3).precision(Precision.FLOAT64).on(Cases.settings());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void should_train_alike_with_the_rates_of_each_layer(String optimizer, String definition, int[] shape) {
        Split train = Cases.split(1, 8, 3, shape);
        Split test = Cases.split(2, 5, 3, shape);
        Shape in = Shape.of(shape);
        FiniteNetwork ntk = network(definition);
        FiniteNetwork standard = ntk.parameterization("standard", in);
        assertThat(Cases.difference(standard.outputs(train.inputs()), ntk.outputs(train.inputs()))).isLessThan(1e-13);
        Training training = Training.with(optimizer(optimizer)).precision("float64")
                .until(new Until(OptionalDouble.of(0), OptionalInt.of(60), OptionalDouble.empty(), Optional.empty()));
        Trainer trainer = new Trainer(training, 0.05, 1, Monitor.silent());
        Trained a = trainer.train(ntk, train, test, List.of());
        Trained b = trainer.rateFactors(standard.rateFactors(in)).train(standard, train, test, List.of());
        assertThat(a.history().get(a.history().size() - 2).loss()).as("it learns").isLessThan(0.95 * a.history().get(0).loss());
        assertThat(Cases.difference(b.train(), a.train())).isLessThan(1e-10);
        assertThat(Cases.difference(b.test(), a.test())).isLessThan(1e-10);
        for (int i = 0; i < a.history().size(); i++) {
            assertThat(b.history().get(i).loss()).isCloseTo(a.history().get(i).loss(), within(1e-11));
        }
        Map<String, double[]> weights = b.network().parameterization("ntk", in).weights(in);
        a.network().weights(in).forEach((name, values) -> {
            if (!name.contains("repeat") || !name.endsWith("/b")) {
                assertThat(Cases.difference(weights.get(name), values)).as(name).isLessThan(1e-9);
            }
        });
    }

    @Test
    void without_the_factors_training_should_differ() {
        int[] shape = {5};
        Split train = Cases.split(1, 8, 3, shape);
        FiniteNetwork ntk = network("mlp: {width: 9, depth: 2, outputs: 3, wStd: 1.4, bStd: 0.2}");
        Training training = Training.with(optimizer("gradientDescent")).precision("float64")
                .until(new Until(OptionalDouble.of(0), OptionalInt.of(20), OptionalDouble.empty(), Optional.empty()));
        Trainer trainer = new Trainer(training, 0.05, 1, Monitor.silent());
        Trained a = trainer.train(ntk, train, train, List.of());
        Trained b = trainer.train(ntk.parameterization("standard", Shape.of(5)), train, train, List.of());
        assertThat(Cases.difference(b.train(), a.train())).isGreaterThan(1e-3);
    }

    @Test
    void conversions_should_go_both_ways_and_say_the_factors() {
        Shape in = Shape.of(5);
        FiniteNetwork ntk = network("[{dense: {units: 4, wStd: 3, bStd: 0.5}}, relu, {dense: {units: 3}}]");
        FiniteNetwork standard = ntk.parameterization("standard", in);
        assertThat(standard.rateFactors(in)).containsEntry("0.dense/W", Math.pow(3 / Math.sqrt(5), 2)).containsEntry("0.dense/b", 0.25);
        assertThat(ntk.rateFactors(in)).containsEntry("0.dense/W", 1.0).containsEntry("2.dense/W", 1.0);
        Map<String, double[]> there = standard.parameterization("ntk", in).weights(in);
        ntk.weights(in).forEach((name, values) -> assertThat(Cases.difference(there.get(name), values)).isLessThan(1e-14));
        assertThat(standard.layers(in).toYaml().toString()).contains("standard").doesNotContain("=ntk");
        // Drawn from the same seed in standard parameterization: the same weights again.
        double[] drawn = Network.parse("[{dense: {units: 4, wStd: 3, bStd: 0.5, parameterization: standard}}]").init(5).weights(in)
                .get("0.dense/W");
        assertThat(Cases.difference(drawn, standard.weights(in).get("0.dense/W"))).isLessThan(1e-14);
        assertThatThrownBy(() -> ntk.parameterization("mup", in)).isInstanceOf(Failure.class)
                .hasMessageContaining("ntk, standard, meanField, muP");
    }
}
