package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Ntk;

class DisplayTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("text", "text"),
                Arguments.of(null, "null"),
                Arguments.of(3, "3"),
                Arguments.of(List.of(1, 2), "[1, 2]"),
                Arguments.of(new double[] {1, -2.5, Math.PI}, "double[3] -2.5 … 3.14159: [1.0, -2.5, 3.14159]"),
                Arguments.of(new double[] {1e-9, 2}, "double[2] 1.0E-9 … 2.0: [1.0E-9, 2.0]"),
                Arguments.of(new int[][] {{1, 2}, {3, 4}, {5, 6}}, "int[3 × 2] 1 … 6, first row [1, 2]"),
                Arguments.of(new long[] {Long.MAX_VALUE}, "long[1] 9223372036854775807 … 9223372036854775807: [9223372036854775807]"),
                Arguments.of(new double[][] {{1}, {2, 3}}, "double[2 × 1–2] 1.0 … 3.0, first row [1.0]"),
                Arguments.of(new double[2][3][4], "double[2 × 3 × 4] 0.0 … 0.0, first row [0.0, 0.0, 0.0, 0.0]"),
                Arguments.of(new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY},
                        "double[3] 1.0 … Infinity (1 NaN): [NaN, 1.0, Infinity]"),
                Arguments.of(new double[0], "double[0]"),
                Arguments.of(new double[2][0], "double[2 × 0]"),
                Arguments.of(new double[][] {null, {1}}, "double[2 × 1] 1.0 … 1.0: [1.0]"),
                Arguments.of(new double[][] {null}, "double[1]"),
                Arguments.of(new String[] {"a", null}, "String[2] [a, null]"),
                Arguments.of(new boolean[] {true}, "boolean[1] [true]"),
                Arguments.of(IntStream.range(0, 10).toArray(), "int[10] 0 … 9: [0, 1, 2, 3, 4, 5, …]"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void should_show_values_on_one_line(Object value, String shown) {
        assertThat(Display.of(value)).isEqualTo(shown);
    }

    @Test
    void should_show_layers_as_the_grammar_writes_them() {
        assertThat(Display.of(Ntk.relu())).isEqualTo("relu");
        assertThat(Display.of(Ntk.aggregate().selfLoops(true))).isEqualTo("aggregate {normalize none, selfLoops true}");
        assertThat(Display.of(Ntk.repeat(3, Ntk.dense(4)).shared(true))).isEqualTo("repeat {times 3, shared true}");
    }

    @Test
    void should_never_print_a_matrix() {
        double[][] matrix = new double[1000][1000];
        Arrays.stream(matrix).forEach(row -> Arrays.fill(row, 1.0 / 3));
        assertThat(Display.of(matrix)).hasSizeLessThan(120).startsWith("double[1000 × 1000]");
    }

    @Test
    void should_write_a_decimal_point_in_any_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Display.of(new double[] {1.0 / 3})).isEqualTo("double[1] 0.333333 … 0.333333: [0.333333]");
        } finally {
            Locale.setDefault(before);
        }
    }
}
