package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Tiles that executors leave where only Hadoop's file systems lead: one that renames, and a store of objects. */
class RemoteTilesTest {

    private static final Shape IN = Shape.of(6, 6, 2);
    private static final Serial NETWORK = Network.parse("cnn: {channels: 8, depth: 2, readout: gap, bStd: 0.1}").layers(IN);
    private static final Inputs X = Inputs.of(new Random(1).doubles(22L * IN.size()).map(v -> 2 * v - 1).toArray(), 22, IN);
    private static final InfiniteKernels.Plan PLAN = new InfiniteKernels.Plan(2, 1L << 30, 4);
    private static final int TILES = 21;
    private static final String MASTER = "local[2]";

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @BeforeAll
    static void name() {
        System.setProperty("spark.hadoop.fs.shelf.impl", Shelf.class.getName());
        System.setProperty("spark.hadoop.fs.bucket.impl", Bucket.class.getName());
        System.setProperty("spark.hadoop.fs.absent.impl", "org.example.NoSuchFileSystem");
    }

    @AfterAll
    static void stop() {
        new SparkCluster(MASTER).close();
        List.of("fs.shelf.impl", "fs.bucket.impl", "fs.absent.impl").forEach(n -> System.clearProperty("spark.hadoop." + n));
    }

    /** The machine's own files under another scheme. */
    public static class Shelf extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("shelf:///");
        }
    }

    /** Files that show when they are closed and have one name for ever. */
    public static final class Bucket extends RawLocalFileSystem {

        @Override
        public URI getUri() {
            return URI.create("bucket:///");
        }

        @Override
        public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability) throws IOException {
            return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM) || super.hasPathCapability(path, capability);
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
            throw new UnsupportedOperationException("an object keeps its name");
        }

        @Override
        public FSDataOutputStream create(org.apache.hadoop.fs.Path path, boolean overwrite, int buffer, short replicas, long block,
                org.apache.hadoop.util.Progressable progress) throws IOException {
            return new FSDataOutputStream(new Whole(pathToFile(path).toPath()), null);
        }

        private static final class Whole extends FilterOutputStream implements Abortable, StreamCapabilities {
            private final Path path;
            private boolean aborted;

            Whole(Path path) {
                super(new ByteArrayOutputStream());
                this.path = path;
            }

            @Override
            public void close() throws IOException {
                if (!aborted) {
                    Files.createDirectories(path.getParent());
                    Files.write(path, ((ByteArrayOutputStream) out).toByteArray());
                }
            }

            @Override
            public boolean hasCapability(String capability) {
                return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM);
            }

            @Override
            public AbortableResult abort() {
                aborted = true;
                return null;
            }
        }
    }

    private Map<String, Kernel> compute(Optional<Cluster> cluster, Path own) {
        return InfiniteKernels.named(NETWORK, X, Optional.empty(), PLAN.on(cluster), Monitor.quiet(() -> false, notes::add),
                Optional.of(TileFolder.always(own)));
    }

    private Cluster spark(String scheme) {
        return logging(new SparkCluster(MASTER, Optional.of(uri(scheme))));
    }

    private SparkCluster logging(SparkCluster cluster) {
        cluster.logTo(folder.resolve("log.txt"));
        return cluster;
    }

    private String uri(String scheme) {
        return scheme + "://" + folder.resolve("far");
    }

    private List<Path> far() throws IOException {
        if (!Files.isDirectory(folder.resolve("far"))) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder.resolve("far"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void same(Map<String, Kernel> kernels) {
        Map<String, Kernel> expected = InfiniteKernels.named(NETWORK, X, Optional.empty(), PLAN, Monitor.silent(), Optional.empty());
        assertThat(kernels.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, kernel) -> assertThat(kernels.get(name).values()).as(name).isEqualTo(kernel.values()));
    }

    /** One tile fails always, so that the others stay where they are. */
    private SparkCluster failing(String scheme) {
        return logging(new SparkCluster(MASTER, Optional.of(uri(scheme))) {
            @Override
            TileTask task(Broadcast<SentJob> broadcast, long last) {
                return new FailingTask(broadcast, last);
            }
        });
    }

    private static final class FailingTask extends TileTask {
        FailingTask(Broadcast<SentJob> sent, long last) {
            super(sent, last);
        }

        @Override
        TileValues tile(Engine engine, Tile t) {
            if (t.i0() == 20 && TaskContext.get() != null) {
                throw new IllegalStateException("the power went out");
            }
            return super.tile(engine, t);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "shelf", "bucket"})
    void should_give_the_bytes_of_one_machine(String scheme) throws IOException {
        Path own = folder.resolve("own");
        same(compute(Optional.of(spark(scheme)), own));
        assertThat(notes).contains("continuing with the 21 of 21 tiles in " + tiles(own));
        assertThat(far()).isEmpty();
    }

    private static Path tiles(Path own) throws IOException {
        try (Stream<Path> all = Files.list(own.resolve("tiles"))) {
            return all.findFirst().orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shelf", "bucket"})
    void should_go_on_anywhere_from_what_is_there(String scheme) throws IOException, InterruptedException {
        assertThatThrownBy(() -> compute(Optional.of(failing(scheme)), folder.resolve("own"))).isInstanceOf(Failure.class)
                .hasMessageContaining("the power went out");
        // A task beside the one that fails may still be writing.
        for (int i = 0; i < 200 && far().stream().anyMatch(p -> p.toString().endsWith(".writing")); i++) {
            Thread.sleep(50);
        }
        List<Path> there = far();
        assertThat(there).hasSizeGreaterThan(3).allMatch(p -> p.toString().endsWith(".tiles") || p.endsWith("fingerprint.txt"));

        // Another machine, which has nothing of its own; a file is damaged.
        Path damaged = there.get(1);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        same(compute(Optional.of(spark(scheme)), folder.resolve("other")));
        assertThat(notes).anyMatch(n -> n.contains(damaged.getFileName() + " is damaged"));
        assertThat(far()).isEmpty();

        // And on without a cluster.
        same(compute(Optional.empty(), folder.resolve("other")));
        assertThat(notes).filteredOn(n -> n.startsWith("continuing with the 21 of 21 tiles")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shelf", "bucket"})
    void should_leave_no_half_file_where_an_attempt_fails(String scheme) throws IOException {
        compute(Optional.of(spark(scheme)), folder.resolve("own"));
        RemoteFiles files = RemoteFiles.of(uri(scheme));
        files.make();
        assertThatThrownBy(() -> files.write("000001.tiles", "task1", out -> {
            out.write(1);
            throw new IOException("the disk is full");
        })).isInstanceOf(IOException.class);
        assertThat(far()).isEmpty();
        assertThat(files.write("000001.tiles", "task2", RemoteTilesTest::one)).isEqualTo(1);
        assertThat(files.write("000001.tiles", "task3", RemoteTilesTest::one)).isEqualTo(1);
        assertThat(far()).hasSize(1);
    }

    private static long one(java.io.OutputStream out) throws IOException {
        out.write(1);
        return 1;
    }

    @Test
    void should_say_in_one_line_that_nothing_knows_a_scheme() {
        for (String scheme : List.of("nowhere", "absent", "s3a")) {
            assertThatThrownBy(() -> compute(Optional.of(spark(scheme)), folder.resolve("own"))).as(scheme).isInstanceOf(Failure.class)
                    .hasMessageContaining("there is no file system for " + scheme + "://").message().hasLineCount(1);
        }
    }
}
