package org.ntk4j.shell;

import java.util.List;

/**
 * What a script and the shell import before their first line.
 *
 * @param imports what stands between the word import and the semicolon
 */
public record Prelude(List<String> imports) {

    /**
     * Two classes that offer the same name ({@code abs}, {@code exp}, {@code sin}) must both be imported on demand: then arguments decide.
     */
    private static final Prelude NTK4J = new Prelude(List.of(
            "org.ntk4j.*",
            "static org.ntk4j.Ntk.*",
            "org.ntk4j.base.*",
            "org.ntk4j.shape.*",
            "org.ntk4j.layer.*",
            "org.ntk4j.activation.*",
            "org.ntk4j.network.*",
            "org.ntk4j.kernel.*",
            "org.ntk4j.inference.*",
            "org.ntk4j.data.*",
            "static java.lang.Math.*",
            "java.nio.file.Files",
            "java.nio.file.Path",
            "java.util.*",
            "java.util.function.*",
            "java.util.stream.*"));

    public Prelude {
        imports = List.copyOf(imports);
    }

    /** The imports of this program's scripts and shell. */
    public static Prelude ntk4j() {
        return NTK4J;
    }
}
