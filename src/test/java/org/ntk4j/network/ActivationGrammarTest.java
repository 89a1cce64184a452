package org.ntk4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Ntk;
import org.ntk4j.activation.Activation;
import org.ntk4j.base.Failure;
import org.ntk4j.shape.Shape;

class ActivationGrammarTest {

    @ParameterizedTest
    @ValueSource(strings = {"abs", "sigmoidLike", "gelu", "sin", "{sin: {a: 2, b: 0.5, c: 1}}", "cos", "rbf", "{rbf: {gamma: 0.3}}", "exp",
            "gaussian",
        "sign", "{monomial: {degree: 3}}", "{rectifiedMonomial: {degree: 0}}", "{polynomial: {coefficients: [1, 2, 3]}}",
                "{hermite: {degree: 4}}",
        "gabor", "expNormalized", "{expNormalized: {gamma: 0.5, shift: -0.2}}", "tanh", "sigmoid", "softplus", "silu", "elu", "selu",
                "mish"})
    void should_read_what_it_writes(String text) {
        Network network = Network.parse("{mlp: {activation: " + text + "}}");
        assertThat(network.width(3).toYaml()).isEqualTo(network.width(3).depth(2).depth(1).toYaml());
        assertThat(Network.parse("[{dense: {units: 1}}, " + text + "]").toYaml()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{sin: {d: 1}} | there is no option 'd'",
        "{monomial: {}} | 'degree' is missing",
        "{hermite: {degree: -1}} | from 0 to 100",
        "{polynomial: {}} | 'coefficients' is missing",
        "{polynomial: {coefficients: 3}} | a list",
        "{rbf: {gamma: 0}} | above 0",
        "{gabor: {a: 1}} | it has no options",
        "{expNormalized: {gamma: 0}} | above 0",
        "{expNormalized: {shfit: 0}} | did you mean 'shift'?",
        "expNormalised | did you mean 'expNormalized'?",
        "{tanh: {a: 1}} | it has no options",
        "tan | did you mean 'tanh'"})
    void should_name_mistakes(String text, String told) {
        assertThatThrownBy(() -> Network.parse("[{dense: {units: 1}}, " + text + "]")).isInstanceOf(Failure.class)
                .hasMessageContaining(told);
    }

    @Test
    void should_keep_a_function_through_withers_and_tell_two_apart() {
        Activation tanh = Ntk.function(Math::tanh);
        Network network = Ntk.mlp().activation(tanh).width(7).depth(2);
        assertThat(network.layers(Shape.of(3)).layers().get(1)).isSameAs(tanh);
        assertThat(tanh.infiniteKey()).isNotEqualTo(Ntk.function(Math::atan).infiniteKey());
    }

    @Test
    void should_know_which_are_linear() {
        assertThat(Ntk.monomial(1).isLinear()).isTrue();
        assertThat(Ntk.hermite(1).isLinear()).isTrue();
        assertThat(Ntk.polynomial(0, 2, 0).isLinear()).isTrue();
        assertThat(Ntk.polynomial(1, 2).isLinear()).isFalse();
        assertThat(Ntk.monomial(2).isLinear()).isFalse();
    }
}
