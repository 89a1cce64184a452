package org.ntk4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ntk4j.console.ConsoleMonitor;

/**
 * A small kernel of each network in a folder, in both precisions: the launcher has Java remember the classes that it needs for them, which
 * are much of what other kernels and studies need.
 */
final class Rehearsal {

    private Rehearsal() {
    }

    /** Computes kernels of images of 8×8 in {@code x.csv} of this folder; its {@code .yaml} files are the networks. */
    public static void main(String[] folder) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Console console = new Console(System.out, System.err, ConsoleMonitor.ofProcess(), List.of("ntk", "kernel"));
        Path all = Path.of(folder[0]);
        List<Path> networks;
        try (Stream<Path> files = Files.list(all)) {
            networks = files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
        int worst = 0;
        for (String precision : List.of("float64", "float32")) {
            for (Path network : networks) {
                worst = Math.max(worst, Main.execute(console, "kernel", network.toString(), "--x", all.resolve("x.csv").toString(),
                        "--shape", "8,8,1", "--precision", precision, "--out", all.resolve("out").toString()));
            }
        }
        console.err().flush();
        System.exit(worst);
    }
}
