package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.console.Visible;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.Definition;
import org.ntk4j.study.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ntk check FILE}: everything that can be said about a file without running it. */
@Command(name = "check", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Reads an experiment and plans it, or reads a network, without running anything.")
final class CheckVerb implements Runnable {

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "An experiment or a network, .yaml, .yml or .json.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Another value for a key of the YAML file. May be repeated.")
    private List<String> changes = new ArrayList<>();

    @Option(names = "--shape", paramLabel = "SIZES",
            description = "The shape of one input, channels last: 8,8,3. For a network: shows its layers with the shape after each and the "
                    + "number of weights.")
    private @Nullable String shape;

    @Mixin
    private MachineOptions machine;

    CheckVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        List<String> mistakes = new ArrayList<>();
        InputFile.check(file, mistakes);
        InputFile.checkChanges(changes, mistakes);
        int[] sizes = ShapeOption.sizes(shape, mistakes);
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        machine.apply();
        check(file, changes, sizes, console);
    }

    /** Prints the plan, or throws what is wrong. */
    private static void check(Path file, List<String> changes, int[] sizes, Console console) {
        if (file.toString().endsWith(".jsh")) {
            throw Failure.input(file + ": a script is checked by running it; check reads experiments and networks (.yaml, .yml, .json)");
        }
        if (isExperiment(Document.read(file)) || !changes.isEmpty()) {
            if (sizes.length > 0) {
                throw Failure.input("--shape: an experiment's data say the shape; it belongs to a network alone");
            }
            console.print(Visible.text(Study.plan(Definition.read(file, changes), Settings.ofProcess())));
        } else {
            Network network = sizes.length > 0 ? Network.read(file, Shape.of(sizes)) : Network.read(file);
            console.print(sizes.length > 0 ? network.describe(Shape.of(sizes), 1)
                    : network + System.lineSeparator() + "with --shape, such as --shape 28,28,1: the layers with the shape after each and "
                            + "the number of weights");
        }
    }

    /** A file with another key than {@code network} and the layers is meant as an experiment, whatever else is wrong with it. */
    private static boolean isExperiment(Entry root) {
        if (root instanceof Entry.Mapping map) {
            return map.fields().keySet().stream().anyMatch(key -> !key.equals("network") && Definition.KEYS.contains(key))
                    || map.fields().size() > 1;
        }
        return root instanceof Entry.Scalar scalar && scalar.text().isEmpty();
    }
}
