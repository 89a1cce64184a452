package org.ntk4j.run;

import java.nio.file.Path;
import java.util.List;
import org.ntk4j.base.Settings;
import org.ntk4j.panel.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ntk report DIR…}: one HTML file from the files of a run, or of several. */
@Command(name = "report", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Writes report.html from the files of a run into its folder; of several runs, one report that sets them side by side "
                + "into out/.")
final class ReportVerb implements Runnable {

    private final Console console;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "The folder of a run, out/NAME (its latest run), or a table of a run, "
            + "such as results.csv.")
    private List<Path> runs;

    @Option(names = "--out", paramLabel = "DIR", description = "Write DIR/report.html.")
    private Path out;

    ReportVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        HtmlReport report = HtmlReport.of(runs);
        Path home = runs.size() == 1 ? report.home() : Settings.ofProcess().out().resolve(HtmlReport.FILE);
        console.print(report.write(out == null ? home : out.resolve(HtmlReport.FILE)).toString());
    }
}
