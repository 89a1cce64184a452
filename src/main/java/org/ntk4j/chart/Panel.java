package org.ntk4j.chart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One finding with its picture.
 *
 * @param id       its name in links and in {@code plot("training")}: a word
 * @param title    the finding, in a sentence
 * @param sentence the same with its numbers: what a reader is told who cannot see the picture
 * @param notes    what to think of beside it
 * @param figures  the picture
 * @param file     the CSV file in which the numbers stand; empty if there is none
 * @param rows     which of its rows, in words
 * @param table    the numbers
 * @param texts    longer texts that can be opened
 */
public record Panel(String id, String title, String sentence, List<String> notes, List<Figure> figures, String file, String rows,
        DataTable table, List<Text> texts) {

    /** A longer text under a heading. */
    public record Text(String heading, String body) {
    }

    public Panel {
        notes = List.copyOf(notes);
        figures = List.copyOf(figures);
        texts = List.copyOf(texts);
    }

    /** A panel of words. */
    public static Panel of(String id, String title, String sentence) {
        return new Panel(id, title, sentence, List.of(), List.of(), "", "", DataTable.none(), List.of());
    }

    /** With another figure; an empty one is left out. */
    public Panel with(Figure figure) {
        if (figure instanceof Chart chart && chart.isEmpty() || figure instanceof Thumbnails tiles && tiles.pictures().isEmpty()) {
            return this;
        }
        List<Figure> all = new ArrayList<>(figures);
        all.add(figure);
        return new Panel(id, title, sentence, notes, all, file, rows, table, texts);
    }

    /** With these notes. */
    public Panel noting(List<String> lines) {
        return new Panel(id, title, sentence, lines, figures, file, rows, table, texts);
    }

    /** Where its numbers stand. */
    public Panel from(String csv, String which) {
        return new Panel(id, title, sentence, notes, figures, csv, which, table, texts);
    }

    /** With its numbers. */
    public Panel numbers(DataTable numbers) {
        return new Panel(id, title, sentence, notes, figures, file, rows, numbers, texts);
    }

    /** With another text. */
    public Panel and(String heading, String body) {
        List<Text> all = new ArrayList<>(texts);
        all.add(new Text(heading, body));
        return new Panel(id, title, sentence, notes, figures, file, rows, table, all);
    }

    /** Its figures as one picture on white, with its title above. */
    public String svg(int width) {
        if (figures.isEmpty()) {
            throw org.ntk4j.base.Failure.input("the panel " + id + " has no picture: " + sentence);
        }
        return Pictures.stacked(this, width);
    }

    /**
     * Writes the panel into a file of its own.
     *
     * @param path {@code .html} or {@code .svg}
     */
    public Path plot(Path path) {
        return PictureFile.write(this, path);
    }

    /** The panel alone as a page that opens anywhere. */
    public String html() {
        return Page.of(this).html();
    }
}
