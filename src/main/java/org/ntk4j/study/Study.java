package org.ntk4j.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Screen;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Split;
import org.ntk4j.files.Table;
import org.ntk4j.grammar.Document;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.Blas;
import org.ntk4j.panel.HtmlReport;
import org.ntk4j.report.Looks;
import org.ntk4j.report.Manifest;
import org.ntk4j.report.RunFolder;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.LargestDifferences;
import org.ntk4j.study.finding.ScreenTable;
import org.ntk4j.study.finding.StoredCell;
import org.ntk4j.study.finding.Summary;
import org.ntk4j.study.finding.Tables;
import org.ntk4j.tensorflow.Devices;

/**
 * Runs the cells of an experiment one after the other. Each finished cell is stored, so that an interrupted sweep goes on
 * from there; the results are written at the end, or with what there is if the end comes early.
 */
public final class Study {

    private static final String SUMMARY = "summary.txt";
    /** With the line that names the folder, a comparison takes 25 lines at most and a sweep 40. */
    private static final int LINES_OF_ONE = 24;
    private static final int LINES_OF_SWEEP = 39;

    private final Definition definition;
    private final Settings settings;
    private final Plan plan;
    private final RunFolder folder;
    private final Monitor screen;
    private final Monitor monitor;
    private final TileFolder tiles;
    private final Shared shared;
    private final Optional<Cluster> cluster;
    private final List<CellResult> done = new ArrayList<>();
    private final KernelAverages averages;
    private Manifest manifest;
    private int unfinished;

    private Study(Definition definition, Settings settings, Plan plan, RunFolder folder, Monitor screen, Manifest manifest) {
        this.definition = definition;
        this.settings = settings;
        this.plan = plan;
        this.averages = new KernelAverages(definition.sweep().hasSeeds());
        this.folder = folder;
        this.screen = screen;
        this.monitor = folder.log().around(screen);
        this.manifest = manifest;
        this.tiles = TileFolder.whenLong(folder.path()).shared();
        this.cluster = Cluster.of(settings);
        cluster.ifPresent(c -> c.logTo(folder.path().resolve("log.txt")));
        this.shared = new Shared(settings, monitor, tiles, plan.keepsAll(), averages, cluster);
    }

    /**
     * What a study found.
     *
     * @param screen all that is to be said, as it stands in {@code summary.txt}; {@link #glance} is what is printed of it
     * @param folder where the results are
     * @param files  the tables by the names of their files
     * @param failed what failed, a line a cell
     */
    public record Outcome(List<CellResult> cells, String screen, Path folder, Map<String, Table> files, List<String> failed) {

        /**
         * Goes on unless a cell has failed.
         *
         * @throws Failure with a line for each that has
         */
        public void check() {
            if (!failed.isEmpty()) {
                List<String> lines = new ArrayList<>(failed);
                lines.add(failed.size() + " of " + cells.size() + " cells failed; the others are in " + folder
                        + ", the same with --resume tries those again");
                throw Failure.run(lines, null);
            }
        }

        /** The beginning of the screen's text, as much as is read at a glance; the rest stands in {@code summary.txt}. */
        public String glance() {
            List<String> lines = Screen.wrapped(screen, Screen.outColumns()).lines().toList();
            int most = cells.stream().map(CellResult::swept).distinct().count() > 1 ? LINES_OF_SWEEP : LINES_OF_ONE;
            if (lines.size() <= most) {
                return screen;
            }
            String shown = String.join(System.lineSeparator(), lines.subList(0, most - 1)).stripTrailing();
            return shown + System.lineSeparator() + "and " + (lines.size() - shown.lines().count()) + " lines more in " + SUMMARY
                    + ", in the folder of the results";
        }

        /** Writes the tables into a folder. */
        public void save(Path target) {
            try {
                Files.createDirectories(target);
                for (Map.Entry<String, Table> file : files.entrySet()) {
                    Path path = target.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.writeString(path, file.getValue().csv());
                }
            } catch (IOException e) {
                throw Failure.run(target + ": the results cannot be written there (" + e.getMessage() + ")", e);
            }
        }
    }

    /** The plan of an experiment with its predicted memory and time. */
    public static String plan(Definition definition, Settings settings) {
        return Plan.of(definition, definition.applyTo(settings)).toString();
    }

    /**
     * The plan of an experiment, with the time that it takes on clusters if the settings name one.
     *
     * @param cores of the cluster, where that is known
     * @param price of a core for an hour
     */
    public static String plan(Definition definition, Settings settings, OptionalInt cores, OptionalDouble price) {
        Plan plan = Plan.of(definition, definition.applyTo(settings));
        return plan + settings.spark().map(master -> System.lineSeparator() + plan.onCluster(master, cores, price)).orElse("");
    }

