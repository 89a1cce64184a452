package org.ntk4j.finite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Table;
import org.ntk4j.files.WholeFile;

/**
 * The loss during training.
 *
 * @param points  the recorded steps, on the training set
 * @param classes whether accuracy means something: there are several outputs, the largest of which is the class
 */
public record History(List<Trained.Point> points, boolean classes) {

    private static final int SHOWN = 12;

    public History {
        points = List.copyOf(points);
    }

    /** The columns {@code step,time,seconds,loss}, and {@code accuracy} where there are classes. */
    public Table table() {
        List<String> columns = new ArrayList<>(List.of("step", "time", "seconds", "loss"));
        if (classes) {
            columns.add("accuracy");
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Trained.Point p : points) {
            List<Object> row = new ArrayList<>(List.of(p.step(), p.time(), p.seconds(), p.loss()));
            if (classes) {
                row.add(p.accuracy());
            }
            rows.add(row);
        }
        return new Table(columns, rows);
    }

    /**
     * Writes {@link #table} as CSV.
     *
     * @throws Failure if the file cannot be written
     */
    public void save(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            WholeFile.write(file, table().csv());
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** About a dozen of the steps, spread evenly. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%8s %12s%s", "step", "loss", classes ? "   accuracy" : ""));
        int shown = Math.min(points.size(), SHOWN);
        for (int i = 0; i < shown; i++) {
            Trained.Point p = points.get(shown == 1 ? 0 : (int) ((long) i * (points.size() - 1) / (shown - 1)));
            text.append(String.format(Locale.ROOT, "%n%8d %12.4g", p.step(), p.loss()));
            if (classes) {
                text.append(String.format(Locale.ROOT, " %10.3f", p.accuracy()));
            }
        }
        return text.toString();
    }
}
