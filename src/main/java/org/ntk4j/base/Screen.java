package org.ntk4j.base;

import java.util.stream.Collectors;

/** How wide the terminals are, as the launcher found out, and text that fits them. */
public final class Screen {

    private static final String OUT = "ntk.width";
    private static final String ERR = "ntk.columns";
    /** Narrower than this nothing is readable. */
    private static final int LEAST = 20;
    private static final int LEAST_TABLE = 60;
    private static final int MOST_TABLE = 100;

    private Screen() {
    }

    /** Columns of the terminal that results are printed to; 0 where it is none. */
    public static int outColumns() {
        return Integer.getInteger(OUT, 0);
    }

    /** Columns of the terminal that messages are printed to; 0 where it is none. */
    public static int errColumns() {
        return Integer.getInteger(ERR, 0);
    }

    /** How wide a table may be: as the terminal, if it is neither very narrow nor very wide. */
    public static int tableColumns() {
        return Math.max(LEAST_TABLE, Math.min(MOST_TABLE, outColumns() > 0 ? outColumns() : MOST_TABLE));
    }

    /** The terminal has another size now. */
    public static void resized(int columns) {
        for (String name : new String[] {OUT, ERR}) {
            if (columns > 0 && Integer.getInteger(name, 0) > 0) {
                System.setProperty(name, String.valueOf(columns));
            }
        }
    }

    /**
     * A text whose lines have at most this many columns: what is longer goes on below, a little to the right. Words are not cut.
     *
     * @param columns 0: as wide as it likes
     */
    public static String wrapped(String text, int columns) {
        return columns < LEAST || text.codePoints().count() <= columns ? text
                : text.lines().map(line -> line.codePoints().count() <= columns ? line : line(line, columns))
                        .collect(Collectors.joining(System.lineSeparator())) + (text.endsWith("\n") ? System.lineSeparator() : "");
    }

    private static String line(String line, int columns) {
        int first = line.length() - line.stripLeading().length();
        String indent = " ".repeat(Math.min(first + 2, columns / 2));
        StringBuilder whole = new StringBuilder();
        String rest = line.stripTrailing();
        while (rest.codePointCount(0, rest.length()) > columns) {
            int end = lastBlank(rest, whole.length() == 0 ? first : indent.length(), columns);
            if (end < 0) {
                break;
            }
            whole.append(rest.substring(0, end).stripTrailing()).append(System.lineSeparator());
            rest = indent + rest.substring(end).strip();
        }
        return whole.append(rest).toString();
    }

    /** The last blank within the columns, or the first behind them, where a word alone is longer; -1: there is none. */
    private static int lastBlank(String text, int from, int columns) {
        int room = text.offsetByCodePoints(0, columns);
        int at = text.lastIndexOf(' ', room);
        return at > from ? at : text.indexOf(' ', Math.max(room, from));
    }
}
