package org.ntk4j.run;

import java.util.List;
import java.util.Optional;
import org.ntk4j.bench.Measurement;

/**
 * What became of a part of {@code scripts/gpu-check}.
 *
 * @param title   the part
 * @param device  {@code cpu} or {@code gpu}
 * @param figures what it measured, also if it was ended before its last one
 * @param lines   what else it printed
 * @param seconds how long it took, start of Java included
 * @param ended   why it did not end well; empty if it did
 * @param memory  the most that the GPU's memory held meanwhile, in MiB; 0 where that is not known
 */
record CheckedPart(String title, String device, List<Measurement> figures, List<String> lines, double seconds, String ended, long memory) {

    static final String NO_DEVICE = "not run: the device is not there";

    /** A part that was not run, and why. */
    static CheckedPart leftOut(String title, String device, String why) {
        return new CheckedPart(title, device, List.of(), List.of(), 0, why, 0);
    }

    /** What a process left: its exit status is negative if its time was over. */
    static CheckedPart of(String title, String device, List<String> out, List<String> err, double seconds, int status, long memory) {
        List<Measurement> figures = out.stream().map(Measurement::read).flatMap(Optional::stream).toList();
        List<String> lines = out.stream().filter(l -> Measurement.read(l).isEmpty()).toList();
        return new CheckedPart(title, device, figures, lines, seconds,
                status == 0 ? "" : status < 0 ? "ended: its time was over" : reason(err, status), memory);
    }

    /** The program's own words, else the last that came from elsewhere. */
    private static String reason(List<String> err, int status) {
        List<String> own = err.stream().filter(l -> l.startsWith("ntk: ")).map(l -> l.substring("ntk: ".length())).toList();
        return "status " + status + ": " + (own.isEmpty() ? err.isEmpty()
                ? "nothing was said" : err.get(err.size() - 1) : String.join("; ", own));
    }

    /** Whether it was run and something was wrong, with the work or with a figure. */
    boolean failed() {
        return !ended.isEmpty() && !ended.startsWith(NO_DEVICE) || figures.stream().anyMatch(f -> !f.holds());
    }
}
