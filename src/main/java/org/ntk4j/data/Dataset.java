package org.ntk4j.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;
import org.ntk4j.shape.Shape;

/**
 * Which examples of a data set are wanted, and how they are scaled. Immutable: every method that changes something returns
 * another. With a number, {@code train} and {@code test} set the size; without, they load (once) and return the examples.
 */
public final class Dataset {

    private static final Entry.Mapping NOTHING = new Entry.Mapping(Map.of(), Place.of("data"));

    private final Source source;
    private final Drawing drawing;
    private final Entry.Mapping own;
    private final Loaded loaded;
    private @Nullable Path drawnFrom;
    private @Nullable Sample drawn;

    /** What was read, shared by all that differ only in what they draw from it. */
    private static final class Loaded {
        private @Nullable Path folder;
        private @Nullable Pool pool;

        private synchronized Pool read(Source source, Settings settings, Monitor monitor) {
            if (!settings.data().equals(folder)) {
                pool = source.load(settings, monitor);
                folder = settings.data();
            }
            return Objects.requireNonNull(pool);
        }
    }

    Dataset(Source source, Drawing drawing) {
        this(source, drawing, NOTHING, new Loaded());
    }

    /** With the source's own options, as given in Java. */
    Dataset(Source source, Drawing drawing, Entry.Mapping own) {
        this(source, drawing, own, new Loaded());
    }

    private Dataset(Source source, Drawing drawing, Entry.Mapping own, Loaded loaded) {
        // What is one collection may be a file that more withers still have to describe; it is checked when it is read.
        if (source.divided()) {
            drawing.check(source);
        }
        this.source = source;
        this.drawing = drawing.suiting(source);
        this.own = own;
        this.loaded = loaded;
    }

    /** MNIST: 60,000 training and 10,000 test images, in the data folder, else downloaded. */
    public static Dataset mnist() {
        return new Dataset(Mnist.source(), Drawing.USUAL);
    }

    /** 1,000 training and 100 test images of MNIST, 100 and 10 of each digit; works offline. */
    public static Dataset mnistSample() {
        return new Dataset(new MnistSample(), Drawing.USUAL);
    }

    /** Fashion-MNIST: 60,000 training and 10,000 test images of clothing, in the data folder, else downloaded. */
    public static Dataset fashionMnist() {
        return new Dataset(FashionMnist.source(), Drawing.USUAL);
    }

    /** CIFAR-10: 50,000 training and 10,000 test images in colour, in the data folder, else downloaded. */
    public static Dataset cifar10() {
        return new Dataset(new Cifar10(), Drawing.USUAL);
    }

    /** A folder with one sub-folder a class, PNG or JPEG files of one size. */
    public static Dataset images(Path folder) {
        Required.value(folder, "folder");
        return DatasetReader.inJava("images", NOTHING.with("folder", scalar(folder)), Drawing.USUAL);
    }

    /** A table with one input a row and a column of labels, the last one unless {@code label} says otherwise. */
    public static Dataset csv(Path file) {
        Required.value(file, "file");
        return DatasetReader.inJava("csv", NOTHING.with("file", scalar(file)), Drawing.USUAL);
    }

    /** A TSV or CSV of texts and labels; {@code vectors} has to be told, {@code columns} where they are not 1 and 2. */
    public static Dataset sentences(Path file) {
        Required.value(file, "file");
        return DatasetReader.inJava("sentences", NOTHING.with("file", scalar(file)), Drawing.USUAL);
    }

    /** Generated sentences whose label depends on word order and negation. */
    public static Dataset phrases() {
        return DatasetReader.inJava("phrases", NOTHING, Drawing.USUAL);
    }

    /** Generated images of ±1 noise whose label depends on how neighbours in one channel agree. */
    public static Dataset stripes() {
        return DatasetReader.inJava("stripes", NOTHING, Drawing.USUAL);
    }

    /** Generated graphs whose label is a matter of their edges: which of them has a cycle? */
    public static Dataset graphs() {
        return DatasetReader.inJava("graphs", NOTHING, Drawing.USUAL);
    }

