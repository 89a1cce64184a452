package org.ntk4j.run;

import java.nio.file.Path;
import java.util.List;
import org.ntk4j.Failure;

/** Runs an experiment that is written in YAML. */
final class RunYaml {

    private RunYaml() {
    }

    /**
     * Reads the file, applies the changes, and prints its plan or runs it.
     *
     * @param file    a file that is there
     * @param changes {@code KEY=VALUE}, in the order given
     * @param dryRun  whether only the plan is printed
     * @param resume  whether the newest unfinished run of the same definition is continued
     */
    static void run(Path file, List<String> changes, boolean dryRun, boolean resume, Console console) {
        throw Failure.run("run " + file + " is not wired yet");
    }
}
