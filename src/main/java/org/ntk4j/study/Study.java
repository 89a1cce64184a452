package org.ntk4j.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Screen;
import org.ntk4j.base.Settings;
import org.ntk4j.files.Table;
import org.ntk4j.grammar.Document;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.Blas;
import org.ntk4j.report.Manifest;
import org.ntk4j.report.RunFolder;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.tensorflow.Devices;

/**
 * Runs the cells of an experiment one after the other. Each finished cell is stored, so that an interrupted sweep goes on
 * from there; the results are written at the end, or with what there is if the end comes early.
 */
public final class Study {

    /** With the line that names the folder, a comparison takes 25 lines at most and a sweep 40. */
    private static final int LINES_OF_ONE = 24;
    private static final int LINES_OF_SWEEP = 39;

    private final Settings settings;
    private final RunFolder folder;
    private final Monitor screen;
    private final TileFolder tiles;
    private final StudyCells cells;
    private final StudyTables tables;
    private final int count;

    private Study(Definition definition, Settings settings, Plan plan, RunFolder folder, Monitor screen, Manifest manifest) {
        this.settings = settings;
        this.folder = folder;
        this.screen = screen;
        this.count = definition.points().size();
        this.tiles = TileFolder.whenLong(folder.path()).shared();
        Optional<Cluster> cluster = Cluster.of(settings);
        cluster.ifPresent(c -> c.logTo(folder.path().resolve("log.txt")));
        Monitor monitor = folder.log().around(screen);
        Shared shared = new Shared(settings, monitor, tiles, plan.keepsAll(), new KernelAverages(definition.sweep().hasSeeds()), cluster);
        this.cells = new StudyCells(definition, settings, plan, folder, monitor, shared, cluster);
        this.tables = new StudyTables(definition, folder, shared, manifest);
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
            return shown + System.lineSeparator() + "and " + (lines.size() - shown.lines().count()) + " lines more in "
                    + StudyTables.SUMMARY + ", in the folder of the results";
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
        tables.begin();
        Blas.setThreads(settings.threads());
        try {
            List<String> failed = cells.run();
            Outcome outcome = tables.write(cells.done());
            tiles.clear();
            if (failed.isEmpty()) {
                new KernelStore(folder.path()).averaged();
            }
            Path finished = failed.isEmpty() ? folder.complete() : folder.abandon(Failure.run(failed, null));
            tables.report(finished, screen);
            return new Outcome(outcome.cells, outcome.screen, finished, outcome.files, failed);
        } catch (Failure | OutOfMemoryError e) {
            tables.write(cells.done());
            Path kept = folder.abandon(e);
            tables.report(kept, screen);
            String more = cells.finished() == 0 ? "" : "; " + cells.finished() + " of " + count
                    + " cells are finished, --resume goes on from there";
            screen.note("kept what there is: " + kept + more);
            throw e instanceof Failure failure ? failure : Failure.run("not enough memory for this experiment; use fewer examples, a "
                    + "smaller width or a larger machine", e);
        }
    }
}
