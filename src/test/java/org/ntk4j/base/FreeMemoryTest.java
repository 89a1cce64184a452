package org.ntk4j.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up trees of {@code /proc} and {@code /sys/fs/cgroup}. */
class FreeMemoryTest {

    @TempDir
    Path folder;

    @BeforeEach
    void machine() throws IOException {
        write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long free() {
        return new FreeMemory(folder.resolve("proc"), folder.resolve("cgroup")).bytes().orElse(-1);
    }

    @Test
    void should_be_what_the_machine_has_available_without_limits() throws IOException {
        assertThat(free()).isEqualTo(8_000_000L << 10);
        write("proc/self/cgroup", "0::/user.slice\n");
        write("cgroup/user.slice/memory.max", "max\n");
        write("cgroup/user.slice/memory.current", "123\n");
        assertThat(free()).isEqualTo(8_000_000L << 10);
    }

    @Test
    void should_be_what_a_limit_leaves_and_count_idle_files_as_free() throws IOException {
        write("proc/self/cgroup", "0::/a/b\n");
        write("cgroup/a/b/memory.max", "5000000000\n");
        write("cgroup/a/b/memory.current", "2000000000\n");
        write("cgroup/a/b/memory.stat", "anon 1200000000\ninactive_file 700000000\nactive_file 100000000\n");
        assertThat(free()).isEqualTo(3_700_000_000L);
        write("cgroup/a/memory.max", "3000000000\n");
        write("cgroup/a/memory.current", "2900000000\n");
        assertThat(free()).as("the group above has less left").isEqualTo(100_000_000L);
    }

    @Test
    void should_know_a_container_whose_path_is_the_hosts() throws IOException {
        write("proc/self/cgroup", "0::/docker/0123abc\n");
        write("cgroup/memory.max", "1000000000\n");
        write("cgroup/memory.current", "400000000\n");
        assertThat(free()).isEqualTo(600_000_000L);
    }

    @Test
    void should_know_version_1() throws IOException {
        write("proc/self/cgroup", "5:cpuset:/\n4:memory:/job\n0::/\n");
        write("cgroup/memory/job/memory.limit_in_bytes", "2000000000\n");
        write("cgroup/memory/job/memory.usage_in_bytes", "500000000\n");
        write("cgroup/memory/job/memory.stat", "cache 5\ntotal_inactive_file 1000\n");
        write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(free()).isEqualTo(1_500_001_000L);
    }

    @Test
    void should_not_know_other_systems() {
        assertThat(new FreeMemory(folder.resolve("none"), folder.resolve("none")).bytes()).isEmpty();
    }
}
