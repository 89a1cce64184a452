package org.ntk4j.positions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** Aggregations, resizing and slicing: what they give, what they refuse, and the finite network next to the infinite one. */
class PositionLayersTest {

    private static final String GRAPHS = "[{aggregate: {normalize: symmetric, selfLoops: true}}, {dense: {units: %1$d, wStd: 1.4, bStd: "
            + "0.1}}, relu, {aggregate: {normalize: mean}}, "
            + "{dense: {units: %1$d, wStd: 1.4}}, relu, globalSumPool, {dense: {units: 2}}]";
    private static final String RESIZED = "[{conv: {channels: %1$d, filter: [3], padding: same, wStd: 1.4}}, relu, {resize: {size: [7], "
            + "method: cubic}}, "
            + "{conv: {channels: %1$d, filter: [2], wStd: 1.3, bStd: 0.1}}, {slice: {from: [1], step: [2]}}, gabor, globalAvgPool, {dense: "
                    + "{units: 2}}]";

    /** Graphs of 5, 3 and 1 nodes with padding behind and between. */
    private static Inputs graphs() {
        double[] values = Cases.normal(3, 4 * 5 * 2);
        for (int[] padding : new int[][] {{1, 3}, {1, 4}, {2, 1}, {2, 2}, {2, 3}, {2, 4}, {3, 1}}) {
            Arrays.fill(values, (padding[0] * 5 + padding[1]) * 2, (padding[0] * 5 + padding[1] + 1) * 2, Double.NaN);
        }
        return Cases.withGraphs(1, Inputs.of(values, 4, org.ntk4j.shape.Shape.of(5, 2)));
    }

    private static double distance(String network, Inputs x, int width, int seeds) {
        double sum = 0;
        Kernel infinite = Network.parse(String.format(network, 1)).ntk(x);
        for (int seed = 0; seed < seeds; seed++) {
            sum += FiniteNetwork.of(Network.parse(String.format(network, width)), new Seed(seed)).on(Cases.settings()).ntk(x)
                    .distanceTo(infinite) / seeds;
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {GRAPHS, RESIZED})
    void finite_should_meet_infinite_with_the_root_of_the_width(String network) {
        Inputs x = network.equals(GRAPHS) ? graphs() : Cases.inputs(4, 4, 5, 2);
        double slope = Math.log(distance(network, x, 512, 6) / distance(network, x, 32, 6)) / Math.log(16);
        assertThat(slope).isCloseTo(-0.5, within(0.12));
    }

    /** Where padding stands does not matter to a network with a global pooling, nor in which order nodes stand. */
    @Test
    void a_graph_should_have_the_same_kernel_when_its_nodes_are_renumbered() {
        Inputs x = graphs();
        int[][] orders = {{3, 1, 0, 4, 2}, {2, 1, 0, 3, 4}, {4, 3, 2, 1, 0}, {1, 2, 3, 4, 0}};
        double[] values = new double[x.values().length];
        List<Edges> edges = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int[] order = orders[i];
            for (int p = 0; p < 5; p++) {
                System.arraycopy(x.values(), (i * 5 + p) * 2, values, (i * 5 + order[p]) * 2, 2);
            }
            Edges e = x.graphs().orElseThrow().of(i);
            edges.add(new Edges(Arrays.stream(e.tails()).map(t -> order[t]).toArray(),
                    Arrays.stream(e.heads()).map(h -> order[h]).toArray(), e.weights()));
        }
        Inputs renumbered = Inputs.of(values, 4, x.shape()).graphs(edges);
        Network network = Network.parse(String.format(GRAPHS, 16));
        assertThat(Cases.relative(network.ntk(renumbered), network.ntk(x))).isLessThan(1e-13);
        assertThat(Cases.difference(network.init(1).outputs(renumbered), network.init(1).outputs(x))).isLessThan(1e-5);
        assertThat(Cases.relative(network.ntk(x, renumbered), network.ntk(x, x))).isLessThan(1e-13);
    }

    @Test
    void padding_should_change_nothing() {
        double[][][] nodes = {{{1, 0}, {0.5, 1}}, {{1, 2}, {0, 1}, {2, 1}}};
        double[][][] adjacency = {{{0, 1}, {0.5, 0}}, {{0, 1, 0}, {1, 0, 2}, {0, 1, 0}}};
        Network network = Network.parse(String.format(GRAPHS, 8));
        Kernel both = network.ntk(Ntk.graphs(nodes, adjacency));
        for (int i = 0; i < 2; i++) {
            Inputs alone = Ntk.graphs(new double[][][] {nodes[i]}, new double[][][] {adjacency[i]});
            assertThat(network.ntk(alone).get(0, 0)).isCloseTo(both.get(i, i), within(1e-14));
        }
    }

    @Test
    void tiles_should_change_nothing() {
        Inputs x = Cases.withGraphs(7, Cases.inputs(2, 7, 4, 3));
        Network network = Network.parse(String.format(GRAPHS, 8));
        Kernel whole = network.ntk(x);
        for (int tile : new int[] {1, 2, 3, 5}) {
            InfiniteKernels tiled = InfiniteKernels.of(network.layers(x.shape()), x, new InfiniteKernels.Plan(2, 1L << 30, tile),
                    org.ntk4j.base.Monitor.silent());
            assertThat(tiled.ntk().values()).isEqualTo(whole.values());
        }
    }

