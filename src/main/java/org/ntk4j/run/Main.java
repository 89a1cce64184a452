package org.ntk4j.run;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.base.Screen;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.infinite.Cluster;
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
        // What libraries make of numbers, such as names in TensorFlow's graphs, is the same wherever the user is.
        Locale.setDefault(Locale.ROOT);
        toTerminal();
        System.setProperty("ntk.launched", "true");
        List<String> command = new ArrayList<>(List.of("ntk"));
        command.addAll(List.of(args));
        Console console = new Console(System.out, System.err, ConsoleMonitor.ofProcess(), command);
        int status = execute(console, args);
        if (console.out().checkError() && status == 0 && !isClosedPipe()) {
            console.err().println("ntk: standard output could not be written in full (is the disk full?)");
            status = Failure.RUN;
        }
        console.err().flush();
        giveBack();
        System.exit(status);
    }

    /** Whether whoever read standard output, such as {@code head}, has had enough: one more byte tells, a print stream does not. */
    private static boolean isClosedPipe() {
        try {
            new FileOutputStream(FileDescriptor.out).write('\n');
            return false;
        } catch (IOException e) {
            return "Broken pipe".equals(e.getMessage());
        }
    }

    /** Machines of a cluster go back before this process ends: what it still sends while it ends would be answered by nobody. */
    private static void giveBack() {
        try {
            Cluster.of(Settings.ofProcess()).ifPresent(Cluster::close);
        } catch (Failure e) {
            // It was not there, which has been said.
            return;
        }
    }

    /** Messages go to the terminal itself where there is one: through the launcher's pipe they would come after what is printed next. */
    private static void toTerminal() {
        String terminal = System.getProperty("ntk.terminal");
        if (terminal != null) {
            try {
                System.setErr(new PrintStream(new FileOutputStream(terminal), true, StandardCharsets.UTF_8));
            } catch (IOException e) {
                // Standard error still is there.
                System.clearProperty("ntk.terminal");
            }
        }
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
                .addSubcommand(new ReportVerb(console))
                .addSubcommand(new DoctorVerb(console))
                .addSubcommand(new GpuCheckVerb(console));
        return line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(Screen.tableColumns())
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
