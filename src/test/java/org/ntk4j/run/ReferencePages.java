package org.ntk4j.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.reference.JsonSchema;
import org.ntk4j.reference.Kind;
import org.ntk4j.reference.Reference;
import org.ntk4j.reference.Topic;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The pages of the reference in Markdown, from its one source and from the command line's own description of itself. */
final class ReferencePages {

    private static final String MADE = "<!-- Made from src/main/resources/org/ntk4j/reference and the command line; "
            + "ReferencePagesTest says how to make it anew. -->\n\n";

    private final Reference reference;

    ReferencePages(Reference reference) {
        this.reference = reference;
    }

    /** The text of each file, by its path below {@code src/site}. */
    Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("markdown/reference/experiment.md", experiment());
        pages.put("markdown/reference/networks.md", networks());
        pages.put("markdown/reference/results.md", results());
        pages.put("markdown/reference/command-line.md", commandLine());
        pages.put("resources/experiment.schema.json", new JsonSchema(reference) + "\n");
        return pages;
    }

    private String experiment() {
        StringBuilder page = new StringBuilder(MADE).append("# Experiments in YAML\n\n")
                .append("What `scripts/ntk run FILE.yaml` reads; `scripts/ntk check FILE` says what is wrong with one, without running it, "
                        + "and `scripts/ntk explain KEY` "
                        + "prints what is below. JSON is YAML too. Numbers may be calculated as in Java, all of them real: `wStd: "
                                + "sqrt(2)`, `bStd: 1/20`, `2*PI`. `--set KEY=VALUE` on "
                        + "the command line, `sweep` and `Experiment.with` take the same paths: `network.mlp.width`, "
                                + "`train.until.maxSteps`.\n\n");
        keys(page, reference.of(Kind.KEY), "key");
        section(page, Kind.DATA, "Beside the keys of `data` above, each data set has its own. Columns are numbers from 1, or names from a "
                + "header. "
                + "In Java they have the same names: `csv(path).columns(…)`, `phrases().difficulty(3)`.");
        section(page, Kind.OPTIMIZER, "The value of `train.optimizer`: a name, or a map with one key: `{momentum: {decay: 0.95}}`.");
        return page.toString();
    }

    private String networks() {
        StringBuilder page = new StringBuilder(MADE).append("# Networks\n\n")
                .append("A network is a list of layers or one shortcut; a layer is a bare name or a map with one "
                + "key, its name, and its options: `[{conv: {channels: 64, padding: same}}, relu, globalAvgPool, {dense: {units: 10}}]`. "
                        + "Java has the same names: "
                + "`dense(10).wStd(1.5)`. Images are `[height, width, channels]`, sentences `[positions, channels]`; `filter`, `strides` "
                        + "and `window` then have one number less. "
                + "A file may be a network alone, or under the key `network`.\n\n");
        section(page, Kind.SHORTCUT, "");
        section(page, Kind.LAYER, "At finite width W and b are standard normal. At infinite width K is the covariance and Θ the tangent "
                + "kernel before the layer, K' and Θ' after it.");
        section(page, Kind.ACTIVATION, "φ(x), and its covariance K' = E[φ(u)φ(v)] for (u, v) normal with variances q11, q22 and covariance "
                + "q12; "
                + "ρ = q12/√(q11 q22). Θ' = Θ·E[φ'(u)φ'(v)]. In Java any function: `function(Math::tanh)` at infinite width, "
                        + "`function(Math::tanh, (tf, x) -> tf.math.tanh(x))` at both.");
        return page.toString();
    }

    private String results() {
        StringBuilder page = new StringBuilder(MADE).append("# Results\n\n")
                .append("`out/NAME/RUN/`, one folder for each call, sweep included; `out/NAME/latest` is the newest. "
                + "Numbers are in full precision, with a decimal point in any locale.\n\n## " + Kind.FILE.title() + "\n\n"
                + "Every table but `summary.csv` begins with `run` (the folder's name), `seed`, and one column for each swept path but "
                        + "`seed`, headed by the path.\n\n");
        for (Topic file : reference.of(Kind.FILE)) {
            page.append("### ").append(file.name()).append("\n\n").append(text(file.about())).append("\n\n");
            if (!file.keys().isEmpty()) {
                page.append("| column | what it is |\n|---|---|\n");
                file.keys().forEach(key -> page.append("| `").append(key.name()).append("` | ").append(cell(key.about())).append(" |\n"));
                page.append("\n");
            }
        }
        page.append("## ").append(Kind.SUBJECT.title()).append("\n\n| name | symbol | what it is |\n|---|---|---|\n");
        reference.of(Kind.SUBJECT).forEach(t -> page.append("| `").append(t.name()).append("` | ").append(cell(t.formula().orElse("")))
                .append(" | ")
                .append(cell(t.about())).append(" |\n"));
        page.append("\n## ").append(Kind.METRIC.title()).append("\n\n`I` stands for a number counted from 0, `LAYER` for a layer by the "
                + "name of its weights, such as `1.dense`. A is the "
                + "subject, B the reference, f the subject where it is a function, y the targets, N the examples, k the outputs.\n\n| "
                        + "metric | what it is | formula |\n|---|---|---|\n");
        reference.of(Kind.METRIC).forEach(t -> page.append("| `").append(t.name()).append("` | ").append(cell(t.about())).append(" | ")
                .append(cell(t.formula().orElse(""))).append(" |\n"));
        return page.toString();
    }

    private String commandLine() {
        CommandLine ntk = Main.commandLine(new Console(System.out, System.err,
                new ConsoleMonitor(new PrintStream(PrintStream.nullOutputStream()), OptionalInt.empty(), System::nanoTime),
                List.of("ntk")));
        StringBuilder page = new StringBuilder(MADE).append("# The command line\n\n")
                .append("`scripts/ntk VERB …`; `--help` and `--version` everywhere. Exit status: 0 done; 1 the run "
                + "failed; 2 the input was wrong, with one line for each mistake; 130 Ctrl-C. Results go to standard output, messages and "
                        + "progress to standard error.\n\n");
        ntk.getSubcommands().forEach((name, verb) -> {
            List<String> words = new ArrayList<>();
            verb.getCommandSpec().positionalParameters()
                    .forEach(p -> words.add(p.arity().min() == 0 ? "[" + p.paramLabel() + "]" : p.paramLabel()));
            page.append("## ").append(name).append("\n\n`scripts/ntk ").append(String.join(" ", name, String.join(" ", words)).strip())
                    .append(" [OPTIONS]`: ")
                    .append(text(String.join(" ", verb.getCommandSpec().usageMessage().description()))).append("\n\n");
            page.append("| | what it is |\n|---|---|\n");
            verb.getCommandSpec().positionalParameters().forEach(p -> page.append("| `").append(p.paramLabel().replace("|", "\\|"))
                    .append("` | ").append(described(p.description(), p.defaultValue())).append(" |\n"));
            for (OptionSpec option : verb.getCommandSpec().options()) {
                if (!option.usageHelp() && !option.versionHelp() && !option.hidden()) {
                    page.append("| `").append(String.join("`, `", option.names()))
                            .append(option.arity().max() > 0 ? " " + option.paramLabel() : "").append("` | ")
                            .append(described(option.description(), option.defaultValue())).append(" |\n");
                }
            }
            page.append("\n");
        });
        return page.toString();
    }

    private static String described(String[] description, String fallback) {
        return cell(String.join(" ", description).replace("${DEFAULT-VALUE}", String.valueOf(fallback)));
    }

    private void section(StringBuilder page, Kind kind, String before) {
        page.append("## ").append(kind.title()).append("\n\n").append(before.isEmpty() ? "" : before + "\n\n");
        for (Topic topic : reference.of(kind)) {
            page.append("### ").append(topic.name()).append("\n\n").append(text(topic.about())).append("\n\n");
            topic.formula().ifPresent(formula -> page.append(kind == Kind.ACTIVATION ? "φ(x): " : "").append(text(formula)).append("\n\n"));
            topic.infinite().ifPresent(kernel -> page.append("Infinite width: ").append(text(kernel)).append("\n\n"));
            keys(page, topic.keys(), "option");
        }
    }

    private static void keys(StringBuilder page, List<Topic> keys, String word) {
        if (keys.isEmpty()) {
            return;
        }
        page.append("| ").append(word).append(" | value | default | what it means |\n|---|---|---|---|\n");
        keys.forEach(key -> rows(page, "", key));
        page.append("\n");
    }

    private static void rows(StringBuilder page, String outer, Topic key) {
        page.append("| `").append(outer).append(key.name()).append("` | ").append(cell(key.type().map(Object::toString).orElse("")))
                .append(" | ")
                .append(cell(key.fallback().orElse(""))).append(" | ").append(cell(key.about())).append(" |\n");
        key.keys().forEach(inside -> rows(page, outer + key.name() + ".", inside));
    }

    private static String cell(String text) {
        return text(text).replace("|", "\\|");
    }

    /** Signs that Markdown would take for its own. */
    private static String text(String text) {
        return text.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;").replace("[", "\\[");
    }
}
