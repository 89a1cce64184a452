package org.ntk4j.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers and texts as people read them. */
public final class Words {

    private Words() {
    }

    /** Three digits: {@code 0.0657}, {@code 1490}, {@code 2.1e-5}; {@code –} for what is no number. */
    public static String number(double value) {
        return digits(value, 3);
    }

    /** A count or a step. */
    public static String whole(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : number(value);
    }

    /** A share as percent: {@code 4.9 %}. */
    public static String percent(double share) {
        return digits(100 * share, share < 0.1 ? 2 : 3) + " %";
    }

    /** This many digits. */
    public static String digits(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e6)) {
            return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value).replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
                    .replace("-", "−").replace("e−", "e-");
        }
        if (size == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        int after = digits - rounded.precision() + rounded.scale();
        return (after <= 0 ? String.format(Locale.ROOT, "%.0f", value) : rounded.setScale(after).toPlainString()).replace("-", "−");
    }

    /** Two numbers as an interval: {@code [0.0084, 0.0145]}. */
    public static String interval(double low, double high) {
        return "[" + number(low) + ", " + number(high) + "]";
    }

    /** {@code a, b and c}. */
    public static String list(List<String> words) {
        int n = words.size();
        return n < 2 ? String.join("", words) : String.join(", ", words.subList(0, n - 1)) + " and " + words.get(n - 1);
    }

    /** A text in lines of at most this many letters, broken at spaces; a longer word is cut. */
    public static List<String> wrapped(String text, int letters) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            String rest = word;
            if (line.length() > 0 && line.length() + 1 + rest.length() > letters) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (rest.length() > letters) {
                lines.add(rest.substring(0, letters));
                rest = rest.substring(letters);
            }
            line.append(line.length() > 0 ? " " : "").append(rest);
        }
        lines.add(line.toString());
        return lines;
    }
}
