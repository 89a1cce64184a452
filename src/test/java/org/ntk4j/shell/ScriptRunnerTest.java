package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;

class ScriptRunnerTest {

    @TempDir
    Path folder;

    /** Shared by the scripts that fail: a session goes on after an error, and starting one takes time. */
    private static Session session;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void open() {
        session = new Session(Toys.PRELUDE, Interrupt.none());
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private List<String> run(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("script.jsh"), text);
        new ScriptRunner(Toys.PRELUDE, Interrupt.none(), out()).run(file);
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private PrintStream out() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    /** What is told, without the folder. */
    private List<String> told(int status, String text) {
        Failure failure = catchThrowableOfType(Failure.class,
                () -> Script.run(Files.writeString(folder.resolve("script.jsh"), text), session, Interrupt.none(), out()));
        assertThat(failure).as("a failure").isNotNull();
        assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
        return failure.lines().stream().map(line -> line.replace(folder + "/", "")).toList();
    }

    @Test
    void should_print_values_of_expressions_and_nothing_else() throws IOException {
        assertThat(run("""
                #!/usr/bin/env script
                import java.util.function.*
                var net = mlp()

                    // wider
                    .width(5)
                    .width(7);
                net
                net.kernel()
                net.kernel();
                List<String> words = new ArrayList<>();
                words.add("x");
                int i = 0;
                i++;
                i
                int n = 3, m;
                n = 4;
                n
                m
                System.out.printf("%s", "");
                System.out.println();
                "text"
                null
                new StringBuilder("x").append("y") // a comment
                IntFunction<Integer> twice = x -> {
                    return 2 * x;
                };
                twice.apply(n)
                record Point(int x, int y) {
                    int sum() {
                        return x + y;
                    }
                }
                new Point(1, 2).sum()
                String text = \"""
                    // no comment
                      .x\""";
                text
                if (n > 3) { }
                else { throw new Exception(); }
                .5
                int half = 7
                    / 2;
                half
                half
                / 3
                abs()
                abs(-3.0)
                List.of(3, 1).stream()
                    .sorted()
                    .toList()
                """)).containsExactly("Net[width=7]", "double[2 × 2] -2.0 … 7.0, first row [7.0, 1.0]", "1", "4", "0", "text", "null", "xy",
                "8", "3", "// no comment", "  .x", "0.5", "3", "1", "an activation", "3.0", "[1, 3]");
    }

    @Test
    void should_let_declarations_use_what_comes_later() throws IOException {
        assertThat(run("int even(int n) { return n == 0 ? 1 : odd(n - 1); }\nint odd(int n) { return n == 0 ? 0 : even(n - 1); }\nodd(3)"))
                .containsExactly("1");
    }

    @Test
    void should_read_windows_line_ends_and_a_byte_order_mark() throws IOException {
        assertThat(run("\uFEFFvar n = mlp()\r\n  .width(2)\r\nn\r\n")).containsExactly("Net[width=2]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | int z = 0; 1 / z",
        "3 | int z = 0;\\nfor (int i = 0; i < 3; i++) {\\n  int y = 1 / z;\\n  y++;\\n}",
        "4 | int z = 0;\\nfor (int i = 0; i < 3; i++) {\\n  z = 0;\\n  int y = 1 / z; }\\nint a = 1;",
        "2 | int z = 0;\\nfor (int i = 0; i < 3 / z; i++) {\\n  i++;\\n}",
        "4 | #!x\\n\\nint f(int x) {\\n  return 1 / x;\\n}\\nf(1);\\nf(0);",
        "5 | class A {\\n  int x;\\n\\n  int f() {\\n    return 1 / x;\\n  }\\n}\\nnew A().f();",
        "4 | var net = mlp()\\n  .width(3)\\n  // here\\n  .broken();",
        "3 | var y =\\n\\n   mlp().broken();",
        "3 | List.of(1, 0).stream()\\n  .map(x ->\\n    1 / x)\\n  .toList();",
        "3 | Runnable r = () -> {\\n  int z = 0;\\n  int y = 1 / z;\\n};\\nr.run();",
        "2 | \\nint a = 1; mlp().broken()",
        "1 | throw new Exception(\"x\");",
    })
    void should_name_the_line_of_the_file_where_it_threw(int line, String script) {
        assertThat(told(Failure.RUN, script.replace("\\n", "\n"))).first().asString().startsWith("script.jsh:" + line + ": java.lang.");
    }

    @Test
    void should_tell_the_message_its_causes_and_the_callers() {
        assertThat(told(Failure.RUN, "int f() {\n  return mlp().broken();\n}\n\nf()")).containsExactly(
                "script.jsh:2: java.lang.IllegalStateException: outer", "  caused by java.lang.RuntimeException: inner",
                        "  called from script.jsh:5");
        assertThat(told(Failure.RUN, "class Mine extends Exception { }\nthrow new Mine();")).containsExactly("script.jsh:2: Mine");
        assertThat(told(Failure.RUN, "int f(int x) { return f(x + 1) + 1; }\nf(0)")).first().asString()
                .isEqualTo("script.jsh:1: java.lang.StackOverflowError");
    }

    @Test
    void should_keep_the_exception_itself() {
        Failure failure = catchThrowableOfType(Failure.class, () -> run("mlp().broken()"));
        assertThat(failure).cause().isInstanceOf(IllegalStateException.class).hasMessage("outer");
    }

    @Test
    void should_tell_a_failure_by_its_own_lines() {
        assertThat(told(Failure.RUN, "var net = mlp()\n  .width(-3);\n\nnet.kernel()"))
                .containsExactly("script.jsh:4: a width of -3 is negative");
        assertThat(told(Failure.CANCELLED, "cancel();")).containsExactly("interrupted");
        assertThat(told(Failure.CANCELLED, "try { cancel(); } catch (RuntimeException e) { throw new Exception(e); }"))
                .containsExactly("interrupted");
    }

    @Test
    void should_stop_at_the_first_error() {
        told(Failure.RUN, "\"before\"\nmlp().broken()\n\"after\"");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("before").doesNotContain("after");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1:1  | nope nope = 1;",
        "1:16 | int a = 1; a = nope;",
        "3:4  | var net = mlp()\\n\\n   .widht(5)",
        "3:11 | for (;;) {\\n  int a = 1;\\n  int b = nope;\\n}",
        "2:9  | #!x\\nint a = \"x\";",
        "3:10 | int f() {\\n  int a = 1;\\n  return nope(a);\\n}\\nint b = 1;",
        "2:5  | int f(int x) {\\n    nope(x);\\n}\\n",
        "1:7  | foo(1,,2)",
        "1:7  | f(int x) {\\n} }",
        "2:3  | mlp();\\n  .width(5)",
        "1:1  | int a = f(1,\\n\\n",
        "3:2  | int a = (1 +\\n\\n2;",
        "2:1  | int a = 1;\\n/* no end\\n a",
        "1:9  | int a = \"x;",
    })
    void should_name_the_place_of_a_compile_error(String place, String script) {
        List<String> told = told(Failure.INPUT, script.replace("\\n", "\n"));
        assertThat(told).noneMatch(line -> line.contains("REPL") || line.contains("$JShell"));
        assertThat(told).first().asString().startsWith("script.jsh:" + place.strip() + ": ");
    }