    /** Graphs from a folder in the text format of TU Dortmund's collection. */
    public static Dataset graphs(Path folder) {
        Required.value(folder, "folder");
        return DatasetReader.inJava("graphs", NOTHING.with("folder", scalar(folder)), Drawing.USUAL);
    }

    private static Entry scalar(Object value) {
        // A path is also a list of its folders.
        return Entry.of(value instanceof Path path ? path.toString() : value, NOTHING.place());
    }

    /**
     * Reads {@code {name (mnist-sample), train, test, seed (0), normalize (unit), targets (centred), classes (all)}}. Mistakes
     * are noted in the options, and the default is taken in place of what is wrong.
     */
    public static Dataset read(Options options) {
        return DatasetReader.read(options);
    }

    /** Reads the same, or a bare name, or a data set given in Java. */
    public static Dataset read(Entry entry, String path, Mistakes mistakes) {
        return DatasetReader.read(entry, path, mistakes);
    }

    /** The value of {@code data} as a map, so that a key in it can be changed: a bare name becomes {@code {name: …}}. */
    public static Entry asMap(Entry entry) {
        return DatasetReader.named(entry);
    }

    /**
     * With this many training examples.
     *
     * @throws Failure if there are fewer, or the number is below 1
     */
    public Dataset train(int count) {
        return with(d -> new Drawing(positive(count, "train"), d.test(), d.seed(), d.normalize(), d.targets(), d.classes()));
    }

    /**
     * With this many test examples.
     *
     * @throws Failure if there are fewer, or the number is below 1
     */
    public Dataset test(int count) {
        return with(d -> new Drawing(d.train(), positive(count, "test"), d.seed(), d.normalize(), d.targets(), d.classes()));
    }

    /** Drawn with another seed. */
    public Dataset seed(long seed) {
        return with(d -> new Drawing(d.train(), d.test(), seed, d.normalize(), d.targets(), d.classes()));
    }

    /**
     * Scaled in another way.
     *
     * @param how {@code unit}: each input to the norm √size (zeros stay zeros); {@code standard}: less the mean of the drawn
     *            training set, over its standard deviation, one number each over all its values; {@code centred}: less the mean
     *            input of the training set; {@code perPixel}: the same, then each value over its own standard deviation;
     *            {@code none}: as they are, pixels from 0 to 1
     */
    public Dataset normalize(String how) {
        Required.value(how, "how");
        return with(d -> new Drawing(d.train(), d.test(), d.seed(), Normalization.of(how), d.targets(), d.classes()));
    }

    /**
     * With other targets.
     *
     * @param how {@code centred}: one-hot minus 1/classes; {@code plain}: one-hot as it is
     */
    public Dataset targets(String how) {
        Required.value(how, "how");
        return with(d -> new Drawing(d.train(), d.test(), d.seed(), d.normalize(), Targets.of(how), d.classes()));
    }

    /**
     * Only the examples with these labels. The targets then have one column for each, in this order, and a label is the
     * index of its column: with {@code classes(8, 3)} an eight has label 0 and a three label 1.
     *
     * @param labels numbers or names as they stand in the data, at least two, each once; none at all: all classes
     */
    public Dataset classes(Object... labels) {
        Required.values(labels, "labels");
        List<String> wanted = Arrays.stream(labels).map(String::valueOf).toList();
        return with(d -> new Drawing(d.train(), d.test(), d.seed(), d.normalize(), d.targets(), wanted));
    }

    /**
     * With another value for an option of this data set's own, by its path in YAML: {@code with("label.threshold", 0)}.
     *
     * @throws Failure if the data set has no such option, or not with such a value
     */
    public Dataset with(String path, Object value) {
        Required.value(path, "path");
        Required.value(value, path);
        return DatasetReader.inJava(name(), (Entry.Mapping) Entry.with(own, path, scalar(value)), drawing);
    }

