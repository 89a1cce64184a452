package org.ntk4j.infinite.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1, true", "10, 10, 3, true", "10, 10, 5, true", "10, 10, 100, true", "7, 4, 3, false", "4, 7, 1, false",
            "5, 1, 2, false"})
    void should_cover_every_value_once(int rows, int columns, int side, boolean symmetric) {
        Grid grid = new Grid(rows, columns, side, symmetric);
        int[][] covered = new int[rows][columns];
        List<Long> numbers = new ArrayList<>();
        for (Tile t : grid) {
            numbers.add(grid.index(t));
            assertThat(t.rows()).isLessThanOrEqualTo(side);
            for (int i = t.i0(); i < t.i1(); i++) {
                for (int j = t.j0(); j < t.j1(); j++) {
                    covered[i][j]++;
                    if (symmetric && !t.isDiagonal()) {
                        covered[j][i]++;
                    }
                }
            }
        }
        assertThat(covered).isDeepEqualTo(ones(rows, columns));
        assertThat(numbers).hasSize((int) grid.count());
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(i);
        }
    }

    private static int[][] ones(int rows, int columns) {
        int[][] ones = new int[rows][columns];
        for (int[] row : ones) {
            java.util.Arrays.fill(row, 1);
        }
        return ones;
    }

    @Test
    void should_count_beyond_the_largest_array() {
        Grid grid = new Grid(2_000_000_000, 2_000_000_000, 1000, true);
        assertThat(grid.count()).isEqualTo(2_000_000L * 2_000_001 / 2);
        assertThat(grid.index(new Tile(1_999_999_000, 2_000_000_000, 1_999_999_000, 2_000_000_000))).isEqualTo(grid.count() - 1);
        assertThat(new Grid(2_000_000_000, 3, 7, false).iterator().next()).isEqualTo(new Tile(0, 7, 0, 3));
    }

    @Test
    void should_know_tiles_of_another_grid() {
        Grid grid = new Grid(10, 10, 4, true);
        assertThat(grid.index(new Tile(0, 4, 8, 10))).isEqualTo(2);
        for (Tile other : List.of(new Tile(0, 4, 8, 12), new Tile(0, 3, 8, 10), new Tile(1, 5, 8, 10), new Tile(4, 8, 0, 4),
                new Tile(8, 12, 8, 12))) {
            assertThat(grid.index(other)).as(other.toString()).isEqualTo(-1);
        }
    }
}
