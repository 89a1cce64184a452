package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.Npy;
import org.ntk4j.files.NpyMatrix;

/** What is read by an index says so where there is no such thing. */
class BoundsTest {

    @Test
    void a_kernel_has_so_many_rows_and_columns(@TempDir Path folder) {
        Kernel k = Kernel.of("k", 2, 3, new double[] {1, 2, 3, 4, 5, 6});
        assertThat(k.get(1, 2)).isEqualTo(6);
        for (int[] place : new int[][] {{0, 3}, {1, -1}, {2, 0}, {-1, 0}, {0, Integer.MAX_VALUE}}) {
            refuses(() -> k.get(place[0], place[1]), "k has no row " + place[0] + ", column " + place[1], "2 × 3");
        }
        refuses(() -> k.row(2), "k has no row 2", "2 × 3");
        refuses(() -> k.block(0, 3, 0, 1), "2 × 3");
        refuses(() -> k.read(0, 3, 0, 2, new double[6]), "k has no rows 0 to before 3, columns 0 to before 2", "2 × 3");
        refuses(() -> k.read(0, 2, 2, 4, new double[4]), "columns 2 to before 4", "2 × 3");
        refuses(() -> k.read(1, 0, 0, 2, new double[4]), "rows 1 to before 0", "2 × 3");
        refuses(() -> k.read(0, 2, 0, 2, new double[3]), "2 × 2 values do not fit into an array of 3");
        refuses(() -> k.rows(new int[] {0, 5}, new double[6]), "k has no row 5", "2 × 3");
        refuses(() -> k.rows(new int[] {0, 1}, new double[5]), "2 × 3 values do not fit into an array of 5");
        Kernel square = Kernel.symmetric("s", 2, new double[] {1, 0, 0, 1});
        refuses(() -> square.squaredDistance(0, 2), "s has no row 2", "2 × 2");
        Path file = folder.resolve("k.npy");
        Npy.write(file, k.values(), 2, 3);
        NpyMatrix matrix = NpyMatrix.open(file);
        refuses(() -> matrix.get(0, 3), "row 0, column 3", "2 × 3");
        refuses(() -> matrix.read(1, 2, 4, new double[2], 0), "columns 2 to before 4 of row 1", "2 × 3");
        refuses(() -> KernelMetrics.eigenspaceAngle(Kernel.of(new double[][] {{1}}), Kernel.of(new double[][] {{1}}), 2),
                "allowed are 1 to 1");
    }

    @Test
    void inputs_are_so_many() {
        Inputs x = Inputs.of(new double[][] {{1, 2}, {3, 4}});
        refuses(() -> x.row(2), "input 2", "2 inputs of 2");
        refuses(() -> x.row(-1), "input -1", "2 inputs of 2");
        refuses(() -> x.slice(1, 3), "inputs 1 to before 3", "2 inputs of 2");
        refuses(() -> x.isReal(2, 0), "input 2, position 0", "2 inputs of 2");
        refuses(() -> x.isReal(0, 1), "input 0, position 1", "with 1 position");
    }

    private static void refuses(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(Failure.class).satisfies(e -> assertThat(List.of(words))
                .allSatisfy(word -> assertThat(e).hasMessageContaining(word)));
    }
}
