package org.ntk4j.infinite.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.data.Inputs;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.network.Network;
import org.ntk4j.rows.PlainRows32;
import org.ntk4j.rows.PlainRows64;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

class PlanesTest {

    private static final int COUNT = 5;

    /** A shape and a network; whether some positions are padding. */
    record Sample(Shape shape, String definition, boolean padded) {

        Sample(Shape shape, String definition) {
            this(shape, definition, false);
        }

        /** What a quadrature of its own leaves. */
        double tolerance() {
            return definition.contains("tanh") || definition.contains("silu") || definition.contains("sigmoid") ? 1e-9 : 1e-13;
        }

        Inputs inputs() {
            Random random = new Random(1);
            double[] values = random.doubles((long) COUNT * shape.size(), -1, 1).toArray();
            if (definition.contains("embedding")) {
                Arrays.setAll(values, i -> random.nextInt(3));
            }
            for (int i = 0; i < values.length && padded; i += shape.channels()) {
                if (i % shape.size() != 0 && random.nextInt(4) == 0) {
                    Arrays.fill(values, i, i + shape.channels(), Double.NaN);
                }
            }
            // The same image twice, and one with a dark corner.
            System.arraycopy(values, 0, values, (COUNT - 1) * shape.size(), shape.size());
            Arrays.fill(values, shape.size(), shape.size() + shape.positions() / 3 * shape.channels(), 0);
            return Inputs.of(values, COUNT, shape);
        }

        Serial network() {
            return Network.parse(definition).layers(shape);
        }

        PlaneStages planes() {
            return PlaneStages.of(network(), shape).orElseThrow();
        }
    }

