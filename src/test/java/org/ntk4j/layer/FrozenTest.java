package org.ntk4j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.network.RandomNetworks;
import org.ntk4j.base.Precision;

/** A part of the layers is trained: the kernels of the parts add up to the kernel of the whole. */
class FrozenTest {

    private static TrainedPart only(String... names) {
        return new TrainedPart(List.of(), List.of(names));
    }

    private static Kernel infinite(Network network, TrainedPart part, Inputs x) {
        Serial layers = part.of(network.layers(x.shape()), x.shape());
        return InfiniteKernels.of(layers, x, new InfiniteKernels.Plan(2, 1L << 30, 16), Monitor.silent()).ntk();
    }

    /** Fresh names: those of repeated layers count together. */
    private static List<String> parts(Network network, Inputs x) {
        return network.layers(x.shape()).weights(x.shape()).stream().map(Weights::layer)
                .map(name -> name.replaceFirst("^(\\d+\\.repeat)\\..*", "$1")).distinct().toList();
    }

    static List<String> networks() {
        return List.of("[{conv: {channels: 3, bStd: 0.3}}, relu, {conv: {channels: 2, padding: same}}, gelu, globalAvgPool, {dense: "
                + "{units: 2}}]",
                "[{conv: {channels: 3, bStd: 0.3, padding: circular, strides: [2, 1]}}, relu, {avgPool: {window: [2, 2]}}, flatten, "
                        + "{dense: {units: 2, bStd: 0.1}}]",
                "[{dense: {units: 3}}, {selfAttention: {heads: 2, positions: sum, bStd: 0.2}}, relu, {dense: {units: 3}}, globalAvgPool]",
                "[{dense: {units: 3}}, {selfAttention: {scaling: sqrt, mechanism: identity, positions: concat, posDecay: 0.4}}, flatten]",
                "[{convLocal: {channels: 2, bStd: 0.4}}, erf, {convTranspose: {channels: 2, strides: [2, 2], padding: same}}, relu, "
                        + "globalSumPool, {dense: {units: 1, parameterization: standard, bStd: 0.3}}]",
                "[flatten, {dense: {units: 4, bStd: 0.3}}, {repeat: {times: 2, layers: [erf, {dense: {units: 4}}]}}, {residual: {layers: "
                        + "[relu, {dense: {units: 4}}]}}, {dense: {units: 2}}]");
    }

    static LongStream seeds() {
        return LongStream.range(500, 512);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_parts_should_add_up(String definition) {
        addUp(definition, Network.parse(definition), Cases.inputs(3, 4, 5, 4, 2));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_parts_of_random_networks_should_add_up(long seed) {
        RandomNetworks.Sample s = RandomNetworks.of(seed);
        Inputs x = s.inputs(seed, 3);
        Network network = Network.parse(s.definition());
        try {
            network.ntk(x);
        } catch (Failure e) {
            return;
        }
        if (parts(network, x).stream().noneMatch(name -> name.contains("repeat"))) {
            addUp(s.definition(), network, x);
        }
    }

    private static void addUp(String name, Network network, Inputs x) {
        Kernel whole = network.ntk(x);
        FiniteNetwork finite = network.init(1).precision(Precision.FLOAT64).on(Cases.settings());
        Kernel theta = finite.ntk(x);
        double[] sum = new double[whole.values().length];
        double[] finiteSum = new double[sum.length];
        for (String part : parts(network, x)) {
            double[] own = infinite(network, only(part), x).values();
            double[] finiteOwn = finite.trained(only(part)).ntk(x).values();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
                finiteSum[i] += finiteOwn[i];
            }
            TrainedPart rest = new TrainedPart(List.of(part), List.of());
            if (parts(network, x).size() > 1) {
                double[] others = infinite(network, rest, x).values();
                for (int i = 0; i < own.length; i++) {
                    assertThat(own[i] + others[i]).as(name).isCloseTo(whole.values()[i], within(1e-12 * Cases.largest(whole.values())));
                }
            }
        }
        assertThat(Cases.difference(sum, whole.values())).as(name).isLessThanOrEqualTo(1e-12 * Cases.largest(whole.values()));
        assertThat(Cases.difference(finiteSum, theta.values())).as(name).isLessThanOrEqualTo(1e-12 * Cases.largest(theta.values()));
    }

    @Test
    void the_readout_alone_should_have_the_covariance_as_its_kernel() {
        Inputs x = Cases.inputs(2, 6, 5);
        Network network = Network.parse("mlp: {width: 16, depth: 2, wStd: 1.4, bStd: 0.2}");
        assertThat(infinite(network, only("4.dense"), x).values()).containsExactly(network.nngp(x).values(), within(1e-14));
    }

    /** Of eight networks at two widths the layers' shares, one of each being the kernel of that part. */
    @Test
    void finite_should_meet_infinite() {
        List<String> parts = List.of("2.dense", "4.dense", "0.dense");
        Inputs x = Cases.inputs(4, 6, 5);
        double[][] distances = new double[parts.size()][2];
        for (int i = 0; i < 2; i++) {
            Network network = Network.parse("mlp: {depth: 2, wStd: 1.4, bStd: 0.2}").width(i == 0 ? 32 : 512);
            List<Kernel> infinite = parts.stream().map(part -> infinite(network, only(part), x)).toList();
            for (int seed = 0; seed < 8; seed++) {
                FiniteNetwork finite = FiniteNetwork.of(network, new Seed(seed)).on(Cases.settings());
                Map<String, Kernel> shares = finite.ntkByLayer(x);
                for (int p = 0; p < parts.size(); p++) {
                    Kernel share = shares.get(parts.get(p));
                    distances[p][i] += share.distanceTo(infinite.get(p)) / 8;
                    if (seed == 0) {
                        assertThat(Cases.relative(finite.trained(only(parts.get(p))).ntk(x), share)).as(parts.get(p)).isLessThan(1e-5);
                    }
                }
            }
        }
        for (int p = 0; p < parts.size(); p++) {
            assertThat(Math.log(distances[p][1] / distances[p][0]) / Math.log(16)).as(parts.get(p)).isCloseTo(-0.5, within(0.15));
        }
    }

    @Test
    void training_should_leave_frozen_layers_as_they_were() {
        Split data = Cases.split(1, 12, 2, 5);
        FiniteNetwork network = FiniteNetwork.of(Network.parse("mlp: {width: 8, depth: 2, wStd: 1.4, bStd: 0.1}"), new Seed(0)).outputs(2)
                .on(Cases.settings());
        Map<String, double[]> before = network.weights(data.inputs().shape());
        Training training = Ntk.momentum().frozen("0.dense", "4.dense").until(Ntk.maxSteps(5));
        Trained trained = new Trainer(training, 0.1, 1, Monitor.silent()).train(network, data, data, List.of());
        Map<String, double[]> after = trained.network().weights(data.inputs().shape());
        Set<String> moved = Set.of("2.dense/W", "2.dense/b");
        before.forEach((name, values) -> {
            double[] rounded = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                rounded[i] = (float) values[i];
            }
            assertThat(java.util.Arrays.equals(after.get(name), rounded)).as(name).isEqualTo(!moved.contains(name));
        });
        assertThat(trained.network().ntkByLayer(data.inputs())).containsOnlyKeys("2.dense");
        assertThat(Ntk.gradientDescent().only("1.dense").toMap()).containsEntry("only", List.of("1.dense")).doesNotContainKey("frozen");
    }

