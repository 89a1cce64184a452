package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that mean a function of Math or an activation, by their arguments. */
class ActivationWordsTest {

    private static Session session;

    @BeforeAll
    static void open() {
        session = new Session(Prelude.ntk4j(), Interrupt.none());
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "abs(-3.0) | 3.0", "abs() | abs", "exp(0.0) | 1.0", "exp() | exp {a 1.0, b 1.0}", "sin(0.0) | 0.0",
                "sin(1, 2, 0) | sin {a 1.0, b 2.0, c 0.0}",
        "cos() | cos {a 1.0, b 1.0, c 0.0}", "tanh(0.0) | 0.0", "tanh() | tanh",
                "polynomial(1, 0, 2) | polynomial {coefficients [1.0, 0.0, 2.0]}",
        "gabor() | gabor", "expNormalized(2, 0) | expNormalized {gamma 2.0, shift 0.0}", "function(Math::tanh) | function",
                "'function(Math::tanh, (tf, x) -> tf.math.tanh(x))' | function",
        "function(x -> max(x, 0.2 * x)) | function"})
    void should_resolve_by_arguments(String text, String shown) {
        Piece piece = new StatementReader(Lines.of(text), "", session::analysis).next().orElseThrow();
        assertThat(session.run((Statement) piece, later -> true).shown().orElse("")).isEqualTo(shown);
    }
}