    /**
     * Runs an experiment.
     *
     * @param resume  whether the newest unfinished run of the same definition is continued
     * @param command what the user typed, for the manifest
     * @return what was found, of a sweep also where some of its cells failed: see {@link Outcome#check}
     * @throws Failure if the only cell or all of them fail, or Ctrl-C was pressed; what was finished is kept
     */
    public static Outcome run(Definition definition, Settings given, Monitor monitor, boolean resume, List<String> command) {
        return run(definition, given, monitor, resume, command, Optional.empty());
    }

    /**
     * Runs an experiment that was read from a file, which is kept beside the results as it is.
     */
    public static Outcome run(Definition definition, Settings given, Monitor monitor, boolean resume, List<String> command,
            Optional<Path> file) {
        Settings settings = definition.applyTo(given);
        Plan plan = Plan.of(definition, settings);
        plan.check();
        String device = Devices.used(settings);
        String resolved = Document.write(definition.toMap());
        String fingerprint = "ntk4j " + Machine.ntk4j() + System.lineSeparator() + resolved;
        Clock clock = Clock.system(ZoneId.systemDefault());
        Optional<RunFolder> old = resume ? RunFolder.resume(settings.out(), definition.name(), fingerprint, clock) : Optional.empty();
        if (resume && old.isEmpty()) {
            monitor.note("nothing to resume: no unfinished run of " + definition.name()
                    + " has this definition; starting from the beginning");
        }
        try (RunFolder folder = old.orElseGet(() -> RunFolder.begin(settings.out(), definition.name(), fingerprint, clock))) {
            folder.write("config.yaml", file.isPresent() ? Files.readString(file.get()) : resolved);
            folder.write("resolved.yaml", resolved);
            List<Long> seeds = definition.points().stream().map(p -> p.definition().seed()).distinct().toList();
            Manifest manifest = Manifest.begin(command, device, seeds, Clock.systemUTC().instant());
            return new Study(definition, settings, plan, folder, monitor, manifest).run();
        } catch (IOException e) {
            throw Failure.input(file.orElseThrow() + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private Outcome run() {
        folder.describe(manifest);
        Blas.setThreads(settings.threads());
        try {
            List<String> failed = cells();
            Outcome outcome = write();
            tiles.clear();
            if (failed.isEmpty()) {
                new KernelStore(folder.path()).averaged();
            }
            Path finished = failed.isEmpty() ? folder.complete() : folder.abandon(Failure.run(failed, null));
            report(finished);
            return new Outcome(outcome.cells, outcome.screen, finished, outcome.files, failed);
        } catch (Failure | OutOfMemoryError e) {
            write();
            Path kept = folder.abandon(e);
            report(kept);
            int finished = done.size() - unfinished;
            String more = finished == 0 ? "" : "; " + finished + " of " + definition.points().size()
                    + " cells are finished, --resume goes on from there";
            screen.note("kept what there is: " + kept + more);
            throw e instanceof Failure failure ? failure : Failure.run("not enough memory for this experiment; use fewer examples, a "
                    + "smaller width or a larger machine", e);
        }
    }

    /** What failed, a line a cell; where none is finished, or after Ctrl-C, the study itself fails. */
    private List<String> cells() {
        List<Definition.Point> points = definition.points();
        Set<String> said = new HashSet<>();
        List<String> failed = new ArrayList<>();
        Map<Integer, SentCells.Message> elsewhere = elsewhere(points);
        for (int i = 0; i < points.size(); i++) {
            Definition.Point point = points.get(i);
            Optional<String> stored = folder.finished(point.key(), monitor::note);
            if (stored.isPresent()) {
                done.add(StoredCell.read(stored.get()));
                average(point, elsewhere.containsKey(i));
                continue;
            }
            if (isSpread() && !elsewhere.containsKey(i)) {
                // Ctrl-C came before it.
                continue;
            }
            if (points.size() > 1 && !isSpread()) {
                monitor.note("cell " + (i + 1) + " of " + points.size() + ": " + point.key());
            }
            SentCells.Message message = elsewhere.get(i);
            Cell.Outcome outcome = message == null ? outcome(point, settings, plan, i, monitor, shared, folder.path())
                    : new Cell.Outcome(message.result(), message.failure());
            tell(outcome.result(), points.size() > 1, said);
            if (outcome.failure().isEmpty()) {
                done.add(outcome.result());
                folder.finish(point.key(), StoredCell.write(outcome.result()));
                average(point, true);
                continue;
            }
            unfinished++;
            Failure failure = outcome.failure().get();
            boolean cancelled = failure.status() == Failure.CANCELLED || monitor.cancelled();
            done.add(cancelled ? outcome.result() : outcome.result().failed(failure.getMessage()));
            if (cancelled || points.size() == 1) {
                throw failure;
            }
            failed.add("cell " + point.key() + ": " + String.join("; ", failure.lines()));
            if (unfinished == points.size()) {
                throw Failure.run(failed, failure);
            }
            monitor.note("failed: " + point.key() + ": " + failure.getMessage() + "; the other cells go on");
        }
        if (isSpread() && done.size() < points.size()) {
            throw Failure.cancelled("Ctrl-C on the cluster");
        }
        return failed;
    }

    /** Whether cells are computed on other machines: one alone has its kernels there instead. */
    private boolean isSpread() {
        return cluster.isPresent() && definition.points().size() > 1;
    }

    private boolean isAveraged() {
        return averages.isWanted() && definition.kernels().contains(Subject.NTK_TRAINED);
    }

    /** Takes in Θ_T of a cell that another machine has computed. */
    private void average(Definition.Point point, boolean expected) {
        if (isSpread() && isAveraged() && !averages.take(point, shared.sample(point.definition()), new KernelStore(folder.path()))
                && expected) {
            monitor.note("regression.averaged is left out: Θ_T of " + point.key() + " is not in " + folder.path()
                    + ", which must be on a disk that all machines share");
        }
    }

    /** Computes the cells that are not there yet on other machines; empty where this one does. After Ctrl-C those that came in time. */
    private Map<Integer, SentCells.Message> elsewhere(List<Definition.Point> points) {
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

    /** In a sweep a note is said once, whatever its numbers, and the kernels' eigenvalues stand in the log alone. */
    private void tell(CellResult cell, boolean swept, Set<String> said) {
        for (String note : cell.notes()) {
            if (!swept || said.add(note.replaceAll("[0-9.]+", "#"))) {
                monitor.note(note);
            } else {
                folder.log().add(note);
            }
        }
        cell.details().forEach(folder.log()::add);
    }

    private Outcome write() {
        Summary summary = Summary.of(done, averages.lines(done));
        Tables tables = new Tables(folder.run(), definition.sweep().paths(), done, summary);
        Map<String, Table> files = tables.all(definition.save().contains("predictions"));
        looks(tables).ifPresent(table -> files.put("report/looks.csv", table));
        files.forEach(folder::write);
        String screenText = done.isEmpty() ? "" : ScreenTable.of(definition.compare(), definition.sweep().paths(), done, summary);
        folder.write(SUMMARY, screenText + System.lineSeparator());
        for (CellResult cell : done) {
            for (Map.Entry<String, int[]> split : cell.indices().entrySet()) {
                manifest = manifest.withData(split.getKey(), split.getValue());
            }
        }
        if (!done.isEmpty()) {
            manifest = manifest.with("network", network());
        }
        folder.describe(manifest);
        return new Outcome(List.copyOf(done), screenText, folder.path(), files,
                List.of());
    }

    /** The network of the first cell, layer by layer; nothing if the data cannot be had. */
    private List<String> network() {
        try {
            Definition first = definition.points().get(0).definition();
            Split train = shared.sample(first).train();
            return first.network().describe(train.inputs().shape(), first.network().outputs().orElse(train.classCount())).lines().toList();
        } catch (Failure e) {
            return List.of();
        }
    }

    /** How the examples look that differ most; empty if the data cannot be had. */
    private Optional<Table> looks(Tables tables) {
        if (done.isEmpty()) {
            return Optional.empty();
        }
        try {
            Looks looks = new Looks(folder.path());
            List<List<List<Object>>> rows = new ArrayList<>();
            for (CellResult cell : done) {
                Definition own = definition.points().stream()
                        .filter(p -> p.swept().equals(cell.swept()) && p.definition().seed() == cell.seed()).findFirst().orElseThrow()
                        .definition();
                rows.add(looks.of(LargestDifferences.examples(List.of(cell)), own.data(), shared.sample(own)));
            }
            return Optional.of(tables.looks(rows));
        } catch (Failure e) {
            folder.log().add("the examples that differ most are not drawn: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A run whose report cannot be written is a run all the same. */
    private void report(Path run) {
        if (!definition.report() || !Boolean.parseBoolean(System.getProperty("ntk.report", "true"))) {
            return;
        }
        try {
            HtmlReport report = HtmlReport.of(List.of(run));
            report.write(report.home());
        } catch (Failure e) {
            screen.note("no report: " + e.getMessage());
        }
    }
}
