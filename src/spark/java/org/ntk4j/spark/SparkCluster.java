package org.ntk4j.spark;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileShelf;

/** Apache Spark, at the master that {@code --spark} names. It starts when the first work begins. */
public class SparkCluster implements Cluster {

    private final Master master;
    private @Nullable Path log;

    /** The one with this master. */
    public SparkCluster(String master) {
        this.master = new Master(master);
    }

    /** Spark among the services of the class path. */
    public static final class Kind implements Cluster.Kind {
        @Override
        public Cluster at(String master) {
            return new SparkCluster(master);
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
    public int cores() {
        return context().defaultParallelism();
    }

    private Path log() {
        Path file = log;
        return file == null ? Settings.ofProcess().out().resolve("spark.log").toAbsolutePath() : file;
    }

    private JavaSparkContext context() {
        return Context.open(master, log());
    }

    @Override
    public void compute(TileJob job, TileShelf shelf, Monitor monitor) {
        List<Tile> missing = shelf.missing();
        if (missing.isEmpty()) {
            return;
        }
        JavaSparkContext context = context();
        SentJob sent = SentJob.of(fitting(job, context), shelf.folder());
        Broadcast<SentJob> broadcast = context.broadcast(sent);
        new TileRun(context, master, log(), shelf, missing.size(), monitor)
                .all(Group.of(missing, job, context.defaultParallelism()), task(broadcast, shelf.last()));
        // After a stop, tasks of this process may still read what this would give back.
        sent.close();
        broadcast.destroy();
    }

    /** What an executor does. */
    TileTask task(Broadcast<SentJob> broadcast, long last) {
        return new TileTask(broadcast, last);
    }

    /** In pieces that fit into an executor; in this process the plan has seen to that. */
    private TileJob fitting(TileJob job, JavaSparkContext context) {
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
