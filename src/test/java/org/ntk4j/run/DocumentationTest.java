package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.console.ConsoleMonitor;
import picocli.CommandLine;

/** What README and the documentation show is so: examples compile and run, files are read, links and options exist. */
class DocumentationTest {

    private static final Path SITE = Path.of("src/site/markdown");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern COMMAND = Pattern.compile("(?:scripts/ntk|ntk) ([a-z][a-z-]*)([^`\\n|]*)");

    /** A block of code in a document. */
    private record Block(Path file, String language, String text) {
        String title() {
            return file + ": " + text.lines().findFirst().orElse("");
        }
    }

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> should_run_every_example_in_java() {
        return blocks("java").map(block -> DynamicTest.dynamicTest(block.title(), () -> {
            if (block.text.contains("static void main(")) {
                assertThat(main(block.text)).as("what it prints").isNotBlank();
            } else {
                // The plan of a study is made, and not carried out: its parts run in tests of their own.
                Path script = Files.writeString(folder.resolve("example.jsh"), block.text.replace(".compare();", ";"));
                Program.Result result = Program.ntk("run", script.toString(), "--out", folder.resolve("out").toString());
                assertThat(result.status()).as(String.join("\n", result.err())).isZero();
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> should_read_every_example_in_yaml() {
        return blocks("yaml").map(block -> DynamicTest.dynamicTest(block.title(), () -> {
            Path file = Files.writeString(folder.resolve("example.yaml"), block.text);
            Program.Result result = Program.ntk("check", file.toString());
            assertThat(result.status()).as(String.join("\n", result.err())).isZero();
        }));
    }

    @Test
    void should_have_what_links_point_to() {
        for (Path document : documents()) {
            Matcher links = LINK.matcher(read(document));
            while (links.find()) {
                String target = links.group(1);
                if (!target.matches("https?:.*")) {
                    // The site puts its resources beside its pages.
                    Stream<Path> places = Stream.of(document.toAbsolutePath().getParent().resolve(target),
                            SITE.resolveSibling("resources").resolve(target));
                    assertThat(places).as("%s: %s", document, target).anyMatch(Files::exists);
                }
            }
        }
    }

    @Test
    void should_have_the_verbs_and_options_that_are_named() {
        CommandLine ntk = Main.commandLine(new Console(System.out, System.err, ConsoleMonitor.ofProcess(), List.of("ntk")));
        Set<String> verbs = new TreeSet<>();
        for (Path document : documents()) {
            Matcher commands = COMMAND.matcher(Pattern.compile("(?m)^ntk> .*$").matcher(read(document)).replaceAll(""));
            while (commands.find()) {
                String call = document + ": " + commands.group();
                CommandLine verb = ntk.getSubcommands().get(commands.group(1));
                if (verb == null) {
                    assertThat(commands.group()).as(call).doesNotStartWith("scripts/");
                    continue;
                }
                verbs.add(commands.group(1));
                Matcher options = Pattern.compile("(?<![\\w-])--[a-z][\\w-]*").matcher(commands.group(2));
                while (options.find()) {
                    assertThat(verb.getCommandSpec().findOption(options.group())).as(call).isNotNull();
                }
            }
        }
        assertThat(verbs).contains("run", "check", "kernel", "explain", "data");
    }

    /** Compiles a class and runs its {@code main}; what it prints. */
    private String main(String text) throws Exception {
        Matcher name = Pattern.compile("class (\\w+)").matcher(text);
        assertThat(name.find()).isTrue();
        Path source = Files.writeString(folder.resolve(name.group(1) + ".java"), text);
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, wrong, "-d", folder.toString(), "-cp",
                System.getProperty("java.class.path"), source.toString());
        assertThat(status).as(wrong.toString(StandardCharsets.UTF_8)).isZero();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name.group(1)).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static Stream<Block> blocks(String language) {
        List<Block> blocks = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = BLOCK.matcher(read(document));
            while (matcher.find()) {
                blocks.add(new Block(document, matcher.group(1), matcher.group(2)));
            }
        }
        assertThat(blocks.stream().map(Block::language).collect(Collectors.toSet())).contains(language);
        return blocks.stream().filter(b -> b.language.equals(language));
    }

    private static List<Path> documents() {
        try (Stream<Path> all = Files.walk(SITE)) {
            return Stream.concat(Stream.of(Path.of("README.md")), all.filter(f -> f.toString().endsWith(".md")).sorted()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
