package org.ntk4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ntk4j.Failure;
import org.ntk4j.Monitor;
import org.ntk4j.Settings;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;

/** The data sets that there are. */
public final class Catalogue {

    /** A data set by name: what it is, and its source, made from its own options; none for those of a later release. */
    private record Kind(String name, String about, Optional<Function<Options, Source>> source) {

        static Kind of(String name, String about, Function<Options, Source> source) {
            return new Kind(name, about, Optional.of(source));
        }

        static Kind later(String name, String about) {
            return new Kind(name, about, Optional.empty());
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.of("mnist-sample", "1,000 training and 100 test images of MNIST, inside the program", options -> new MnistSample()),
            Kind.of("mnist", "handwritten digits, 60,000 training and 10,000 test images of 28×28", options -> new Mnist()),
            Kind.later("fashion-mnist", "articles of clothing, 60,000 training and 10,000 test images of 28×28"),
            Kind.later("cifar10", "objects and animals, 50,000 training and 10,000 test images of 32×32×3"),
            Kind.later("images", "a folder with one sub-folder a class, PNG or JPEG"),
            Kind.later("csv", "one input a row, with a column of labels"),
            Kind.later("sentences", "a table of texts and labels, with word vectors"),
            Kind.later("phrases", "generated sentences whose label depends on word order and negation"));

    private Catalogue() {
    }

    /**
     * A line of the list.
     *
     * @param name  the name in YAML
     * @param about what it is
     * @param state {@code ready}, {@code to be downloaded} or {@code with a later release}
     */
    public record Line(String name, String about, String state) {
    }

    /** The names of all data sets of the grammar, also of those that come later. */
    public static List<String> names() {
        return KINDS.stream().map(Kind::name).toList();
    }

    /** All data sets, with what is in this data folder. */
    public static List<Line> list(Path folder) {
        return KINDS.stream().map(kind -> new Line(kind.name, kind.about, state(kind, folder))).toList();
    }

    /**
     * Makes sure that the files of a data set are in the data folder.
     *
     * @throws Failure where the name is not known, or the files are missing and cannot be downloaded
     */
    public static void get(String name, Settings settings, Monitor monitor) {
        Kind kind = KINDS.stream().filter(k -> k.name.equals(name)).findFirst().orElseThrow(() -> Failure.input(unknown(name)));
        Source source = plain(kind).orElseThrow(() -> Failure.input(later(name)));
        if (source.present(settings.data())) {
            monitor.note(name + " is there already");
            return;
        }
        source.fetch(settings, monitor);
    }

    /** The source with this name and its own options; none, and a mistake noted, where there is no such name. */
    static Optional<Source> source(String name, Options options) {
        Optional<Kind> kind = KINDS.stream().filter(k -> k.name.equals(name)).findFirst();
        if (kind.isEmpty()) {
            options.mistake("name", unknown(name));
        } else if (kind.get().source.isEmpty()) {
            options.mistake("name", later(name));
        }
        return kind.flatMap(Kind::source).map(make -> make.apply(options));
    }

    private static String state(Kind kind, Path folder) {
        return plain(kind).map(source -> source.present(folder) ? "ready" : "to be downloaded").orElse("with a later release");
    }

    /** The source without options of its own. */
    private static Optional<Source> plain(Kind kind) {
        Entry nothing = new Entry.Mapping(Map.of(), Place.of(kind.name));
        return kind.source.map(make -> make.apply(Options.of(nothing, "", new Mistakes())));
    }

    private static String unknown(String name) {
        return "'" + name + "' is not a data set" + Mistakes.suggestion(name, names());
    }

    private static String later(String name) {
        String ready = KINDS.stream().filter(k -> k.source.isPresent()).map(Kind::name).collect(Collectors.joining(", "));
        return "'" + name + "' comes with a later release; so far there are: " + ready;
    }
}
