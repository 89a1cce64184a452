package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kernel} looks at its options and at the inputs before it says anything of a plan. */
class KernelOptionsTest {

    @TempDir
    private Path folder;

    private List<String> refused(String rows, String options) throws IOException {
        Path network = Files.writeString(folder.resolve("n.yaml"), "{mlp: {width: 4}}");
        Path x = Files.writeString(folder.resolve("x.csv"), rows.replace(';', '\n'));
        Files.writeString(folder.resolve("e.csv"), "0,0,0,1\n");
        List<String> command = new ArrayList<>(List.of("kernel", network.toString(), "--x", x.toString(), "--out", folder + "/out"));
        Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).map(o -> o.replace("FOLDER", folder.toString()).replace("''", ""))
                .forEach(command::add);
        Program.Result result = Program.ntk(command.toArray(String[]::new));
        assertThat(result.status()).as(result.err().toString()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
        return result.err().stream().map(line -> line.replace(folder + "/", "")).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --get ,                         | --get: '' is not a kernel; allowed: ntk, nngp
            --get ''                        | --get: '' is not a kernel
            --get ntk,                      | --get: '' is not a kernel
            --get NTK                       | --get: 'NTK' is not a kernel
            --get ntk;nngp                  | --get: 'ntk;nngp' is not a kernel
            --shape 3,                      | --shape: '3,'
            --shape ,                       | --shape: ','
            --shape ''                      | --shape: ''
            --shape 0,3                     | --shape: '0,3'
            --shape -1                      | --shape: '-1'
            --shape 2147483648              | --shape: '2147483648'
            --shape 3.0                     | --shape: '3.0'
            --shape 2,2                     | x.csv:1:4: the row has 3 values; 4
            --precision FLOAT64             | --precision: 'FLOAT64' is not known
            --precision ''                  | --precision: '' is not known
            --format .csv                   | --format: '.csv' is not known
            --format csv,npy                | --format: 'csv,npy' is not known
            --monte-carlo 0 --width 8       | --monte-carlo: '0' is not a number of samples
            --monte-carlo 1e3 --width 8     | --monte-carlo
            --monte-carlo 10                | --width is missing
            --width 8                       | --width belongs to --monte-carlo
            --monte-carlo 10 --width 0      | --width: '0' is not a width
            --price 1                       | --price belongs to --dry-run
            --price x --dry-run             | --price
            --price NaN --dry-run           | --price: 'NaN' is not a price
            --threads 0                     | --threads
            --threads 1.5                   | --threads
            --memory 0                      | --memory
            --memory 8x                     | --memory
            --edges2 FOLDER/e.csv           | --edges2: these are the graphs of --x2
            --edges FOLDER/e.csv            | e.csv: graphs belong to inputs of [nodes, channels]
            --x2 FOLDER/none.csv            | none.csv: there is no such file
            --x2 FOLDER                     | this is a folder, not a file
            --device quantum                | --device
            """)
    void what_is_ill_formed_is_refused(String options, String message) throws IOException {
        List<String> lines = refused("1,2,3;3,1,2", options.strip());
        assertThat(lines).first().asString().contains(message);
        assertThat(String.join("\n", lines)).doesNotContain("Exception", "bug of ntk4j", "MiB");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1,2,3;1e160,0,1           | ntk: x.csv: input 1 has values up to 1.0E160: the sum of their squares is more than float64 holds; \
            scale the inputs
            1,2,3;1e-170,0,0          | ntk: x.csv: input 1 has values up to 1.0E-170 only: their square is less than float64 holds; scale \
            the inputs
            1 2 3;4 5 6               | x.csv:1:1: '1 2 3' is not a finite number; values are separated by commas
            1,2 2,5 3;4 5 6           | x.csv:1:2: '2 2' is not a finite number; values are separated by commas
            a b c;1 2 3               | x.csv:1:1: 'a b c' is not a finite number; a first row of names is not allowed
            """)
    void inputs_are_looked_at_before_the_plan(String rows, String message) throws IOException {
        assertThat(refused(rows, "")).first().isEqualTo(message);
    }

    @Test
    void the_other_inputs_are_looked_at_too() throws IOException {
        Files.writeString(folder.resolve("x2.csv"), "1,2,1e300\n");
        assertThat(refused("1,2,3", "--x2 FOLDER/x2.csv")).singleElement().asString()
                .startsWith("ntk: x2.csv: input 0 has values up to 1.0E300");
    }
}
