package org.ntk4j.console;

import java.util.Locale;

/** What files hold, made fit for a terminal. */
public final class Visible {

    private static final int LONGEST_LINE = 20_000;

    private Visible() {
    }

    /** A text from a file as a terminal may show it: control signs by their number, a very long line cut. */
    public static String text(String text) {
        StringBuilder visible = new StringBuilder();
        for (String line : text.split("\\n", -1)) {
            visible.append(visible.length() == 0 ? "" : "\n");
            String shown = line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
            shown.codePoints().forEach(sign -> {
                if (Character.isISOControl(sign) && sign != '\t') {
                    visible.append(String.format(Locale.ROOT, "\\x%02x", sign));
                } else {
                    visible.appendCodePoint(sign);
                }
            });
        }
        return visible.toString();
    }
}