    /** Sentences: the columns of text and label, each a number from 1 or a name from the header. */
    public Dataset columns(Object text, Object label) {
        Required.value(text, "text");
        Required.value(label, "label");
        return with("columns.text", text).with("columns.label", label);
    }

    /** Tables: the column of the label, a number from 1 or a name from the header. */
    public Dataset label(Object column) {
        return with("columns.label", column);
    }

    /** Tables: targets are the real values of these columns, numbers from 1 or names from the header, in place of classes. */
    public Dataset targetColumns(Object... columns) {
        Required.values(columns, "columns");
        return with("targets.columns", List.of(columns));
    }

    /** Tables: without these columns, numbers from 1 or names from the header. */
    public Dataset dropColumns(Object... columns) {
        Required.values(columns, "columns");
        return with("columns.drop", List.of(columns));
    }

    /** Tables: what stands between two fields, where the file's ending does not say: a sign, {@code tab} or {@code space}. */
    public Dataset separator(String sign) {
        return with("separator", sign);
    }

    /** Tables: the sign before a number's fraction, a point or a comma. */
    public Dataset decimal(String sign) {
        return with("decimal", sign);
    }

    /** Tables: labels are numbers, {@code positive} above this one, else {@code negative}. */
    public Dataset threshold(double rating) {
        return with("label.threshold", rating);
    }

    /** Tables: without the rows whose label is a number between these two (included). */
    public Dataset drop(double from, double to) {
        return with("drop.label.between", List.of(from, to));
    }

    /** Tables: whether the first row has the names of the columns. */
    public Dataset header(boolean yes) {
        return with("header", yes);
    }

    /** Sentences: the vectors of words, in GloVe's text format. */
    public Dataset vectors(Path file) {
        return with("vectors", file);
    }

    /**
     * Sentences and phrases: what stands at each position, {@code vectors} or {@code indices} of words, for a network that begins with an
     * embedding (which asks for them itself where nothing is said).
     */
    public Dataset words(String how) {
        return with("words", how);
    }

    /** This data set with indices of words, where it has words and it was not said how they are handed over. */
    public Dataset inWords() {
        return source.inWords().map(s -> new Dataset(s, drawing, (Entry.Mapping) Entry.with(own, "words", scalar("indices"))))
                .orElse(this);
    }

    /** How many different words there are, where inputs are indices of words. */
    public OptionalInt vocabulary() {
        return source.vocabulary();
    }

    /** Sentences and phrases: texts are cut or padded to this many positions. */
    public Dataset positions(int count) {
        return with("positions", count);
    }

    /** Sentences: what a word without a vector becomes: {@code mean}, {@code zero}, {@code skip}. */
    public Dataset unknown(String word) {
        return with("unknown", word);
    }

    /** Phrases: 1 for word order, 2 for negation too, 3 for negation and agreement. */
    public Dataset difficulty(int level) {
        return with("difficulty", level);
    }

    /** Stripes: the pixels of an edge. */
    public Dataset size(int pixels) {
        return with("size", pixels);
    }

    /** Stripes: the probability that neighbours in channel 0 agree where the label is 1. */
    public Dataset agreement(double probability) {
        return with("agreement", probability);
    }

    /** Phrases: the size of a word's vector. Images: 1 for brightness, 3 for colours. Stripes: the channels of noise. */
    public Dataset channels(int count) {
        return with("channels", count);
    }

    /** A table: the shape of one input. */
    public Dataset shape(int first, int... more) {
        Required.value(more, "more");
        return with("shape", IntStream.concat(IntStream.of(first), Arrays.stream(more)).boxed().toList());
    }

    /** Generated graphs: {@code cycle} or {@code bipartite}. */
    public Dataset task(String word) {
        return with("task", word);
    }

    /** Generated graphs: the most nodes that one has. */
    public Dataset nodes(int most) {
        return with("nodes", most);
    }

    /** Whether each input has a graph, whose nodes are its positions. */
    public boolean hasGraphs() {
        return source.hasGraphs();
    }

    /** Whether positions of some inputs may be padding, known without loading. */
    public boolean padded() {
        return source.padded();
    }

