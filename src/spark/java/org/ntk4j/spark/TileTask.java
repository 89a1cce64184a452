package org.ntk4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.ntk4j.base.Failure;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileShelf;
import org.ntk4j.infinite.tile.TileValues;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** Computes the tiles of a group and leaves them in one file, on whichever machine it runs, and however often. */
class TileTask extends AbstractFunction1<Iterator<Group>, Report[]> implements Serializable {

    private final Broadcast<SentJob> sent;
    private final long last;

    /**
     * A task.
     *
     * @param last the number after which files are new
     */
    TileTask(Broadcast<SentJob> sent, long last) {
        this.sent = sent;
        this.last = last;
    }

    @Override
    public Report[] apply(Iterator<Group> groups) {
        List<Report> reports = new ArrayList<>();
        while (groups.hasNext()) {
            reports.add(report(groups.next()));
        }
        return reports.toArray(Report[]::new);
    }

    private Report report(Group group) {
        SentJob job = sent.value();
        List<TileValues> values = new ArrayList<>();
        double[] seconds = new double[group.bounds().length];
        try {
            Engine engine = job.engine(SparkEnv.get().blockManager().blockManagerId().host());
            for (Tile t : group.tiles()) {
                long began = System.nanoTime();
                values.add(tile(engine, t));
                seconds[values.size() - 1] = 1e-9 * (System.nanoTime() - began);
            }
        } catch (Failure e) {
            if (e.status() == Failure.CANCELLED) {
                throw e;
            }
            return new Report(group, 0, seconds, e.getMessage(), e.status());
        }
        String file = TileShelf.file(last, group.number());
        TaskContext task = TaskContext.get();
        try {
            return new Report(group, job.destination().write(file, values, "task" + task.taskAttemptId()), seconds, "", 0);
        } catch (IOException e) {
            throw new UncheckedIOException(job.destination() + "/" + file + ": cannot be written", e);
        }
    }

    /** One tile. */
    TileValues tile(Engine engine, Tile t) {
        return engine.tile(t);
    }
}
