package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ntk4j as a library: installed into an empty local repository, used by a project that knows its coordinates alone. */
@Tag("slow")
class ConsumerTest {

    @TempDir
    Path folder;

    @Test
    void should_serve_a_project_that_names_it_as_a_dependency() throws Exception {
        Path repository = folder.resolve("repository");
        Path settings = Files.writeString(folder.resolve("settings.xml"),
                "<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>"
                + Path.of(System.getProperty("user.home"), ".m2", "repository").toUri() + "</url></mirror></mirrors></settings>");
        // What Maven has fetched before stands in for its servers; the local repository itself is empty.
        List<String> maven = List.of(Path.of("mvnw").toAbsolutePath().toString(), "-q", "-B", "-ntp", "-s", settings.toString(),
                "-Dmaven.repo.local=" + repository);
        Path here = copy(Path.of("."), folder.resolve("ntk4j"), "src/main", "pom.xml", "LICENSE", ".mvn", "scripts");
        call(here, maven, "-Dmaven.test.skip=true", "install");
        Path installed = repository.resolve("org/ntk4j/ntk4j");
        try (Stream<Path> files = Files.walk(installed)) {
            assertThat(files.map(f -> f.getFileName().toString()).toList()).anyMatch(f -> f.endsWith("-sources.jar"))
                    .anyMatch(f -> f.endsWith("-javadoc.jar")).anyMatch(f -> f.endsWith(".pom"));
        }
        String version = Arrays.stream(installed.toFile().listFiles(File::isDirectory)).findFirst().orElseThrow().getName();
        Path consumer = copy(Path.of("src/test/resources/consumer"), folder.resolve("consumer"), "pom.xml", "src");
        call(consumer, maven, "-Dntk4j.version=" + version, "compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath");
        String classPath = consumer.resolve("target/classes") + File.pathSeparator + Files.readString(consumer.resolve("classpath"));
        List<String> plain = java(consumer, "-cp", classPath, "Consumer");
        assertThat(plain).contains("1.326950174013729", "2");
        assertThat(String.join("\n", plain)).contains("--add-modules jdk.incubator.vector");
        List<String> quick = java(consumer, "--add-modules", "jdk.incubator.vector", "-cp", classPath, "Consumer");
        assertThat(quick).contains("1.326950174013729", "2");
        assertThat(String.join("\n", quick)).doesNotContain("--add-modules");
    }

    private static Path copy(Path from, Path to, String... names) throws IOException {
        for (String name : names) {
            Path root = from.resolve(name);
            if (!Files.exists(root)) {
                continue;
            }
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file : all.toList()) {
                    Path target = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(Files.isDirectory(file) ? target : target.getParent());
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, target);
                    }
                }
            }
        }
        return to;
    }

    private static void call(Path where, List<String> maven, String... more) throws Exception {
        List<String> command = new ArrayList<>(maven);
        command.addAll(List.of(more));
        command.addAll(List.of("-f", where.resolve("pom.xml").toString()));
        run(where, command);
    }

    private static List<String> java(Path where, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(arguments));
        return run(where, command);
    }

    private static List<String> run(Path where, List<String> command) throws Exception {
        Path log = where.resolve("log");
        Process process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        List<String> lines = Files.readAllLines(log);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