    /** The name in YAML. */
    public String name() {
        return source.name();
    }

    /** The shape of one input, known without loading. */
    public Shape shape() {
        return source.shape();
    }

    /** The number of classes, which is that of the targets' columns (also where they are real values), known without loading. */
    public int classCount() {
        return classNames().size();
    }

    /** Whether examples belong to classes; else their targets are real values. */
    public boolean hasClasses() {
        return source.targetNames().isEmpty();
    }

    /** The names of the classes, in the order of the targets' columns; of the targets where they are real values. */
    public List<String> classNames() {
        return drawing.classNames(source);
    }

    /** The number of training examples, known without loading. By default all of {@code mnist-sample}, 1000 elsewhere. */
    public int trainCount() {
        return drawing.count(source, Part.TRAIN);
    }

    /** The number of test examples, known without loading. By default all of {@code mnist-sample}, 100 elsewhere. */
    public int testCount() {
        return drawing.count(source, Part.TEST);
    }

    /** The seed that examples are drawn with. */
    public long seed() {
        return drawing.seed();
    }

    /** The training examples, from the data folder of this process. */
    public Split train() {
        return load().train();
    }

    /** The test examples, from the data folder of this process. */
    public Split test() {
        return load().test();
    }

    /**
     * This many training inputs, drawn like {@code train(count)} and scaled like the training set; a part of it where the
     * training set is at least as large.
     */
    public Inputs inputs(int count) {
        return drawing.inputs(source, loaded.read(source, Settings.ofProcess(), ConsoleMonitor.ofProcess()), positive(count, "inputs"));
    }

    /** The sentences of these examples of a part; empty where examples are no sentences. */
    public List<String> texts(Part part, int[] indices) {
        return source.texts(part, indices);
    }

    /** Both parts, from the data folder of this process. */
    public Sample load() {
        return load(Settings.ofProcess(), ConsoleMonitor.ofProcess());
    }

    /**
     * Both parts, from a data folder; files that are missing are downloaded. The same definition always gives the same.
     *
     * @throws Failure where files are missing and cannot be downloaded, or are not what they should be, or have fewer examples
     */
    public synchronized Sample load(Settings settings, Monitor monitor) {
        if (!settings.data().equals(drawnFrom)) {
            drawing.check(source);
            Pool pool = loaded.read(source, settings, monitor);
            drawn = drawing.sample(source, pool);
            DataLook.at(source, pool.train(), drawing.normalize(), drawn).forEach(monitor::note);
            drawnFrom = settings.data();
        }
        return Objects.requireNonNull(drawn);
    }

    /** The definition with every default written out, as in YAML. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name());
        map.putAll(source.options());
        map.put("train", trainCount());
        map.put("test", testCount());
        map.put("seed", seed());
        map.put("normalize", drawing.normalize().toString());
        map.put("targets", hasClasses() ? drawing.targets().toString() : source.targets());
        if (hasClasses()) {
            map.put("classes", drawing.classes().isEmpty() ? "all" : drawing.classes().stream().map(Dataset::typed).toList());
        }
        return map;
    }

    private static Object typed(String label) {
        return label.matches("0|[1-9]\\d{0,8}") ? (Object) Integer.valueOf(label) : label;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dataset dataset && toMap().equals(dataset.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    /** {@code mnist-sample: 1000 training and 100 test inputs of 28×28×1, 10 classes, seed 0}. */
    @Override
    public String toString() {
        return name() + ": " + trainCount() + " training and " + testCount() + " test inputs of " + shape() + ", "
                + (hasClasses() ? classCount() + " classes" : classCount() == 1
                        ? "target " + classNames().get(0) : "targets " + String.join(", ", classNames())) + ", seed " + seed();
    }

    private Dataset with(UnaryOperator<Drawing> change) {
        return new Dataset(source, change.apply(drawing), own, loaded);
    }

    private static int positive(int count, String what) {
        if (count < 1) {
            throw Failure.input(what + ": " + count + " is not a number of examples; at least 1");
        }
        return count;
    }
}
