package org.ntk4j.shell;

import java.util.List;
import java.util.stream.Stream;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What can be said about a call or a class: its signatures, and its Javadoc from the sources that come along. */
final class Signatures {

    private final Session session;

    Signatures(Session session) {
        this.session = session;
    }

    /** Those of the innermost call whose arguments a text ends in. */
    List<String> of(String code) {
        return found(code, false).map(Signatures::written).map(Signatures::simple).distinct().toList();
    }

    /** Each signature with what its Javadoc says. */
    List<String> documented(String code) {
        SourceComments comments = new SourceComments(session.packages());
        return found(code, true).map(d -> simple(written(d)) + System.lineSeparator()
                + (d.javadoc() != null ? JavadocText.of(d.javadoc()) : comments.of(written(d)).map(JavadocText::of)
                        .orElse("(not documented)")).indent(2).stripTrailing())
                .distinct().toList();
    }

    /** What {@code /doc NAME} says: a method, a factory, a class or a variable's method. */
    List<String> about(String name) {
        String bare = name.strip().replaceFirst("\\(.*", "");
        int dot = bare.lastIndexOf('.');
        // A method that is called on an object may be named after its class.
        String onClass = "((" + bare.substring(0, Math.max(0, dot)) + ") null)." + bare.substring(dot + 1);
        return Stream.of(bare + "(", dot > 0 ? onClass + "(" : bare, bare).map(this::documented).filter(said -> !said.isEmpty()).findFirst()
                .orElse(List.of());
    }

    private Stream<Documentation> found(String code, boolean withJavadoc) {
        return Compiler.ask(() -> session.analysis().documentation(code, code.length(), withJavadoc)).stream();
    }

    /** Of a method of a record JShell names the components too. */
    private static String written(Documentation d) {
        return d.signature().replaceAll("\\([^()]*\\)(?=\\.)", "");
    }

    /** Without the packages, which are imported. */
    private static String simple(String signature) {
        return signature.replaceAll("\\b[a-z]\\w*\\.(?=\\w)", "");
    }
}
