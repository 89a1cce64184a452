package org.ntk4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ntk4j.Ntk.gradientDescent;
import static org.ntk4j.Ntk.maxSteps;
import static org.ntk4j.Ntk.mlp;
import static org.ntk4j.Ntk.mnistSample;
import static org.ntk4j.Ntk.relu;
import static org.ntk4j.Ntk.trainLoss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.study.Definition;

class ExperimentTest {

    @TempDir
    Path folder;

    private static final List<UnaryOperator<Experiment>> WITHERS = List.of(
            e -> e.name("x"), e -> e.description("text"), e -> e.width(16), e -> e.depth(2), e -> e.activation(relu()), e -> e.wStd(1.4),
                    e -> e.bStd(0.1),
            e -> e.on(mnistSample().train(60).test(20)), e -> e.train(gradientDescent().until(maxSteps(30))),
                    e -> e.ntk("ntk.init", "ntk.trained"),
            e -> e.ridge(1e-3), e -> e.linearized(true), e -> e.seed(3), e -> e.sweep("network.mlp.width", 8, 16),
                    e -> e.sweep("seed", 0, 1),
            e -> e.precision("float32"), e -> e.save("kernels"), e -> e.with("record.kernel", List.of(0, 5)));

    @Test
    void should_not_depend_on_the_order_of_its_withers() {
        List<UnaryOperator<Experiment>> order = new ArrayList<>(WITHERS);
        Object expected = null;
        for (int i = 0; i < 30; i++) {
            Experiment experiment = Experiment.mlp();
            for (UnaryOperator<Experiment> wither : order) {
                experiment = wither.apply(experiment);
            }
            if (i % 10 == 0) {
                assertThat(experiment.toString()).contains("memory");
            }
            // The axes of a sweep stand in the order in which they were named.
            var map = experiment.definition().toMap();
            map.put("sweep", new java.util.TreeMap<>((java.util.Map<?, ?>) map.get("sweep")));
            expected = expected == null ? map : expected;
            assertThat(map).isEqualTo(expected);
            Collections.shuffle(order, new Random(i));
        }
    }

    @Test
    void should_be_immutable_and_on_mnist_sample_by_default() {
        Experiment plain = Experiment.mlp();
        String before = plain.toString().replaceAll("(?m)^(time|memory|machine|  +solver:).*", "");
        plain.width(3).train(gradientDescent()).ntk();
        assertThat(plain.toString().replaceAll("(?m)^(time|memory|machine|  +solver:).*", "")).isEqualTo(before)
                .contains("mnist-sample: 1000 training and 100 test inputs");
    }

    @Test
    void should_be_the_same_as_its_yaml() throws IOException {
        Path file = Files.writeString(folder.resolve("same.yaml"), """
                data: {name: mnist-sample, train: 60, test: 20}
                network: {mlp: {width: 16, depth: 2, activation: relu, wStd: 1.4, bStd: 0.1}}
                train: {until: {trainLoss: 1.0e-3, maxSteps: 30}}
                """);
        Experiment experiment = Experiment.mlp().name("same").width(16).depth(2).activation(relu()).wStd(1.4).bStd(0.1)
                .on(mnistSample().train(60).test(20))
                .train(gradientDescent().until(trainLoss(1e-3).or(maxSteps(30)))).ntk();
        assertThat(experiment.definition().toMap()).isEqualTo(Experiment.read(file).definition().toMap());
        assertThat(Experiment.of(Definition.of(mlp().width(16).depth(2).wStd(1.4).bStd(0.1))).definition().network().toString())
                .isEqualTo(experiment.definition().network().toString());
    }

    @Test
    void should_say_what_does_not_go_together_when_it_is_carried_out() {
        assertThatThrownBy(() -> Experiment.mlp().ntk("ntk.trained").run()).isInstanceOf(Failure.class)
                .hasMessage("mlp: kernels: ntk.trained needs training; add 'train', or leave it out");
        assertThatThrownBy(() -> Experiment.mlp().width(-3)).isInstanceOf(Failure.class)
                .hasMessageContaining("'-3' is not a whole number from 1");
        assertThatThrownBy(() -> Experiment.mlp().sweep("network.mlp.wdith", 8)).isInstanceOf(Failure.class)
                .hasMessageContaining("did you mean 'width'?");
        assertThatThrownBy(() -> Experiment.mlp().channels(3)).isInstanceOf(Failure.class).hasMessageContaining("channels");
        assertThatThrownBy(() -> Experiment.mlp().with("foo", 1)).isInstanceOf(Failure.class)
                .hasMessageContaining("there is no option 'foo'");
    }

    @Test
    void should_refuse_a_network_that_ends_at_positions_where_outputs_meet_targets() throws IOException {
        String network = "data: {name: stripes, train: 20, test: 10}\nnetwork: [{conv: {channels: 4, filter: [3, 3]}}, relu]\n";
        Path finite = Files.writeString(folder.resolve("finite.yaml"), network + "kernels: [ntk.init]\n");
        assertThatThrownBy(() -> Experiment.read(finite).run()).isInstanceOf(Failure.class)
                .hasMessageContaining("it ends with 4×4×4, which are 64 outputs, and the data have 2 targets; put flatten");
    }
}
