package org.ntk4j.shell;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import org.ntk4j.network.Optioned;

/**
 * Which of the names that Java allows at a place Tab offers: of a network the options that it has, of every object what is of use, and
 * between brackets what fits there.
 */
final class TabChoice {

    private static final Set<String> OF_NO_USE = Set.of("wait", "notify", "notifyAll", "getClass", "hashCode");

    private final Session session;

    TabChoice(Session session) {
        this.session = session;
    }

    /**
     * Names, some with an opening bracket.
     *
     * @param code   what was typed, to the place
     * @param anchor set to where the names begin
     */
    List<String> names(String code, int[] anchor) {
        List<Suggestion> all = Compiler.ask(() -> session.analysis().completionSuggestions(code, code.length(), anchor));
        Predicate<String> fits = Receiver.of(code).map(this::after).orElseGet(() -> anywhere(code));
        return all.stream().map(Suggestion::continuation).filter(c -> fits.test(name(c))).distinct().toList();
    }

    /** What may be given as the argument that comes next: the user's own names and the factories, not each function of {@link Math}. */
    List<String> arguments(String code) {
        Set<String> own = session.declared();
        return Stream.concat(matching(code).filter(c -> own.contains(name(c))),
                session.entryPoints().stream().flatMap(in -> matching(code + in + "."))).distinct().toList();
    }

    private Stream<String> matching(String code) {
        return Compiler.ask(() -> session.analysis().completionSuggestions(code, code.length(), new int[1])).stream()
                .filter(Suggestion::matchesType).map(Suggestion::continuation);
    }

    /** Where nothing of a name is typed yet, the user's own names: all that are imported would fill several screens. */
    private Predicate<String> anywhere(String code) {
        Set<String> own = session.declared();
        boolean begun = !code.isEmpty() && Character.isJavaIdentifierPart(code.charAt(code.length() - 1));
        return begun || own.isEmpty() ? name -> true : own::contains;
    }

    private Predicate<String> after(Receiver receiver) {
        Set<String> refused = network(receiver).map(Optioned::refusedBy).orElse(Set.of());
        boolean isPackage = Character.isLowerCase(receiver.text().charAt(0)) && session.analysis()
                .analyzeType(receiver.text(), receiver.text().length()) == null;
        return isPackage ? name -> true : name -> !OF_NO_USE.contains(name) && !refused.contains(name);
    }

    /** The network, or the experiment with it, that an expression begins with, if it still is one: its withers keep its options. */
    private Optional<Optioned> network(Receiver receiver) {
        String type = session.analysis().analyzeType(receiver.text(), receiver.text().length());
        if (type == null || !Stream.of("Network", "Experiment").anyMatch(t -> type.equals(t) || type.endsWith("." + t))) {
            return Optional.empty();
        }
        Optional<Object> value = session.valueOf(receiver.root());
        return value.isPresent() ? value.filter(Optioned.class::isInstance).map(Optioned.class::cast)
                : Optioned.ofShortcut(receiver.call());
    }

    /** Without a bracket behind it. */
    static String name(String continuation) {
        return continuation.replaceFirst("\\W.*", "");
    }
}
