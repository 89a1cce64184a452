package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ntk4j.Cases;

/** What plans say of studies that are too large to be run here. */
class PlanTest {

    private static final long GIB = 1L << 30;

    private static String plan(String text, long memory) {
        return Plan.of(DefinitionReader.parse(text), Cases.settings().withMemory(memory)).toString();
    }

    private static double seconds(String plan, String before) {
        Matcher found = Pattern.compile(Pattern.quote(before) + " about ([0-9.]+) (ms|s|min|h)").matcher(plan);
        assertThat(found.find()).as(plan).isTrue();
        double factor = switch (found.group(2)) {
            case "ms" -> 1e-3;
            case "s" -> 1;
            case "min" -> 60;
            default -> 3600;
        };
        return Double.parseDouble(found.group(1)) * factor;
    }

    /** A kernel that takes more than an hour, and whose factorisation takes minutes. */
    @Test
    void the_time_of_a_solver_should_be_that_of_the_solver_alone() {
        String plan = plan("""
                name: convnet
                data: {name: stripes, size: 28, channels: 1, train: 50000, test: 10000}
                network:
                  - repeat: {times: 7, layers: [{conv: {channels: 16, filter: [7, 7], padding: same}}, relu]}
                  - flatten
                  - dense: {units: 2}
                kernels: [nngp.infinite]
                regression: {ridge: 1e-6}
                spectrum: none
                precision: float32
                """, 11 * GIB);
        assertThat(plan).contains("Cholesky in float32").contains("held in files");
        double solver = seconds(plan, "residuals in float64,");
        double kernels = seconds(plan, "kernels");
        double regressions = seconds(plan, "regressions");
        assertThat(kernels).isGreaterThan(3600);
        assertThat(solver).isLessThan(kernels / 3);
        assertThat(regressions).isEqualTo(solver);
        // Each rounded to a digit or two.
        assertThat(seconds(plan, "in all")).isBetween(0.9 * (kernels + regressions), 1.1 * (kernels + regressions) + 60);
    }

    /** 800 MB of values, a factor as large, and 80 MB of values at the test inputs. */
    @Test
    void a_factor_in_float64_should_take_the_kernel_once_more() {
        String study = "name: dense\ndata: {name: stripes, channels: 1, train: 10000, test: 1000}\nnetwork: {mlp: {depth: 2}}\n"
                + "kernels: [ntk.infinite]\nregression: {ridge: 1e-3, times: [infinity]}\nspectrum: none\n";
        assertThat(plan(study, 2100L << 20)).contains("Cholesky in float64");
        assertThat(plan(study, 1700L << 20)).contains("Cholesky in float32");
    }
}
