package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import picocli.CommandLine.Option;

/** Where results go, and whether a run that did not finish is continued. */
final class ResultOptions {

    @Option(names = "--out", paramLabel = "DIR", description = "Where results go: DIR/NAME/RUN (default: out).")
    private @Nullable Path out;

    @Option(names = "--resume", description = "Continue the newest run of the same definition that did not finish.")
    private boolean resume;

    @Option(names = "--no-report", description = "Write the tables without report.html.")
    private boolean noReport;

    boolean resume() {
        return resume;
    }

    /**
     * The system properties {@code ntk.out}, {@code ntk.report} and {@code ntk.resume}, and {@code ntk.command} for the manifests of
     * scripts.
     */
    Map<String, String> properties(Console console) {
        List<String> mistakes = new ArrayList<>();
        MachineOptions.check(mistakes, "--out", out, () -> MachineOptions.checkFolder(out));
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("ntk.command", String.join("\n", console.command()));
        if (out != null) {
            properties.put("ntk.out", out.toString());
        }
        if (resume) {
            properties.put("ntk.resume", "true");
        }
        if (noReport) {
            properties.put("ntk.report", "false");
        }
        return properties;
    }
}
