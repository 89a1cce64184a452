package org.ntk4j.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Options;

/**
 * A file or folder of the user's, as named: looked for beside the file that names it (in Java and on the command line: in the
 * current folder), then in the data folder, in the sub-folder of its data set and directly.
 *
 * @param written as it was named
 * @param beside  the folder of the file that names it
 * @param set     the data set, and the sub-folder in the data folder
 */
record DataFile(String written, Path beside, String set) {

    /** Reads the name of a file; none, and a mistake noted, where it is missing. */
    static Optional<DataFile> read(Options options, String key, String set, String what) {
        if (options.entry(key).isEmpty()) {
            options.mistakes().add(options.place(), (options.path().isEmpty() ? "" : options.path() + ": ") + "'" + key + "' is missing: "
                    + what);
            return Optional.empty();
        }
        return options.text(key).flatMap(written -> {
            if (!isName(written)) {
                options.mistake(key, TextNumber.shown(written) + " cannot be the name of a file");
                return Optional.empty();
            }
            Path folder = options.place().line() == 0 ? null : Path.of(options.place().source()).toAbsolutePath().getParent();
            return Optional.of(new DataFile(written, folder == null ? Path.of("").toAbsolutePath() : folder, set));
        });
    }

    /**
     * Where it is.
     *
     * @throws Failure if it is nowhere, with the places
     */
    Path find() {
        Path data = Settings.dataFolder();
        List<Path> places = Stream.of(beside.resolve(written), data.resolve(set).resolve(written), data.resolve(written))
                .map(p -> p.toAbsolutePath().normalize()).distinct().toList();
        return places.stream().filter(Files::exists).findFirst()
                .orElseThrow(() -> Failure.input(written + ": there is no such file; looked for "
                + places.stream().map(Path::toString).collect(Collectors.joining(", "))));
    }

    /** Where it is, or as it was named where it is nowhere: for {@code resolved.yaml}. */
    String found() {
        try {
            return find().toString();
        } catch (Failure e) {
            return written;
        }
    }

    private static boolean isName(String text) {
        try {
            return !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
