package org.ntk4j.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.report.RunFolder;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.StoredCell;

/**
 * The cells of a study: those that an earlier run has finished are read, the others are computed one after the other, or on other machines.
 * Each is stored as soon as it is finished.
 */
final class StudyCells {

    private final Definition definition;
    private final List<Definition.Point> points;
    private final Settings settings;
    private final Plan plan;
    private final RunFolder folder;
    private final Monitor monitor;
    private final Shared shared;
    private final Optional<Cluster> cluster;
    private final List<CellResult> done = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final List<String> failed = new ArrayList<>();
    private int unfinished;

    StudyCells(Definition definition, Settings settings, Plan plan, RunFolder folder, Monitor monitor, Shared shared,
            Optional<Cluster> cluster) {
        this.definition = definition;
        this.points = definition.points();
        this.settings = settings;
        this.plan = plan;
        this.folder = folder;
        this.monitor = monitor;
        this.shared = shared;
        this.cluster = cluster;
    }

    /** The results so far, those of cells that ended early among them. */
    List<CellResult> done() {
        return done;
    }

    /** How many cells are finished. */
    int finished() {
        return done.size() - unfinished;
    }

    /** What failed, a line a cell; where none is finished, or after Ctrl-C, the study itself fails. */
    List<String> run() {
        Map<Integer, SentCells.Message> elsewhere = elsewhere();
        for (int i = 0; i < points.size(); i++) {
            Definition.Point point = points.get(i);
            Optional<String> stored = folder.finished(point.key(), monitor::note);
            if (stored.isPresent()) {
                done.add(StoredCell.read(stored.get()));
                average(point, elsewhere.containsKey(i));
            } else if (!isSpread()) {
                if (points.size() > 1) {
                    monitor.note("cell " + (i + 1) + " of " + points.size() + ": " + point.key());
                }
                take(point, outcome(point, settings, plan, i, monitor, shared, folder.path()));
            } else if (elsewhere.containsKey(i)) {
                SentCells.Message message = elsewhere.get(i);
                take(point, new Cell.Outcome(message.result(), message.failure()));
            }
        }
        // Without the cells that Ctrl-C came before.
        if (isSpread() && done.size() < points.size()) {
            throw Failure.cancelled("Ctrl-C on the cluster");
        }
        return failed;
    }

    /** A cell that fails before it has anything to show fails like one that fails later. */
    static Cell.Outcome outcome(Definition.Point point, Settings settings, Plan plan, int index, Monitor monitor, Shared shared,
            Path folder) {
        try {
            return new Cell(CellContext.of(point, settings, plan.held(index), plan.outputs(index), monitor, shared,
                    new KernelStore(folder), plan.scale(index))).run();
        } catch (Failure e) {
            return new Cell.Outcome(CellResult.failed(point.definition().seed(), point.swept(), e.getMessage()), Optional.of(e));
        } catch (OutOfMemoryError e) {
            Failure failure = Failure.run("not enough memory for this cell; use fewer examples, a smaller width or a larger machine", e);
            return new Cell.Outcome(CellResult.failed(point.definition().seed(), point.swept(), failure.getMessage()),
                    Optional.of(failure));
        }
    }

    private void take(Definition.Point point, Cell.Outcome outcome) {
        tell(outcome.result());
        if (outcome.failure().isEmpty()) {
            done.add(outcome.result());
            folder.finish(point.key(), StoredCell.write(outcome.result()));
            average(point, true);
        } else {
            fail(point, outcome.result(), outcome.failure().get());
        }
    }

    /** Goes on with the other cells, if there are any and the user has not ended it. */
    private void fail(Definition.Point point, CellResult result, Failure failure) {
        unfinished++;
        boolean cancelled = failure.status() == Failure.CANCELLED || monitor.cancelled();
        done.add(cancelled ? result : result.failed(failure.getMessage()));
        if (cancelled || points.size() == 1) {
            throw failure;
        }
        failed.add("cell " + point.key() + ": " + String.join("; ", failure.lines()));
        if (unfinished == points.size()) {
            throw Failure.run(failed, failure);
        }
        monitor.note("failed: " + point.key() + ": " + failure.getMessage() + "; the other cells go on");
    }

    /** In a sweep a note is said once, whatever its numbers, and the kernels' eigenvalues stand in the log alone. */
    private void tell(CellResult cell) {
        for (String note : cell.notes()) {
            if (points.size() == 1 || said.add(note.replaceAll("[0-9.]+", "#"))) {
                monitor.note(note);
            } else {
                folder.log().add(note);
            }
        }
        cell.details().forEach(folder.log()::add);
    }

    /** Whether cells are computed on other machines: one alone has its kernels there instead. */
    private boolean isSpread() {
        return cluster.isPresent() && points.size() > 1;
    }

    private boolean isAveraged() {
        return shared.averages().isWanted() && definition.kernels().contains(Subject.NTK_TRAINED);
    }

    /** Takes in Θ_T of a cell that another machine has computed. */
    private void average(Definition.Point point, boolean expected) {
        if (isSpread() && isAveraged()
                && !shared.averages().take(point, shared.sample(point.definition()), new KernelStore(folder.path())) && expected) {
            monitor.note("regression.averaged is left out: Θ_T of " + point.key() + " is not in " + folder.path()
                    + ", which must be on a disk that all machines share");
        }
    }

    /** Computes the cells that are not there yet on other machines; empty where this one does. After Ctrl-C those that came in time. */
    private Map<Integer, SentCells.Message> elsewhere() {
        Map<Integer, SentCells.Message> messages = new TreeMap<>();
        if (!isSpread()) {
            return messages;
        }
        List<Integer> missing = IntStream.range(0, points.size()).boxed()
                .filter(i -> folder.finished(points.get(i).key(), monitor::note).isEmpty()).toList();
        Cluster machines = cluster.orElseThrow();
        try {
            SentCells cells = new SentCells(definition, settings, folder.path(), isAveraged());
            machines.run("cells on " + machines.name(), cells, missing, (index, text) -> {
                SentCells.Message message = SentCells.Message.read(text);
                messages.put(index, message);
                message.notes().forEach(note -> folder.log().add("cell " + points.get(index).key() + ": " + note));
                if (message.lines().isEmpty()) {
                    folder.finish(points.get(index).key(), StoredCell.write(message.result()));
                }
            }, monitor);
        } catch (Failure e) {
            if (e.status() != Failure.CANCELLED) {
                throw e;
            }
        }
        return messages;
    }
}
