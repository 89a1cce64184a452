package org.ntk4j.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Table;

/**
 * What a regression at infinity would be over a range of ridges, ascending.
 *
 * @param points one for each ridge
 * @param note   how they are estimated, and which ridges are left out, where the kernel cannot be decomposed; else empty
 */
public record RidgePath(List<RidgePoint> points, String note) {

    private static final int WIDTH = 100;

    public RidgePath {
        points = List.copyOf(points);
    }

    /** From an eigendecomposition. */
    public RidgePath(List<RidgePoint> points) {
        this(points, "");
    }

    /** One row a ridge, with the columns {@code relative,absolute,looError,logMarginalLikelihood,kare,effectiveDimension}. */
    public Table table() {
        return new Table(List.of("relative", "absolute", "looError", "logMarginalLikelihood", "kare", "effectiveDimension"),
                points.stream().map(p -> List.<Object>of(p.relative(), p.absolute(), p.looError(), p.logMarginalLikelihood(), p.kare(),
                        p.effectiveDimension())).collect(Collectors.toList()));
    }

    /**
     * Writes the table as CSV.
     *
     * @throws Failure if the file cannot be written
     */
    public RidgePath save(Path file) {
        Required.value(file, "file");
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.writeString(file, table().csv());
            return this;
        } catch (IOException e) {
            throw Failure.run(file + ": the ridge path cannot be written there (" + e.getMessage() + ")", e);
        }
    }

    /** The table, for a screen, and the note. */
    @Override
    public String toString() {
        return table().text(WIDTH).stripTrailing() + (note.isEmpty() ? "" : System.lineSeparator() + note);
    }
}
