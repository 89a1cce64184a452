package org.ntk4j.run;

import org.ntk4j.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ntk shell}: statements typed one by one, answered at once. */
@Command(name = "shell", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Reads Java statements and prints what they give; the imports are already there.")
final class ShellVerb implements Runnable {

    private final Console console;

    @Mixin
    private ResultOptions results;

    @Mixin
    private MachineOptions machine;

    ShellVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        machine.apply(results.properties());
        start(console);
    }

    /** Reads and answers until the user leaves. */
    private static void start(Console console) {
        throw Failure.run("shell is not wired yet");
    }
}
