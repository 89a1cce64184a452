package org.ntk4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.ntk4j.shape.Shape;

/** The table of layers at a terminal of 80 columns. */
@Isolated("sets the width of the terminal")
class DescribeWidthTest {

    @Test
    void should_fit_the_terminal_and_cut_no_word() {
        String wide = Network.mlp().wStd(Math.sqrt(2)).bStd(0.1).describe(Shape.of(28, 28, 1), 10);
        System.setProperty("ntk.width", "80");
        try {
            String narrow = Network.mlp().wStd(Math.sqrt(2)).bStd(0.1).describe(Shape.of(28, 28, 1), 10);
            assertThat(narrow.lines()).allMatch(line -> line.length() <= 68).hasSizeGreaterThan((int) wide.lines().count());
            assertThat(narrow.replaceAll("\\s+", " ")).contains("0 flatten 784 ", "parameterization ntk} 512 401,920")
                    .isEqualTo(wide.replaceAll("\\s+", " "));
        } finally {
            System.clearProperty("ntk.width");
        }
    }
}
