package org.ntk4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Float32 does what float64 does: its source is derived. */
class SinglePrecisionTest {

    @Test
    void should_derive_float32_from_float64() throws IOException {
        for (String name : SinglePrecision.SOURCES) {
            assertThat(Files.readString(SinglePrecision.file(SinglePrecision.twin(name))))
                    .as(SinglePrecision.twin(name) + ", after a change of " + name + " run scripts/float32")
                    .isEqualTo(SinglePrecision.derived(name));
        }
    }
}