    @Test
    void should_show_the_line_that_does_not_compile() {
        assertThat(told(Failure.INPUT, "var net = mlp();\n\tvar wide = net.widht(5);")).containsExactly(
                "script.jsh:2:16: cannot find symbol: method widht(int) (variable net of type org.ntk4j.shell.Toys.Net)",
                "    \tvar wide = net.widht(5);",
                "    \t              ^",
                "  did you mean 'width'?");
    }

    @Test
    void should_tell_all_that_does_not_compile_before_anything_runs() {
        List<String> told = told(Failure.INPUT, "\"ran\"\nvar x = nope();\nint z = \"a\", w = true;\nx + 1\nif (true) { int a = \"b\"; "
                + "}\n/open other\nmlp()");
        assertThat(told).filteredOn(line -> line.startsWith("script.jsh:")).satisfiesExactly(
                line -> assertThat(line).startsWith("script.jsh:2:9: cannot find symbol: method nope()"),
                line -> assertThat(line).startsWith("script.jsh:3:9: incompatible types"),
                line -> assertThat(line).startsWith("script.jsh:5:21: incompatible types"),
                line -> assertThat(line).startsWith("script.jsh:6:1: /open is a command"));
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "for (int i = 0; ; i++) sin(i);",
        "while (true) { try { while (true) { } } catch (Exception e) { } }",
        "Thread.sleep(100_000);",
        "long f(int n) { return n < 2 ? 1 : f(n - 1) + f(n - 2); }\nf(90)",
        "new Scanner(new java.io.PipedInputStream(new java.io.PipedOutputStream())).nextLine()",
        "IntStream.iterate(0, i -> i + 1).map(i -> i / 2).sum()",
        "class Endless { Endless() { do { } while (sin(1) > 0); } }\nnew Endless()",
        "do { } while (\"a\".length() == 1);",
    })
    @Timeout(60)
    void should_end_whatever_runs_after_ctrl_c_and_keep_the_variables(String endless) throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        try (Session stoppable = new Session(Toys.PRELUDE, Toys.interrupt(asked))) {
            Path script = Files.writeString(folder.resolve("script.jsh"), "int before = 7;\n\"begins\"\n" + endless);
            Timer timer = new Timer(true);
            timer.schedule(new TimerTask() {
                private int ticks;

                @Override
                public void run() {
                    // What comes after the last line that prints is compiled first.
                    if (printed.toString(StandardCharsets.UTF_8).contains("begins") && ++ticks > 10) {
                        asked.set(true);
                        timer.cancel();
                    }
                }
            }, 50, 50);
            Failure failure = catchThrowableOfType(Failure.class, () -> Script.run(script, stoppable, Toys.interrupt(asked), out()));
            assertThat(failure.status()).isEqualTo(Failure.CANCELLED);
            assertThat(asked).isTrue();
            asked.set(false);
            printed.reset();
            Script.run(Files.writeString(script, "before"), stoppable, Interrupt.none(), out());
            assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("7");
        }
    }

    @Test
    void should_say_what_is_too_much_for_the_compiler() {
        String numbers = IntStream.range(0, 12_000).mapToObj(i -> i * 0.5 + "").collect(Collectors.joining(", "));
        assertThat(told(Failure.INPUT, "double[] a = {" + numbers + "};\na.length")).hasSize(3)
                .first().asString().startsWith("script.jsh:1:1: this is too large for Java");
        assertThat(told(Failure.INPUT, "int q = 1;\nint a = q" + " + q".repeat(20_000) + ";\na")).hasSize(3)
                // A compiler that is itself compiled needs less of the stack, and comes as far as the code's size.
                .first().asString().matches("script.jsh:2:1: this is too (long or nested too deeply|large for Java).*");
        assertThat(told(Failure.INPUT, "int a = " + "(".repeat(50_000) + 1 + ")".repeat(50_000) + ";")).hasSize(3)
                .allMatch(line -> line.length() < 200)
                .first().asString().startsWith("script.jsh:1:1: this is too long or nested too deeply");
    }

    @Test
    void should_survive_what_users_define() throws IOException {
        assertThat(told(Failure.RUN, "class Odd extends RuntimeException { public String getMessage() { throw new IllegalStateException(); "
                + "} }\nthrow new Odd();"))
                .containsExactly("script.jsh:2: Odd: its message cannot be told: getMessage() throws java.lang.IllegalStateException");
        assertThat(told(Failure.RUN, "class Loud { public String toString() { throw new Error(\"no\"); } }\nnew Loud()")).first().asString()
                .isEqualTo("script.jsh:1: java.lang.Error: no");
        assertThat(told(Failure.RUN, "var t = new Thread(() -> { throw new IllegalStateException(\"late\"); }, "
                + "\"mine\");\nt.start();\nt.join();"))
                .containsExactly("script.jsh:1: java.lang.IllegalStateException: late (in the thread mine)");
        assertThat(run("class Silent { public String toString() { return null; } }\nnew Silent()")).containsExactly("null");
        printed.reset();
        assertThat(run("class Part { }\nclass Thing { Part o = new Part(); }\nclass Part { int x; }\nnew Part().x\nnew Thing().o.x"))
                .containsExactly("0", "0");
        assertThat(told(Failure.INPUT, "class Object { }\n1 + 1")).first().asString()
                .startsWith("script.jsh:1:1: a class of one's own cannot be called Object");
        PrintStream before = System.out;
        try {
            printed.reset();
            assertThat(run("System.setOut(null);\n1 + 1")).containsExactly("2");
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void should_name_what_hides_a_factory_and_what_is_near() {
        assertThat(told(2, "int twice(int x) { return x; }\nint mlp = 3;\nint w = mlp.width();\nmlp().wdth(3);\nint k = mlp() + abss(2);"
                + "\nString s = abs;\n"))
                .contains("  here mlp is a variable of your own, of type int (script.jsh:2); the factory of this name is mlp(…)",
                        "  did you mean 'width'?", "  did you mean 'abs'?", "  there is the factory abs(…): its brackets are missing");
        assertThat(told(2, "int mlp(int x) { return x; }\nmlp();\n"))
                .contains("  here mlp(…) is a method of your own (script.jsh:1), which hides the factory; that is Toys.mlp(…)");
        assertThat(told(2, "int k = liss;")).noneMatch(line -> line.contains("did you mean"));
        assertThat(told(2, "class Toys { }\nToys t = 3;")).noneMatch(line -> line.contains("your own"));
        assertThat(told(2, "class Random { }\nRandom r = new java.util.Random();\n"))
                .contains("  here Random is a class of your own (script.jsh:1), which hides java.util.Random");
    }

    @Test
    void should_tell_all_mistakes_in_the_order_of_the_file_each_with_its_line() {
        assertThat(told(2, "int f() { return later(); }\nclass Q { int x = \"y\"; int z = nope(); }\n").stream()
                .filter(line -> !line.contains("^"))).containsExactly(
                "script.jsh:1:18: cannot find symbol: method later()", "    int f() { return later(); }",
                "script.jsh:2:19: incompatible types: java.lang.String cannot be converted to int",
                "    class Q { int x = \"y\"; int z = nope(); }",
                "script.jsh:2:32: cannot find symbol: method nope() (class Q)",
                "    class Q { int x = \"y\"; int z = nope(); }");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "public String getMessage() { throw new IllegalStateException(); }",
        "public Throwable getCause() { throw new IllegalStateException(); }",
        "public Throwable getCause() { return new E(); }",
        "public StackTraceElement[] getStackTrace() { return null; }",
        "public StackTraceElement[] getStackTrace() { throw new Error(); }"})
    void should_tell_exceptions_whose_own_methods_fail(String method) {
        assertThat(told(1, "class E extends RuntimeException { " + method + " }\nthrow new E();").get(0)).startsWith("script.jsh:2: E");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            int[] a = {1, 2}; a[99] = 1;                      | there is no element 99 among 2, counted from 0
            double[][] a = {{1}, {2}}; double d = a[1][-1];   | there is no element -1 among 1, counted from 0
            var l = List.of(1, 2, 3); int i = l.get(7);       | there is no element 7 among 3, counted from 0
            var l = new ArrayList<Integer>(); l.get(0);       | there is no element 0 among 0, counted from 0
            String s = "abc".substring(2, 9);                 | characters 2 to before 9 are not some of 3, counted from 0
            double[] q = new double[1 - 4];                   | an array cannot have -3 elements
            int[] a = null; a[0] = 3;                         | java.lang.NullPointerException: Cannot store to int array because "a" is \
            null
            String s = null; int l = s.length();              | java.lang.NullPointerException: Cannot invoke "String.length()" because \
            "s" is null
            throw new IllegalStateException("of my own");     | java.lang.IllegalStateException: of my own
            throw new IndexOutOfBoundsException("my words");  | java.lang.IndexOutOfBoundsException: my words
            """)
    void should_tell_an_index_out_of_bounds_in_plain_words(String code, String words) {
        assertThat(told(1, "// a comment\n" + code)).containsExactly("script.jsh:2: " + words);
    }

    /** JDK 17 does not say how many there are. */
    @Test
    void should_tell_a_character_out_of_bounds_in_plain_words() {
        assertThat(told(1, "char c = \"abc\".charAt(9);")).singleElement().asString()
                .matches("script.jsh:1: there is no character 9( among 3)?, counted from 0");
    }

    @Test
    void should_wait_for_threads_and_tell_what_they_throw() {
        assertThat(told(1, "new Thread(() -> { try { Thread.sleep(200); } catch (InterruptedException e) { } "
                + "int[] a = {}; a[1] = 2; }).start();"))
                .singleElement().asString().startsWith("script.jsh:1: there is no element 1 among 0, counted from 0")
                .contains("in the thread");
    }

    @Test
    void should_not_wait_for_threads_of_a_pool_that_have_nothing_to_do() throws IOException {
        assertThat(run("var pool = java.util.concurrent.Executors.newFixedThreadPool(2);\n"
                + "var done = new java.util.concurrent.atomic.AtomicInteger();\n"
                + "pool.submit(() -> { try { Thread.sleep(100); } catch (InterruptedException e) { } done.set(7); });\n\"ended\"\n"))
                .containsExactly("ended");
    }

    @Test
    void should_refuse_imports_that_do_not_exist() {
        assertThat(told(Failure.INPUT, "\nimport nope.*;")).first().asString().startsWith("script.jsh:2:")
                .endsWith("package nope does not exist");
    }

    @Test
    void should_name_the_line_of_what_was_declared_last() {
        told(Failure.INPUT, "\n\nint twice(int x) { return nope(x); }");
        told(Failure.RUN, "\nint twice(int x) { return 1 / x; }\ntwice(0)");
        assertThat(told(Failure.RUN, "int twice(int x) {\n  int y = x;\n\n  return 2 / y; }\ntwice(0)")).first().asString()
                .startsWith("script.jsh:4: ");
    }

    @Test
    void should_refuse_commands_of_the_shell() {
        assertThat(told(Failure.INPUT, "\"x\"\n\n  /open other.jsh\n")).singleElement().asString()
                .startsWith("script.jsh:3:3: /open is a command of the shell");
    }

    @Test
    void should_refuse_what_is_no_script() throws IOException {
        ScriptRunner runner = new ScriptRunner(Toys.PRELUDE, Interrupt.none(), System.out);
        Path text = Files.write(folder.resolve("latin.jsh"), new byte[] {'a', (byte) 0xE4});
        assertThat(catchThrowableOfType(Failure.class, () -> runner.run(folder.resolve("none.jsh"))))
                .hasMessageEndingWith("none.jsh: there is no such file");
        assertThat(catchThrowableOfType(Failure.class, () -> runner.run(folder))).hasMessageEndingWith("this is a folder, not a script");
        assertThat(catchThrowableOfType(Failure.class, () -> runner.run(text))).hasMessageEndingWith("this is not text in UTF-8");
    }
}
