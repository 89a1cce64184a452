package org.ntk4j.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import jdk.jshell.spi.SPIResolutionException;
import org.ntk4j.base.Failure;
import org.ntk4j.shell.CompiledStatement.Lacking;
import org.ntk4j.shell.CompiledStatement.Target;

/**
 * Compiles and runs statements, one after the other, on the caller's thread. Every error leaves as a {@link Failure}
 * with the user's lines: status 2 if the statement does not compile, 1 if it threw, 130 after Ctrl-C. A session goes on
 * after an error.
 */
final class Session implements AutoCloseable {

    private static final Pattern UNTYPED = Pattern.compile("(final\\s+)?var\\s.*", Pattern.DOTALL);

    private static final Pattern ON_DEMAND = Pattern.compile("import\\s+([\\w.]+)\\.\\*;?");

    private static final Pattern STATIC = Pattern.compile("import\\s+static\\s+([\\w.]+)\\.\\*;?");

    private final Stop stop;
    private final SnippetControl control;
    private final JShell shell;
    /** The latest last. */
    private final Map<Snippet, Statement> statements = new LinkedHashMap<>();
    private Optional<Target> target = Optional.empty();

    /**
     * A session with its imports ready.
     *
     * @param interrupt what Ctrl-C has asked for
     * @throws Failure if one of them does not compile
     */
    Session(Prelude prelude, Interrupt interrupt) {
        stop = new Stop(interrupt::requested);
        control = new SnippetControl(stop);
        SnippetControl ours = control;
        shell = JShell.builder()
                .executionEngine(new ExecutionControlProvider() {
                    @Override
                    public String name() {
                        return "ntk4j";
                    }

                    @Override
                    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
                        return ours;
                    }
                }, Map.of())
                .compilerOptions("-classpath", System.getProperty("java.class.path"))
                .build();
        for (String name : prelude.imports()) {
            String source = "import " + name + ";";
            run(new Statement(source, source, "the shell's imports", 1, "", true), later -> false);
        }
    }

    /** JShell's analysis of incomplete text. */
    SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    /**
     * Compiles and runs a statement. At a terminal (where the origin is empty) one that begins with a dot goes on with
     * the last expression or variable.
     *
     * @param comesLater whether a name that is not declared yet may still be
     * @throws Failure if it does not compile or throws
     */
    StatementResult run(Statement statement, Predicate<String> comesLater) {
        Optional<Target> onto = target.filter(t -> statement.origin().isEmpty()
                && StatementReader.CHAIN.matcher(statement.text()).lookingAt());
        if (onto.isEmpty()) {
            return evaluate(statement, comesLater);
        }
        Target before = onto.get();
        CompiledStatement rest = compile(new Statement(before.name() + statement.text(), before.name() + statement.source(), "", 1, "",
                statement.finished()), comesLater);
        StatementResult outcome = run(rest);
        target = rest.target();
        if (!before.taker().isEmpty() && target.isPresent()) {
            String source = before.taker() + " = " + target.get().name() + ";";
            evaluate(new Statement(source, source, "", 1, "", true), comesLater);
            target = Optional.of(before);
            outcome = new StatementResult(Optional.empty(), outcome.waiting());
        }
        target = target.filter(t -> statement.chains());
        return outcome;
    }

    private StatementResult evaluate(Statement statement, Predicate<String> comesLater) {
        CompiledStatement compiled = compile(statement, comesLater);
        StatementResult outcome = run(compiled);
        target = compiled.target().filter(t -> statement.chains());
        return outcome;
    }

    /**
     * Compiles a statement: what it declares is known to those after it. {@link #run(CompiledStatement)} runs it.
     *
     * @param comesLater whether a name that is not declared yet may still be
     * @throws Failure with all that is wrong with it
     */
    CompiledStatement compile(Statement statement, Predicate<String> comesLater) {
        target = Optional.empty();
        if (!statement.finished()) {
            Optional<Diag> error = eval(statement).stream()
                    .flatMap(event -> shell.diagnostics(event.snippet())).filter(Diag::isError).findFirst();
            control.taken();
            throw CompileError.unfinished(statement, error);
        }
        if (StatementReader.CHAIN.matcher(statement.text()).lookingAt()) {
            throw CompileError.at(new Where(statement, 0),
                    "there is nothing that this could go on with: a semicolon ends a chain, and a declaration or a statement has no value");
        }
        List<Lacking> lacking = lacking();
        List<String> waiting = new ArrayList<>();
        boolean isValue = false;
        Optional<Target> next = Optional.empty();
        for (SnippetEvent event : eval(statement)) {
            if (event.causeSnippet() != null) {
                continue;
            }
            synchronized (statements) {
                statements.remove(event.snippet());
                statements.put(event.snippet(), statement);
            }
            if (event.status() == Status.REJECTED) {
                control.taken();
                List<Diag> errors = shell.diagnostics(event.snippet()).filter(Diag::isError).toList();
                throw CompileError.of(statement, errors, new Hints(this, statement));
            }
            if (event.snippet() instanceof TypeDeclSnippet type && type.name().equals("Object")) {
                forget(statement);
                throw CompileError.at(new Where(statement, 0),
                        "a class of one's own cannot be called Object here: the compiler would take it for Java's own; "
                                + "choose another name");
            }
            if (event.status() != Status.VALID && unresolved(event.snippet()).isEmpty()) {
                forget(statement);
                control.taken();
                throw CompileError.at(new Where(statement, 0),
                        "this is too large for Java, which compiles at most 64 KiB of code for a statement; "
                        + "divide it, or read numbers from a file, such as inputs(Path.of(\"x.csv\"))");
            }
            waiting.addAll(unresolved(event.snippet()));
            isValue = isValue(event.snippet());
            next = target(event.snippet(), statement);
        }
        List<SnippetControl.Call> calls = control.taken();
        Optional<String> missing = waiting.stream().filter(symbol -> !comesLater.test(CompileError.name(symbol))).findFirst();
        if (missing.isPresent()) {
            forget(statement);
            throw CompileError.missing(statement, missing.get());
        }
        return new CompiledStatement(statement, calls, isValue, next, waiting, lacking);
    }

    private List<SnippetEvent> eval(Statement statement) {
        try {
            return Compiler.ask(() -> shell.eval(statement.source()));
        } catch (Compiler.Overwhelmed e) {
            throw CompileError.at(new Where(statement, 0), CompileError.TOO_DEEP);
        }
    }

    /** Takes back what a statement declares that is not to run. */
    void forget(Statement statement) {
        shell.snippets().filter(snippet -> statements.get(snippet) == statement).forEach(shell::drop);
    }

    private List<Lacking> lacking() {
        return shell.snippets().filter(snippet -> shell.status(snippet) == Status.RECOVERABLE_DEFINED && statements.containsKey(snippet))
                .map(DeclarationSnippet.class::cast)
                .map(snippet -> new Lacking(snippet.name(), Objects.requireNonNull(statements.get(snippet)),
                        unresolved(snippet).stream().findFirst().orElse(snippet.name())))
                .toList();
    }

    /**
     * Runs what was compiled.
     *
     * @throws Failure if it throws, or after Ctrl-C
     */
    StatementResult run(CompiledStatement compiled) {
        AtomicReference<Optional<String>> shown = new AtomicReference<>(Optional.empty());
        stop.watched(() -> {
            for (SnippetControl.Call call : compiled.calls()) {
                control.run(call);
                check(compiled);
            }
            if (compiled.isValue() && !(control.value() instanceof PrintStream)) {
                shown.set(Optional.of(show(compiled.statement())));
            }
        });
        return new StatementResult(Objects.requireNonNull(shown.get()), compiled.waiting());
    }

    /** What another thread threw, in terms of the text that the user wrote. */
    List<String> told(Throwable thrown) {
        Statement any = new Statement("", "", "", 1, "", true);
        synchronized (statements) {
            return Thrown.of(thrown, statements.values().stream().reduce((a, b) -> b).orElse(any), places()::of).lines();
        }
    }

    private FramePlace places() {
        return new FramePlace(analysis(), statements);
    }

    private void check(CompiledStatement compiled) {
        Optional<Throwable> thrown = control.thrown();
        if (thrown.isEmpty()) {
            return;
        }
        if (stop.asked() && (stop.woke() || Thrown.isInterruption(thrown.get()))) {
            throw Failure.cancelled("interrupted");
        }
        if (thrown.get() instanceof SPIResolutionException && !compiled.lacking().isEmpty()) {
            List<Lacking> all = compiled.lacking();
            Lacking first = all.stream().filter(l -> compiled.statement().text().contains(l.declared())).findFirst().orElse(all.get(0));
            throw CompileError.missing(first.at(), first.symbol());
        }
        throw Thrown.of(thrown.get(), compiled.statement(), places()::of);
    }

    /** The value's own {@code toString} may throw. */
    private String show(Statement statement) {
        try {
            return Display.of(control.value());
        } catch (Exception | Error e) {
            throw Thrown.of(e, statement, places()::of);
        }
    }

    private static boolean isValue(Snippet snippet) {
        SubKind kind = snippet.subKind();
        return kind == SubKind.TEMP_VAR_EXPRESSION_SUBKIND || kind == SubKind.VAR_VALUE_SUBKIND || kind == SubKind.OTHER_EXPRESSION_SUBKIND;
    }

    private static Optional<Target> target(Snippet snippet, Statement statement) {
        if (snippet instanceof ExpressionSnippet expression) {
            boolean assigned = snippet.subKind() == SubKind.ASSIGNMENT_SUBKIND;
            return Optional.ofNullable(expression.name()).map(name -> new Target(name, assigned ? name : ""));
        }
        if (snippet instanceof VarSnippet variable && snippet.subKind() != SubKind.VAR_DECLARATION_SUBKIND) {
            boolean temporary = snippet.subKind() == SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
            boolean untyped = UNTYPED.matcher(statement.text()).matches();
            return Optional.of(new Target(variable.name(), temporary ? "" : (untyped ? "var " : "") + variable.name()));
        }
        return Optional.empty();
    }

    /**
     * Looks for declarations that still use names declared nowhere.
     *
     * @param origin the file whose declarations are meant
     * @throws Failure for the first one
     */
    void checkResolved(String origin) {
        shell.snippets().filter(snippet -> shell.status(snippet) == Status.RECOVERABLE_DEFINED
                || shell.status(snippet) == Status.RECOVERABLE_NOT_DEFINED)
                .filter(snippet -> statements.containsKey(snippet) && statements.get(snippet).origin().equals(origin))
                .findFirst().ifPresent(snippet -> {
                    String symbol = unresolved(snippet).stream().findFirst().orElse("a name");
                    shell.drop(snippet);
                    throw CompileError.missing(Objects.requireNonNull(statements.get(snippet)), symbol);
                });
    }

    private List<String> unresolved(Snippet snippet) {
        return snippet instanceof DeclarationSnippet declaration ? shell.unresolvedDependencies(declaration).toList() : List.of();
    }

    /** The variables that the user declared, each with its type. */
    Stream<VarSnippet> variables() {
        return shell.variables().filter(variable -> variable.subKind() != SubKind.TEMP_VAR_EXPRESSION_SUBKIND);
    }

    /** The value of a variable as it is shown. */
    String value(VarSnippet variable) {
        shell.varValue(variable);
        return Display.of(control.value());
    }

    /** The value of a variable of the user's; empty if there is none of this name, or it is null. */
    Optional<Object> valueOf(String name) {
        return shell.variables().filter(variable -> variable.name().equals(name)).findFirst().flatMap(variable -> {
            shell.varValue(variable);
            return Optional.ofNullable(control.value());
        });
    }

    /** The names that the user declared. */
    Set<String> declared() {
        return Stream.concat(Stream.concat(shell.variables(), shell.methods()), shell.types()).map(DeclarationSnippet::name)
                .collect(Collectors.toSet());
    }

    /** Where the user declared a name: as a variable, a method or a class; the latest of them. */
    Optional<Map.Entry<DeclarationSnippet, Statement>> declaration(String name) {
        return statements.entrySet().stream()
                .filter(entry -> entry.getKey() instanceof DeclarationSnippet declared && declared.name().equals(name)
                        && shell.status(declared).isActive())
                .reduce((earlier, later) -> later)
                .map(entry -> Map.entry((DeclarationSnippet) entry.getKey(), entry.getValue()));
    }

    /** The classes whose methods are imported, Java's own left out: those that have the factories. */
    List<String> entryPoints() {
        return imports().stream().map(STATIC::matcher).filter(Matcher::matches).map(m -> m.group(1))
                .filter(name -> !name.startsWith("java.")).toList();
    }

    /** The packages whose classes are imported. */
    List<String> packages() {
        return imports().stream().map(ON_DEMAND::matcher).filter(Matcher::matches).map(m -> m.group(1)).toList();
    }

    /** The imports, the user's own included, as they are written. */
    List<String> imports() {
        return shell.imports().map(ImportSnippet::source).map(String::strip).toList();
    }

    /** The name that a line beginning with a dot goes on with. */
    Optional<String> chainName() {
        return target.map(Target::name);
    }

    @Override
    public void close() {
        shell.close();
    }
}
