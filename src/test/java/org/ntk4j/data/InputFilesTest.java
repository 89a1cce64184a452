package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;

class InputFilesTest {

    @TempDir
    Path folder;

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("x.csv"), text);
    }

    private List<String> mistakes(String text, int... shape) throws IOException {
        Path file = csv(text);
        try {
            Inputs inputs = InputFiles.read(file, shape);
            throw new AssertionError("read " + inputs);
        } catch (Failure e) {
            assertThat(e.status()).isEqualTo(Failure.INPUT);
            return e.lines().stream().map(line -> line.replace(folder + "/", "")).toList();
        }
    }

    @Test
    void should_read_rows_as_inputs() throws IOException {
        Inputs inputs = InputFiles.read(csv("\uFEFF1, -2.5e-3,.5\r\n\"4\",5.,+6\r\n\r\n"));
        assertThat(inputs.count()).isEqualTo(2);
        assertThat(inputs.values()).containsExactly(1, -2.5e-3, 0.5, 4, 5, 6);
        assertThat(InputFiles.read(csv("1,2,3,4"), 2, 1, 2).shape()).hasToString("2×1×2");
        assertThat(InputFiles.read(csv("7")).shape().size()).isEqualTo(1);
    }

    @Test
    void should_take_positions_of_nan_for_padding() throws IOException {
        assertThat(InputFiles.read(csv("1,2,nan,NaN"), 2, 2).hasPadding()).isTrue();
        assertThat(mistakes("1,2,nan,3", 2, 2)).containsExactly("x.csv: input 0 has a NaN in position 1; only a position whose channels "
                + "are all NaN is padding");
        assertThat(mistakes("1,nan")).hasSize(1);
    }

    @Test
    void should_report_every_mistake_with_its_place() throws IOException {
        assertThat(mistakes("1,2\na,b\n\n3\n4,5,6\n7,1e999\n")).containsExactly(
                "x.csv:2:1: 'a' is not a finite number",
                "x.csv:2:2: 'b' is not a finite number",
                "x.csv:3:1: the line is empty; one input a row is needed",
                "x.csv:4:2: the row has 1 value; 2, as in the first row, are needed",
                "x.csv:5:3: the row has 3 values; 2, as in the first row, are needed",
                "x.csv:6:2: '1e999' is not a finite number");
        assertThat(mistakes("1,2,3", 2, 2)).containsExactly("x.csv:1:4: the row has 3 values; 4 (2×2) are needed");
        assertThat(mistakes("x,y\n1,2\n")).first().isEqualTo("x.csv:1:1: 'x' is not a finite number; a first row of names is not allowed");
        assertThat(mistakes("1;2\n")).containsExactly("x.csv:1:1: '1;2' is not a finite number; values are separated by commas");
        assertThat(mistakes("1,\n0x1p3,1f\ninf,Infinity\n")).hasSize(5).first()
                .isEqualTo("x.csv:1:2: the row ends with a comma, behind which there is no value; leave the comma out");
    }

    @Test
    void should_count_the_mistakes_that_it_does_not_list() throws IOException {
        List<String> lines = mistakes("x,y\n".repeat(50));
        assertThat(lines).hasSize(11);
        assertThat(lines.get(10)).isEqualTo("x.csv: 100 mistakes in all, the first 10 are above");
    }

    @Test
    void should_name_files_that_cannot_be_read() throws IOException {
        assertThat(mistakes("")).containsExactly("x.csv: the file has no rows; one input a row is needed");
        assertThatThrownBy(() -> InputFiles.read(folder.resolve("no.csv"))).hasMessageContaining("no.csv: there is no such file");
        assertThatThrownBy(() -> InputFiles.read(folder.resolve("no.npy"))).hasMessageContaining("no.npy: there is no such file");
        assertThatThrownBy(() -> InputFiles.read(folder.resolve("x.txt"))).hasMessageContaining(".csv or .npy");
        assertThatThrownBy(() -> InputFiles.read(folder)).hasMessageContaining("folder");
        Files.write(folder.resolve("b.csv"), new byte[] {'1', ',', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> InputFiles.read(folder.resolve("b.csv"))).hasMessageContaining("UTF-8");
    }

    @Test
    void should_take_the_shape_from_an_npy() {
        Path file = folder.resolve("x.npy");
        Npy.write(file, new double[24], 2, 3, 4);
        assertThat(InputFiles.read(file)).hasToString("2 inputs of 3×4");
        Npy.write(file, new double[24], 2, 12);
        assertThat(InputFiles.read(file, 2, 2, 3)).hasToString("2 inputs of 2×2×3");
        assertThatThrownBy(() -> InputFiles.read(file, 5)).isInstanceOf(Failure.class).hasMessageContaining("12 values")
                .hasMessageContaining("needs 5");
        Npy.write(file, new double[3], 3);
        assertThatThrownBy(() -> InputFiles.read(file)).isInstanceOf(Failure.class).hasMessageContaining("at least two axes");
    }

    @Test
    void an_array_keeps_its_own_axes() {
        Path file = folder.resolve("axes.npy");
        Npy.write(file, new double[120], 2, 3, 4, 5);
        assertThatThrownBy(() -> InputFiles.read(file, 4, 5, 3)).isInstanceOf(Failure.class).hasMessageContaining("3×4×5, not 4×5×3");
        assertThatThrownBy(() -> InputFiles.read(file, 60)).isInstanceOf(Failure.class).hasMessageContaining("3×4×5, not 60");
        assertThat(InputFiles.read(file, 3, 4, 5).shape()).hasToString("3×4×5");
        Npy.write(file, new double[120], 2, 60);
        assertThat(InputFiles.read(file, 4, 5, 3).shape()).as("a flat array").hasToString("4×5×3");
        Npy.write(file, new double[120], 2, 6, 10);
        assertThat(InputFiles.read(file, 6, 10, 1).shape()).as("an axis of size 1 changes nothing").hasToString("6×10×1");
    }
}
