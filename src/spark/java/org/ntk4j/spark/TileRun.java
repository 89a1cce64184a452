package org.ntk4j.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileShelf;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/** A job of tiles under way: what came back, how fast, and whether to go on. */
final class TileRun {

    private static final long BETWEEN_LOOKS_MS = 50;
    private static final double PATIENCE = 30;

    private final JavaSparkContext context;
    private final Master master;
    private final Path log;
    private final TileShelf shelf;
    private final int wanted;
    private final Monitor monitor;
    private final AtomicReference<Failure> failure = new AtomicReference<>();
    private int done;

    TileRun(JavaSparkContext context, Master master, Path log, TileShelf shelf, int wanted, Monitor monitor) {
        this.context = context;
        this.master = master;
        this.log = log;
        this.shelf = shelf;
        this.wanted = wanted;
        this.monitor = monitor;
    }

    /**
     * Does all of it.
     *
     * @throws Failure if a tile fails, Spark gives up, or after Ctrl-C
     */
    void all(List<Group> groups, TileTask task) {
        ExecutorCount executors = new ExecutorCount();
        context.sc().addSparkListener(executors);
        context.setLocalProperty("spark.job.interruptOnCancel", "true");
        long began = System.nanoTime();
        try (Monitor.Task progress = monitor.begin("tiles of K_∞ and Θ_∞ on Spark " + master.text() + ", " + shelf.grid().rows() + " × "
                + shelf.grid().columns(), wanted)) {
            SimpleFutureAction<Boolean> action = context.sc().submitJob(context.parallelize(groups, groups.size()).rdd(), task,
                    CollectionConverters.asScala(IntStream.range(0, groups.size()).<Object>mapToObj(i -> i).toList()).toSeq(),
                    (index, reports) -> {
                        for (Report report : reports) {
                            take(report);
                        }
                        progress.done(done, executors.toString());
                        return BoxedUnit.UNIT;
                    }, () -> true);
            await(action, executors, began);
        } finally {
            context.sc().removeSparkListener(executors);
        }
        Failure first = failure.get();
        if (first != null) {
            throw first;
        }
        if (done < wanted) {
            throw Failure.cancelled("stopped while computing K_∞ and Θ_∞ on Spark; " + (shelf.there().cardinality() + done) + " of "
                    + shelf.grid().count() + " tiles are kept in " + shelf.folder()
                    + ", the same command goes on from there, with --spark or without");
        }
    }

    private void await(SimpleFutureAction<Boolean> action, ExecutorCount executors, long began) {
        boolean said = master.isThisProcess();
        while (!action.isCompleted()) {
            if (monitor.cancelled() || failure.get() != null) {
                action.cancel();
            }
            if (!said && done == 0 && executors.none() && 1e-9 * (System.nanoTime() - began) > PATIENCE) {
                said = true;
                monitor.note("no executor has come yet: does the cluster have cores and memory free? Spark's own words are in " + log);
            }
            try {
                Thread.sleep(BETWEEN_LOOKS_MS);
            } catch (InterruptedException e) {
                action.cancel();
                Thread.currentThread().interrupt();
                throw Failure.cancelled("stopped while computing K_∞ and Θ_∞ on Spark");
            }
        }
        if (action.value().get().isFailure() && !monitor.cancelled()) {
            failure.compareAndSet(null, Faults.of(action.value().get().failed().get(), master, log));
        }
    }

    private void take(Report report) {
        if (!report.failure().isEmpty()) {
            failure.compareAndSet(null, report.status() == Failure.INPUT ? Failure.input(report.failure()) : Failure.run(report.failure()));
            return;
        }
        List<Tile> tiles = report.group().tiles();
        for (int i = 0; i < tiles.size(); i++) {
            shelf.wrote(TileShelf.file(shelf.last(), report.group().number()), tiles.get(i), report.checksum(), report.seconds()[i]);
        }
        done += tiles.size();
    }
}
