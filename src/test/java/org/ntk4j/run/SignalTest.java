package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.console.ShortGrace;
import org.ntk4j.kernel.Blas;

/**
 * Signals to a real process (through its handle, which leaves its streams open). TERM stands for Ctrl-C too: a build in the background may
 * have been told to ignore INT.
 */
@DisabledOnOs(OS.WINDOWS)
class SignalTest {

    @TempDir
    Path folder;

    @Test
    void should_ask_the_work_to_end_and_end_the_process_the_second_time() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"),
                Stubborn.class.getName()).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            process.toHandle().destroy();
            assertThat(output.readLine()).contains("stopping at the next step");
            assertThat(output.readLine()).isEqualTo("cancelled");
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void should_end_the_process_some_time_after_term_whatever_it_does() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"),
                ShortGrace.class.getName()).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            process.toHandle().destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A native library's threads are at work when the process ends. */
    @Test
    void should_end_the_process_within_a_product_of_matrices() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"),
                Multiplying.class.getName()).redirectErrorStream(true).directory(folder.toFile()).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.lines().filter(line -> line.equals("ready")).findFirst()).as("behind Java's warnings").isPresent();
            process.toHandle().destroy();
            assertThat(output.readLine()).contains("stopping at the next step");
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isIn(ignoresInt() ? List.of(130, 137) : List.of(130));
            assertThat(output.readLine()).as("no crash is told").isNull();
            assertThat(folder).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Whether these tests were themselves started in the background, and with them what they start. */
    private static boolean ignoresInt() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(line.length() - 16), 16) & 1 << 1) != 0);
    }

    /** As where a build in the background starts it: the process cannot end by INT then. */
    @Test
    void should_end_the_process_within_a_product_of_matrices_where_int_is_ignored() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "trap '' INT; exec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                Multiplying.class.getName()).redirectErrorStream(true).directory(folder.toFile()).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.lines().filter(line -> line.equals("ready")).findFirst()).as("behind Java's warnings").isPresent();
            process.toHandle().destroy();
            assertThat(output.readLine()).contains("stopping at the next step");
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("by itself, or by KILL").isIn(130, 137);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Works in a native library and hears no signal. */
    static final class Multiplying {
        public static void main(String[] args) {
            System.setProperty("ntk.launched", "true");
            ConsoleMonitor.ofProcess();
            int n = 3000;
            double[] a = new double[n * n];
            Blas.product(false, false, 2, 2, 2, a, a);
            System.out.println("ready");
            while (true) {
                Blas.product(false, false, n, n, n, a, a);
            }
        }
    }

    /** Hears the first signal and works on all the same. */
    static final class Stubborn {
        public static void main(String[] args) throws InterruptedException {
            System.setProperty("ntk.launched", "true");
            ConsoleMonitor monitor = ConsoleMonitor.ofProcess();
            System.out.println("ready");
            while (!monitor.cancelled()) {
                Thread.sleep(10);
            }
            Thread.sleep(100);
            System.out.println("cancelled");
            Thread.sleep(600_000);
        }
    }
}