    /** The readout of each level beside the rest, by hand: {@code gntk} of Du et al. in words. */
    @Test
    void an_edge_that_is_named_twice_should_add_its_weights() {
        Inputs x = Cases.inputs(5, 1, 3, 2);
        Inputs twice = x.graphs(List.of(new Edges(new int[] {0, 0, 2}, new int[] {1, 1, 1}, new double[] {0.5, 1, 2})));
        Inputs once = x.graphs(List.of(new Edges(new int[] {0, 2}, new int[] {1, 1}, new double[] {1.5, 2})));
        for (String normalize : Aggregation.NORMALIZATIONS) {
            Network network = Network.parse("[{aggregate: {normalize: " + normalize
                    + "}}, {dense: {units: 3}}, relu, globalAvgPool, {dense: {units: 1}}]");
            assertThat(network.ntk(twice).values()).isEqualTo(network.ntk(once).values());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            [{aggregate: {normalize: average}}]                                             | 'average' is not known; allowed: none, mean, \
            symmetric
            [{aggregate: {selfLoop: true}}]                                                 | did you mean 'selfLoops'?
            [flatten, {aggregate: {}}]                                                      | aggregate on an input of 10, which has no \
            positions
            [{slice: {from: [1]}}, {aggregate: {}}]                                         | aggregate behind slice, which changes the \
            positions: they are no longer the nodes of the graph: layer 1 of `network.serial`; put aggregate before slice
            [{avgPool: {window: [2]}}, relu, {aggregate: {}}]                               | aggregate behind avgPool
            [{conv: {channels: 1, filter: [2]}}, {aggregate: {}}]                           | aggregate behind conv
            [{conv: {channels: 1, filter: [3], strides: [2], padding: same}}, {aggregate: {}}] | aggregate behind conv
            [{resize: {size: [4], method: linear}}, {resize: {size: [5], method: linear}}, {aggregate: {}}] | aggregate behind resize
            [{repeat: {times: 2, layers: [{aggregate: {}}, {slice: {from: [1]}}]}}]         | aggregate behind slice, which changes the \
            positions: they are no longer the nodes of the graph: layer 0 of `network.serial.0.repeat.layers`
            [{parallel: {merge: concat, branches: [[{slice: {to: [2]}}], [{slice: {from: [3]}}]]}}, {aggregate: {}}] | aggregate behind \
            slice
            [{residual: {layers: [{aggregate: {}}]}}]                                       | use selfLoops: true in place of a sum with \
            what is aggregated, or insert a dense layer
            [{dense: {units: 2}}, {residual: {layers: [{aggregate: {}}]}}]                  | network.1.residual: a sum is exact only if
            [{parallel: {merge: product, branches: [[{aggregate: {}}], [{aggregate: {normalize: mean}}]]}}] | the branches of a product \
            must be independent
            [{parallel: {merge: sum, branches: [[{slice: {to: [2]}}], [{slice: {from: [3]}}]]}}] | a sum is exact only if
            [{resize: {size: [4, 4], method: linear}}]                                      | resize to [4, 4] on an input of 5×2, which \
            has 1 axis of space: layer 0 of `network.serial`; give one size for each axis
            [{resize: {size: [0], method: linear}}]                                         | '0' is not a whole number from 1
            [{resize: {size: [], method: linear}}]                                          | one size for each axis of space is needed
            [{resize: {method: linear}}]                                                    | 'size' is missing
            [{resize: {size: [3]}}]                                                         | 'method' is missing; allowed: nearest, \
            linear, cubic
            [{resize: {size: [3], method: bicubic}}]                                        | 'bicubic' is not known; allowed: nearest, \
            linear, cubic
            [flatten, {resize: {size: [3], method: linear}}]                                | which has no positions
            [{slice: {from: [5]}}]                                                          | slice from 5 to 5 along an axis of 5 \
            positions, of an input of 5×2, leaves none
            [{slice: {to: [6]}}]                                                            | reaches beyond them
            [{slice: {from: [0, 0]}}]                                                       | slice with from [0, 0] on an input of 5×2, \
            which has 1 axis of space: layer 0 of `network.serial`; give one number for each axis
            [{slice: {step: [0]}}]                                                          | '0' is not a whole number from 1
            [{slice: {from: [-1]}}]                                                         | '-1' is not a whole number from 0
            [flatten, {slice: {from: [1]}}]                                                 | which has no positions
            [{dense: {units: 2}}, expNormalized, layerNorm]                                 | layerNorm subtracts means over the channels, \
            and behind expNormalized
            [{dense: {units: 2}}, expNormalized, {aggregate: {}}, layerNorm]                | network.3.layerNorm
            """)
    void should_refuse(String network, String told) {
        Inputs x = Cases.withGraphs(1, Cases.inputs(1, 2, 5, 2));
        assertThatThrownBy(() -> Network.parse(network).ntk(x))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(Failure.INPUT)).hasMessageContaining(told);
    }

    @Test
    void should_refuse_inputs_that_do_not_suit() {
        Inputs x = Cases.inputs(1, 2, 5, 2);
        Network mean = Network.parse("[{dense: {units: 2}}, {aggregate: {normalize: mean}}, globalSumPool]");
        Inputs negative = x.graphs(List.of(Edges.NONE, new Edges(new int[] {0}, new int[] {2}, new double[] {-1})));
        both(mean, x, "network.1.aggregate: the inputs have no graph to aggregate over; give one with --edges");
        both(mean, negative, "network.1.aggregate: example 1 has an edge from node 0 to node 2 of weight -1.0; normalize: mean needs "
                + "weights from 0, use normalize: none");
        assertThat(Network.parse("[{aggregate: {}}, globalSumPool]").ntk(negative).values()).hasSize(4);
        double[] padded = x.values().clone();
        Arrays.fill(padded, 0, 6, Double.NaN);
        Inputs some = Inputs.of(padded, 2, x.shape());
        both(Network.parse("[{dense: {units: 2}}, {resize: {size: [4], method: nearest}}, globalAvgPool]"), some,
                "network.1.resize: resize makes the value depend on how much padding there is");
        both(Network.parse("[{dense: {units: 2}}, {slice: {to: [3]}}, globalAvgPool]"), some,
                "network.1.slice: slice leaves an example nothing but padding");
        Network first = Network.parse("[{dense: {units: 2}}, {slice: {from: [3]}}, flatten, {dense: {units: 1}}]");
        assertThat(Cases.relative(first.ntk(some.slice(1, 2)), first.ntk(x.slice(1, 2)))).isZero();
        assertThat(first.init(0).ntk(some).get(0, 0)).as("no padding is left").isPositive();
        both(Network.parse("[{slice: {from: [2]}}, {dense: {units: 2}}, flatten]"), some,
                "flatten makes the value depend on how much padding there is");
        assertThatThrownBy(() -> some.graphs(List.of(new Edges(new int[] {4}, new int[] {1}, new double[] {1}), Edges.NONE)))
                .hasMessageContaining("example 0: an edge from node 4 to node 1: node 1 is padding");
        assertThatThrownBy(() -> x.graphs(List.of(new Edges(new int[] {4}, new int[] {5}, new double[] {1}), Edges.NONE)))
                .hasMessageContaining("there is no node 5; allowed: 0 to 4");
        assertThatThrownBy(() -> x.graphs(List.of(Edges.NONE))).hasMessageContaining("1 graphs for 2 inputs");
        assertThatThrownBy(() -> Network.parse("[{dense: {units: 2}}, expNormalized]").init(0).outputs(x))
                .hasMessageContaining("network.1.expNormalized: expNormalized maps kernels");
    }

    private static void both(Network network, Inputs x, String told) {
        assertThatThrownBy(() -> network.ntk(x)).isInstanceOf(Failure.class).hasMessageContaining(told);
        assertThatThrownBy(() -> network.init(0).ntk(x)).isInstanceOf(Failure.class).hasMessageContaining(told);
        assertThatThrownBy(() -> network.init(0).outputs(x)).isInstanceOf(Failure.class).hasMessageContaining(told);
    }

    @Test
    void graphs_that_no_layer_reads_should_be_noted() {
        Inputs x = graphs();
        assertThat(Network.parse("[{dense: {units: 2}}, relu, globalSumPool]").ntk(x).notes()).anyMatch(n -> n.contains("bag of nodes"));
        assertThat(Network.parse(String.format(GRAPHS, 2)).ntk(x).notes()).noneMatch(n -> n.contains("bag of nodes"));
    }

    /** A linear network of resizing and a readout: what it does to each channel is what it does to a picture. */
    @Test
    void resizing_should_take_constants_to_constants_and_keep_sizes() {
        for (String method : new String[] {"nearest", "linear", "cubic"}) {
            Inputs ones = Inputs.of(new double[][] {IntStream.range(0, 30).mapToDouble(i -> 1).toArray()}, 5, 6, 1);
            Network network = Network.of(Ntk.resize(method, 3, 11));
            assertThat(network.init(0).precision(org.ntk4j.base.Precision.FLOAT64).outputs(ones)[0]).hasSize(33)
                    .containsOnly(new double[] {1}, within(1e-14));
            Inputs x = Cases.inputs(1, 2, 5, 6, 2);
            assertThat(Network.of(Ntk.resize(method, 5, 6)).init(0).precision(org.ntk4j.base.Precision.FLOAT64).outputs(x)[1])
                    .containsExactly(x.row(1));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {GRAPHS, RESIZED})
    void finite_should_meet_infinite_closely(String network) {
        Inputs x = network.equals(GRAPHS) ? graphs() : Cases.inputs(4, 4, 5, 2);
        double slope = Math.log(distance(network, x, 2048, 30) / distance(network, x, 32, 30)) / Math.log(64);
        assertThat(slope).isCloseTo(-0.5, within(0.05));
    }
}
