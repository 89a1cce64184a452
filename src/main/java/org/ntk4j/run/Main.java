package org.ntk4j.run;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.console.ConsoleMonitor;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The program {@code ntk}: reads the command line and calls a verb. */
@Command(name = "ntk", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, synopsisSubcommandLabel = "VERB",
        description = "Finite neural networks next to their infinitely wide twins.",
        footer = {"", "ntk VERB --help explains a verb. Exit status: 0 done, 1 the run failed, 2 the input was wrong, 130 Ctrl-C."})
public final class Main implements Callable<Integer> {

    private final Console console;

    private Main(Console console) {
        this.console = console;
    }

    /** Runs the program and ends the process with its exit status. */
    public static void main(String[] args) {
        List<String> command = new ArrayList<>(List.of("ntk"));
        command.addAll(List.of(args));
        int status = execute(new Console(System.out, System.err, ConsoleMonitor.ofProcess(), command), args);
        if (System.out.checkError() && status == 0) {
            System.err.println("ntk: standard output could not be written in full (is the disk full?)");
            status = Failure.RUN;
        }
        System.err.flush();
        System.exit(status);
    }

    /** Runs the program; its exit status. */
    static int execute(Console console, String... args) {
        try {
            int status = commandLine(console).execute(args);
            return status == 0 && console.monitor().cancelled() ? Failure.CANCELLED : status;
        } catch (Throwable e) {
            // Errors too: whatever happens, the user sees one line and an exit status.
            return Complaint.report(e, console.err());
        }
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Main(console))
                .addSubcommand(new RunVerb(console))
                .addSubcommand(new KernelVerb(console))
                .addSubcommand(new ShellVerb(console))
                .addSubcommand(new CheckVerb(console))
                .addSubcommand(new ExplainVerb(console))
                .addSubcommand(new DataVerb(console))
                .addSubcommand(new ReportVerb())
                .addSubcommand(new DoctorVerb(console));
        return line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(Console.WIDTH)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, given) -> mistaken(e, console))
                .setExecutionExceptionHandler((e, at, parsed) -> Complaint.report(e, console.err()));
    }

    private static int mistaken(ParameterException e, Console console) {
        return Complaint.report(Failure.input(Complaint.aboutOptions(e)), console.err());
    }

    /** No verb: says which there are. */
    @Override
    public Integer call() {
        console.err().println("ntk: a verb is missing");
        commandLine(console).usage(console.err());
        return Failure.INPUT;
    }

    /** The text of {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ntk4j " + Machine.ntk4j() + " (Java " + System.getProperty("java.version") + ")"};
        }
    }
}
