package org.ntk4j.report;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FolderLock;
import org.ntk4j.files.Table;
import org.ntk4j.files.WholeFile;

/**
 * The folder of one run: {@code OUT/NAME/RUN}. It is written as {@code .RUN.partial} and renamed at its end: to {@code RUN}
 * when it is done (then {@code latest} points to it), to {@code RUN.interrupted} or {@code RUN.failed} otherwise. A process
 * that is killed leaves {@code .RUN.partial}. Only one process at a time writes into a folder; no other run is touched.
 *
 * <pre>{@code
 * try (RunFolder folder = RunFolder.begin(out, name, resolved, Clock.systemDefaultZone())) {
 *     folder.describe(manifest);
 *     …                                  // write(), finish(): cells of a sweep
 *     folder.complete();                 // else close() marks it as failed
 * }
 * }</pre>
 */
public final class RunFolder implements AutoCloseable {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final Pattern UNFINISHED = Pattern.compile(
            "\\.(\\d{8}-\\d{6}(?:-\\d+)?)\\.partial|(\\d{8}-\\d{6}(?:-\\d+)?)\\.(?:interrupted|failed)");
    private static final String FINGERPRINT = ".fingerprint";

    private final Path parent;
    private final String run;
    private final Clock clock;
    private final FolderLock lock;
    private final CellStore cells;
    private final RunLog log;
    private Path path;
    private Optional<Manifest> manifest = Optional.empty();
    private boolean ended;

    private RunFolder(Path parent, String run, FolderLock lock, Clock clock) {
        this.parent = parent;
        this.run = run;
        this.clock = clock;
        this.lock = lock;
        this.path = partial(parent, run);
        this.cells = new CellStore(path.resolve("cells"));
        this.log = new RunLog(path.resolve("log.txt"), clock);
    }

    /**
     * Begins a new run.
     *
     * @param out         the folder of all results
     * @param name        the experiment's name: letters, digits, {@code -}, {@code _}, {@code .}
     * @param fingerprint what must be the same for a later run to continue this one: the resolved definition
     * @throws Failure if the name is not allowed or the folder cannot be written
     */
    public static RunFolder begin(Path out, String name, String fingerprint, Clock clock) {
        Path parent = parent(out, name);
        try {
            Files.createDirectories(parent);
            String stamp = STAMP.format(LocalDateTime.now(clock));
            for (int suffix = 1; ; suffix++) {
                String run = suffix == 1 ? stamp : String.format(Locale.ROOT, "%s-%02d", stamp, suffix);
                Optional<FolderLock> lock = claim(parent, run);
                if (lock.isPresent()) {
                    RunFolder folder = new RunFolder(parent, run, lock.get(), clock);
                    WholeFile.write(folder.path.resolve(FINGERPRINT), fingerprint);
                    return folder;
                }
            }
        } catch (IOException e) {
            throw unwritable(parent, e);
        }
    }

    /**
     * Continues the newest run of this name that did not finish and has the same fingerprint; empty if there is none.
     *
     * @throws Failure if there is one, but another process is writing it
     */
    public static Optional<RunFolder> resume(Path out, String name, String fingerprint, Clock clock) {
        Path parent = parent(out, name);
        if (!Files.isDirectory(parent)) {
            return Optional.empty();
        }
        Path taken = null;
        try {
            for (Path candidate : unfinished(parent)) {
                if (!WholeFile.read(candidate.resolve(FINGERPRINT)).equals(Optional.of(fingerprint))) {
                    continue;
                }
                Optional<FolderLock> lock = FolderLock.take(candidate);
                // The one who held the lock may have renamed the folder in between.
                if (lock.isPresent() && Files.isDirectory(candidate)) {
                    String run = run(candidate);
                    if (!candidate.equals(partial(parent, run))) {
                        Files.move(candidate, partial(parent, run), StandardCopyOption.ATOMIC_MOVE);
                    }
                    RunFolder folder = new RunFolder(parent, run, lock.get(), clock);
                    folder.log.add("resumed");
                    return Optional.of(folder);
                }
                lock.ifPresent(FolderLock::close);
                taken = candidate;
            }
        } catch (IOException e) {
            throw unwritable(parent, e);
        }
        if (taken != null) {
            throw Failure.run(taken + ": another process is writing this run" + FolderLock.holder(taken)
                    + "; wait for its end, or start without --resume");
        }
        return Optional.empty();
    }

