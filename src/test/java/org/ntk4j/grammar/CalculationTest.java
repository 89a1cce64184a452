package org.ntk4j.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in YAML: calculated as in Java, to the last bit. */
class CalculationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sqrt(2)            | 1.4142135623730951
            1.4142135623730951 | 1.4142135623730951
            Math.sqrt(2)       | 1.4142135623730951
            -2                 | -2
            +.5e-3             | 5e-4
            3.                 | 3
            1/3                | 0.3333333333333333
            2 + 3 * 4 - 1      | 13
            (2 + 3) * -4       | -20
            10 / 4 / 5         | 0.5
            1 - 2 - 3          | -4
            2*PI               | 6.283185307179586
            E                  | 2.718281828459045
            1/sqrt(2*PI)       | 0.3989422804014327
            pow(2, 0.5)        | 1.4142135623730951
            exp(log(2))        | 2
            1e-3*2E2           | 0.2
            cbrt(27) + abs(-1) | 4
            log10( 1000 )      | 3
            """)
    void should_calculate_as_java_does(String text, double value) {
        assertThat(Calculation.value(text)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "sqrt", "sqrt()", "sqrt(2", "sqrt 2", "sqrrt(2)", "2^3", "2**3", "1,5", "1 2", "0x10", "1f", "1d",
            "NaN", "Infinity", ".inf", "1e", "1.2.3", "()", "--", "1_000", "pow(2)",
        "2026-11-26T", "PI()"})
    void should_know_what_is_no_number(String text) {
        assertThat(Calculation.value(text)).isEmpty();
    }

    @Test
    void should_not_break_on_what_is_nested_too_deep() {
        assertThat(Calculation.value("(".repeat(100_000) + "1" + ")".repeat(100_000))).isEmpty();
        assertThat(Calculation.value("-".repeat(199) + "1")).hasValue(-1);
    }
}
