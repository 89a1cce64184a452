package org.ntk4j.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.broadcast.Broadcast;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/**
 * What Spark costs: tiles that take 0.1 s of a core's time each, on two executors of one core, against two threads. {@code scripts/bench
 * --spark [ROWS]} runs it, on so many rows of 40 tiles: 25 of them, 1,000 tiles, unless told otherwise.
 */
final class Overhead {

    private static final double SECONDS = 0.1;
    private static final double LIMIT = 1.3;
    private static final int SIDE = 2;
    private static final int COLUMNS = 40;
    private static final int ROWS = 25;

    private Overhead() {
    }

    /** Takes a core's time. */
    private static void burn() {
        long until = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() + (long) (1e9 * SECONDS);
        while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** A tile that takes longer than it needs to. */
    private static final class SlowTask extends TileTask {
        SlowTask(Broadcast<SentJob> sent, long last) {
            super(sent, last);
        }

        @Override
        TileValues tile(Engine engine, Tile t) {
            burn();
            return super.tile(engine, t);
        }
    }

    private static double threads(int tiles) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long began = System.nanoTime();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread worker = new Thread(() -> {
                while (next.getAndIncrement() < tiles) {
                    burn();
                }
            });
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        return 1e-9 * (System.nanoTime() - began);
    }

    private static double spark(int rows, Path folder) {
        Shape in = Shape.of(4);
        Serial network = Network.parse("mlp: {width: 8}").layers(in);
        Cluster cluster = new SparkCluster("local-cluster[2,1,1024]") {
            @Override
            TileTask task(Broadcast<SentJob> broadcast, long last) {
                return new SlowTask(broadcast, last);
            }
        };
        cluster.logTo(folder.resolve("log.txt"));
        // The first job waits for executors and warms up.
        compute(network, inputs(2 * SIDE, in), Optional.empty(), folder.resolve("first"), cluster);
        long began = System.nanoTime();
        compute(network, inputs(rows * SIDE, in), Optional.of(inputs(COLUMNS * SIDE, in)), folder.resolve("second"), cluster);
        double seconds = 1e-9 * (System.nanoTime() - began);
        cluster.close();
        return seconds;
    }

    private static Inputs inputs(int count, Shape in) {
        return Inputs.of(new Random(count).doubles((long) count * in.size()).map(v -> 2 * v - 1).toArray(), count, in);
    }

    private static void compute(Serial network, Inputs x, Optional<Inputs> x2, Path folder, Cluster cluster) {
        InfiniteKernels.Plan plan = new InfiniteKernels.Plan(2, 1L << 30, SIDE).on(Optional.of(cluster));
        InfiniteKernels.named(network, x, x2, plan, Monitor.silent(), Optional.of(TileFolder.always(folder)));
    }

    /** Prints the ratio; ends with 1 if it is too large. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : ROWS;
        int tiles = rows * COLUMNS;
        Path folder = Files.createTempDirectory("ntk4j-spark");
        try {
            double threads = threads(tiles);
            double spark = spark(rows, folder);
            double again = threads(tiles);
            double ratio = 2 * spark / (threads + again);
            System.out.printf(Locale.ROOT, "%d tiles of %.1f s: two threads %.1f and %.1f s, two executors of Spark %.1f s, "
                    + "ratio %.2f (limit %.1f)%n", tiles, SECONDS, threads, again, spark, ratio, LIMIT);
            System.exit(ratio <= LIMIT ? 0 : 1);
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }
}
