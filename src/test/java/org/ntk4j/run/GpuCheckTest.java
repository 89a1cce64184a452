package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Cases;
import org.ntk4j.bench.Measurement;
import org.ntk4j.tensorflow.Devices;

/** What {@code scripts/gpu-check} does, tried on the CPU. */
class GpuCheckTest {

    @TempDir
    Path folder;

    @Test
    void should_find_golden_values_by_the_graph() {
        Program.Result result = Program.ntk("gpu-check", "--part", "golden kernels", "--device", "cpu");
        List<Measurement> figures = result.out().lines().map(Measurement::read).flatMap(Optional::stream).toList();
        assertThat(result.status()).isZero();
        assertThat(figures).hasSize(28).allMatch(Measurement::holds);
    }

    @Test
    void should_pass_up_to_the_device_where_there_is_none() throws IOException {
        Assumptions.assumeTrue(Devices.list(Cases.settings().withDevice("gpu")).size() == 1, "there is a GPU");
        Program.Result result = Program.ntk("gpu-check", "--out", folder.toString());
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("TensorFlow", "device gpu is not there", "results: ");
        assertThat(Files.readString(folder.resolve("gpu-check.json"))).contains("\"failed\": false");
    }

    @Test
    void should_keep_what_a_part_measured_before_its_end() {
        CheckedPart outcome = CheckedPart.of("training", "gpu", List.of("a line", Measurement.error("f_T", "gpu", Double.NaN, 1e-4).line()),
                List.of("ntk: no memory"), 3, 1, 0);
        assertThat(outcome.figures()).singleElement().matches(f -> !f.holds());
        assertThat(outcome.ended()).isEqualTo("status 1: no memory");
        assertThat(outcome.failed()).isTrue();
        assertThat(CheckedPart.of("training", "gpu", List.of(), List.of(), 30, -1, 0).ended()).contains("time");
    }
}