    @Test
    void names_should_be_those_of_weights() {
        Inputs x = Cases.inputs(1, 2, 3);
        Network network = Network.parse("[{dense: {units: 2}}, relu, {residual: {layers: [relu, {dense: {units: 2}}]}}, {repeat: {times: "
                + "2, layers: [{dense: {units: 2}}]}}, {dense: {units: 1}}]");
        List<String> trained = new ArrayList<>();
        for (String name : List.of("0.dense", "2.residual", "2.residual.layers.1.dense", "3.repeat")) {
            trained.add(String.join(" ", only(name).of(network.layers(x.shape()), x.shape()).weights(x.shape()).stream()
                    .filter(Weights::trained).map(Weights::layer).toList()));
        }
        assertThat(trained).containsExactly("0.dense", "2.residual.layers.1.dense", "2.residual.layers.1.dense",
                "3.repeat.0.serial.0.dense 3.repeat.1.serial.0.dense");
        assertThatThrownBy(() -> only("1.dense").of(network.layers(x.shape()), x.shape())).isInstanceOf(Failure.class)
                .hasMessageContaining("train.only: '1.dense' is not a layer with weights")
                        .hasMessageContaining("allowed: 0.dense, 2.residual.layers.1.dense");
        assertThatThrownBy(() -> only("3.repeat.0.serial.0.dense").of(network.layers(x.shape()), x.shape()))
                .hasMessageContaining("frozen in all repetitions or in none");
        assertThatThrownBy(() -> new TrainedPart(List.of("0.dense", "2.residual", "3.repeat", "4.dense"), List.of())
                .of(network.layers(x.shape()), x.shape()))
                .hasMessageContaining("nothing is left to train");
        assertThatThrownBy(() -> new TrainedPart(List.of("a"), List.of("b"))).hasMessageContaining("exclude each other");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {frozen: [1.dens]}                   | 'train': frozen: '1.dens' is not a layer with weights; did you mean '1.dense'? allowed: \
            1.dense, 3.dense
            {only: [relu]}                       | only: 'relu' is not a layer with weights; allowed: 1.dense, 3.dense
            {only: [1.dense], frozen: [3.dense]} | train.only: frozen and only exclude each other
            {frozen: 1.dense}                    | train.frozen: a list is needed
            {only: []}                           | an empty list trains nothing
            {frozen: [[1]]}                      | the name of a layer is needed
            {frozen: [1.dense, 3.dense]}         | nothing is left to train
            """)
    void mistakes_in_an_experiment_should_be_named(String train, String told) throws java.io.IOException {
        java.nio.file.Path file = java.nio.file.Files.createTempFile("frozen", ".yaml");
        java.nio.file.Files.writeString(file, "network: {mlp: {width: 4}}\ntrain: " + train + "\n");
        assertThatThrownBy(() -> org.ntk4j.study.Definition.read(file, List.of())).isInstanceOf(Failure.class)
                .hasMessageContaining(told.replace("'train': ", "train: "));
        java.nio.file.Files.delete(file);
    }
}
