package org.ntk4j.files;

import java.util.OptionalDouble;

/** Numbers as text files have them. */
public final class TextNumber {

    private static final int MOST_SHOWN = 40;

    private TextNumber() {
    }

    /** A finite decimal number; none for anything else, also not for what only Java reads: 1f, 1d, NaN, Infinity, 0x1p3. */
    public static OptionalDouble finite(String text) {
        try {
            double value = Double.parseDouble(text);
            char last = text.charAt(text.length() - 1);
            if (Double.isFinite(value) && (last == '.' || last >= '0' && last <= '9') && text.indexOf('x') < 0 && text.indexOf('X') < 0) {
                return OptionalDouble.of(value);
            }
        } catch (NumberFormatException e) {
            // No number at all: as empty as the others.
        }
        return OptionalDouble.empty();
    }

    /** A value for a message, quoted, not too long, on one line. */
    public static String shown(String text) {
        String begin = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
        return text.isEmpty() ? "nothing" : "'" + begin.replaceAll("\\R", "\\\\n") + "'";
    }
}
