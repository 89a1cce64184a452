package org.ntk4j.spark;

import java.util.List;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileShelf;

/** A job of tiles under way: what came back. */
final class TileRun {

    private final String what;
    private final Submission submission;
    private final TileShelf shelf;
    private final Destination destination;
    private final long last;
    private final int wanted;
    private int done;

    /**
     * A job.
     *
     * @param what        the kernels, for the user
     * @param destination where executors leave the tiles
     * @param last        the number after which files are new
     * @param wanted      how many tiles are not there yet
     */
    TileRun(String what, Submission submission, TileShelf shelf, Destination destination, long last, int wanted) {
        this.what = what;
        this.submission = submission;
        this.shelf = shelf;
        this.destination = destination;
        this.last = last;
        this.wanted = wanted;
    }

    /**
     * Does all of it.
     *
     * @throws Failure if a tile fails, Spark gives up, or after Ctrl-C
     */
    void all(List<Group> groups, TileTask task) {
        ExecutorCount executors = new ExecutorCount();
        try (Monitor.Task progress = submission.monitor().begin("tiles of " + what + " on Spark " + submission.master().text() + ", "
                + shelf.grid().rows() + " × " + shelf.grid().columns(), wanted)) {
            submission.all(groups, task, executors, (reports, index) -> {
                for (Report report : reports) {
                    take(report);
                }
                progress.done(done, executors.toString());
            });
        }
        if (done < wanted) {
            throw Failure.cancelled("stopped while computing " + what + " on Spark; " + (shelf.there().cardinality() + done) + " of "
                    + shelf.grid().count() + " tiles are kept in " + destination
                    + (destination instanceof Destination.SharedFolder ? ", the same command goes on from there, with --spark or without"
                            : ", the same command goes on from there"));
        }
    }

    private void take(Report report) {
        if (!report.failure().isEmpty()) {
            throw report.status() == Failure.INPUT ? Failure.input(report.failure()) : Failure.run(report.failure());
        }
        List<Tile> tiles = report.group().tiles();
        shelf.wrote(TileShelf.file(last, report.group().number()), tiles, report.checksum(), report.seconds());
        done += tiles.size();
    }
}
