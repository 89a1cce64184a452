package org.ntk4j.kernel.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;

class TileStoreTest {

    private static final int N = 150;
    private static final TileLayout LAYOUT = TileLayout.ofSquares(N, 37);

    @TempDir
    Path folder;

    private static TileStore random(boolean single) {
        TileStore store = TileStore.inMemory(LAYOUT, single);
        double[] row = new double[N];
        Random random = new Random(1);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                row[j] = random.nextGaussian();
            }
            store.put(i, 0, 1, N, row);
        }
        return store;
    }

    private static double[] values(TileStore store, int row) {
        double[] values = new double[N - row];
        store.read(row, row, N, values, 0);
        return values;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rows_of_tiles_should_be_the_same_bits_in_a_folder_and_back_in_memory(boolean single) {
        try (TileStore store = random(single); TileStore files = TileStore.inFolder(LAYOUT, single, folder);
                TileStore back = TileStore.inMemory(LAYOUT, single)) {
            for (int i = LAYOUT.down() - 1; i >= 0; i--) {
                store.copyRow(i, files);
            }
            for (int i = 0; i < LAYOUT.down(); i++) {
                files.copyRow(i, back);
            }
            for (int row = 0; row < N; row++) {
                assertThat(values(files, row)).isEqualTo(values(store, row));
                assertThat(values(back, row)).isEqualTo(values(store, row));
            }
        }
    }

    /** Mapped pages count as memory of the process, twice that of a factor of which each row is kept in a folder. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void copied_rows_of_tiles_should_leave_no_page_of_their_files_in_the_process() throws IOException {
        try (TileStore store = random(true); TileStore files = TileStore.inFolder(LAYOUT, true, folder)) {
            for (int i = 0; i < LAYOUT.down(); i++) {
                store.copyRow(i, files);
            }
            assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(folder.getFileName().toString());
            values(files, 0);
            assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(folder.getFileName().toString());
        }
    }

    @Test
    void a_file_that_ends_too_early_should_be_named() throws IOException {
        try (TileStore store = random(true); TileStore files = TileStore.inFolder(LAYOUT, true, folder)) {
            store.copyRow(1, files);
            Files.write(folder.resolve("row-00001.tiles"), new byte[10]);
            assertThatThrownBy(() -> files.copyRow(1, store)).isInstanceOf(Failure.class)
                    .hasMessageContaining("row-00001.tiles: cannot be read (it ends too early)");
        }
    }
}
