package org.ntk4j.grammar;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ntk4j.base.Failure;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads and writes YAML (JSON is YAML too). Nodes are composed only: no tag ever makes an object. */
public final class Document {

    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_ENTRIES = 200_000;
    private static final int MOST_DEPTH = 60;
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MAP, Tag.SEQ);

    private final String source;
    private final Mistakes mistakes = new Mistakes();
    private int entries;

    private Document(String source) {
        this.source = source;
    }

    /**
     * Reads a file in UTF-8.
     *
     * @throws Failure if it is missing, no text, too large, no YAML, or has duplicate keys, merges or tags
     */
    public static Entry read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw Failure.input(file + ": this is a folder, not a file");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw Failure.input(file + ": " + Files.size(file) + " bytes are too many for a definition; at most " + MOST_BYTES);
            }
            return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString(), file.toString());
        } catch (NoSuchFileException e) {
            throw Failure.input(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw Failure.input(file + ": this is not text in UTF-8");
        } catch (IOException e) {
            throw Failure.input(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private static String language(String source) {
        return source.endsWith(".json") ? "JSON" : "YAML";
    }

    /** Reads a text; {@code source} names it in messages. */
    public static Entry parse(String text, String source) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MOST_BYTES);
        // Limits of the library's own name no line: those of this class come first.
        limits.setMaxAliasesForCollections(Integer.MAX_VALUE);
        limits.setNestingDepthLimit(Integer.MAX_VALUE);
        limits.setAllowDuplicateKeys(true);
        Document document = new Document(source);
        document.checkSigns(text);
        String blanks = withoutTabs(text);
        Yaml yaml = new Yaml(new SafeConstructor(limits), new Representer(new DumperOptions()), new DumperOptions(), limits);
        try {
            document.checkDepth(yaml.parse(new StringReader(blanks)));
            Node root = yaml.compose(new StringReader(blanks));
            Entry entry = root == null ? new Entry.Scalar("", new Place(source, 1, 1)) : document.entry(root, 0);
            document.mistakes.check();
            return entry;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            String problem = e.getProblem() == null ? e.getContext() : e.getProblem();
            if (problem.startsWith("Global tag is not allowed")) {
                throw Failure.input(document.place(mark) + ": " + problem.replaceFirst(".*: ", "the tag ")
                        + " is not allowed; write the value without a tag");
            }
            throw Failure.input((mark == null ? Place.of(source) : document.place(mark)) + ": this is not "
                    + language(source) + ": " + problem);
        } catch (YAMLException e) {
            throw Failure.input(source + ": this is not " + language(source) + ": " + e.getMessage());
        }
    }

    /** Signs that no text has: zero bytes and other controls. */
    private void checkSigns(String text) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int sign = text.codePointAt(i);
            if (sign == '\n') {
                line++;
                start = i + 1;
            } else if (!StreamReader.isPrintable(sign)) {
                throw Failure.input(new Place(source, line, i - start + 1)
                        + String.format(Locale.ROOT, ": the sign U+%04X is not allowed in a definition; is this a text file?", sign));
            }
        }
    }

    /** Deeper levels than anyone writes would overflow the stack of what reads them. */
    private void checkDepth(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > MOST_DEPTH) {
                throw Failure.input(place(event.getStartMark()) + ": nested more than " + MOST_DEPTH + " levels deep");
            }
            depth -= event instanceof CollectionEndEvent ? 1 : 0;
        }
    }

    /** JSON may be indented by tabs, YAML may not: in a document of brackets they become blanks, except in quotes. */
    private static String withoutTabs(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[") || text.indexOf('\t') < 0) {
            return text;
        }
        StringBuilder blanks = new StringBuilder(text);
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (quote == 0 && sign == '\t') {
                blanks.setCharAt(i, ' ');
            } else if (quote == 0 && (sign == '"' || sign == '\'' && i > 0 && " \t\n[{,:".indexOf(text.charAt(i - 1)) >= 0)) {
                quote = sign;
            } else if (quote == '"' && sign == '\\') {
                i++;
            } else if (sign == quote) {
                quote = 0;
            }
        }
        return blanks.toString();
    }

    private Entry entry(Node node, int depth) {
        Place place = place(node.getStartMark());
        if (++entries > MOST_ENTRIES) {
            throw Failure.input(place + ": more than " + MOST_ENTRIES + " values (aliases included) are too many for a definition");
        }
        if (depth > MOST_DEPTH) {
            throw Failure.input(place + ": nested more than " + MOST_DEPTH + " levels deep (does an alias contain itself?)");
        }
        if (!PLAIN.contains(node.getTag()) && !node.getTag().equals(Tag.MERGE)) {
            mistakes.add(place, "the tag " + node.getTag().getValue() + " is not allowed; write the value without a tag");
        }
        if (node instanceof ScalarNode scalar) {
            boolean none = scalar.isPlain() && scalar.getTag().equals(Tag.NULL);
            return none && !scalar.getValue().isEmpty() ? new Entry.Absent(place) : new Entry.Scalar(none ? "" : scalar.getValue(), place);
        }
        if (node instanceof SequenceNode sequence) {
            List<Entry> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(entry(item, depth + 1));
            }
            return new Entry.Listing(items, place);
        }
        Map<String, Entry.Field> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            Place at = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                mistakes.add(at, "the name of a field must be a single word");
            } else if (key.getTag().equals(Tag.MERGE)) {
                mistakes.add(at, "merges ('<<') are not supported; write the fields out");
            } else if (fields.containsKey(key.getValue())) {
                mistakes.add(at, "'" + Mistakes.shortened(key.getValue()) + "' stands here a second time; the first is in line "
                        + fields.get(key.getValue()).place().line());
            } else {
                fields.put(key.getValue(), new Entry.Field(at, entry(tuple.getValueNode(), depth + 1)));
            }
        }
        return new Entry.Mapping(fields, place);
    }

    private Place place(Mark mark) {
        return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Writes maps, lists, numbers, texts and booleans as YAML; lists of plain values on one line. */
    public static String write(Map<String, ?> values) {
        DumperOptions style = new DumperOptions();
        style.setDefaultFlowStyle(DumperOptions.FlowStyle.AUTO);
        style.setWidth(140);
        style.setSplitLines(false);
        LoaderOptions limits = new LoaderOptions();
        return new Yaml(new SafeConstructor(limits), new Representer(style), style, limits, new Resolver()).dump(values);
    }
}
