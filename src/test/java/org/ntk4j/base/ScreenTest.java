package org.ntk4j.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScreenTest {

    @Test
    void should_go_on_below_and_cut_no_word() {
        String text = "ntk: 300 × 300, range -0.0464207 to 0.720892, trace 149.032, condition number 3.10e+03";
        assertThat(Screen.wrapped(text, 80).lines()).containsExactly(
                "ntk: 300 × 300, range -0.0464207 to 0.720892, trace 149.032, condition number", "  3.10e+03");
        assertThat(Screen.wrapped(text, 86)).isEqualTo(text);
        assertThat(Screen.wrapped(text, 0)).isEqualTo(text);
        assertThat(Screen.wrapped(text, 30).lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(30));
        assertThat(Screen.wrapped(text, 30).replaceAll("\\s+", " ")).isEqualTo(text);
    }

    @Test
    void should_leave_alone_what_fits_and_words_that_are_longer() {
        String path = "kept in " + "x".repeat(60) + " for you";
        assertThat(Screen.wrapped(path, 40).lines()).containsExactly("kept in", "  " + "x".repeat(60), "  for you");
        assertThat(Screen.wrapped("  a table\n  of two lines\n", 40)).isEqualTo("  a table\n  of two lines\n");
        assertThat(Screen.wrapped("    indented " + "word ".repeat(10), 40).lines())
                .allSatisfy(line -> assertThat(line).startsWith("    "));
    }
}
