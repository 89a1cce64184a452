package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InvalidClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileShelf;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** What goes wrong on a cluster, in one line each. */
class FaultsTest {

    private static final Shape IN = Shape.of(3);
    private static final Serial NETWORK = Network.parse("mlp: {width: 8}").layers(IN);
    private static final TileJob JOB = new TileJob(NETWORK, Inputs.of(new double[] {1, 2, 3, 4, 5, 6}, 2, IN), Optional.empty(), 2, 2,
            Precision.FLOAT64);

    @TempDir
    private Path folder;

    @Test
    void should_tell_executors_that_differ() {
        Facts here = Facts.here();
        here.check("a");
        assertThatThrownBy(() -> new Facts("0.0.1", here.java(), here.vectors()).check("a")).isInstanceOf(Failure.class)
                .hasMessageContaining("executor on a: its ntk4j is").message().hasLineCount(1);
        assertThatThrownBy(() -> new Facts(here.ntk4j(), 11, here.vectors()).check("a")).isInstanceOf(Failure.class)
                .hasMessageContaining("this process on Java 11").message().hasLineCount(1);
        Facts plain = new Facts(here.ntk4j(), here.java(), false);
        plain.check("a");
        assertThatThrownBy(() -> new Facts(here.ntk4j(), here.java(), true).check("a", plain)).isInstanceOf(Failure.class)
                .hasMessageContaining("vector instructions are not there").message().hasLineCount(1);
    }

    @Test
    void should_tell_a_folder_that_is_not_shared() throws IOException {
        Files.writeString(folder.resolve(TileShelf.FINGERPRINT), "one");
        SentJob sent = SentJob.of(JOB, new Destination.SharedFolder(folder.toString()));
        Files.writeString(folder.resolve(TileShelf.FINGERPRINT), "another");
        assertThatThrownBy(() -> sent.engine("b")).isInstanceOf(Failure.class).hasMessageContaining("it is another one");
        Files.delete(folder.resolve(TileShelf.FINGERPRINT));
        assertThatThrownBy(() -> sent.engine("b")).isInstanceOf(Failure.class)
                .hasMessageContaining("executor on b: " + folder).hasMessageContaining("--out must be on a disk that all machines share");
    }

    @Test
    void should_tell_too_little_memory() {
        assertThat(JOB.within(1L << 30, 4)).isEqualTo(JOB);
        assertThatThrownBy(() -> JOB.within(1 << 20, 4)).isInstanceOf(Failure.class).hasMessageContaining("needs at least")
                .hasMessageContaining("it has 1 MiB").message().hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"All masters are unresponsive! Giving up., the master does not answer",
        "Master removed our application: FAILED, executors end again and again",
        "java.lang.OutOfMemoryError: Java heap space, not enough memory",
        "java.lang.ClassNotFoundException: org.ntk4j.A, do not have ntk4j's jars", "No space left on device, no space left"})
    void should_say_it_in_one_line(String spark, String ours) {
        Failure failure = Faults.of(new IllegalStateException("Job aborted: " + spark), new Master("spark://a:1"), Path.of("log.txt"));
        assertThat(failure.getMessage()).hasLineCount(1).startsWith("--spark spark://a:1: ").contains(ours).contains("log.txt");
    }

    @Test
    void should_tell_another_version_and_pass_on_what_the_program_said() {
        assertThat(Faults.of(new IllegalStateException(new InvalidClassException("local class incompatible")), new Master("yarn"), folder))
                .hasMessageContaining("another version of Spark");
        assertThat(Faults.of(new IllegalStateException(Failure.input("a line")), new Master("yarn"), folder)).hasMessage("a line");
    }

    @Test
    void should_end_with_a_whole_file_where_several_attempts_write_it() throws Exception {
        Tile tile = new Tile(0, 50, 0, 50);
        double[] values = IntStream.range(0, 2500).mapToDouble(i -> i).toArray();
        Path file = folder.resolve(TileShelf.file(0, 1));
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<Long>> sums = IntStream.range(0, 40).mapToObj(i -> pool.submit(() ->
                TileShelf.write(file, List.of(new TileValues(tile, values, values)), "task" + i))).toList();
        long first = sums.get(0).get();
        for (Future<Long> sum : sums) {
            assertThat(sum.get()).isEqualTo(first);
        }
        pool.shutdown();
        byte[] bytes = Files.readAllBytes(file);
        TileShelf.write(folder.resolve("alone"), List.of(new TileValues(tile, values, values)), "task");
        assertThat(bytes).isEqualTo(Files.readAllBytes(folder.resolve("alone")));
        try (var all = Files.list(folder)) {
            assertThat(all.filter(p -> p.toString().endsWith(".writing"))).isEmpty();
        }
    }
}
