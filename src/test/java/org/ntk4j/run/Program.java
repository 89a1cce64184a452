package org.ntk4j.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.ntk4j.console.ConsoleMonitor;

/** The program as tests drive it: in this process through its entry point, or as a process of its own. */
final class Program {

    /** What a call gave: exit status, standard output, lines of standard error. */
    record Result(int status, String out, List<String> err) {
    }

    private Program() {
    }

    /** Runs in this process; the system properties that options set are taken back. */
    static Result ntk(String... args) {
        Properties before = (Properties) System.getProperties().clone();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>(List.of("ntk"));
        command.addAll(List.of(args));
        try {
            int status = Main.execute(new Console(new PrintStream(out, true, StandardCharsets.UTF_8), messages,
                    new ConsoleMonitor(messages, OptionalInt.empty(), System::nanoTime), command), args);
            return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setProperties(before);
        }
    }

    /** Starts a process of its own; both its outputs go to {@code log}. */
    static Process start(Path log, String... args) throws IOException {
        return builder(args).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** What starts a process of its own. */
    static ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-Dfile.encoding=UTF-8", "-cp", System.getProperty("java.class.path"),
                        Main.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        return builder;
    }

    /** What starts it as the launcher does, for what takes long: compiled in full and with vector instructions. */
    static ProcessBuilder launched(String... args) {
        ProcessBuilder builder = builder(args);
        builder.command().remove("-XX:TieredStopAtLevel=1");
        builder.command().addAll(1, List.of("-XX:MaxNewSize=64m", "--add-modules=jdk.incubator.vector"));
        return builder;
    }

    /** The only run of an experiment, whatever its state. */
    static Path run(Path out, String name) {
        try (Stream<Path> all = Files.list(out.resolve(name))) {
            List<Path> runs = all.filter(p -> !p.getFileName().toString().equals("latest")).toList();
            if (runs.size() != 1) {
                throw new AssertionError(runs.toString());
            }
            return runs.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of a table of results, without its head. */
    static List<CSVRecord> records(Path file) {
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8,
                CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).build())) {
            return parser.getRecords();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a table without the column {@code run}, and for the history without {@code seconds}. */
    static List<String> lines(Path file) {
        return records(file).stream().map(r -> {
            StringBuilder line = new StringBuilder();
            r.toMap().forEach((column, value) -> line.append(column.equals("run") || column.equals("seconds") ? "" : value + "|"));
            return line.toString();
        }).toList();
    }

    /** The files below a folder whose names end so. */
    static List<Path> files(Path where, String ending) throws IOException {
        if (!Files.isDirectory(where)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(where)) {
            return all.filter(p -> Files.isRegularFile(p) && p.toString().endsWith(ending)).sorted().toList();
        } catch (UncheckedIOException e) {
            // A file that is renamed while the folder is listed.
            return List.of();
        }
    }

    /** Copies the files below a folder. */
    static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from, "")) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
