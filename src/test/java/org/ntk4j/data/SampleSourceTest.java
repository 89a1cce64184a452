package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample in the program against the files that it was drawn from, where they are. */
class SampleSourceTest {

    private static Path source(String file) {
        String folder = System.getProperty("ntk.data", System.getenv("NTK_DATA"));
        assumeTrue(folder != null && Files.isRegularFile(Path.of(folder, "mnist", file)), "no data folder with mnist/" + file);
        return Path.of(folder, "mnist", file);
    }

    private static byte[] inside(String file) throws Exception {
        try (InputStream in = Dataset.class.getResourceAsStream("mnist-sample/" + file)) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({"train, 1000", "t10k, 100"})
    void the_sample_is_what_the_script_draws(String part, int count) throws Exception {
        String images = part + "-images-idx3-ubyte.gz";
        String labels = part + "-labels-idx1-ubyte.gz";
        int[] all = Idx.labels(source(labels), 10);
        int[] drawn = Draw.balanced(all, new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, count, 0, "");
        assertThat(Idx.labels(inside(labels), labels, 10)).isEqualTo(Arrays.stream(drawn).map(i -> all[i]).toArray());
        assertThat(Idx.images(inside(images), images).pixels()).isEqualTo(Idx.images(source(images)).select(drawn).pixels());
    }

    @ParameterizedTest
    @CsvSource({"train, TRAIN", "t10k, TEST"})
    void mnist_has_as_many_of_each_digit_as_is_said_without_loading(String file, Part part) {
        int[] counts = new int[10];
        Arrays.stream(Idx.labels(source(file + "-labels-idx1-ubyte.gz"), 10)).forEach(label -> counts[label]++);
        assertThat(Mnist.source().counts(part)).isEqualTo(counts);
    }
}
