package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** The binding says -1 where it was not itself told a number: taken for the most there is, every product stayed on one thread. */
    @Test
    void threads_should_be_those_asked_for_also_behind_work_of_several_threads() {
        int before = Blas.threads();
        try {
            Blas.setThreads(Integer.MAX_VALUE);
            int most = Blas.threads();
            assertThat(most).isEqualTo(Runtime.getRuntime().availableProcessors());
            Blas.alone(() -> assertThat(Blas.threads()).isEqualTo(most));
            assertThat(Blas.threads()).isEqualTo(most);
            Blas.setThreads(1);
            Blas.alone(() -> { });
            assertThat(Blas.threads()).isEqualTo(1);
        } finally {
            Blas.setThreads(before);
        }
    }

    /** Small whole numbers, so that all sums are exact. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_large_matrix_should_be_multiplied_by_rows_as_a_whole(boolean transposed) {
        int m = 2500;
        int k = 2000;
        int n = 3;
        double[] a = new double[m * k];
        Arrays.setAll(a, i -> i % 11 - 5);
        double[] b = new double[k * n];
        Arrays.setAll(b, i -> i % 7 - 3);
        double[] c = new double[m * n];
        Arrays.setAll(c, i -> i);
        Blas.gemm(false, transposed, m, n, k, 2, a, b, -1, c);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a[i * k + l] * b[transposed ? j * k + l : l * n + j];
                }
                assertThat(c[i * n + j]).isEqualTo(2 * sum - (i * n + j));
            }
        }
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