    static List<Sample> samples() {
        return List.of(
                new Sample(Shape.of(6, 5, 2), "[{conv: {channels: 4, padding: same, wStd: 1.4, bStd: 0.1}}, relu, globalAvgPool, {dense: "
                        + "{units: 1}}]"),
                new Sample(Shape.of(6, 5, 2), "[{conv: {channels: 4, filter: [2, 4], padding: same}}, erf, {conv: {channels: 3, filter: "
                        + "[3, 2]}}, relu, globalSumPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(7, 6, 1), "[{conv: {channels: 4, padding: same, parameterization: standard}}, relu, {avgPool: {window: "
                        + "[2, 2]}}, {conv: {channels: 4, padding: same}}, relu, globalAvgPool, {dense: {units: 2}}]"),
                new Sample(Shape.of(7, 6, 1), "[identity, {dense: {units: 5, bStd: 0.3}}, relu, {conv: {channels: 4}}, {sumPool: {window: "
                        + "[2, 3]}}, relu, flatten, {dense: {units: 2}}]"),
                new Sample(Shape.of(9, 3), "[{conv: {channels: 4, filter: [4], padding: same}}, relu, {conv: {channels: 4, filter: [3]}}, "
                        + "{leakyRelu: {alpha: 0.2}}, {avgPool: {window: [2]}}, layerNorm, {dense: {units: 3}}]"),
                new Sample(Shape.of(2, 9, 2), "[{conv: {channels: 4, filter: [5, 5], padding: same}}, relu, {conv: {channels: 4, filter: "
                        + "[1, 3]}}, relu, globalAvgPool, {dense: {units: 1, bStd: 1}}]"),
                new Sample(Shape.of(6, 5, 1), "[{conv: {channels: 4, padding: circular, bStd: 0.2}}, relu, {conv: {channels: 4, filter: "
                        + "[2, 4], padding: circular}}, gelu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(5, 20, 1), "[{conv: {channels: 4, padding: same, bStd: 0.3}}, relu, {conv: {channels: 4}}, abs, "
                        + "{dense: {units: 4, bStd: 0.2}}, cos, {conv: {channels: 4, padding: same, bStd: 0.5}}, relu, globalAvgPool]"),
                new Sample(Shape.of(5, 6, 1), "[{conv: {channels: 4, padding: circular, bStd: 0.1}}, relu, {conv: {channels: 4}}, relu, "
                        + "{dense: {units: 4, bStd: 0.2}}, relu, globalAvgPool]"),
                new Sample(Shape.of(6, 19, 3), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, relu, {conv: {channels: 4, padding: "
                        + "same}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(6, 5, 3), "[{conv: {channels: 4, filter: [3, 2]}}, sin, {conv: {channels: 4, padding: same}}, relu, "
                        + "flatten, layerNorm, {dense: {units: 1}}]"),
                new Sample(Shape.of(6, 5, 3), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "padding: same, bStd: 0.2}}, relu, {conv: {channels: 4, padding: same}}]}},"
                        + " {residual: {layers: [relu, {conv: {channels: 4, padding: same}}], shortcut: [{dense: {units: 4}}]}}, relu, "
                                + "globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(6, 5, 3), "[{conv: {channels: 4, padding: same, bStd: 0.3}}, layerNorm, relu, {conv: {channels: 4}}, "
                        + "{layerNorm: {epsilon: 0.1}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(4, 4, 2), "[{conv: {channels: 4, padding: same}}, layerNorm, {residual: {layers: [relu, {conv: "
                        + "{channels: 4, padding: same}}]}}, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 8, 2), "[{conv: {channels: 4, strides: [2, 2], padding: same}}, relu, {conv: {channels: 4, padding: "
                        + "same, bStd: 0.1}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(11, 9, 2), "[{conv: {channels: 4, padding: same, bStd: 0.2}}, relu, {conv: {channels: 4, strides: [2, "
                        + "2], padding: same, bStd: 0.2}}, relu, {conv: {channels: 4, filter: [2, 3], strides: [1, 2]}}, relu, {conv: "
                        + "{channels: 4, padding: same}}, globalAvgPool]"),
                new Sample(Shape.of(8, 8, 3), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "strides: [2, 2], padding: same}}, relu, {conv: {channels: 4, padding: same}}], shortcut: [{conv: {channels: 4, "
                        + "strides: [2, 2], filter: [1, 1]}}]}}, {residual: {layers: [relu, {conv: {channels: 4, strides: [2, 2], padding: "
                        + "same}}], shortcut: [relu, {conv: {channels: 4, strides: [2, 2], padding: same, filter: [3, 3]}}]}}, relu, "
                        + "globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 10, 1), "[{conv: {channels: 4, strides: [2, 3], padding: same, bStd: 0.1}}, tanh, {conv: {channels: "
                        + "4, padding: same}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(11, 13, 3), "[{conv: {channels: 4, padding: same, wStd: 1.4, bStd: 0.1}}, relu, {avgPool: {window: [3, "
                        + "2]}}, {conv: {channels: 4, padding: same, wStd: 1.4}}, relu, {sumPool: {window: [1, 3]}}, {conv: {channels: 4, "
                        + "padding: same}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(12, 8, 1), "[{conv: {channels: 4, padding: circular, strides: [2, 2]}}, relu, {avgPool: {window: [3, "
                        + "4]}}, {conv: {channels: 4, padding: circular}}, relu, flatten]"),
                new Sample(Shape.of(12, 8, 1), "[{conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, {conv: "
                        + "{channels: 4, padding: same}}, relu, {sumPool: {window: [2, 2]}}, {conv: {channels: 4, padding: same}}, relu, "
                        + "globalAvgPool]"),
                new Sample(Shape.of(8, 12, 2), "[{conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, {conv: "
                        + "{channels: 4, padding: same}}, erf, {avgPool: {window: [2, 2]}}, {dense: {units: 3}}, relu, flatten]"),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "padding: same}}, {avgPool: {window: [2, 2]}}], shortcut: [relu, {avgPool: {window: [2, 2]}}, {conv: {channels: "
                        + "4, filter: [1, 1]}}]}}, relu, {conv: {channels: 4, padding: same}}, relu, globalAvgPool]"),
                new Sample(Shape.of(2, 2, 1), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, relu, {avgPool: {window: [2, 2]}}, "
                        + "{conv: {channels: 4, padding: same}}, relu, flatten]"),
                new Sample(Shape.of(8, 9, 2), "[{conv: {channels: 4, padding: same, wStd: 1.4}}, relu, {avgPool: {window: [2, 2]}}, {conv: "
                        + "{channels: 4, padding: same, wStd: 1.4}}, relu, {avgPool: {window: [2, 2]}}, {conv: {channels: 4, padding: "
                        + "same, wStd: 1.4}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(8, 9, 2), "[{conv: {channels: 4, padding: same, wStd: 1.4}}, relu, {avgPool: {window: [3, 2], strides: "
                        + "[2, 1], padding: same}}, {conv: {channels: 4, padding: same, wStd: 1.4}}, relu, {sumPool: {window: [3, 3], "
                        + "strides: [2, 2], padding: same}}, {conv: {channels: 4, padding: same, wStd: 1.4}}, relu, flatten, {dense: "
                        + "{units: 1}}]"),
                new Sample(Shape.of(8, 7, 2), "[{conv: {channels: 4, padding: same, wStd: 1.4}}, relu, {avgPool: {window: [3, 3], strides: "
                        + "[2, 2], padding: same, normalizeEdges: true}}, {conv: {channels: 4, strides: [2, 2], padding: same, bStd: "
                        + "0.1}}, relu, globalSumPool]"),
                new Sample(Shape.of(7, 8, 1), "[{conv: {channels: 4, padding: circular}}, erf, {avgPool: {window: [2, 2], strides: [1, 2], "
                        + "padding: circular}}, {conv: {channels: 4, padding: circular}}, relu, globalAvgPool]"),
                new Sample(Shape.of(12, 3), "[{conv: {channels: 4, filter: [3], padding: same}}, relu, {avgPool: {window: [2]}}, {conv: "
                        + "{channels: 4, filter: [3], strides: [2], padding: same}}, gelu, {avgPool: {window: [2], strides: [1]}}, "
                        + "layerNorm, {dense: {units: 3}}]"),
                new Sample(Shape.of(8, 8, 1), "[{repeat: {times: 2, layers: [{conv: {channels: 4, padding: same, wStd: 1.4}}, relu, "
                        + "{serial: [{conv: {channels: 4, padding: same, wStd: 1.4}}, relu]}, {avgPool: {window: [2, 2]}}]}}, flatten, "
                        + "{dense: {units: 1}}]"),
                new Sample(Shape.of(7, 6, 2), "[{conv: {channels: 4, padding: same}}, {parallel: {branches: [[relu, {conv: {channels: 4, "
                        + "padding: same}}], [erf, {conv: {channels: 4, padding: same, bStd: 0.2}}, {serial: [relu, {conv: {channels: 4, "
                        + "padding: same}}]}], [identity]], merge: sum}}, relu, globalAvgPool]"),
                new Sample(Shape.of(9, 8, 2), "[{conv: {channels: 4, strides: [2, 2], padding: same}}, relu, {avgPool: {window: [2, 2]}}, "
                        + "{conv: {channels: 4, padding: same}}, relu, {selfAttention: {heads: 2}}, globalAvgPool]"),
                new Sample(Shape.of(9, 8, 2), "[{conv: {channels: 4, padding: same, bStd: 0.2}}, relu, {parallel: {merge: sum, branches: "
                        + "[[{conv: {channels: 4, filter: [1, 1], padding: same}}, {slice: {step: [2, 2]}}], [{conv: {channels: 4, "
                        + "padding: same}}, {slice: {step: [2, 2]}}, relu, {conv: {channels: 4, padding: same}}]]}}, relu, "
                        + "{slice: {step: [1, 2]}}, {conv: {channels: 4, filter: [3, 2]}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 8, 2), "[{slice: {step: [2, 1]}}, {conv: {channels: 4, padding: same}}, {residual: {layers: [relu, "
                        + "{conv: {channels: 4, padding: same}}]}}, {slice: {step: [2, 2]}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same, wStd: 1.4}}, silu, {conv: {channels: 4, padding: "
                        + "same}}, tanh, globalAvgPool]"),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same, wStd: 6}}, sigmoid, {conv: {channels: 4, padding: "
                        + "same, wStd: 3, bStd: 3}}, tanh, {conv: {channels: 4, padding: same, wStd: 9}}, tanh, globalAvgPool]"),
                new Sample(Shape.of(8, 6, 2), "[{conv: {channels: 4, padding: circular, bStd: 0.1}}, relu, {conv: {channels: 4, strides: "
                        + "[2, 2], padding: circular}}, erf, {conv: {channels: 4, padding: circular, bStd: 0.2}}, relu, globalAvgPool]"),
                new Sample(Shape.of(8, 9, 2), "[{conv: {channels: 4, filter: [2, 4], strides: [2, 3], padding: circular, bStd: 0.1}}, "
                        + "{residual: {layers: [relu, {conv: {channels: 4, strides: [2, 1], padding: circular}}, relu, {conv: {channels: "
                        + "4, padding: circular}}], shortcut: [{conv: {channels: 4, filter: [1, 1], strides: [2, 1]}}]}}, relu, flatten]"),
                new Sample(Shape.of(12, 3), "[{conv: {channels: 4, filter: [3], padding: circular}}, tanh, {conv: {channels: 4, filter: "
                        + "[3], strides: [2], padding: circular}}, relu, {avgPool: {window: [2]}}, layerNorm]"),
                new Sample(Shape.of(4, 3, 2), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, relu, {convTranspose: {channels: 4, "
                        + "filter: [3, 2], strides: [2, 2]}}, relu, {conv: {channels: 4, padding: same}}, erf, globalAvgPool]"),
                new Sample(Shape.of(3, 4, 2), "[{convTranspose: {channels: 4, filter: [3, 4], strides: [2, 1], padding: same, bStd: "
                        + "0.2}}, relu, {conv: {channels: 4, strides: [2, 2], padding: same}}, relu, flatten]"),
                new Sample(Shape.of(3, 4, 2), "[{conv: {channels: 4, padding: same}}, relu, {convTranspose: {channels: 4, filter: [2, 3], "
                        + "strides: [3, 2], padding: circular, bStd: 0.1}}, relu, {avgPool: {window: [2, 2]}}]"),
                new Sample(Shape.of(5, 3), "[{dense: {units: 3}}, gelu, {repeat: {times: 2, layers: [{convTranspose: {channels: 4, filter: "
                        + "[3], strides: [2], padding: same}}, relu]}}, globalAvgPool]"),
                new Sample(Shape.of(9, 1), "[{embedding: {vocabulary: 3, channels: 4, wStd: 1.2}}, {conv: {channels: 4, filter: [3], "
                        + "padding: same, bStd: 0.1}}, relu, {avgPool: {window: [2]}}, {conv: {channels: 4, filter: [2]}}, relu, flatten]"),
                new Sample(Shape.of(9, 1), "[{embedding: {vocabulary: 3, channels: 4, parameterization: standard}}, relu, {conv: "
                        + "{channels: 4, filter: [3], padding: same, bStd: 0.1}}, tanh, globalAvgPool]", true),
                new Sample(Shape.of(20, 3), "[{conv: {channels: 4, filter: [3], padding: same, bStd: 0.1}}, relu, {conv: {channels: 4, "
                        + "filter: [4], padding: same, bStd: 0.2}}, cos, {dense: {units: 4, bStd: 0.1}}, relu, globalAvgPool]", true),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, layerNorm, {residual: {layers: [relu, "
                        + "{conv: {channels: 4, padding: same, bStd: 0.3}}, silu, {conv: {channels: 4, padding: same}}]}}, relu, "
                        + "globalSumPool, {dense: {units: 1}}]", true),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "padding: same, bStd: 0.2}}], shortcut: [{conv: {channels: 4, padding: same}}]}}, relu, globalAvgPool]"),
                new Sample(Shape.of(9, 8, 2), "[{conv: {channels: 4, padding: same}}, {parallel: {merge: sum, branches: [[relu, {conv: "
                        + "{channels: 4, padding: same}}, relu, {conv: {channels: 4, strides: [2, 2], padding: same}}], [{conv: {channels: "
                        + "4, strides: [2, 2], padding: same}}], [{dense: {units: 4, bStd: 0.1}}, {slice: {step: [2, 2]}}]]}}, relu, "
                        + "{conv: {channels: 4, padding: same}}, relu, globalAvgPool]"),
                new Sample(Shape.of(7, 6, 2), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [{residual: {layers: [relu, "
                        + "{conv: {channels: 4, padding: same}}]}}, relu, {conv: {channels: 4, padding: same}}]}}, {residual: {layers: "
                        + "[{dense: {units: 4}}]}}, layerNorm, {conv: {channels: 4, padding: same}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(8, 7, 1), "[{conv: {channels: 4, padding: same}}, {parallel: {merge: sum, branches: [[{residual: "
                        + "{layers: [{conv: {channels: 4, padding: same}}]}}], [erf, {conv: {channels: 4, padding: same}}], [relu, {dense: "
                        + "{units: 4}}]]}}, relu, {conv: {channels: 4, strides: [2, 2], padding: same}}, relu, flatten]"),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same}}, relu, {parallel: {merge: concat, branches: [[{conv: "
                        + "{channels: 3, padding: same, bStd: 0.2}}, relu], [identity], [{dense: {units: 5}}, erf, {conv: {channels: 2, "
                        + "filter: [2, 3], padding: same}}]]}}, {conv: {channels: 4, padding: same}}, relu, globalAvgPool, {dense: "
                        + "{units: 1}}]"),
                new Sample(Shape.of(9, 8, 2), "[{parallel: {merge: concat, branches: [[{conv: {channels: 3, padding: same, strides: [2, "
                        + "2]}}], [{conv: {channels: 7, padding: same, strides: [2, 2], filter: [1, 1]}}, relu]]}}, {conv: {channels: 4}}, "
                        + "relu, {parallel: {merge: concat, branches: [[], [{conv: {channels: 3, padding: same}}, cos]]}}, flatten, "
                        + "{dense: {units: 1}}]"),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, relu, {parallel: {merge: concat, "
                        + "branches: [[], [{conv: {channels: 3, padding: same}}, silu]]}}, {conv: {channels: 4, padding: same}}, relu, "
                        + "globalAvgPool, {dense: {units: 1}}]", true),
                new Sample(Shape.of(8, 8, 2), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "padding: same, strides: [2, 2]}}, relu, {conv: {channels: 4, padding: same}}], shortcut: [{avgPool: {window: "
                        + "[2, 2]}}, {conv: {channels: 4, filter: [1, 1]}}]}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 7, 2), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "padding: same, bStd: 0.2}}, {avgPool: {window: [3, 2], strides: [2, 2], padding: same}}], shortcut: [{sumPool: "
                        + "{window: [2, 3], strides: [2, 2], padding: same}}]}}, relu, {conv: {channels: 4}}, relu, flatten]"),
                new Sample(Shape.of(6, 7, 2), "[{conv: {channels: 4, padding: same}}, relu, {repeat: {times: 2, layers: [{parallel: "
                        + "{merge: concat, branches: [[{conv: {channels: 3, filter: [1, 1]}}, relu], [{dense: {units: 2}}, relu, {conv: "
                        + "{channels: 5, padding: same, bStd: 0.1}}, relu], [{avgPool: {window: [3, 3], strides: [1, 1], padding: same, "
                        + "normalizeEdges: true}}, {dense: {units: 2}}, relu]]}}]}}, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(7, 8, 1), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, {residual: {layers: [{residual: {layers: "
                        + "[relu, {avgPool: {window: [2, 2], strides: [1, 1], padding: same}}, {conv: {channels: 4, padding: same}}]}}, "
                        + "relu, {conv: {channels: 4, padding: same}}]}}, relu, {avgPool: {window: [2, 2]}}, {conv: {channels: 4}}, "
                        + "relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(8, 6, 2), "[{conv: {channels: 4, padding: circular}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "padding: circular, strides: [2, 2]}}], shortcut: [{avgPool: {window: [3, 2], strides: [2, 2], padding: "
                        + "circular}}]}}, erf, {conv: {channels: 4, padding: circular}}, relu, globalAvgPool]"),
                new Sample(Shape.of(6, 5, 2), "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, "
                        + "strides: [2, 1], padding: same}}, relu, {convTranspose: {channels: 4, strides: [2, 1], padding: same, bStd: "
                        + "0.1}}]}}, relu, {conv: {channels: 4, padding: same}}, tanh, globalAvgPool]"),
                new Sample(Shape.of(12, 3), "[{conv: {channels: 4, filter: [3], padding: same}}, {residual: {layers: [relu, {conv: "
                        + "{channels: 4, filter: [3], strides: [2], padding: same}}, gelu, {dense: {units: 4}}], shortcut: [{avgPool: "
                        + "{window: [2]}}]}}, relu, {parallel: {merge: concat, branches: [[{avgPool: {window: [2]}}], [{conv: {channels: "
                        + "3, filter: [3], strides: [2], padding: same}}, relu]]}}, {dense: {units: 3, bStd: 0.1}}, relu, globalAvgPool]"),
                new Sample(Shape.of(8, 9, 2), "[{conv: {channels: 4, padding: same}}, relu, {parallel: {merge: concat, branches: [["
                        + "{avgPool: {window: [2, 3]}}], [{conv: {channels: 4, strides: [2, 3], padding: same}}, relu]]}}, {conv: "
                        + "{channels: 4, padding: same}}, {residual: {layers: [relu, {dense: {units: 4}}], shortcut: [{avgPool: "
                        + "{window: [2, 2], strides: [1, 1], padding: same}}]}}, {selfAttention: {heads: 2}}, globalAvgPool]"),
                new Sample(Shape.of(8, 6, 2), "[{conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, {parallel: "
                        + "{merge: concat, branches: [[{conv: {channels: 4, padding: same}}, relu], []]}}, globalAvgPool, layerNorm]"),
                new Sample(Shape.of(5, 6, 3), "[{parallel: {merge: sum, branches: [[{conv: {channels: 4, padding: same}}], [{sumPool: "
                        + "{window: [2, 2], strides: [1, 1], padding: same}}, {dense: {units: 4, bStd: 0.2}}], [{avgPool: {window: [3, 3], "
                        + "strides: [1, 1], padding: same}}, {conv: {channels: 4, padding: same}}, relu, {conv: {channels: 4, filter: "
                        + "[3, 5], padding: same}}]]}}, relu, {conv: {channels: 4, filter: [3, 5], padding: same}}, gelu, flatten]"),
                new Sample(Shape.of(6, 5, 2), "[{conv: {channels: 4, padding: same, bStd: 0.1}}, {parallel: {merge: product, branches: "
                        + "[[relu], [{conv: {channels: 4, padding: same, bStd: 0.5}}], [{dense: {units: 4}}, erf]]}}, {conv: {channels: 4, "
                        + "padding: same}}, relu, globalAvgPool]"),
                new Sample(Shape.of(6, 5, 2), "[{conv: {channels: 4}}, relu, {parallel: {merge: product, branches: [[{conv: {channels: 4, "
                        + "padding: same, strides: [2, 1]}}], [{conv: {channels: 4, padding: same, strides: [2, 1]}}]]}}, {dense: {units: "
                        + "4, bStd: 0.1}}, {residual: {layers: [{parallel: {merge: product, branches: [[], [{dense: {units: 4}}, relu]]}}, "
                        + "{conv: {channels: 4, padding: same}}]}}, tanh, flatten]"),
                new Sample(Shape.of(9, 3), "[{conv: {channels: 4, filter: [3], padding: same}}, {parallel: {merge: product, branches: "
                        + "[[{conv: {channels: 4, filter: [3], padding: same, bStd: 1}}, {sigmoidLike: {}}], []]}}, {conv: {channels: 4, "
                        + "filter: [2], padding: same}}, relu, globalAvgPool]", true),
                new Sample(Shape.of(8, 6, 2), "[{conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, {parallel: "
                        + "{merge: product, branches: [[{conv: {channels: 4, padding: same}}], [{conv: {channels: 4, padding: same}}, "
                        + "erf]]}}, {conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, flatten, {dense: "
                        + "{units: 1}}]"),
                new Sample(Shape.of(6, 5, 2), "[{conv: {channels: 4, padding: circular, bStd: 0.1}}, relu, {conv: {channels: 4, padding: "
                        + "same, bStd: 0.2}}, gelu, {conv: {channels: 4, filter: [2, 4], padding: circular}}, relu, globalAvgPool]"),
                new Sample(Shape.of(4, 3, 2), "[{conv: {channels: 4, filter: [5, 5], padding: same}}, relu, {conv: {channels: 4, filter: "
                        + "[4, 5], padding: circular}}, relu, {conv: {channels: 4, filter: [2, 7], padding: same}}, tanh, flatten]"),
                new Sample(Shape.of(8, 6, 2), "[{conv: {channels: 4, padding: same, strides: [2, 1], bStd: 0.1}}, relu, {conv: {channels: "
                        + "4, strides: [2, 3], padding: circular}}, erf, {conv: {channels: 4, padding: same, bStd: 0.2}}, relu, {conv: "
                        + "{channels: 4, padding: circular}}, relu, globalAvgPool]"),
                new Sample(Shape.of(6, 8, 2), "[{conv: {channels: 4, padding: circular}}, relu, {conv: {channels: 4, filter: [1, 5], "
                        + "strides: [3, 2], padding: same, bStd: 0.1}}, relu, {conv: {channels: 4, filter: [2, 3]}}, relu, {conv: "
                        + "{channels: 4, padding: same}}, relu, globalAvgPool]"),
                new Sample(Shape.of(8, 8, 1), "[{conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, {parallel: "
                        + "{merge: sum, branches: [[{conv: {channels: 4, padding: circular}}, relu, {avgPool: {window: [3, 3], strides: "
                        + "[1, 1], padding: same}}, {conv: {channels: 4, padding: same, bStd: 0.1}}], [{conv: {channels: 4, padding: "
                        + "same}}, relu, {conv: {channels: 4, filter: [5, 5], padding: same}}]]}}, relu, {conv: {channels: 4, padding: "
                        + "same}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(12, 3), "[{conv: {channels: 4, filter: [3], padding: circular}}, {residual: {layers: [relu, {conv: "
                        + "{channels: 4, filter: [5], padding: same, bStd: 0.1}}, relu, {avgPool: {window: [3], strides: [1], padding: "
                        + "circular}}, {conv: {channels: 4, filter: [2], padding: same}}]}}, {parallel: {merge: product, branches: "
                        + "[[relu, {conv: {channels: 4, filter: [3], padding: same}}], [{conv: {channels: 4, filter: [3], padding: "
                        + "circular}}]]}}, {dense: {units: 4}}, relu, globalAvgPool]"),
                new Sample(Shape.of(1, 1, 2), "[{conv: {channels: 4, padding: same}}, relu, globalAvgPool, {dense: {units: 1}}]"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void should_give_what_all_pairs_of_positions_give(Sample sample) {
        check(sample, Precision.FLOAT64, sample.tolerance());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void should_keep_six_digits_in_float32(Sample sample) {
        check(sample, Precision.FLOAT32, 3e-6);
    }

    static void check(Sample sample, Precision arithmetic, double tolerance) {
        Serial network = sample.network();
        PlaneStages planes = sample.planes();
        try (InputGram gram = InputGram.of(network, sample.inputs())) {
            assertThat(planes.holding(arithmetic, gram, gram).map(PlaneTiles::precision)).contains(arithmetic);
            Covariance whole = network.kernel(InputGram.covariance(gram, 0, COUNT, gram, 0, COUNT), Span.EQUAL).flattened();
            Covariance tile = network.kernel(InputGram.covariance(gram, 0, 2, gram, 1, COUNT), Span.EQUAL).flattened();
            OwnValues own = new OwnValues(COUNT, planes.ownValues());
            PlaneTile<?> engine = PlaneTiles.of(planes, arithmetic, gram, gram).tile(true);
            Covariance byPlanes = network.flat().kernel(engine.covariance(gram, own, 0, COUNT, gram, own, 0, COUNT),
                    Span.EQUAL, planes.layers()).flattened();
            Covariance tileByPlanes = network.flat().kernel(engine.covariance(gram, own, 0, 2, gram, own, 1, COUNT),
                    Span.EQUAL, planes.layers()).flattened();
            double scale = whole.at(0, 0, true)[1];
            for (int i = 0; i < COUNT; i++) {
                for (int j = 0; j < COUNT; j++) {
                    assertThat(byPlanes.at(i, j, i == j)).containsExactly(whole.at(i, j, i == j), within(tolerance * scale));
                }
            }
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < COUNT - 1; j++) {
                    assertThat(tileByPlanes.at(i, j, false)).containsExactly(tile.at(i, j, false), within(tolerance * scale));
                    double[] inWhole = byPlanes.at(i, j + 1, i == j + 1);
                    assertThat(tileByPlanes.at(i, j, false)).as("of a smaller tile").containsExactly(inWhole);
                }
            }
            assertThat(byPlanes.at(0, COUNT - 1, false)).as("the same image twice").containsExactly(byPlanes.at(0, 0, true));
        }
    }

    /** Vector instructions, plain Java on other numbers of lanes: the same bytes. */
    @ParameterizedTest
    @MethodSource("samples")
    void should_not_depend_on_what_computes_the_rows(Sample sample) {
        PlaneStages planes = sample.planes();
        try (InputGram gram = InputGram.of(sample.network(), sample.inputs())) {
            Block expected = tile(planes, Rows.float64(), gram);
            Block expected32 = tile(planes, Rows.float32(), gram);
            for (int lanes : new int[] {1, 3, 8}) {
                Block plain = tile(planes, new PlainRows64(lanes), gram);
                assertThat(plain.k()).isEqualTo(expected.k());
                assertThat(plain.t()).isEqualTo(expected.t());
                Block plain32 = tile(planes, new PlainRows32(lanes), gram);
                assertThat(plain32.k()).isEqualTo(expected32.k());
                assertThat(plain32.t()).isEqualTo(expected32.t());
            }
        }
    }

    private static <A> Block tile(PlaneStages planes, Rows<A> rows, InputGram gram) {
        return tile(planes, rows, gram, true);
    }

    static <A> Block tile(PlaneStages planes, Rows<A> rows, InputGram gram, boolean tangents) {
        OwnValues own = new OwnValues(COUNT, planes.ownValues());
        return new PlaneTiles<>(planes, rows, gram, gram, 1e-15, 1e15).tile(tangents)
                .covariance(gram, own, 0, COUNT, gram, own, 0, COUNT).arrays().part(0);
    }

    /** K alone has the bytes that it has beside Θ, and of Θ there is nothing. */
    @ParameterizedTest
    @MethodSource("samples")
    void should_compute_k_alone(Sample sample) {
        PlaneStages planes = sample.planes();
        try (InputGram gram = InputGram.of(sample.network(), sample.inputs())) {
            alone(tile(planes, Rows.float64(), gram, false), tile(planes, Rows.float64(), gram));
            alone(tile(planes, Rows.float32(), gram, false), tile(planes, Rows.float32(), gram));
            alone(tile(planes, new PlainRows64(3), gram, false), tile(planes, Rows.float64(), gram));
        }
    }

    static void alone(Block covariances, Block both) {
        assertThat(covariances.k()).isEqualTo(both.k());
        assertThat(covariances.t()).containsOnly(0);
        assertThat(both.t()).isNotEqualTo(covariances.t());
    }

    /** Columns from an image to the next one beside it at the inputs. */
    private static int period(String definition, int side) {
        Shape image = Shape.of(side, side, 2);
        return PlaneStages.of(Network.parse(definition).layers(image), image).orElseThrow().stages().get(0).path().period();
    }

    @Test
    void should_leave_no_gap_between_images_where_a_mask_is_enough() {
        assertThat(period("[{conv: {channels: 2, padding: same}}, relu, globalAvgPool]", 8)).isEqualTo(8);
        assertThat(period("[{conv: {channels: 2, padding: same}}, relu, {avgPool: {window: [2, 2]}}, globalAvgPool]", 16)).isEqualTo(16);
        assertThat(period("[{conv: {channels: 2, padding: same}}, relu, globalAvgPool]", 6)).as("it would spare no lane").isEqualTo(7);
        assertThat(period("[{conv: {channels: 2, filter: [5, 5], padding: same}}, relu, globalAvgPool]", 8)).isEqualTo(10);
        assertThat(period("[{conv: {channels: 2, padding: same}}, relu, {conv: {channels: 2, padding: same, strides: [2, 2]}}, relu, "
                + "globalAvgPool]", 8)).isGreaterThan(8);
    }

    @Test
    void should_take_no_more_images_side_by_side_than_fill_lanes() {
        String network = "[{conv: {channels: 2, padding: same}}, relu, {avgPool: {window: [2, 2]}}, globalAvgPool]";
        assertThat(beside(network, 32)).isEqualTo(1);
        assertThat(beside(network, 24)).isEqualTo(2);
        assertThat(beside(network, 28)).isEqualTo(1);
        assertThat(beside(network, 8)).isEqualTo(2);
    }

    private static int beside(String definition, int side) {
        Shape image = Shape.of(side, side, 2);
        return PlaneStages.of(Network.parse(definition).layers(image), image).orElseThrow().beside();
    }

    @Test
    void should_leave_other_networks_alone() {
        Shape image = Shape.of(6, 6, 2);
        for (String definition : new String[] {"[relu, globalAvgPool]",
                "[{conv: {channels: 2, strides: [4, 4], padding: circular}}, relu, globalAvgPool]",
                "[{conv: {channels: 2}}, {slice: {from: [1, 0]}}, relu, flatten]",
                "[{conv: {channels: 2}}, {slice: {to: [2, 2]}}, relu, flatten]",
                "[globalAvgPool, {dense: {units: 1}}]",
            "[{conv: {channels: 2}}, {conv: {channels: 2, padding: circular}}, relu, globalAvgPool]",
                    "[{conv: {channels: 2}}, relu, relu, globalAvgPool]",
            "[{conv: {channels: 2}}, relu, layerNorm, globalAvgPool]",
                    "[{conv: {channels: 2}}, relu, {slice: {step: [2, 2]}}, globalAvgPool, layerNorm]",
                    "[{conv: {channels: 2}}, {parallel: {merge: concat, branches: [[relu], []]}}, globalAvgPool, layerNorm]",
                    "[{conv: {channels: 2}}, {parallel: {merge: product, branches: [[relu], [erf]]}}, globalAvgPool]",
                    "[{residual: {layers: [{conv: {channels: 2, padding: same}}]}}, relu, globalAvgPool]"}) {
            assertThat(PlaneStages.of(Network.parse(definition).layers(image), image)).as(definition).isEmpty();
        }
    }

    @Test
    void should_take_float64_where_float32_does_not_hold_the_variances() {
        Sample sample = samples().get(0);
        Inputs tiny = Inputs.of(Arrays.stream(sample.inputs().values()).map(v -> 1e-12 * v).toArray(), COUNT, sample.shape);
        Inputs tiniest = Inputs.of(Arrays.stream(sample.inputs().values()).map(v -> 1e-100 * v).toArray(), COUNT, sample.shape);
        Serial network = Network.parse("[{conv: {channels: 4, padding: same}}, relu, globalAvgPool]").layers(sample.shape);
        PlaneStages planes = PlaneStages.of(network, sample.shape).orElseThrow();
        try (InputGram one = InputGram.of(network, tiny); InputGram other = InputGram.of(network, tiniest)) {
            assertThat(planes.holding(Precision.FLOAT32, one, one).map(PlaneTiles::precision)).contains(Precision.FLOAT64);
            assertThat(planes.holding(Precision.FLOAT32, one, other)).isEmpty();
        }
    }
}
