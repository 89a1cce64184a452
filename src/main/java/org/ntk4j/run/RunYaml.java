package org.ntk4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.console.Visible;
import org.ntk4j.base.Settings;
import org.ntk4j.study.Definition;
import org.ntk4j.study.Study;

/** Runs an experiment that is written in YAML. */
final class RunYaml {

    private RunYaml() {
    }

    /**
     * Reads the file, applies the changes and prints its plan.
     *
     * @param cores of the cluster, where its name says it
     * @param price of a core for an hour
     */
    static void plan(Path file, List<String> changes, OptionalInt cores, OptionalDouble price, Console console) {
        Definition definition = Definition.read(file, changes);
        console.print(Visible.text(Study.plan(definition, Settings.ofProcess(), cores, price)));
    }

    /**
     * Reads the file, applies the changes, and runs it.
     *
     * @param file    a file that is there
     * @param changes {@code KEY=VALUE}, in the order given
     * @param resume  whether the newest unfinished run of the same definition is continued
     */
    static void run(Path file, List<String> changes, boolean resume, Console console) {
        Definition definition = Definition.read(file, changes);
        Settings settings = Settings.ofProcess();
        String fileName = file.getFileName().toString();
        if (definition.name().equals(Definition.nameOf(file)) && !fileName.startsWith(definition.name() + ".")) {
            console.monitor().note("the study is called " + definition.name() + ": '" + fileName
                    + "' cannot be the name of its folder; 'name' in the file changes that");
        }
        Study.Outcome outcome = Study.run(definition, settings, console.monitor(), resume, console.command(), Optional.of(file));
        console.print(Visible.text(outcome.glance()));
        console.print("results: " + outcome.folder());
        console.out().flush();
        outcome.check();
    }
}
