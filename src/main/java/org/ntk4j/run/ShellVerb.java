package org.ntk4j.run;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ntk4j.base.Settings;
import org.ntk4j.shell.Prelude;
import org.ntk4j.shell.Repl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ntk shell}: statements typed one by one, answered at once. */
@Command(name = "shell", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Reads Java statements and prints what they give; the imports are already there.")
final class ShellVerb implements Callable<Integer> {

    private final Console console;

    @Mixin
    private ResultOptions results;

    @Mixin
    private MachineOptions machine;

    ShellVerb(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        machine.applyToWork(results.properties(console));
        return start(console);
    }

    /** Reads and answers until the user leaves; the exit status. */
    private static int start(Console console) {
        Path history = Settings.cache().resolve("history");
        return new Repl(Prelude.ntk4j(), history, console.interrupt(), console.out(), console.err()).run();
    }
}
