package org.ntk4j.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Kind;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.SnippetWrapper;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.ntk4j.base.Failure;

/**
 * Compiles and runs statements, one after the other, on the caller's thread. Every error leaves as a {@link Failure}
 * with the user's lines: status 2 if the statement does not compile, 1 if it threw, 130 after Ctrl-C. A session goes on
 * after an error.
 */
final class Session implements AutoCloseable {

    private static final Pattern UNTYPED = Pattern.compile("(final\\s+)?var\\s.*", Pattern.DOTALL);

    /** What a next line that begins with a dot goes on with: a name, and what then takes the result, if anything. */
    private record Target(String name, String taker) {
    }

    private final SnippetControl control = new SnippetControl();
    private final JShell shell;
    /** The latest last. */
    private final Map<Snippet, Statement> statements = new LinkedHashMap<>();
    private Optional<Target> target = Optional.empty();

    /**
     * A session with its imports ready.
     *
     * @throws Failure if one of them does not compile
     */
    Session(Prelude prelude) {
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
    Outcome run(Statement statement, Predicate<String> comesLater) {
        if (!statement.finished()) {
            throw CompileError.unfinished(statement, shell.eval(statement.source()).stream()
                    .flatMap(event -> shell.diagnostics(event.snippet())).filter(Diag::isError).findFirst());
        }
        if (!StatementReader.CHAIN.matcher(statement.text()).lookingAt()) {
            return evaluate(statement, comesLater);
        }
        Target onto = target.filter(t -> statement.origin().isEmpty()).orElseThrow(() -> CompileError.at(new Where(statement, 0),
                "there is nothing that this could go on with: a semicolon ends a chain, and a declaration or a statement has no value"));
        Outcome outcome = evaluate(new Statement(onto.name + statement.text(), onto.name + statement.source(), "", 1, "", true), comesLater);
        if (onto.taker.isEmpty() || target.isEmpty()) {
            return outcome;
        }
        String source = onto.taker + " = " + target.get().name + ";";
        evaluate(new Statement(source, source, "", 1, "", true), comesLater);
        target = statement.chains() ? Optional.of(onto) : Optional.empty();
        return new Outcome(Optional.empty(), outcome.waiting());
    }

    private Outcome evaluate(Statement statement, Predicate<String> comesLater) {
        control.reset();
        target = Optional.empty();
        List<String> waiting = new ArrayList<>();
        Optional<String> shown = Optional.empty();
        for (SnippetEvent event : shell.eval(statement.source())) {
            if (event.causeSnippet() != null) {
                continue;
            }
            statements.remove(event.snippet());
            statements.put(event.snippet(), statement);
            check(event, statement);
            waiting.addAll(unresolved(event.snippet()));
            shown = isValue(event.snippet()) && !(control.value() instanceof PrintStream) ? Optional.of(show(statement)) : Optional.empty();
            target = statement.chains() ? target(event.snippet(), statement) : Optional.empty();
        }
        Optional<String> missing = waiting.stream().filter(symbol -> !comesLater.test(CompileError.name(symbol))).findFirst();
        if (missing.isPresent()) {
            shell.snippets().filter(snippet -> statements.get(snippet) == statement).forEach(shell::drop);
            throw CompileError.missing(statement, missing.get());
        }
        return new Outcome(shown, waiting);
    }

    private void check(SnippetEvent event, Statement statement) {
        if (event.status() == Status.REJECTED) {
            throw shell.diagnostics(event.snippet()).filter(Diag::isError).findFirst()
                    .map(error -> CompileError.of(statement, error))
                    .orElseGet(() -> CompileError.at(new Where(statement, 0), "this does not compile"));
        }
        if (event.exception() instanceof UnresolvedReferenceException unresolved) {
            DeclarationSnippet snippet = unresolved.getSnippet();
            throw CompileError.missing(statements.getOrDefault(snippet, statement), unresolved(snippet).stream().findFirst().orElse(snippet.name()));
        }
        if (control.thrown().isPresent()) {
            throw Thrown.of(control.thrown().get(), statement, this::locate);
        }
        if (event.exception() != null) {
            throw Thrown.of(event.exception(), statement, this::locate);
        }
    }

    /** The value's own {@code toString} may throw. */
    private String show(Statement statement) {
        try {
            return Display.of(control.value());
        } catch (RuntimeException | StackOverflowError e) {
            throw Thrown.of(e, statement, this::locate);
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
        shell.snippets().filter(snippet -> shell.status(snippet) == Status.RECOVERABLE_DEFINED || shell.status(snippet) == Status.RECOVERABLE_NOT_DEFINED)
                .filter(snippet -> statements.containsKey(snippet) && statements.get(snippet).origin().equals(origin))
                .findFirst().ifPresent(snippet -> {
                    String symbol = unresolved(snippet).stream().findFirst().orElse("a name");
                    shell.drop(snippet);
                    throw CompileError.missing(statements.get(snippet), symbol);
                });
    }

    private List<String> unresolved(Snippet snippet) {
        return snippet instanceof DeclarationSnippet declaration ? shell.unresolvedDependencies(declaration).toList() : List.of();
    }

    /** The place of a frame of a stack trace; empty if it is none of a statement. What was declared again may have kept the name of its class. */
    private Optional<Where> locate(StackTraceElement frame) {
        if (!frame.getClassName().startsWith("REPL.")) {
            return Optional.empty();
        }
        List<Map.Entry<Snippet, Statement>> latestFirst = new ArrayList<>(statements.entrySet());
        Collections.reverse(latestFirst);
        return latestFirst.stream()
                .filter(entry -> entry.getKey().kind() != Kind.IMPORT && entry.getKey().kind() != Kind.ERRONEOUS)
                .flatMap(entry -> located(frame, analysis().wrapper(entry.getKey()), entry.getValue()).stream())
                .findFirst();
    }

    private static Optional<Where> located(StackTraceElement frame, SnippetWrapper wrapper, Statement statement) {
        if (!(frame.getClassName() + "$").startsWith(wrapper.fullClassName() + "$")) {
            return Optional.empty();
        }
        int offset = 0;
        Matcher lines = Pattern.compile("(?m)^[ \t]*(?=\\S)").matcher(statement.text());
        while (lines.find()) {
            int wrapped = wrapper.sourceToWrappedPosition(lines.end());
            if (wrapped >= 0 && wrapped <= wrapper.wrapped().length()
                    && 1 + wrapper.wrapped().substring(0, wrapped).chars().filter(c -> c == '\n').count() <= frame.getLineNumber()) {
                offset = lines.end();
            }
        }
        return Optional.of(new Where(statement, offset));
    }

    /** The variables that the user declared, each with its type. */
    Stream<VarSnippet> variables() {
        return shell.variables().filter(variable -> variable.subKind() != SubKind.TEMP_VAR_EXPRESSION_SUBKIND);
    }

    /** The value of a variable as it is shown. */
    String value(VarSnippet variable) {
        control.reset();
        shell.varValue(variable);
        return Display.of(control.value());
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
