package org.ntk4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;

/** The data sets that there are. */
public final class Catalogue {

    /** A data set by name: what it is, where it comes from, and how its own options make its source. */
    private record Kind(String name, String about, Origin origin, Function<Options, Optional<Source>> source) {
    }

    /** Where a data set comes from. */
    private enum Origin {
        PROGRAM, DOWNLOAD, OWN_FILE
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("mnist-sample", "1,000 training and 100 test images of MNIST, inside the program", Origin.PROGRAM,
                    o -> Optional.of(new MnistSample())),
            new Kind("mnist", "handwritten digits, 60,000 training and 10,000 test images of 28×28", Origin.DOWNLOAD,
                    o -> Optional.of(Mnist.source())),
            new Kind("fashion-mnist", "articles of clothing, 60,000 training and 10,000 test images of 28×28", Origin.DOWNLOAD,
                    o -> Optional.of(FashionMnist.source())),
            new Kind("cifar10", "objects and animals, 50,000 training and 10,000 test images of 32×32×3", Origin.DOWNLOAD,
                    o -> Optional.of(new Cifar10())),
            new Kind("images", "a folder with one sub-folder a class, PNG or JPEG", Origin.OWN_FILE, ImageFolder::read),
            new Kind("csv", "one input a row, with a column of labels", Origin.OWN_FILE, CsvTable::read),
            new Kind("sentences", "a table of texts and labels, with word vectors", Origin.OWN_FILE, Sentences::read),
            new Kind("phrases", "generated sentences whose label depends on word order and negation", Origin.PROGRAM, Phrases::read),
            new Kind("stripes", "generated images of noise, one channel of which tells the label", Origin.PROGRAM, Stripes::read),
            new Kind("graphs", "graphs in the text format of TU Dortmund's collection, from a folder; without one, generated graphs that "
                    + "have a cycle or not", Origin.PROGRAM,
                    o -> o.entry("folder").isPresent() ? GraphFolder.read(o) : GeneratedGraphs.read(o)));

    private Catalogue() {
    }

    /**
     * A line of the list.
     *
     * @param name  the name in YAML
     * @param about what it is
     * @param state {@code ready}, {@code to be downloaded} or {@code from a file}
     */
    public record Line(String name, String about, String state) {
    }

    /** The names of all data sets of the grammar. */
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
        if (kind.origin == Origin.OWN_FILE) {
            throw Failure.input(name + " is read from " + (name.equals("images") ? "a folder" : "a file")
                    + " of your own, there is nothing to get: data: {name: " + name
                    + (name.equals("images") ? ", folder: …}" : ", file: …}"));
        }
        Source source = plain(kind);
        if (source.present(settings.data())) {
            monitor.note(name + " is there already");
            return;
        }
        source.fetch(settings, monitor);
    }

    /** The source with this name and its own options; none, and a mistake noted, where there is no such name or it cannot be made. */
    static Optional<Source> source(String name, Options options) {
        Optional<Kind> kind = KINDS.stream().filter(k -> k.name.equals(name)).findFirst();
        if (kind.isEmpty()) {
            options.mistake("name", unknown(name));
        }
        return kind.flatMap(k -> k.source.apply(options));
    }

    private static String state(Kind kind, Path folder) {
        return kind.origin == Origin.OWN_FILE ? "from a file" : plain(kind).present(folder) ? "ready" : "to be downloaded";
    }

    /** The source without options of its own. */
    private static Source plain(Kind kind) {
        Entry nothing = new Entry.Mapping(Map.of(), Place.of(kind.name));
        return kind.source.apply(Options.of(nothing, "", new Mistakes())).orElseThrow();
    }

    private static String unknown(String name) {
        return TextNumber.shown(name) + " is not a data set" + Mistakes.suggestion(name, names());
    }
}