    private static Path parent(Path out, String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,200}") || name.matches("\\.+")) {
            throw Failure.input("name '" + name + "' cannot be the name of a folder; allowed: letters, digits, '-', '_', '.'");
        }
        return out.resolve(name);
    }

    private static Path partial(Path parent, String run) {
        return parent.resolve("." + run + ".partial");
    }

    /** Makes the folder of a run under its temporary name, unless the name of the run is taken in any form. */
    private static Optional<FolderLock> claim(Path parent, String run) throws IOException {
        Path folder = partial(parent, run);
        if (taken(parent, run)) {
            return Optional.empty();
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        }
        // Another process may have ended a run of that name between the look and the making.
        if (taken(parent, run)) {
            Files.delete(folder);
            return Optional.empty();
        }
        Optional<FolderLock> lock = FolderLock.take(folder);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        return lock;
    }

    private static boolean taken(Path parent, String run) {
        return Stream.of("", ".interrupted", ".failed").anyMatch(end -> Files.exists(parent.resolve(run + end)));
    }

    private static List<Path> unfinished(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(p -> UNFINISHED.matcher(p.getFileName().toString()).matches() && Files.isDirectory(p))
                    .sorted(Comparator.comparing((Path p) -> run(p)).reversed())
                    .toList();
        }
    }

    private static String run(Path unfinished) {
        Matcher name = UNFINISHED.matcher(unfinished.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException(unfinished.toString());
        }
        return name.group(1) == null ? name.group(2) : name.group(1);
    }

    private static Failure unwritable(Path folder, IOException e) {
        return Failure.input(folder + ": results cannot be written there (" + WholeFile.reason(e) + "); choose another folder with --out");
    }

    /** The run's name, which its folder has at the end: {@code 20261123-181500}; the column {@code run} of the results. */
    public String run() {
        return run;
    }

    /** Where the run is written at present. */
    public Path path() {
        return path;
    }

    /** {@code log.txt}. */
    public RunLog log() {
        return log;
    }

    /** Writes {@code manifest.json}, now and, with how the run ended, at its end. */
    public void describe(Manifest current) {
        manifest = Optional.of(current);
        write("manifest.json", current.json());
    }

    /**
     * Writes a file of the run in UTF-8, replacing one of that name: whole or not at all.
     *
     * @throws Failure if it cannot be written
     */
    public void write(String file, String text) {
        try {
            Files.createDirectories(path.resolve(file).getParent());
            WholeFile.write(path.resolve(file), text);
        } catch (IOException e) {
            throw Failure.run(path.resolve(file) + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** Writes a table as CSV. */
    public void write(String file, Table table) {
        write(file, table.csv());
    }

    /** What was stored for a cell of a sweep when it was finished, in this process or in one before. */
    public Optional<String> finished(String cellKey) {
        return finished(cellKey, note -> { });
    }

    /**
     * What was stored for a cell of a sweep when it was finished, in this process or in one before.
     *
     * @param note is told of a file that is damaged: its cell counts as not finished
     */
    public Optional<String> finished(String cellKey, Consumer<String> note) {
        return cells.finished(cellKey, note);
    }

    /**
     * Stores that a cell of a sweep is finished: whole or not at all.
     *
     * @param cellKey what tells it from other cells: {@code network.mlp.width=64, seed=0}
     * @param json    its results
     */
    public void finish(String cellKey, String json) {
        cells.finish(cellKey, json);
    }

    /**
     * Ends the run: renames its folder, and {@code latest} points to it.
     *
     * @return the folder of the finished run
     */
    public Path complete() {
        end(Status.DONE, "done");
        cells.delete(path.resolve("cells"));
        WholeFile.deleteQuietly(path.resolve(FINGERPRINT));
        try {
            Latest.point(parent, run);
        } catch (IOException e) {
            log(path).add("'latest' could not be set: " + WholeFile.reason(e));
        }
        return path;
    }

    /**
     * Ends the run before its end, with what there is.
     *
     * @param cause why: a {@link Failure#CANCELLED} failure marks it as interrupted, anything else as failed
     * @return the folder that keeps what there is
     */
    public Path abandon(Throwable cause) {
        boolean interrupted = cause instanceof Failure failure && failure.status() == Failure.CANCELLED;
        String text = cause instanceof Failure ? cause.getMessage() : cause.toString();
        end(interrupted ? Status.INTERRUPTED : Status.FAILED, (interrupted ? "interrupted: " : "failed: ") + text);
        return path;
    }

    private void end(Status status, String line) {
        if (ended) {
            throw new IllegalStateException("the run " + run + " has ended already");
        }
        manifest.ifPresent(m -> describe(m.ended(status, clock.instant())));
        log.add(line);
        Path last = parent.resolve(status == Status.DONE ? run : run + "." + status);
        try {
            Files.move(path, last, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failure.run(path + ": cannot be renamed to " + last.getFileName() + " (" + WholeFile.reason(e) + ")", e);
        }
        path = last;
        ended = true;
        lock.close();
        FolderLock.clean(last);
    }

    private RunLog log(Path folder) {
        return new RunLog(folder.resolve("log.txt"), clock);
    }

    /** Marks the run as failed if nobody said how it ended. */
    @Override
    public void close() {
        if (!ended) {
            try {
                end(Status.FAILED, "failed");
            } finally {
                lock.close();
            }
        }
    }
}
