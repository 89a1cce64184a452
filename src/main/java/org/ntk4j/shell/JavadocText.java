package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Javadoc as plain text: a line for each paragraph, item and tag. */
final class JavadocText {

    private static final Pattern INLINE = Pattern.compile("\\{@(\\w+)\\s*([^{}]*)}");
    private static final Pattern TAG = Pattern.compile("@([a-z]+[A-Za-z]*)\\s+(.*)");

    private JavadocText() {
    }

    static String of(String comment) {
        String text = comment;
        // What is nested is plain first.
        for (Matcher m = INLINE.matcher(text); m.find(); m = INLINE.matcher(text)) {
            text = m.replaceAll(found -> Matcher.quoteReplacement(inline(found.group(1), found.group(2).strip())));
        }
        text = text.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\s*<(p|ul|ol|/ul|/ol|pre)>\\s*", "\n").replaceAll("\\s*<li>\\s*", "\n- ")
                .replaceAll("(?<=^|\\s)@(?=[a-z]+[A-Za-z]*\\s)", "\n@").replaceAll("</?[a-zA-Z][^<>]*>", "")
                .replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        List<String> lines = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            Matcher tag = TAG.matcher(line);
            lines.add(tag.matches() ? tag(tag.group(1), tag.group(2).strip().replaceAll("\\s+", " ")) : line.replaceAll(" +", " "));
        });
        return String.join(System.lineSeparator(), lines);
    }

    private static String inline(String name, String content) {
        if (!name.startsWith("link")) {
            return name.equals("inheritDoc") ? "" : name.equals("return") ? "returns " + content : content;
        }
        String[] words = content.split("\\s+(?![^(]*\\))", 2);
        return words.length > 1 ? words[1] : words[0].replaceFirst("^#", "").replace('#', '.');
    }

    private static String tag(String name, String content) {
        String[] words = content.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        return switch (name) {
            case "param" -> words[0] + ": " + rest;
            case "throws", "exception" -> "throws " + words[0] + " " + rest;
            case "return" -> "returns " + content;
            case "see", "since" -> name + " " + content;
            default -> content;
        };
    }
}
