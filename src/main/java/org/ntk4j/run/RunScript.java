package org.ntk4j.run;

import java.nio.file.Path;
import org.ntk4j.shell.Prelude;
import org.ntk4j.shell.ScriptRunner;

/** Runs a script of Java statements, {@code .jsh}. */
final class RunScript {

    private RunScript() {
    }

    /** Runs the script to its end; a compile error is a failure of the input, an exception one of the run. */
    static void run(Path file, Console console) {
        new ScriptRunner(Prelude.ntk4j(), console.interrupt(), console.out()).run(file);
    }
}
