package org.ntk4j.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.files.WholeFile;

/** One panel in a file of its own: a page that opens anywhere, or a picture. */
public final class PictureFile {

    /** As wide as a column of text and a half. */
    private static final int WIDTH = 960;

    private PictureFile() {
    }

    /**
     * Writes a panel, whole or not at all.
     *
     * @param file {@code .html} or {@code .svg}
     * @return the file
     * @throws Failure if its ending is another, or it cannot be written
     */
    public static Path write(Panel panel, Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".svg") && !name.endsWith(".html")) {
            throw Failure.input(file + ": a picture is written as .html or .svg");
        }
        return text(file, name.endsWith(".svg") ? panel.svg(WIDTH) : panel.html());
    }

    /** Writes a panel as a page among the pictures of this process's results, {@code out/plots/NAME.html}; one that is there stays. */
    public static Path write(Panel panel, String name) {
        Path folder = Settings.ofProcess().out().resolve("plots");
        String base = name.replaceAll("[^A-Za-z0-9._-]+", "_");
        Path file = folder.resolve(base + ".html");
        for (int i = 2; Files.exists(file); i++) {
            file = folder.resolve(base + "-" + i + ".html");
        }
        return write(panel, file);
    }

    /**
     * Writes a text, whole or not at all, into a folder that is made where it is missing.
     *
     * @throws Failure if it cannot be written; what was there stays
     */
    public static Path text(Path file, String text) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            WholeFile.write(file, text);
            return file;
        } catch (IOException e) {
            WholeFile.deleteQuietly(file.resolveSibling("." + file.getFileName() + ".writing"));
            throw Failure.run(file + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }
}
