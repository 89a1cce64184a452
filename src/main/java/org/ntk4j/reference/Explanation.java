package org.ntk4j.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reference in a terminal: lines of at most this many characters. */
public final class Explanation {

    private static final int MOST_IN_FULL = 4;
    private static final String INDENT = "    ";

    private final Reference reference;
    private final int width;

    /** Of a reference, so wide. */
    public Explanation(Reference reference, int width) {
        this.reference = reference;
        this.width = width;
    }

    /** The names of all topics, by kind. */
    public List<String> overview() {
        List<String> lines = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            lines.add(kind.title());
            lines.addAll(wrapped(INDENT, String.join(", ", reference.of(kind).stream().map(Topic::name).toList())));
        }
        lines.addAll(wrapped("", "ntk explain NAME says more of one: of a path such as train.until or network.0.conv.filter, or of a name "
                + "such as cka. "
                + "ntk explain --schema prints a JSON Schema of experiments, for editors."));
        return lines;
    }

    /** What is asked about, in words as they were typed; nothing if there is no such thing. */
    public Optional<List<String>> of(List<String> typed) {
        List<Topic> found = Question.of(typed).answers(reference);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        for (Topic topic : found) {
            lines.addAll(found.size() > MOST_IN_FULL ? brief("", topic.dotted(), topic) : full(topic));
        }
        return Optional.of(lines);
    }

    /** The name nearest to what was asked about. */
    public Optional<String> nearest(List<String> typed) {
        return Question.of(typed).nearest(reference);
    }

    private List<String> full(Topic topic) {
        List<String> lines = new ArrayList<>(brief("", topic.dotted() + " (" + what(topic) + ")", topic));
        topic.formula().ifPresent(formula -> lines.addAll(wrapped(INDENT, formula)));
        topic.infinite().ifPresent(kernel -> lines.addAll(wrapped(INDENT, "infinite width: " + kernel)));
        names(topic).ifPresent(names -> lines.addAll(wrapped(INDENT, names)));
        inside(topic, "  ", lines);
        return lines;
    }

    private String what(Topic topic) {
        boolean outermost = reference.of(topic.kind()).contains(topic);
        return outermost ? topic.kind().word() : topic.kind() == Kind.FILE ? "column" : topic.kind() == Kind.KEY ? "key" : "option";
    }

    private void inside(Topic topic, String indent, List<String> lines) {
        for (Topic key : topic.keys()) {
            lines.addAll(brief(indent, key.name(), key));
            inside(key, indent + "  ", lines);
        }
    }

    private List<String> brief(String indent, String title, Topic topic) {
        List<String> lines = new ArrayList<>(wrapped(indent, title + head(topic)));
        lines.addAll(wrapped(indent + INDENT, topic.about()));
        return lines;
    }

    /** {@code : integer from 1, default 64}. */
    static String head(Topic topic) {
        return topic.type().map(type -> ": " + type).orElse("")
                + topic.fallback().map(text -> topic.isNeeded() ? ", needed" : ", default: " + text).orElse("");
    }

    /** What a name in a type stands for. */
    private Optional<String> names(Topic topic) {
        List<String> lines = reference.choices().keySet().stream()
                .filter(name -> topic.type().filter(type -> (" " + type + " ").contains(" " + name + " ")).isPresent())
                .map(name -> name + ": " + String.join(", ", reference.choices().get(name))).toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lines));
    }

    private List<String> wrapped(String indent, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (!line.isEmpty() && indent.length() + line.length() + 1 + word.length() > width) {
                lines.add(indent + line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(indent + line);
        return lines;
    }
}
