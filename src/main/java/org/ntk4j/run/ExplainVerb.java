package org.ntk4j.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;
import org.ntk4j.reference.Explanation;
import org.ntk4j.reference.JsonSchema;
import org.ntk4j.reference.Reference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ntk explain [NAME]}: the reference, for what stands in a file or in a table. */
@Command(name = "explain", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Explains a key, a layer, an activation, a data set, a metric, a column, a verb; without a name it lists what there "
                + "is.",
        footer = {"", "ntk explain network.cnn    ntk explain train.until    ntk explain metric cka    ntk explain results.csv"})
final class ExplainVerb implements Runnable {

    private final Console console;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "A path such as network.cnn or train.until, or a name, after its kind "
            + "if you like: metric cka.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--schema", description = "Print the grammar of experiments as a JSON Schema, with which editors complete and check "
            + "YAML files.")
    private boolean schema;

    @Spec
    private CommandSpec spec;

    ExplainVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Reference reference = Reference.read();
        if (schema) {
            console.out().println(new JsonSchema(reference));
            return;
        }
        Explanation explanation = new Explanation(reference, Screen.tableColumns());
        if (names.isEmpty()) {
            explanation.overview().forEach(console::print);
            return;
        }
        Optional<CommandLine> verb = Optional.ofNullable(names.size() == 1 ? spec.parent().subcommands().get(names.get(0)) : null);
        Optional<List<String>> found = explanation.of(names);
        found.orElse(List.of()).forEach(console::print);
        verb.ifPresent(v -> v.usage(console.out()));
        if (found.isEmpty() && verb.isEmpty()) {
            throw Failure.input("explain: there is no '" + String.join(" ", names) + "'"
                    + explanation.nearest(names).map(name -> "; did you mean '" + name + "'?").orElse(";")
                            + " ntk explain lists what there is");
        }
    }
}
