package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlasTest {

    @TempDir
    Path folder;

    /** In a process of its own, which would end within OpenBLAS. */
    @Test
    void more_threads_than_processors_should_multiply_too() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-XX:TieredStopAtLevel=1",
                Crowded.class.getName()).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).endsWith("800.0\n");
    }

    /** Multiplies and factorises with three threads more than there are processors. */
    static final class Crowded {

        private Crowded() {
        }

        public static void main(String[] arguments) {
            int n = 800;
            Blas.setThreads(Runtime.getRuntime().availableProcessors() + 3);
            double[] ones = new double[n * n];
            Arrays.fill(ones, 1);
            double[] product = Blas.product(false, false, n, n, n, ones, ones);
            try (Cholesky factor = Cholesky.of(ones, n, 1).orElseThrow()) {
                factor.solve(ones, n);
            }
            System.out.println(product[0]);
        }
    }
}
