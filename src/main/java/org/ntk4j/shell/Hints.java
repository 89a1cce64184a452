package org.ntk4j.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.MethodSnippet;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import jdk.jshell.VarSnippet;
import org.ntk4j.grammar.Mistakes;

/**
 * What helps beside a message of the compiler: a name of the user's own that hides an imported one, and the nearest name to one that there
 * is not.
 */
final class Hints {

    private static final Pattern NAME = Pattern.compile("(?<![\\w.$\"])[A-Za-z_$][\\w$]*");
    private static final Pattern MISSING = Pattern.compile("symbol:\\s+(method|variable|class)\\s+(\\w+)");

    private final Session session;
    private final Statement statement;
    private final Set<String> named = new HashSet<>();

    Hints(Session session, Statement statement) {
        this.session = session;
        this.statement = statement;
    }

    /** Lines that follow a message; what was said once of a statement is not said again. */
    Stream<String> about(Diag error) {
        Matcher missing = MISSING.matcher(error.getMessage(Locale.ENGLISH));
        return missing.find() ? nearest(missing.group(1), missing.group(2), (int) Math.max(0, error.getPosition())).stream() : hidden();
    }

    private Stream<String> hidden() {
        return NAME.matcher(CodeOnly.of(statement.text()).code()).results().map(found -> found.group()).distinct()
                .flatMap(name -> session.declaration(name).filter(d -> !d.getValue().equals(statement)).flatMap(this::hides).stream())
                .filter(named::add).map(line -> "  " + line);
    }

    private Optional<String> hides(Map.Entry<DeclarationSnippet, Statement> declaration) {
        DeclarationSnippet own = declaration.getKey();
        String name = own.name();
        String where = declaration.getValue().origin().isEmpty() ? "" : " (" + new Where(declaration.getValue(), 0).fileLine() + ")";
        if (own instanceof VarSnippet variable) {
            return factory(name).map(in -> "here " + name + " is a variable of your own, of type " + variable.typeName() + where
                    + "; the factory of this name is " + name + "(…)");
        }
        if (own instanceof MethodSnippet) {
            return factory(name).map(in -> "here " + name + "(…) is a method of your own" + where + ", which hides the factory; that is "
                    + in.substring(in.lastIndexOf('.') + 1) + "." + name + "(…)");
        }
        return session.packages().stream().filter(in -> offers(in + "." + name, false).contains(name)).findFirst()
                .map(in -> "here " + name + " is a class of your own" + where + ", which hides " + in + "." + name);
    }

    /** The class that has a factory of this name. */
    private Optional<String> factory(String name) {
        return session.entryPoints().stream().filter(in -> offers(in + "." + name, true).contains(name)).findFirst();
    }

    /** A factory without its brackets, else what is allowed in the place of a name. */
    private Optional<String> nearest(String kind, String name, int position) {
        if (kind.equals("variable") && factory(name).isPresent()) {
            return Optional.of("  there is the factory " + name + "(…): its brackets are missing");
        }
        Matcher place = Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)").matcher(statement.source());
        return place.find(Math.min(position, statement.source().length()))
                ? Mistakes.nearest(name, offers(statement.source().substring(0, place.start()), kind.equals("method")).stream()
                        .filter(offered -> isUpper(offered) == isUpper(name)).toList())
                        .filter(near -> !near.equals(name)).map(near -> "  did you mean '" + near + "'?")
                : Optional.empty();
    }

    /** A class is not meant where a variable is. */
    private static boolean isUpper(String name) {
        return Character.isUpperCase(name.charAt(0));
    }

    /** Methods, or what is none. */
    private List<String> offers(String code, boolean methods) {
        try {
            return Compiler.ask(() -> session.analysis().completionSuggestions(code, code.length(), new int[1])).stream()
                    .map(Suggestion::continuation).filter(c -> c.contains("(") == methods).map(TabChoice::name)
                    // JDK 17 offers brackets without a name too.
                    .filter(name -> !name.isEmpty()).distinct().toList();
        } catch (Compiler.Overwhelmed e) {
            return List.of();
        }
    }
}
