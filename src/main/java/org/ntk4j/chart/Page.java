package org.ntk4j.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One HTML file with panels. No request leaves it, and it needs no other file.
 *
 * @param title    what it is about
 * @param about    lines below the title
 * @param missing  what could not be shown, and why
 * @param cells    the names of the cells between which a reader chooses; fewer than two: there is nothing to choose
 * @param sections the panels, in order
 */
public record Page(String title, List<String> about, List<String> missing, List<String> cells, List<Section> sections) {

    /**
     * A place in the page.
     *
     * @param name  in the contents: a word or two
     * @param panel for all cells together; else empty
     * @param each  by the index of the cell
     */
    public record Section(String id, String name, Optional<Panel> panel, Map<Integer, Panel> each) {

        /** A panel that speaks of everything. */
        public static Section of(String name, Panel panel) {
            return new Section(panel.id(), name, Optional.of(panel), Map.of());
        }
    }

    /** A page with a single panel. */
    public static Page of(Panel panel) {
        return new Page(panel.title(), List.of(), List.of(), List.of(), List.of(Section.of(panel.id(), panel)));
    }

    /** The file. */
    public String html() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("title", title);
        model.put("about", about);
        model.put("missing", missing);
        model.put("hasMissing", !missing.isEmpty());
        model.put("hasContents", sections.size() > 1);
        model.put("contents", sections.stream().map(s -> Map.of("id", s.id(), "name", s.name())).toList());
        model.put("hasCells", cells.size() > 1);
        List<Object> options = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            options.add(Map.of("index", i, "name", cells.get(i)));
        }
        model.put("cells", options);
        model.put("sections", sections.stream().map(this::section).toList());
        model.put("css", Resource.text("page.css"));
        model.put("echarts", Echarts.script());
        model.put("layout", Resource.text("layout.js"));
        model.put("script", Resource.text("page.js"));
        model.put("licence", Echarts.licence());
        return Template.render("page", model);
    }

    private Map<String, Object> section(Section section) {
        List<Object> variants = new ArrayList<>();
        section.panel().ifPresent(panel -> variants.add(variant(panel, Optional.empty())));
        section.each().forEach((cell, panel) -> variants.add(variant(panel, cells.size() > 1 ? Optional.of(cell) : Optional.empty())));
        return Map.of("id", section.id(), "name", section.name(), "variants", variants);
    }

    private Map<String, Object> variant(Panel panel, Optional<Integer> cell) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("cell", cell.map(String::valueOf).orElse(null));
        model.put("cellName", cell.map(cells::get).orElse(null));
        model.put("title", panel.title());
        // Its title is that of the page.
        model.put("single", sections.size() == 1);
        model.put("sentence", panel.sentence());
        model.put("hasNotes", !panel.notes().isEmpty());
        model.put("notes", panel.notes());
        List<Object> figures = new ArrayList<>();
        for (int i = 0; i < panel.figures().size(); i++) {
            figures.add(figure(panel, i));
        }
        model.put("figures", figures);
        model.put("file", figures.isEmpty() ? null : panel.id());
        model.put("origin", panel.file().isEmpty() ? null : Map.of("file", panel.file(), "rows", panel.rows()));
        DataTable table = panel.table().thinned();
        model.put("hasTable", !table.rows().isEmpty());
        model.put("head", table.head());
        model.put("rowsOfTable", table.rows());
        model.put("texts", panel.texts().stream().map(t -> Map.of("heading", t.heading(), "body", t.body())).toList());
        return model;
    }

    private static Map<String, Object> figure(Panel panel, int index) {
        Map<String, Object> model = new LinkedHashMap<>();
        Figure figure = panel.figures().get(index);
        model.put("label", panel.title() + ". " + panel.sentence());
        model.put("json", figure instanceof Chart chart ? chart.json() : null);
        model.put("height", figure instanceof Chart chart ? chart.height() : 0);
        model.put("hasTiles", figure instanceof Thumbnails);
        model.put("tiles", figure instanceof Thumbnails tiles ? tiles.pictures().stream().map(t -> t.svg(0, 0)).toList() : List.of());
        return model;
    }
}
