package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ntk run FILE}: an experiment in YAML, or a script. */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Runs an experiment (YAML or JSON) or a script (.jsh).")
final class RunVerb implements Runnable {

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "An experiment, .yaml, .yml or .json, or a script, .jsh.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Another value for a key of the YAML file: network.mlp.width=512. May "
            + "be repeated.")
    private List<String> changes = new ArrayList<>();

    @Option(names = "--dry-run", description = "Print the plan with its memory and time, and do nothing.")
    private boolean dryRun;

    @Option(names = "--price", paramLabel = "P", description = "With --dry-run and --spark: dollars for a core and an hour.")
    private @Nullable Double price;

    @Mixin
    private ResultOptions results;

    @Mixin
    private MachineOptions machine;

    RunVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        String name = file.toString().toLowerCase(Locale.ROOT);
        boolean script = name.endsWith(".jsh");
        List<String> mistakes = new ArrayList<>();
        if (!script && !name.endsWith(".yaml") && !name.endsWith(".yml") && !name.endsWith(".json")) {
            mistakes.add(file + ": this is neither an experiment (.yaml, .yml, .json) nor a script (.jsh)");
        } else {
            InputFile.check(file, mistakes);
        }
        if (script && !changes.isEmpty()) {
            mistakes.add("--set belongs to YAML files only; change the script " + file + " itself");
        } else {
            InputFile.checkChanges(changes, mistakes);
        }
        if (script && dryRun) {
            mistakes.add("--dry-run belongs to YAML files only; in a script, print the experiment to see its plan");
        }
        if (price != null && !(price >= 0 && price < 1e6)) {
            mistakes.add("--price: '" + price + "' is not a price of a core-hour; allowed: numbers from 0");
        } else if (price != null && !dryRun) {
            mistakes.add("--price belongs to --dry-run, which is not given");
        }
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        if (script) {
            machine.applyToWork(results.properties(console));
            RunScript.run(file, console);
        } else {
            machine.apply(results.properties(console));
            if (dryRun) {
                RunYaml.plan(file, changes, machine.cores(), price == null ? OptionalDouble.empty() : OptionalDouble.of(price), console);
            } else {
                RunYaml.run(file, changes, results.resume(), console);
            }
        }
    }
}
