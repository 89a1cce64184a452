package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Network;

class ChecklistTest {

    @ParameterizedTest
    @ValueSource(strings = {"[{dropout: {keep: 0.5}}, {dense: {units: 1}}]",
        "[{residual: {layers: [{dense: {units: 3}}, {dropout: {keep: 0.5}}]}}, {dense: {units: 1}}]",
        "[{repeat: {times: 2, layers: [{dense: {units: 3}}, {dropout: {keep: 0.5}}]}}, {dense: {units: 1}}]"})
    void should_tell_of_noise_wherever_a_layer_makes_it(String network) {
        Inputs x = Inputs.of(new double[][] {{1, 0, 2}});
        assertThat(Checklist.network(Network.parse(network).layers(x.shape(), 1), x)).anyMatch(note -> note.startsWith("dropout"));
        String quiet = network.replace("keep: 0.5", "keep: 0.5, mode: test");
        assertThat(Checklist.network(Network.parse(quiet).layers(x.shape(), 1), x)).noneMatch(note -> note.startsWith("dropout"));
    }
}
