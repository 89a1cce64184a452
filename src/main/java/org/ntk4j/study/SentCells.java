package org.ntk4j.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.grammar.Document;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.tile.Fingerprint;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.Blas;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.StoredCell;

/** The cells of a study as they are sent to other machines: a text and folders. What cells share, each process computes once. */
final class SentCells implements Cluster.Job {

    private final String definition;
    /** As the user wrote the values. */
    private final List<Map<String, String>> swept;
    private final String data;
    private final String out;
    private final String folder;
    private final @Nullable String device;
    private final boolean averaged;
    private final @Nullable String engine;
    private transient @Nullable Here here;

    /**
     * The cells of a definition.
     *
     * @param folder   of the run, which all machines share
     * @param averaged whether Θ_T of each cell is left there, to be averaged over seeds
     * @throws Failure if the definition cannot be written down
     */
    SentCells(Definition definition, Settings settings, Path folder, boolean averaged) {
        if (!Fingerprint.tells(definition.toMap())) {
            throw Failure.input("an experiment with a function given in Java cannot be sent to other machines; leave --spark out");
        }
        this.definition = Document.write(definition.toMap());
        this.swept = definition.points().stream().map(p -> (Map<String, String>) new LinkedHashMap<>(p.swept())).toList();
        this.data = settings.data().toAbsolutePath().toString();
        this.out = settings.out().toAbsolutePath().toString();
        this.folder = folder.toAbsolutePath().toString();
        this.device = settings.device().orElse(null);
        this.averaged = averaged;
        this.engine = settings.engine().orElse(null);
    }

    /**
     * What came of a cell.
     *
     * @param lines  why it failed; none if it did not
     * @param status of the failure
     * @param notes  what was said meanwhile
     */
    record Message(CellResult result, List<String> lines, int status, List<String> notes) {

        static Message read(String text) {
            return StoredCell.GSON.fromJson(text, Message.class);
        }

        Optional<Failure> failure() {
            return lines.isEmpty() ? Optional.empty()
                    : Optional.of(status == Failure.INPUT ? Failure.input(lines) : Failure.run(lines, null));
        }
    }

    /** What the cells of a process have in common. */
    private record Here(Definition definition, Settings settings, Plan plan, Shared shared) {
    }

    private synchronized Here here(Cluster.Place place) {
        Here made = here;
        if (made == null) {
            Definition d = DefinitionReader.parse(definition);
            Settings settings = new Settings(Path.of(data), Path.of(out), Optional.ofNullable(device), place.memory(), place.threads(),
                    Optional.empty(), Optional.ofNullable(engine));
            Plan plan = Plan.of(d, settings);
            plan.check();
            Blas.setThreads(settings.threads());
            // Not the study's own folder for tiles: several processes would write there.
            TileFolder tiles = TileFolder.whenLong(Path.of(folder).resolve("process-" + ProcessHandle.current().pid())).shared();
            made = new Here(d, settings, plan, new Shared(settings, Monitor.quiet(place::cancelled, line -> { }), tiles, plan.keepsAll(),
                    averaged ? KernelAverages.leftIn(new KernelStore(Path.of(folder))) : new KernelAverages(false)));
            here = made;
        }
        return made;
    }

    @Override
    public String run(int index, Cluster.Place place) {
        List<String> notes = Collections.synchronizedList(new ArrayList<>());
        Here common = here(place);
        Definition.Point point = new Definition.Point(common.definition.points().get(index).definition(), swept.get(index));
        Cell.Outcome outcome = StudyCells.outcome(point, common.settings, common.plan, index,
                Monitor.quiet(place::cancelled, notes::add), common.shared, Path.of(folder));
        Optional<Failure> failure = outcome.failure();
        if (failure.isPresent() && failure.get().status() == Failure.CANCELLED) {
            throw failure.get();
        }
        return StoredCell.GSON.toJson(new Message(outcome.result(), failure.map(Failure::lines).orElse(List.of()),
                failure.map(Failure::status).orElse(0), notes));
    }
}
