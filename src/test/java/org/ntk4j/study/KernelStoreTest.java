package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths within the folder of a run. */
class KernelStoreTest {

    @TempDir
    private Path folder;

    /** JDK 17 gives back an absolute path for a relative one whose parents it had to make. */
    @Test
    void should_be_told_within_a_folder_that_is_relative() {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath()).resolve("run");
        assertThat(relative.isAbsolute()).isFalse();
        assertThat(new KernelStore(relative).thinned("seed=0", "ntk.init", new double[] {1, 0, 0, 1}, 2))
                .isEqualTo("report/thinned/seed=0/ntk.init.npy");
    }
}
