package org.ntk4j.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Options;

/**
 * How a table is written.
 *
 * @param header    whether the first row has the names of the columns; where it is not said, the row itself tells
 * @param separator what stands between two fields; where it is not said, the file's ending tells: tabs in {@code .tsv} and {@code .txt},
 *                  else commas. A blank stands for any number of them
 * @param decimal   the sign before a number's fraction
 */
public record TableFormat(Optional<Boolean> header, Optional<Character> separator, char decimal) {

    /** What may stand between columns, the likeliest first. */
    static final String SIGNS = ";\t,| ";
    private static final Map<String, String> WORDS = Map.of("tab", "\t", "\\t", "\t", "space", " ", "comma", ",", "semicolon", ";");

    /** Reads {@code header, separator, decimal}; where columns are named there must be a header. */
    public static TableFormat read(Options options, boolean named) {
        Optional<Boolean> header = options.entry("header").map(e -> options.flag("header", named));
        if (named && !header.orElse(true)) {
            options.mistake("header", "columns are named, so there must be a header");
        }
        Optional<Character> separator = options.text("separator").flatMap(text -> {
            String sign = WORDS.getOrDefault(text, text);
            if (sign.length() == 1 && !Character.isLetterOrDigit(sign.charAt(0)) && "\".+-'".indexOf(sign.charAt(0)) < 0) {
                return Optional.of(sign.charAt(0));
            }
            options.mistake("separator", TextNumber.shown(text)
                    + " cannot separate columns; allowed: one sign such as ',' ';' '|', or tab, space");
            return Optional.empty();
        });
        char decimal = options.choice("decimal", ".", ".", ",").charAt(0);
        if (decimal == ',' && separator.isPresent() && separator.get() == ',') {
            options.mistake("decimal", "a comma cannot stand both between columns and in numbers; separator: ';' is usual with it");
        }
        return new TableFormat(named ? Optional.of(true) : header, separator, decimal);
    }

    /** What stands between two fields of this file. */
    public char separatorOf(FileMistakes mistakes) {
        String name = mistakes.file().getFileName().toString().toLowerCase(java.util.Locale.ROOT).replaceFirst("\\.gz$", "");
        return separator.orElse(name.endsWith(".tsv") || name.endsWith(".txt") ? '\t' : decimal == ',' ? ';' : ',');
    }

    /** What stands between fields in words, and what the option would be if it were {@code other}. */
    static String instead(char separator, char other) {
        return "; columns stand between " + (separator == ',' ? "commas" : separator == '\t' ? "tabs" : separator == ' ' ? "blanks"
                : "'" + separator + "'") + " here, separator: " + (other == '\t' ? "tab" : other == ' ' ? "space" : "'" + other + "'")
                + " changes that";
    }

    /** What else stands between the numbers in a field that has several; empty where it has not. */
    Optional<Character> separatorWithin(String field) {
        return SIGNS.chars().mapToObj(sign -> (char) sign).filter(sign -> sign != decimal).filter(sign -> {
            String[] parts = field.strip().split(sign == ' ' ? " +" : Pattern.quote(String.valueOf(sign)));
            return parts.length > 1 && Arrays.stream(parts).allMatch(part -> number(part.strip()).isPresent());
        }).findFirst();
    }

    /** A finite number as this table writes it. */
    public OptionalDouble number(String text) {
        return TextNumber.finite(decimal == ',' && text.indexOf('.') < 0 ? text.replace(',', '.') : text);
    }

    /** The options as in YAML; {@code headed} is what was found. */
    public Map<String, Object> toMap(boolean headed) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("header", headed);
        separator.ifPresent(sign -> map.put("separator", sign == '\t' ? "tab" : sign == ' ' ? "space" : sign.toString()));
        if (decimal != '.') {
            map.put("decimal", String.valueOf(decimal));
        }
        return map;
    }
}
