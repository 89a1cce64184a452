package org.ntk4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;

/** Reads {@code data: {name, train, test, seed, normalize, targets, classes}}; each mistake is noted where it stands. */
final class DatasetReader {

    private static final String USUAL = "mnist-sample";

    private DatasetReader() {
    }

    static Dataset read(Options options) {
        String name = options.entry("name").isEmpty() ? USUAL : options.text("name").orElse("");
        int before = options.mistakes().lines().size();
        Optional<Source> found = name.isEmpty() ? Optional.empty() : Catalogue.source(name, options);
        if (found.isPresent() && options.mistakes().lines().size() == before) {
            found = readable(found.get(), options);
        } else if (found.filter(s -> !s.divided()).isPresent()) {
            found = Optional.empty();
        }
        Source source = found.orElseGet(MnistSample::new);
        Drawing usual = Drawing.USUAL;
        int train = options.integer("train", 0, 1, Integer.MAX_VALUE);
        int test = options.integer("test", 0, 1, Integer.MAX_VALUE);
        long seed = options.entry("seed").map(e -> seed(e, options)).orElse(usual.seed());
        Normalization normalize = Normalization.of(word("normalize", usual.normalize(), Normalization.WORDS, options));
        if (found.flatMap(s -> s.vocabulary().isPresent() ? Optional.of(s) : Optional.empty()).isPresent()
                && options.entry("normalize").isPresent() && normalize != Normalization.NONE) {
            options.mistake("normalize", "indices of words are names and have no size: normalize: none");
        }
        boolean real = options.entry("targets").filter(e -> e instanceof Entry.Mapping).isPresent();
        if (real && !name.equals("csv")) {
            options.mistake("targets", "real-valued targets are read from a table only, data: {name: csv}; allowed: "
                    + String.join(", ", Targets.WORDS));
        }
        Targets targets = real ? usual.targets() : Targets.of(word("targets", usual.targets(), Targets.WORDS, options));
        if (found.isEmpty()) {
            options.entry("classes");
            if (Catalogue.names().contains(name)) {
                options.finish();
            }
            return new Dataset(source, usual);
        }
        List<String> classes = classes(options, source);
        Drawing drawing = new Drawing(train, test, seed, normalize, targets, classes);
        options.finish();
        return new Dataset(source, new Drawing(
                fitting("train", Part.TRAIN, train, drawing, source, options), fitting("test", Part.TEST, test, drawing, source, options),
                seed, normalize, targets, classes));
    }

    static Dataset read(Entry entry, String path, Mistakes mistakes) {
        if (entry instanceof Entry.Given given && given.value() instanceof Dataset dataset) {
            return dataset;
        }
        return read(Options.of(named(entry), path, mistakes));
    }

    /** Reads what must be known of the files of the user's; what is wrong with them is noted. */
    private static Optional<Source> readable(Source source, Options options) {
        try {
            source.shape();
            source.classNames();
            source.counts(Part.TRAIN);
            source.check();
            return Optional.of(source);
        } catch (Failure e) {
            options.mistakes().add(e);
            return Optional.empty();
        }
    }

    /**
     * A data set with its source's own options, as given in Java; its files are read later.
     *
     * @throws Failure if it has no such options
     */
    static Dataset inJava(String name, Entry.Mapping own, Drawing drawing) {
        Mistakes mistakes = new Mistakes();
        Options options = Options.of(own, name, mistakes);
        Optional<Source> source = Catalogue.source(name, options);
        options.finish();
        mistakes.check();
        return new Dataset(source.orElseThrow(), drawing, own);
    }

    /** A bare name as a map. */
    static Entry named(Entry entry) {
        return entry instanceof Entry.Scalar name && !name.text().isEmpty()
                ? new Entry.Mapping(Map.of("name", new Entry.Field(name.place(), name)), name.place())
                : entry;
    }

    private static String word(String key, Object usual, List<String> allowed, Options options) {
        return options.choice(key, usual.toString(), allowed.toArray(String[]::new));
    }

    private static int fitting(String key, Part part, int count, Drawing drawing, Source source, Options options) {
        int available = drawing.available(source, part);
        if (count <= available) {
            return count;
        }
        options.mistake(key, count + " " + drawing.what(source, part) + " were asked for; there are " + available);
        return 0;
    }

    private static long seed(Entry entry, Options options) {
        try {
            if (entry instanceof Entry.Scalar s) {
                return Long.parseLong(s.text());
            }
        } catch (NumberFormatException e) {
            // Told below, as for any other value.
        }
        options.mistake("seed", entry.describe() + " is not a whole number");
        return 0;
    }

    private static List<String> classes(Options options, Source source) {
        Optional<Entry> entry = options.entry("classes");
        if (entry.isEmpty() || entry.get() instanceof Entry.Scalar s && s.text().equals("all")) {
            return List.of();
        }
        String allowed = String.join(", ", source.allowedLabels());
        if (!(entry.get() instanceof Entry.Listing list)) {
            options.mistake("classes", entry.get().describe() + " is not allowed; allowed: all, or a list of labels "
                    + (allowed.matches("0 to \\d+") ? "from " : "out of ") + allowed);
            return List.of();
        }
        if (!source.targetNames().isEmpty()) {
            options.mistake("classes", "the targets are real values, there are no classes to choose from");
            return List.of();
        }
        List<String> labels = new ArrayList<>();
        int before = options.mistakes().lines().size();
        for (Entry item : list.items()) {
            String text = item instanceof Entry.Scalar s ? s.text() : "";
            if (source.label(text) < 0) {
                options.mistakes().add(item.place(), options.sub("classes") + ": " + item.describe() + " is no label of " + source.name()
                        + Mistakes.suggestion(text, source.allowedLabels()));
            }
            labels.add(text);
        }
        if (options.mistakes().lines().size() > before) {
            return List.of();
        }
        if (labels.size() < 2 || labels.stream().map(source::label).distinct().count() < labels.size()) {
            options.mistake("classes", labels + ": at least two labels are needed, each once");
            return List.of();
        }
        return labels;
    }
}
