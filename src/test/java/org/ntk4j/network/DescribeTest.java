package org.ntk4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;
import org.ntk4j.shape.Shape;

/** What is said about shapes: where they do not fit, and what they are. */
class DescribeTest {

    @Test
    void the_issue_s_own_example() {
        Network network = Network.parse("[{conv: {channels: 8, filter: [3, 3], padding: same}}, relu, {avgPool: {window: [2, 2]}}, {conv: "
                + "{channels: 8, filter: [5, 5]}}, flatten]");
        assertThatThrownBy(() -> network.layers(Shape.of(8, 8, 3)).outputShape(Shape.of(8, 8, 3))).isInstanceOf(Failure.class)
                .hasMessage("conv with a 5×5 filter and `valid` padding on an input of 4×4×8: layer 3 of `network.serial`; use `same`, or "
                        + "a filter up to 4×4");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[{dense: {units: 3}}, {residual: {layers: [relu, {conv: {channels: 3, filter: [9]}}]}}] | 4,2 | layer 1 of "
                + "`network.serial.1.residual.layers`; use `same`, or a filter up to 4",
        "[{parallel: {branches: [[], [{avgPool: {window: [5]}}]], merge: sum}}] | 4,2 | avgPool with a 5 window and `valid` padding on an "
                + "input of 4×2: layer 0 of `network.serial.0.parallel.branches.1`",
        "[{residual: {layers: [{dense: {units: 3}}]}}] | 5 | residual whose layers give 3 and whose shortcut gives 5: layer 0 of "
                + "`network.serial`; both must have the same shape",
        "[{parallel: {branches: [[], [{dense: {units: 3}}]], merge: sum}}] | 5 | layer 0 of `network.serial`; a sum needs the same shape",
        "[relu, {conv: {channels: 2}}] | 5 | conv with a 3×3 filter on an input of 5, which has no positions: layer 1 of `network.serial`; "
                + "use dense",
        "[{conv: {channels: 2}}] | 5,2 | which is a sentence with one axis of positions: layer 0 of `network.serial`; give one size for "
                + "each axis",
        "[flatten, {selfAttention: {heads: 2}}] | 5,2 | selfAttention on an input of 10, which has no positions: layer 1 of "
                + "`network.serial`; it needs a sentence or an image",
        "[{repeat: {times: 3, layers: [{conv: {channels: 2, filter: [2]}}]}}] | 3,2 | layer 0 of `network.serial.0.repeat.2.serial`; use "
                + "`same`, or a filter up to 1"})
    void what_does_not_fit_should_name_the_layer_and_its_path(String definition, String sizes, String message) {
        Shape in = Shape.of(java.util.Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray());
        Network network = Network.parse(definition);
        assertThatThrownBy(() -> network.layers(in).outputShape(in)).isInstanceOf(Failure.class).hasMessageContaining(message);
        assertThatThrownBy(() -> network.parameters(in, 1)).isInstanceOf(Failure.class).hasMessageContaining("layer");
        assertThatThrownBy(() -> network.describe(in, 1)).isInstanceOf(Failure.class).hasMessageContaining(message);
        assertThatThrownBy(() -> network.init(0).outputs(org.ntk4j.Cases.inputs(1, 2, in.sizes()))).isInstanceOf(Failure.class)
                .hasMessageContaining("layer");
    }

    @Test
    void too_many_numbers_should_be_an_error_and_no_overflow() {
        assertThatThrownBy(() -> Network.mlp().width(1 << 24).depth(2).parameters(Shape.of(10), 1)).isInstanceOf(Failure.class)
                .hasMessageContaining("2.dense/W");
        assertThatThrownBy(() -> Shape.of(1 << 20, 1 << 20, 1 << 20).size()).isInstanceOf(Failure.class);
        assertThat(Network.mlp().width(1 << 24).ntk(org.ntk4j.Cases.inputs(1, 2, 3)).rows()).as("infinite all the same").isEqualTo(2);
    }

    @Test
    void nested_layers_should_be_shown_inside_with_their_shapes_and_weights() {
        String text = Network.parse("[{dense: {units: 3, bStd: 1}}, {residual: {layers: [relu, {conv: {channels: 3, filter: [3], padding: "
                + "same}}]}}, "
                + "{repeat: {times: 2, layers: [{dense: {units: 5}}, relu]}}, {parallel: {branches: [[{dense: {units: 2}}], []], merge: "
                        + "concat}}, globalAvgPool, {dense: {units: 1}}]")
                .describe(Shape.of(6, 2), 1);
        String[] lines = text.lines().map(l -> l.replaceAll(" +", " ")).toArray(String[]::new);
        assertThat(lines).containsSubsequence("input 6×2", " layers:", " 0 relu 6×3", " shortcut: identity",
                " 0 dense {units 5, wStd 1.0, bStd none, parameterization ntk} 6×5 15",
                " 0 dense {units 2, wStd 1.0, bStd none, parameterization ntk} 6×2 10", "4 globalAvgPool 7");
        assertThat(text).containsPattern("1 residual +6×3 +27").containsPattern("2 repeat \\{times 2} +6×5 +40")
                .containsPattern("3 parallel \\{merge concat} +6×7 +10");
        assertThat(lines[lines.length - 1].strip()).isEqualTo(String.valueOf(9 + 27 + 40 + 10 + 7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"cnn: {depth: 2} | 8,8,3", "transformer: {blocks: 2} | 5,7", "wideResnet: {} | 8,8,3",
            "myrtle: {} | 8,8,3", "mlp: {} | 8,8,3"})
    void every_shortcut_should_be_shown_as_its_layers(String definition, String sizes) {
        Shape in = Shape.of(java.util.Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray());
        Network network = Network.parse(definition);
        String text = network.describe(in, 3);
        assertThat(text).contains("dense").endsWith(String.format("%,d", network.parameters(in, 3)));
        assertThat(text.lines().count()).isGreaterThanOrEqualTo(network.layers(in, 3).layers().size() + 3);
        if (!definition.startsWith("mlp") && !definition.startsWith("cnn") && !definition.startsWith("myrtle")) {
            assertThat(text).contains("residual");
        }
    }
}
