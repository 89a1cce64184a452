package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Catalogue;
import org.ntk4j.files.Table;
import org.ntk4j.grammar.Mistakes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ntk data [list | get NAME]}: which data sets are there, and fetching one. */
@Command(name = "data", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Lists the data sets, or fetches one into the data folder.")
final class DataVerb implements Runnable {

    private static final List<String> ACTIONS = List.of("list", "get");

    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "list|get", defaultValue = "list",
            description = "What to do (default: ${DEFAULT-VALUE}).")
    private String action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The data set to get.")
    private @Nullable String name;

    @Mixin
    private MachineOptions machine;

    DataVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (!ACTIONS.contains(action)) {
            throw Failure.input("data: there is no '" + action + "'" + Mistakes.suggestion(action, ACTIONS));
        }
        machine.apply();
        Path folder = Settings.ofProcess().data();
        if (action.equals("list")) {
            if (name != null) {
                throw Failure.input("data list takes no name; ntk data get " + name + " fetches it");
            }
            console.print("data folder: " + folder.toAbsolutePath());
            console.out().print(table(folder).text(Screen.tableColumns()));
            return;
        }
        List<String> names = Catalogue.names();
        if (name == null) {
            throw Failure.input("data get: the name of a data set is missing; allowed: " + String.join(", ", names));
        }
        if (!names.contains(name)) {
            throw Failure.input("data get: '" + name + "' cannot be fetched" + Mistakes.suggestion(name, names));
        }
        Catalogue.get(name, Settings.ofProcess(), console.monitor());
        console.print(name + " is there: " + folder.toAbsolutePath());
    }

    /** The data sets that come by name, and what is missing of them. */
    static Table table(Path folder) {
        List<List<Object>> rows = Catalogue.list(folder).stream().map(line -> List.<Object>of(line.name(), line.state(), line.about()))
                .toList();
        return new Table(List.of("data set", "state", "what it is"), rows);
    }
}
