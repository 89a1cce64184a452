package org.ntk4j.run;

import java.nio.file.Path;
import org.ntk4j.base.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ntk report DIR}: comes with a later release. */
@Command(name = "report", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Comes with a later release: plots and one HTML file from the results of a run.")
final class ReportVerb implements Runnable {

    @Parameters(paramLabel = "DIR", description = "The folder of a run.")
    private Path folder;

    @Override
    public void run() {
        throw Failure.run("report comes with a later release; the results of " + folder
                + " are its CSV files, results.csv and summary.csv first");
    }
}
