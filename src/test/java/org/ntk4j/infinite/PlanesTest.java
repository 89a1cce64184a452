package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Network;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;

class PlanesTest {

    private static Inputs random(int count, Shape shape, int seed) {
        Random random = new Random(seed);
        double[] values = random.doubles((long) count * shape.size(), -1, 1).toArray();
        System.arraycopy(values, 0, values, (count - 1) * shape.size(), shape.size());
        return Inputs.of(values, count, shape);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "6,5,2 | [{conv: {channels: 4, padding: same, wStd: 1.4, bStd: 0.1}}, relu, globalAvgPool, {dense: {units: 1}}]",
        "6,5,2 | [{conv: {channels: 4, filter: [2, 4], padding: same}}, erf, {conv: {channels: 3, filter: [3, 2]}}, relu, globalSumPool, {dense: {units: 1}}]",
        "7,6,1 | [{conv: {channels: 4, padding: same, parameterization: standard}}, relu, {avgPool: {window: [2, 2]}}, {conv: {channels: 4, padding: same}}, relu, globalAvgPool, {dense: {units: 2}}]",
        "7,6,1 | [identity, {dense: {units: 5, bStd: 0.3}}, relu, {conv: {channels: 4}}, {sumPool: {window: [2, 3]}}, relu, flatten, {dense: {units: 2}}]",
        "9,3 | [{conv: {channels: 4, filter: [4], padding: same}}, relu, {conv: {channels: 4, filter: [3]}}, {leakyRelu: {alpha: 0.2}}, {avgPool: {window: [2]}}, layerNorm, {dense: {units: 3}}]",
        "2,9,2 | [{conv: {channels: 4, filter: [5, 5], padding: same}}, relu, {conv: {channels: 4, filter: [1, 3]}}, relu, globalAvgPool, {dense: {units: 1, bStd: 1}}]"
    })
    void should_give_what_all_pairs_of_positions_give(String sizes, String definition) {
        Shape shape = Shape.of(java.util.Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray());
        Inputs x = random(5, shape, 1);
        Serial network = Network.parse(definition).layers(shape);
        Planes planes = Planes.of(network, shape).orElseThrow();
        try (InputGram gram = InputGram.of(network, x)) {
            Covariance whole = network.kernel(InputGram.covariance(gram, 0, 5, gram, 0, 5), Span.EQUAL).flattened();
            Covariance tile = network.kernel(InputGram.covariance(gram, 0, 2, gram, 1, 5), Span.EQUAL).flattened();
            Covariance byPlanes = network.kernel(planes.covariance(gram, 0, 5, gram, 0, 5).orElseThrow(), Span.EQUAL, planes.layers()).flattened();
            Covariance tileByPlanes = network.kernel(planes.covariance(gram, 0, 2, gram, 1, 5).orElseThrow(), Span.EQUAL, planes.layers()).flattened();
            double scale = whole.at(0, 0, true)[1];
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < 5; j++) {
                    assertThat(byPlanes.at(i, j, i == j)).containsExactly(whole.at(i, j, i == j), within(1e-13 * scale));
                }
            }
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 4; j++) {
                    assertThat(tileByPlanes.at(i, j, false)).containsExactly(tile.at(i, j, false), within(1e-13 * scale));
                }
            }
        }
    }

    @Test
    void should_leave_other_networks_alone() {
        Shape image = Shape.of(6, 6, 2);
        for (String definition : new String[] {"{cnn: {readout: flatten}}", "{cnn: {padding: circular, readout: gap}}", "[relu, globalAvgPool]",
            "[{conv: {channels: 2, strides: [2, 2]}}, relu, globalAvgPool]", "[globalAvgPool, {dense: {units: 1}}]"}) {
            assertThat(Planes.of(Network.parse(definition).layers(image), image)).as(definition).isEmpty();
        }
    }
}
