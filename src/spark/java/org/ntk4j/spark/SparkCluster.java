package org.ntk4j.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.TileWork;
import org.ntk4j.infinite.tile.Grid;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileShelf;
import org.ntk4j.kernel.Kernel;

/** Apache Spark, at the master that {@code --spark} names. It starts when the first work begins. */
public class SparkCluster implements Cluster {

    private final Master master;
    private final Optional<String> tiles;
    private @Nullable Path log;

    /** The one with this master, whose machines share the folders of this one. */
    public SparkCluster(String master) {
        this(master, Optional.empty());
    }

    /**
     * The one with this master.
     *
     * @param tiles where executors leave tiles, the URI of a folder that Hadoop's file systems reach; empty: in a folder that all share
     */
    public SparkCluster(String master, Optional<String> tiles) {
        this.master = new Master(master);
        this.tiles = tiles;
    }

    /** Spark among the services of the class path. */
    public static final class Kind implements Cluster.Kind {
        @Override
        public Cluster at(String master, Optional<String> tiles) {
            SparkEnv.get();
            return new SparkCluster(master, tiles);
        }
    }

    @Override
    public void logTo(Path file) {
        log = file.toAbsolutePath();
    }

    @Override
    public String name() {
        return "Spark " + master.text();
    }

    @Override
    public OptionalLong room() {
        return tiles.map(RemoteFiles::room).orElse(OptionalLong.empty());
    }

    @Override
    public int cores() {
        return context().defaultParallelism();
    }

    @Override
    public OptionalInt mostCores() {
        return master.cores();
    }

    private Path log() {
        Path file = log;
        return file == null ? Settings.ofProcess().out().resolve("spark.log").toAbsolutePath() : file;
    }

    private JavaSparkContext context() {
        return Context.open(master, log());
    }

    @Override
    public void compute(TileWork job, TileShelf shelf, Monitor monitor) {
        if (shelf.missing().isEmpty()) {
            return;
        }
        JavaSparkContext context = context();
        if (tiles.isEmpty()) {
            compute(context, job, shelf, new Destination.SharedFolder(shelf.folder().toAbsolutePath().normalize().toString()),
                    shelf.last(), monitor);
            return;
        }
        RemoteTiles remote = RemoteTiles.open(tiles.get(), shelf, shelf.fingerprint());
        long last = remote.last();
        remote.fetch(shelf, monitor);
        compute(context, job, shelf, remote.destination(), last, monitor);
        remote.fetch(shelf, monitor);
        remote.delete();
    }

    private void compute(JavaSparkContext context, TileWork job, TileShelf shelf, Destination destination, long last, Monitor monitor) {
        List<Tile> missing = shelf.missing();
        if (missing.isEmpty()) {
            return;
        }
        int there = shelf.there().cardinality();
        if (there > 0) {
            monitor.note("continuing with the " + there + " of " + shelf.grid().count() + " tiles in " + destination);
        }
        SentJob sent = SentJob.of(fitting(job, context), destination);
        Broadcast<SentJob> broadcast = context.broadcast(sent);
        new TileRun(job.kernels(), new Submission(context, master, log(), monitor), shelf, destination, last, missing.size())
                .all(Group.of(missing, job, context.defaultParallelism()), task(broadcast, last));
        // After a stop, tasks of this process may still read what this would give back.
        sent.close();
        broadcast.destroy();
    }

    @Override
    public Map<String, Kernel> kernels(TileJob job, List<String> names, Monitor monitor) {
        JavaSparkContext context = context();
        Broadcast<SentJob> sent = context.broadcast(SentJob.of(fitting(job, context)));
        Grid grid = job.grid();
        List<Tile> tiles = new ArrayList<>();
        grid.forEach(tiles::add);
        List<Group> groups = Group.held(tiles, job, context.defaultParallelism());
        JavaRDD<BothTiles> both = context.parallelize(groups, groups.size()).map(new HoldTask(sent, names))
                .persist(StorageLevel.MEMORY_AND_DISK());
        Map<String, Kernel> kernels = new LinkedHashMap<>();
        Work work = new Work(context, master, log());
        for (String name : names) {
            kernels.put(name, Kernel.computed(name + ".infinite", grid.rows(), grid.columns(), grid.symmetric(),
                    new HeldKernel(work, both, name, grid, monitor)));
        }
        return kernels;
    }

    @Override
    public void run(String what, Job job, List<Integer> indices, BiConsumer<Integer, String> take, Monitor monitor) {
        if (indices.isEmpty()) {
            return;
        }
        JavaSparkContext context = context();
        Broadcast<Job> sent = context.broadcast(job);
        int cpus = Math.max(1, context.getConf().getInt("spark.task.cpus", 1));
        int cores = master.isThisProcess() ? context.defaultParallelism()
                : context.getConf().getInt("spark.executor.cores", Math.max(1, master.coresPerExecutor()));
        long memory = master.isThisProcess() ? Settings.ofProcess().memory() : 0;
        ExecutorCount executors = new ExecutorCount();
        AtomicInteger done = new AtomicInteger();
        try (Monitor.Task progress = monitor.begin(what, indices.size())) {
            new Submission(context, master, log(), monitor).all(indices, new PieceTask(sent, memory, Math.max(1, cores / cpus)), executors,
                    (result, index) -> {
                        take.accept(indices.get(index), result);
                        progress.done(done.incrementAndGet(), executors.toString());
                    });
        }
        if (done.get() < indices.size()) {
            throw Failure.cancelled("stopped after " + done.get() + " of " + indices.size() + " on Spark");
        }
    }

    /** What an executor does. */
    TileTask task(Broadcast<SentJob> broadcast, long last) {
        return new TileTask(broadcast, last);
    }

    /** In pieces that fit into an executor; in this process the plan has seen to that. */
    private TileWork fitting(TileWork job, JavaSparkContext context) {
        if (master.isThisProcess()) {
            return job;
        }
        int cores = context.getConf().getInt("spark.executor.cores", Math.max(1, master.coresPerExecutor()));
        return job.within((long) context.sc().executorMemory() << 20, cores);
    }

    @Override
    public void close() {
        if (SparkEnv.get() != null) {
            SparkContext.getOrCreate().stop();
        }
    }
}
