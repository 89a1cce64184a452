package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.files.NpyMatrix;

/** Kernels that stay in a file. */
class KernelFileTest {

    @TempDir
    Path folder;

    private static final int N = 7;

    /** A symmetric kernel in tiles of 3, ragged at the edge. */
    private static Kernel fill(KernelWriter writer) {
        double[] half = new Random(5).doubles(N * N).toArray();
        try (writer) {
            for (int i = 0; i < N; i += 3) {
                for (int j = i; j < N; j += 3) {
                    int rows = Math.min(3, N - i);
                    int width = Math.min(3, N - j);
                    double[] tile = new double[rows * width];
                    for (int p = 0; p < tile.length; p++) {
                        int row = i + p / width;
                        int column = j + p % width;
                        tile[p] = half[Math.min(row, column) * N + Math.max(row, column)];
                    }
                    writer.put(i, j, width, tile);
                }
            }
            return writer.finish();
        }
    }

    @Test
    void should_be_the_same_kernel_as_in_memory() {
        Path file = folder.resolve("k.npy");
        Kernel there = fill(KernelWriter.inFile("ntk.infinite", N, N, true, file));
        Kernel here = fill(KernelWriter.inMemory("ntk.infinite", N, N, true));
        assertThat(there.file()).contains(file);
        assertThat(here.file()).isEmpty();
        assertThat(there.values()).isEqualTo(here.values());
        assertThat(there.toArray()).isDeepEqualTo(here.toArray());
        assertThat(there.get(6, 1)).isEqualTo(here.get(6, 1)).isEqualTo(here.get(1, 6));
        assertThat(there.row(4)).isEqualTo(here.row(4));
        assertThat(there.block(2, 5, 2, 5).values()).isEqualTo(here.block(2, 5, 2, 5).values());
        assertThat(there.block(2, 5, 2, 5).isSymmetric()).isTrue();
        assertThat(there.trace()).isEqualTo(here.trace());
        assertThat(there.distanceTo(here)).isZero();
        assertThat(there.spectrum().maxEigenvalue()).isEqualTo(here.spectrum().maxEigenvalue());
        assertThat(there.toString()).startsWith(here.toString()).endsWith(", in " + file);
        assertThat(folder.toFile().list()).containsExactly("k.npy");
    }

    @Test
    void should_be_a_file_that_others_open() throws IOException {
        Path file = folder.resolve("k.npy");
        Kernel kernel = fill(KernelWriter.inFile("k", N, N, true, file));
        Npy npy = Npy.read(file);
        assertThat(npy.shape()).containsExactly(N, N);
        assertThat(npy.values()).isEqualTo(kernel.values());
        // NumPy's format, version 1: magic, version, length of the header, a dictionary that ends with a line feed at a multiple of 64.
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
        int length = bytes[8] & 0xff | (bytes[9] & 0xff) << 8;
        assertThat((10 + length) % 64).isZero();
        assertThat(new String(bytes, 10, length, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (7, 7), }").endsWith("\n");
        assertThat(bytes).hasSize(10 + length + 8 * N * N);
        Path copy = folder.resolve("copy.npy");
        Npy.write(copy, kernel.values(), N, N);
        assertThat(Files.mismatch(file, copy)).isEqualTo(-1);
    }

    @Test
    void should_find_values_beyond_the_largest_array() throws IOException {
        Path file = folder.resolve("large.npy");
        // 5·10⁹ values; the file has holes where nothing was written.
        try (NpyMatrix.Writer writer = new NpyMatrix.Writer(file, 100_000, 50_000)) {
            writer.put(99_999, 49_998, new double[] {7, 1.5, 2.5}, 1, 2);
            writer.put(42_950, 123, new double[] {3.5}, 0, 1);
            writer.finish();
        }
        Kernel kernel = Kernel.inFile("large", NpyMatrix.open(file), false);
        assertThat(Files.size(file)).isEqualTo(128 + 8L * 100_000 * 50_000);
        assertThat(kernel.get(99_999, 49_998)).isEqualTo(1.5);
        assertThat(kernel.get(99_999, 49_999)).isEqualTo(2.5);
        assertThat(kernel.get(42_950, 123)).isEqualTo(3.5);
        assertThat(kernel.get(42_950, 122)).isZero();
        assertThat(kernel.row(42_950)[123]).isEqualTo(3.5);
        assertThat(kernel.block(99_998, 100_000, 49_997, 50_000).values()).containsExactly(0, 0, 0, 0, 1.5, 2.5);
        assertThatThrownBy(kernel::values).isInstanceOf(Failure.class).hasMessageContaining("too many for an array");
        assertThatThrownBy(() -> Npy.read(file)).isInstanceOf(Failure.class).hasMessageContaining("more values than fit");
    }

    @Test
    void should_refuse_values_that_are_not_finite_and_leave_nothing_behind() throws IOException {
        try (KernelWriter writer = KernelWriter.inFile("ntk.infinite", 5, 4, false, folder.resolve("k.npy"))) {
            assertThatThrownBy(() -> writer.put(2, 1, 2, new double[] {1, 2, 3, Double.NaN})).isInstanceOf(Failure.class)
                    .hasMessageContaining("ntk.infinite").hasMessageContaining("row 3, column 2");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThatThrownBy(() -> KernelWriter.inFile("k", 2, 2, true, folder.resolve("none/k.npy"))).isInstanceOf(Failure.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void should_refuse_files_that_are_not_its_own_kind() throws IOException {
        Path vector = folder.resolve("vector.npy");
        Npy.write(vector, new double[3], 3);
        assertThatThrownBy(() -> NpyMatrix.open(vector)).isInstanceOf(Failure.class).hasMessageContaining("not a matrix of float64");
        Path cut = folder.resolve("cut.npy");
        Npy.write(cut, new double[6], 2, 3);
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 150));
        assertThatThrownBy(() -> NpyMatrix.open(cut)).isInstanceOf(Failure.class).hasMessageContaining("150 bytes");
        Path empty = Files.write(folder.resolve("empty.npy"), new byte[2]);
        assertThatThrownBy(() -> NpyMatrix.open(empty)).isInstanceOf(Failure.class).hasMessageContaining("ends within its header");
    }
}
