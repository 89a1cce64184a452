package org.ntk4j.panel;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;

/**
 * The files of one run, whatever state it ended in.
 *
 * @param folder where they are
 * @param label  the run's name where several stand side by side; empty for a run by itself
 */
record RunFiles(Path folder, String label) {

    private static final List<String> TABLES = List.of("results.csv", "summary.csv", "history.csv", "predictions.csv", "spectrum.csv");
    private static final String UNFINISHED = "\\..+\\.partial|.+\\.(interrupted|failed)";

    /**
     * The run that is meant by a path.
     *
     * @param path a run's folder, {@code out/NAME} (its latest run, else the newest that did not finish), or a CSV file of a run
     * @throws Failure if it is none of these
     */
    static RunFiles of(Path path) {
        if (Files.isRegularFile(path) && TABLES.contains(path.getFileName().toString())) {
            return of(Objects.requireNonNull(path.toAbsolutePath().getParent()));
        }
        if (!Files.isDirectory(path)) {
            throw Failure.input(path + ": " + (Files.exists(path)
                    ? "this is no folder; give the folder of a run, or one of its tables (" + String.join(", ", TABLES) + ")"
                    : "there is no such folder") );
        }
        if (isRun(path)) {
            return new RunFiles(path, "");
        }
        return new RunFiles(latest(path)
                .orElseThrow(() -> Failure.input(path + ": this is no folder of a run (none of " + String.join(", ", TABLES)
                + " and no manifest.json is in it), and no run lies in it")), "");
    }

    private static boolean isRun(Path folder) {
        return Files.isRegularFile(folder.resolve("manifest.json"))
                || TABLES.stream().anyMatch(t -> Csv.heads(folder.resolve(t)).contains("subject"));
    }

    private static Optional<Path> latest(Path folder) {
        Path latest = folder.resolve("latest");
        try {
            if (Files.isDirectory(latest) && isRun(latest)) {
                return Optional.of(folder.resolve(latest.toRealPath().getFileName()));
            }
            if (Files.isRegularFile(latest)) {
                Path named = folder.resolve(Files.readString(latest).strip());
                return Files.isDirectory(named) && isRun(named) ? Optional.of(named) : Optional.empty();
            }
            try (Stream<Path> all = Files.list(folder)) {
                return all.filter(p -> p.getFileName().toString().matches(UNFINISHED)).filter(Files::isDirectory).filter(RunFiles::isRun)
                        .max(Comparator.comparing(p -> p.getFileName().toString().replaceFirst("^\\.", "")));
            }
        } catch (IOException e) {
            throw Failure.input(folder + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** These files under another name. */
    RunFiles named(String name) {
        return new RunFiles(folder, name);
    }

    /** {@code NAME/RUN}. */
    String name() {
        Path whole = folder.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        return (parent == null || parent.getFileName() == null ? "" : parent.getFileName() + "/") + whole.getFileName();
    }

    boolean has(String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    /** A text; empty if it is not there. */
    String text(String file) {
        if (!has(file)) {
            return "";
        }
        try {
            return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.input(folder.resolve(file) + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** {@code manifest.json}; empty if it is not there. */
    JsonObject manifest() {
        try {
            return has("manifest.json") ? JsonParser.parseString(text("manifest.json")).getAsJsonObject() : new JsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw Failure.input(folder.resolve("manifest.json") + ": the file is damaged (" + e.getMessage() + ")");
        }
    }

    /** Reads a table, if it is there; a line knows its point of the sweep by {@link #spot}. */
    void read(String file, List<String> needed, java.util.function.BiConsumer<Csv, Spot> line) {
        if (!has(file)) {
            return;
        }
        List<String> paths = paths(file);
        Map<List<String>, Spot> spots = new HashMap<>();
        Csv.read(folder.resolve(file), needed, csv -> line.accept(csv,
                spots.computeIfAbsent(paths.stream().map(csv::text).toList(), values -> spot(paths, values))));
    }

    private Spot spot(List<String> paths, List<String> values) {
        Map<String, String> keys = new LinkedHashMap<>();
        if (!label.isEmpty()) {
            keys.put("run", label);
        }
        for (int i = 0; i < paths.size(); i++) {
            keys.put(paths.get(i), values.get(i));
        }
        return new Spot(keys);
    }

    /** The swept paths: the columns between {@code run, seed} and the table's own. */
    private List<String> paths(String file) {
        List<String> paths = new ArrayList<>();
        for (String column : Csv.heads(folder.resolve(file))) {
            if (FIRST.contains(column)) {
                continue;
            }
            if (OWN.contains(column)) {
                break;
            }
            paths.add(column);
        }
        return paths;
    }

    private static final List<String> FIRST = List.of("run", "seed");
    /** With one of these the columns of a table itself begin. */
    private static final List<String> OWN = List.of("subject", "layer", "step", "rank", "reason", "kind", "example");
}
