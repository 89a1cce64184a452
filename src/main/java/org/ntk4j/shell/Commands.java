package org.ntk4j.shell;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;
import org.ntk4j.console.Visible;
import org.ntk4j.grammar.Mistakes;

/** The commands of the shell: lines that begin with a slash. */
final class Commands {

    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("/open", "FILE: runs a script in this session");
        KNOWN.put("/vars", "the variables and their values");
        KNOWN.put("/doc", "NAME: what something does, such as mlp, Network or net.depth");
        KNOWN.put("/history", "what was typed");
        KNOWN.put("/imports", "what is imported");
        KNOWN.put("/trace", "the stack trace of the last exception");
        KNOWN.put("/help", "this");
        KNOWN.put("/exit", "leaves (so do /quit and Ctrl-D)");
        KNOWN.put("/quit", "leaves");
    }

    private static final int WIDEST = 120;

    private final Supplier<Session> session;
    private final Supplier<List<String>> history;
    private final Interrupt interrupt;
    private final PrintStream out;

    Commands(Supplier<Session> session, Supplier<List<String>> history, Interrupt interrupt, PrintStream out) {
        this.session = session;
        this.history = history;
        this.interrupt = interrupt;
        this.out = out;
    }

    /** The names, each with its slash. */
    static List<String> names() {
        return List.copyOf(KNOWN.keySet());
    }

    /**
     * Carries out a command.
     *
     * @param thrown the last error that was an exception, if there was one
     * @return false if the shell is to end
     * @throws Failure if there is no such command, or it failed
     */
    boolean run(Command command, Optional<Failure> thrown) {
        switch (command.name()) {
            case "/exit", "/quit" -> {
                return false;
            }
            case "/open" -> Script.run(file(command.argument()), session.get(), interrupt, out);
            case "/help" -> help();
            case "/vars" -> session.get().variables().forEach(variable ->
                    out.println(shortened(variable.typeName() + " " + variable.name() + " = " + session.get().value(variable))));
            case "/doc" -> doc(command.argument());
            case "/history" -> history.get().forEach(out::println);
            case "/imports" -> session.get().imports().forEach(out::println);
            case "/trace" -> trace(thrown);
            default -> throw Failure.input(command.name() + " is not a command" + Mistakes.suggestion(command.name(), names()));
        }
        return true;
    }

    private void help() {
        print("Java, line by line: the value of an expression is printed; a line that begins with a dot goes on with the last one.");
        print("  mlp().width(512).depth(2).ntk(mnistSample().inputs(50))");
        print("Tab completes names; behind an opening bracket it shows the signature, once more what the method does. "
                + "Ctrl-C clears the line, or ends what is running.");
        KNOWN.forEach((name, what) -> print(String.format(Locale.ROOT, "  %-10s%s", name, what)));
    }

    private void doc(String name) {
        if (name.isEmpty()) {
            throw Failure.input("/doc needs a name: /doc mlp, /doc net.depth");
        }
        List<String> about = new Signatures(session.get()).about(name);
        if (about.isEmpty()) {
            throw Failure.input("/doc knows nothing about " + Visible.text(name)
                    + ": a factory such as mlp, a class such as Network, or a method of a class or variable such as net.depth is needed");
        }
        about.forEach(this::print);
    }

    private void print(String text) {
        out.println(Screen.wrapped(text, Screen.outColumns()));
    }

    private void trace(Optional<Failure> thrown) {
        thrown.map(Throwable::getCause).orElseThrow(() -> Failure.input("there is no exception to trace")).printStackTrace(out);
    }

    private static Path file(String argument) {
        String name = argument.replaceFirst("^\"(.*)\"$", "$1").replaceFirst("^~(?=/)", "");
        if (name.isEmpty()) {
            throw Failure.input("/open needs a file: /open FILE");
        }
        try {
            return argument.startsWith("~/") ? Path.of(System.getProperty("user.home") + name) : Path.of(name);
        } catch (InvalidPathException e) {
            throw Failure.input(name + " is not the name of a file");
        }
    }

    /** The first line, or as much of it as fits. */
    private static String shortened(String value) {
        String first = value.lines().findFirst().orElse("");
        int widest = Screen.outColumns() > 0 ? Screen.outColumns() : WIDEST;
        boolean whole = first.length() <= widest && first.length() == value.length();
        return whole ? first : first.substring(0, Math.min(first.length(), widest - 2)) + " …";
    }
}
