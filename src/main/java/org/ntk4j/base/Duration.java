package org.ntk4j.base;

/** Durations for people. */
public final class Duration {

    private Duration() {
    }

    /** {@code about 34 s left}, as was expected, or that it takes longer. */
    public static String left(double nanos) {
        return nanos > 0 ? "about " + text((long) nanos) + " left" : "longer than expected";
    }

    /** {@code 0.4 s}, {@code 34 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    public static String text(long nanos) {
        if (nanos < 9_950_000_000L) {
            return String.format(java.util.Locale.ROOT, "%.1f s", nanos * 1e-9);
        }
        long seconds = Math.round(nanos * 1e-9);
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600 ? seconds / 60 + " min " + seconds % 60 + " s" : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
}
