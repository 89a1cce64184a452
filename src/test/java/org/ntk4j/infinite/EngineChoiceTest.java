package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.network.RandomNetworks;
import org.ntk4j.shape.Shape;

/** What a plan says of the engine is what computes. */
class EngineChoiceTest {

    private static final Settings CPU = Settings.ofProcess().withDevice("cpu").withThreads(2).withMemory(1L << 32);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5     | [{dense: {units: 4}}, relu, {dense: {units: 1}}]                       | strips
            5     | [{dense: {units: 4}}, layerNorm, relu, {dense: {units: 1}}]            | strips
            5     | [{dense: {units: 4}}, {residual: {layers: [{serial: [layerNorm, relu]}, {dense: {units: 4}}]}}] | strips
            5     | [{dense: {units: 4}}, {dropout: {keep: 0.5}}, {parallel: {branches: [[{dense: {units: 4}}], [identity]], merge: \
            concat}}] | strips
            4,3,2 | [flatten, {dense: {units: 4}}, relu, {dense: {units: 1}}]              | strips
            4,3,2 | [flatten, {dense: {units: 4}}, layerNorm, {dense: {units: 1}}]         | strips
            4,3,2 | [{conv: {channels: 2}}, relu, flatten, {dense: {units: 1}}]            | planes up to layer 2 (flatten), then strips
            4,3,2 | [{conv: {channels: 2}}, relu, globalAvgPool, {dense: {units: 4}}, layerNorm, tanh, {dense: {units: 1}}] | planes up to \
            layer 2 (globalAvgPool), then strips
            6,2   | [{conv: {channels: 2, filter: [3]}}, relu, globalAvgPool]              | planes up to layer 2 (globalAvgPool)
            4,4,2 | [{parallel: {merge: concat, branches: [[{conv: {channels: 2}}], [{avgPool: {window: [3, 3], strides: [1, 1]}}]]}}, \
            {dense: {units: 3}}, relu, flatten] | planes up to layer 3 (flatten)
            4,4,2 | [{dense: {units: 2}}, {residual: {layers: [{convTranspose: {channels: 2, padding: same}}]}}, {selfAttention: {}}, \
            globalAvgPool] | planes up to layer 1 (residual), then sequences
            4,4,2 | [{conv: {channels: 2}}, {parallel: {merge: product, branches: [[relu], [{dense: {units: 2}}]]}}, flatten] | planes up \
            to layer 2 (flatten)
            6,2   | [{selfAttention: {}}, globalAvgPool]                                   | sequences
            6,2   | [{selfAttention: {}}, firstPosition, {dense: {units: 2}}]              | sequences, then strips
            6,2   | [{dense: {units: 2}}, relu, firstPosition, {dense: {units: 2}}] | planes up to layer 2 (firstPosition), then strips
            6,1   | [{embedding: {vocabulary: 9, channels: 4}}, {selfAttention: {}}, globalAvgPool] | sequences
            6,1   | [{embedding: {vocabulary: 9, channels: 4}}, relu, globalAvgPool]       | planes up to layer 2 (globalAvgPool)
            6,2   | [{parallel: {merge: concat, branches: [[{dense: {units: 2}}, relu], [relu]]}}, layerNorm, globalAvgPool] | layer by layer
            6,2   | [{convLocal: {channels: 2, filter: [2]}}, relu, {selfAttention: {}}, globalAvgPool] | sequences
            """)
    void should_be_said_in_words(String shape, String network, String engine) {
        Shape in = Shape.of(Arrays.stream(shape.split(",")).mapToInt(Integer::parseInt).toArray());
        assertThat(EngineChoice.of(Network.parse(network).layers(in), in, false, CPU)).hasToString(engine);
    }

    @Test
    void should_leave_padding_that_moves_to_the_sequences() {
        Shape sentence = Shape.of(6, 2);
        Serial strided = Network.parse("[{conv: {channels: 2, filter: [3], strides: [2]}}, relu, globalAvgPool]").layers(sentence);
        Serial same = Network.parse("[{conv: {channels: 2, filter: [3], padding: same}}, relu, globalAvgPool]").layers(sentence);
        assertThat(EngineChoice.of(strided, sentence, true, CPU)).hasToString("sequences");
        assertThat(EngineChoice.of(same, sentence, true, CPU)).hasToString("planes up to layer 2 (globalAvgPool)");
        Serial pooled = Network.parse("[{conv: {channels: 2, filter: [3]}}, relu, globalAvgPool]").layers(sentence);
        Serial flat = Network.parse("[flatten, {dense: {units: 3}}, relu]").layers(sentence);
        assertThat(EngineChoice.of(pooled, sentence, true, CPU)).hasToString("sequences");
        assertThat(EngineChoice.of(flat, sentence, true, CPU)).hasToString("strips");
        long byPlanes = EngineChoice.of(pooled, sentence, false, CPU).best().bytesPerPair();
        assertThat(EngineChoice.of(pooled, sentence, true, CPU).offers().get(1).bytesPerPair()).isEqualTo(36 * byPlanes);
    }

    /** Planes and strips hold variances from 1e−140 to 1e140; the layers hold more, in tiles of their own size. */
    @Test
    void should_leave_to_the_layers_what_an_engine_does_not_hold() {
        Inputs x = Cases.times(Cases.inputs(1, 3, 16, 16, 1), 1e-72);
        Serial network = Network.parse("[{conv: {channels: 2}}, relu, globalAvgPool]").layers(x.shape());
        EngineChoice engines = EngineChoice.of(network, x, Optional.empty(), CPU);
        assertThat(engines.best().name()).isEqualTo("planes");
        try (Engine engine = engines.open(network, x, Optional.empty(), Precision.FLOAT64)) {
            assertThat(engine.name()).isEqualTo("layer by layer");
        }
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.of(CPU, network, x, Optional.empty());
        InfiniteKernels small = InfiniteKernels.of(network, x, plan, Monitor.silent());
        InfiniteKernels usual = InfiniteKernels.of(network, Cases.inputs(1, 3, 16, 16, 1), plan, Monitor.silent());
        assertThat(small.ntk().get(0, 1)).isCloseTo(1e-144 * usual.ntk().get(0, 1), withPercentage(1e-8));
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /** For networks of the grammar and their inputs: as a plan names it, and no other, unless it does not hold their values. */
    @ParameterizedTest
    @MethodSource("seeds")
    void should_be_the_engine_that_runs(long seed) {
        RandomNetworks.Sample s = RandomNetworks.of(seed);
        Inputs x = s.inputs(seed, 3);
        Inputs padded = x.shape().space().size() == 1 && x.graphs().isEmpty() ? withPadding(x) : x;
        for (Inputs inputs : List.of(x, padded)) {
            Serial network;
            try {
                network = Network.parse(s.definition()).layers(inputs.shape());
                network.checked(inputs);
            } catch (Failure e) {
                return;
            }
            if (inputs.hasPadding() && InputGram.shape(network, inputs.shape()).isVector()) {
                continue;
            }
            InfiniteKernels.Plan plan = InfiniteKernels.Plan.of(CPU, network, inputs, Optional.empty());
            EngineChoice beforehand = EngineChoice.of(network, inputs.shape(), inputs.hasPadding(), CPU);
            assertThat(plan.toString()).startsWith(beforehand + ", tiles of ");
            for (Precision precision : Precision.values()) {
                try (Engine engine = plan.engines().orElseThrow().open(network, inputs, Optional.empty(), precision)) {
                    assertThat(engine.name()).as(s.definition()).isEqualTo(beforehand.best().name());
                }
            }
        }
    }

    private static Inputs withPadding(Inputs x) {
        double[] values = x.values().clone();
        Arrays.fill(values, values.length - x.shape().channels(), values.length, Double.NaN);
        return Inputs.of(values, x.count(), x.shape());
    }

    /** K alone has the bytes that it has beside Θ, whatever computes it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5   | [{dense: {units: 4, bStd: 0.3}}, relu, {dense: {units: 4}}, tanh, {dense: {units: 1}}]
            5   | [{dense: {units: 4}}, layerNorm, relu, {dense: {units: 1}}]
            5   | [{dense: {units: 4}}, {residual: {layers: [silu, {dense: {units: 4}}]}}, erf, layerNorm, {dense: {units: 1}}]
            6,2 | [{conv: {channels: 2, filter: [3], bStd: 0.2}}, erf, globalAvgPool, {dense: {units: 1}}]
            6,2 | [{residual: {layers: [layerNorm, {selfAttention: {}}]}}, {dense: {units: 4, bStd: 0.1}}, relu, globalAvgPool]
            6,2 | [{selfAttention: {heads: 2}}, {dense: {units: 4}}, gelu, firstPosition, {dense: {units: 2}}]
            6,2 | [{selfAttention: {heads: 2}}, {dense: {units: 4}}, silu, globalAvgPool, {dense: {units: 2}}]
            """)
    void k_alone_should_have_its_bytes_beside_theta(String shape, String definition) {
        int[] sizes = Arrays.stream(shape.split(",")).mapToInt(Integer::parseInt).toArray();
        Serial network = Network.parse(definition).layers(Shape.of(sizes));
        Inputs x = Cases.inputs(9, 3, sizes);
        for (Precision precision : Precision.values()) {
            InfiniteKernels.Plan plan = InfiniteKernels.Plan.of(CPU, network, x, Optional.empty()).withPrecision(precision);
            InfiniteKernels.Plan alone = InfiniteKernels.Plan.of(CPU, network, x, Optional.empty(), 0, List.of("nngp"))
                    .withPrecision(precision);
            double[] both = InfiniteKernels.of(network, x, plan, Monitor.silent()).nngp().values();
            Map<String, Kernel> found = InfiniteKernels.named(network, x, Optional.empty(), alone, Monitor.silent(), Optional.empty());
            assertThat(found).containsOnlyKeys("nngp");
            assertThat(found.get("nngp").values()).as(precision.toString()).isEqualTo(both);
        }
    }
}
