package org.ntk4j.panel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.chart.Page;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.PictureFile;

/** One HTML file in which a person sees what a run found, or what several runs found side by side. Made from their files alone. */
public final class HtmlReport {

    /** The name of the file in the folder of a run. */
    public static final String FILE = "report.html";

    private final RunTables tables;

    private HtmlReport(RunTables tables) {
        this.tables = tables;
    }

    /**
     * Reads the files of runs.
     *
     * @param paths each the folder of a run, {@code out/NAME}, or a table of a run
     * @throws Failure if one of them is no run, or a file is damaged
     */
    public static HtmlReport of(List<Path> paths) {
        List<RunFiles> runs = new ArrayList<>(paths.stream().map(RunFiles::of).toList());
        if (runs.size() > 1) {
            List<String> names = runs.stream().map(RunFiles::name).toList();
            for (int i = 0; i < runs.size(); i++) {
                String name = names.get(i);
                runs.set(i, runs.get(i).named(names.indexOf(name) == i ? name : name + " (" + (i + 1) + ")"));
            }
        }
        return new HtmlReport(RunTables.of(runs));
    }

    /** Where the report of a single run belongs. */
    public Path home() {
        return tables.runs().get(0).folder().resolve(FILE);
    }

    /** A kind of panel: what speaks of all points, or of one at a time. */
    private record Kind(String id, String name, Optional<Function<RunTables, Optional<Panel>>> whole,
            Optional<BiFunction<RunTables, Spot, Optional<Panel>>> each) {
        static Kind whole(String id, String name, Function<RunTables, Optional<Panel>> make) {
            return new Kind(id, name, Optional.of(make), Optional.empty());
        }

        static Kind each(String id, String name, BiFunction<RunTables, Spot, Optional<Panel>> make) {
            return new Kind(id, name, Optional.empty(), Optional.of(make));
        }

        Optional<Panel> ofAll(RunTables tables) {
            return whole.flatMap(make -> make.apply(tables));
        }

        Optional<Panel> of(RunTables tables, Spot spot) {
            return each.flatMap(make -> make.apply(tables, spot));
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.whole("answer", "Answer", Answer::of),
            Kind.each("training", "Training", Along::of),
            Kind.each("accuracy", "Accuracy", Accuracies::of),
            Kind.each("functions", "Functions", Against::of),
            Kind.each("kernels", "Kernels", KernelMaps::of),
            Kind.each("spectra", "Spectra", Spectra::of),
            Kind.each("change", "Change", Changes::of),
            Kind.each("features", "Features", FeatureMaps::of),
            Kind.whole("sweep", "Sweep", SweptKeys::of),
            Kind.whole("setup", "Setup", Setup::of));

    /** The names of the panels, as in {@link #panel}. */
    public static List<String> panels() {
        return KINDS.stream().map(Kind::id).toList();
    }

    /**
     * One panel; of a sweep, that of its first point where it speaks of a single one.
     *
     * @throws Failure if there is no panel of this name, or the run holds nothing for it
     */
    public Panel panel(String id) {
        Required.value(id, "id");
        Kind kind = KINDS.stream().filter(k -> k.id().equals(id)).findFirst()
                .orElseThrow(() -> Failure.input("there is no panel '" + id + "'; allowed: " + String.join(", ", panels())));
        Optional<Panel> panel = kind.ofAll(tables)
                .or(() -> tables.spots().stream().map(spot -> kind.of(tables, spot)).flatMap(Optional::stream).findFirst());
        return panel.orElseThrow(() -> Failure.input(tables.runs().get(0).folder() + ": the run holds nothing for the panel '" + id
                + "'"));
    }

    /**
     * Writes one panel into a file of its own.
     *
     * @param file {@code .html} or {@code .svg}
     */
    public Path plot(String id, Path file) {
        Required.value(id, "id");
        Required.value(file, "file");
        return panel(id).plot(file);
    }

    /** The page. */
    public Page page() {
        List<Page.Section> sections = new ArrayList<>();
        List<String> missing = new ArrayList<>(Missing.of(tables));
        for (Kind kind : KINDS) {
            Page.Section section = section(kind);
            if (section.panel().isPresent() || !section.each().isEmpty()) {
                sections.add(section);
            }
        }
        return new Page(title(), about(), missing, tables.spots().stream().map(Spot::name).toList(), sections);
    }

    private Page.Section section(Kind kind) {
        Map<Integer, Panel> each = new LinkedHashMap<>();
        for (int i = 0; i < tables.spots().size(); i++) {
            int cell = i;
            kind.of(tables, tables.spots().get(i)).ifPresent(panel -> each.put(cell, panel));
        }
        return new Page.Section(kind.id(), kind.name(), kind.ofAll(tables), each);
    }

    private String title() {
        List<String> names = tables.runs().stream().map(RunFiles::name).map(name -> name.replaceFirst("/.*", "")).distinct().toList();
        return String.join(", ", names);
    }

    private List<String> about() {
        List<String> lines = new ArrayList<>();
        for (RunFiles run : tables.runs()) {
            JsonObject manifest = run.manifest();
            lines.add(run.name() + text(manifest, "status").map(s -> ", " + s).orElse("")
                    + text(manifest, "started").map(s -> ", started " + s.replaceFirst("T", " ").replaceFirst("\\..*Z", " UTC"))
                    .orElse(""));
        }
        return lines;
    }

    static Optional<String> text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() ? Optional.of(value.getAsString()) : Optional.empty();
    }

    /**
     * Writes the page, whole or not at all: what was there before stays if it cannot be written.
     *
     * @throws Failure if it cannot be written
     */
    public Path write(Path file) {
        Required.value(file, "file");
        return PictureFile.text(file, page().html());
    }
}
