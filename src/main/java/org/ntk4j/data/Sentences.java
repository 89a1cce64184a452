package org.ntk4j.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;
import org.ntk4j.table.Column;
import org.ntk4j.table.LabelledTable;
import org.ntk4j.table.Labelling;
import org.ntk4j.table.TableFile;

/**
 * Texts with labels from a TSV or CSV, as sequences of word vectors: {@code positions × size of the vectors}, cut at the end where a
 * text is longer, padded (a mask) where it is shorter. How texts become words: {@link Tokens}.
 *
 * @param text    the column of the text
 * @param label   the column of the label
 * @param unknown what a word without a vector becomes: the mean of the vectors of all known words, zeros, or nothing
 * @param inputs  what stands at each position
 * @param texts   what is read from the file
 * @param size    the size of a vector
 */
record Sentences(DataFile file, Column text, Column label, Labelling labelling, Optional<DataFile> vectors, int positions, Unknown unknown,
        Words inputs, Once<Texts> texts, Once<Integer> size) implements Undivided {

    /**
     * Vectors of words or their indices.
     *
     * @param how  {@code vectors} or {@code indices}; empty: vectors, unless the network asks for indices
     * @param most the largest number of indices: rarer words share the last one; empty: one for each word
     */
    record Words(Optional<String> how, OptionalInt most) {

        boolean indices() {
            return how.filter("indices"::equals).isPresent();
        }
    }

    static final Column TEXT = new Column("1");
    static final Column LABEL = new Column("2");
    private static final String VECTORS = "a file of word vectors in GloVe's text format (words: indices needs none: for a network that "
            + "begins with an embedding)";
    private static final int USUAL_POSITIONS = 24;
    /** Where more words than that have no vector, it is said. */
    private static final double SHARE_OF_UNKNOWN = 0.2;

    /** What a word without a vector becomes. */
    enum Unknown {
        MEAN, ZERO, SKIP;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What the file holds: of each row its words, none of those left out, and the line it begins in. */
    record Texts(LabelledTable table, List<List<String>> words, List<Integer> lines, boolean headed) {
    }

    private Sentences(DataFile file, Column text, Column label, Labelling labelling, Optional<DataFile> vectors, int positions,
            Unknown unknown, Words inputs) {
        this(file, text, label, labelling, vectors, positions, unknown, inputs, new Once<>(() -> read(file, text, label, labelling)),
                new Once<>(() -> WordVectors.size(given(vectors).find())));
    }

    /**
     * Reads {@code file, columns: {text (1), label (2)}, label: {threshold}, drop: {label: {between}}, header, vectors, positions (24),
     * unknown (mean; zero, skip), words (vectors; indices), vocabulary}; none where a file is missing.
     */
    static Optional<Source> read(Options options) {
        Optional<DataFile> file = DataFile.read(options, "file", "sentences", "a TSV or CSV with a column of texts and one of labels");
        Words inputs = new Words(Phrases.words(options), options.optionalInteger("vocabulary", 2, 1 << 24));
        // In Java a wither may still name them, and indices need none.
        boolean later = options.entry("vectors").isEmpty() && (options.place().line() == 0 || inputs.indices());
        Optional<DataFile> vectors = later ? Optional.empty() : DataFile.read(options, "vectors", "sentences", VECTORS);
        Options columns = options.nested("columns");
        Column text = Column.read(columns, "text", TEXT);
        Column inColumns = Column.read(columns, "label", LABEL);
        columns.finish();
        Column label = Labelling.isColumn(options) ? Column.read(options, "label", LABEL) : inColumns;
        Labelling labelling = Labelling.read(options, List.of(text, label));
        int positions = options.integer("positions", USUAL_POSITIONS, 1, 100_000);
        Unknown unknown = Unknown.valueOf(options.choice("unknown", "mean", "mean", "zero", "skip").toUpperCase(java.util.Locale.ROOT));
        return file.map(f -> new Sentences(f, text, label, labelling, vectors, positions, unknown, inputs));
    }

    private static DataFile given(Optional<DataFile> vectors) {
        return vectors.orElseThrow(() -> Failure.input("sentences: 'vectors' is missing: " + VECTORS));
    }

    private static Texts read(DataFile file, Column text, Column label, Labelling labelling) {
        FileMistakes mistakes = new FileMistakes(file.find());
        List<List<String>> words = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        try (TableFile table = new TableFile(mistakes, labelling.format(), first -> isHeader(first, label, labelling))) {
            LabelledTable labels = LabelledTable.read(table, mistakes, List.of(label, text), labelling, (line, fields, columns, kept) -> {
                List<String> found = kept ? Tokens.of(fields.get(columns[1])) : List.of();
                if (kept && found.isEmpty()) {
                    mistakes.add(line, columns[1] + 1, "the text has no words");
                }
                words.add(found);
                lines.add(line);
            });
            return new Texts(labels, words, lines, table.headed());
        }
    }

    /** Where labels must be numbers, a first row without one has names. */
    private static boolean isHeader(List<String> first, Column label, Labelling labelling) {
        int at = label.index(List.of(), first.size());
        return labelling.numeric() && at >= 0 && labelling.format().number(first.get(at).strip()).isEmpty() && !first.get(at).isBlank();
    }

    @Override
    public String name() {
        return "sentences";
    }

    @Override
    public Shape shape() {
        return Shape.of(positions, inputs.indices() ? 1 : size.get());
    }

    @Override
    public OptionalInt vocabulary() {
        return inputs.indices() ? OptionalInt.of(dictionary().size()) : OptionalInt.empty();
    }

    @Override
    public Optional<Source> inWords() {
        return inputs.how().isPresent() ? Optional.empty() : Optional.of(new Sentences(file, text, label, labelling, vectors, positions,
                unknown, new Words(Optional.of("indices"), inputs.most()), texts, size));
    }

    /** All words in the order of their indices: frequent ones first, equally frequent ones by the alphabet. */
    private List<String> dictionary() {
        Map<String, Integer> counts = new TreeMap<>();
        int[] labels = texts.get().table().labels();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != LabelledTable.DROPPED) {
                texts.get().words().get(i).forEach(word -> counts.merge(word, 1, Integer::sum));
            }
        }
        List<String> all = counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed()
                .thenComparing(Map.Entry.comparingByKey())).map(Map.Entry::getKey).toList();
        return inputs.most().isEmpty() ? all : all.subList(0, Math.min(all.size(), inputs.most().getAsInt()));
    }

    @Override
    public List<String> classNames() {
        return texts.get().table().classNames();
    }

    @Override
    public boolean labelsAreNumbers() {
        return false;
    }

    @Override
    public int[] counts() {
        return texts.get().table().counts();
    }

    @Override
    public boolean padded() {
        return true;
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.found());
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("text", text.toYaml());
        columns.put("label", label.toYaml());
        map.put("columns", columns);
        map.putAll(labelling.toMap(texts.get().headed()));
        vectors.ifPresent(v -> map.put("vectors", v.found()));
        map.put("positions", positions);
        map.put("unknown", unknown.toString());
        map.put("words", inputs.how().orElse("vectors"));
        inputs.most().ifPresent(most -> map.put("vocabulary", most));
        return map;
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        List<List<String>> words = texts.get().words();
        if (inputs.indices()) {
            Map<String, double[]> indices = LabelledSequences.indices(dictionary());
            double[] last = {indices.size() - 1};
            List<double[][]> found = words.stream().map(text -> text.stream().limit(positions)
                    .map(word -> indices.getOrDefault(word, last)).toArray(double[][]::new)).toList();
            return new LabelledSequences(found, texts.get().table().labels(), positions, 1);
        }
        Set<String> wanted = new HashSet<>();
        words.stream().flatMap(List::stream).distinct().forEach(word -> wanted.addAll(Tokens.candidates(word)));
        WordVectors known = WordVectors.read(given(vectors).find(), wanted);
        FileMistakes mistakes = new FileMistakes(file.find());
        List<double[][]> sequences = new ArrayList<>();
        int[] labels = texts.get().table().labels();
        coverage(words, labels, known).ifPresent(monitor::note);
        for (int i = 0; i < words.size(); i++) {
            double[][] sequence = sequence(words.get(i), known);
            if (labels[i] != LabelledTable.DROPPED && sequence.length == 0) {
                mistakes.add(texts.get().lines().get(i), "none of the words has a vector, and unknown: skip leaves nothing of the text");
            }
            sequences.add(sequence);
        }
        mistakes.check();
        return new LabelledSequences(sequences, labels, positions, known.size());
    }

    /** How many words have no vector, where that is a matter. */
    private Optional<String> coverage(List<List<String>> words, int[] labels, WordVectors known) {
        List<String> all = IntStream.range(0, labels.length).filter(i -> labels[i] != LabelledTable.DROPPED).boxed()
                .flatMap(i -> words.get(i).stream()).toList();
        List<String> without = all.stream().filter(word -> Tokens.known(word, known.vectors()::containsKey).isEmpty()).toList();
        List<String> some = without.stream().distinct().limit(5).map(TextNumber::shown).toList();
        if (without.size() == all.size()) {
            throw Failure.input(vectors.orElseThrow().written() + ": none of the " + all.size() + " words of " + file.written()
                    + " has a vector there (" + String.join(", ", some)
                    + "); is it a file of vectors for this language?");
        }
        return without.size() <= SHARE_OF_UNKNOWN * all.size()
                ? Optional.empty() : Optional.of(String.format(Locale.ROOT, "%.0f %% of the words (%d of %d) have no vector, such as %s; "
                + "unknown: %s", 100.0 * without.size() / all.size(), without.size(), all.size(), String.join(", ", some), unknown));
    }

    @Override
    public List<String> texts(Part part, int[] indices) {
        return java.util.Arrays.stream(indices).mapToObj(i -> String.join(" ", texts.get().words().get(i))).toList();
    }

    private double[][] sequence(List<String> words, WordVectors known) {
        List<double[]> vectors = new ArrayList<>();
        for (String word : words) {
            List<String> pieces = Tokens.known(word, known.vectors()::containsKey);
            pieces.forEach(piece -> vectors.add(known.vectors().get(piece)));
            if (pieces.isEmpty() && unknown != Unknown.SKIP) {
                vectors.add(unknown == Unknown.MEAN ? known.mean() : new double[known.size()]);
            }
            if (vectors.size() >= positions) {
                return vectors.subList(0, positions).toArray(double[][]::new);
            }
        }
        return vectors.toArray(double[][]::new);
    }
}
