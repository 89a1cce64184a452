package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementReaderTest {

    private static JShell shell;

    @BeforeAll
    static void open() {
        shell = JShell.builder().executionEngine("local").build();
    }

    @AfterAll
    static void close() {
        shell.close();
    }

    private static List<Piece> pieces(Lines lines) {
        StatementReader reader = new StatementReader(lines, "s.jsh", shell::sourceCodeAnalysis);
        List<Piece> pieces = new ArrayList<>();
        for (Optional<Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
            pieces.add(piece.get());
        }
        return pieces;
    }

    private static List<Statement> statements(String text) {
        return pieces(Lines.of(text)).stream().map(Statement.class::cast).toList();
    }

    private static List<String> texts(String text) {
        return statements(text).stream().map(Statement::text).toList();
    }

    /** Each of these is one statement. */
    static Stream<String> whole() {
        return Stream.of(
                "var s = mlp()\n.width(5)",
                "var s = mlp()\n\n\n  // a comment; with a semicolon\n  .width(5) // another\n\n /* over\n lines */ .depth(2);",
                "mlp().a(\"// no comment\")\n.b('\"')\n.c(\"/* none */\")",
                "String t = \"\"\"\n  .width(5)\n  // text\n  \\\"\"\" more\n\"\"\"\n.strip()",
                "f(x -> {\n  return x;\n})\n.g()",
                "var s = \"a\"\n  + \"b\"\n  + \"c\";",
                "var b = x\n  && y\n  || z",
                "var b = x\n  == y\n  ? 1\n  : 2",
                "var b = x\n  instanceof String",
                "x\n  != y",
                "if (a) { f(); }\nelse { g(); }",
                "if (a) f();\nelse if (b) g();\nelse h();",
                "for (var x : xs)\n  if (a) f();\n  else g();",
                "try { f(); }\n// why\ncatch (Exception e) { }\nfinally { }",
                "while (a)\n  f();",
                "do { f(); }\nwhile (a);",
                "record P(int x) {\n\n  int y() { return x; }\n}",
                "void f()\n{\n  g();\n}",
                "@Deprecated\nclass C { }",
                "@SuppressWarnings(\"x\")\nvoid f() { }",
                "int[] a = {\n  1,\n  2\n};",
                "int[] a = {1}\n;",
                "<T> T id(T x) { return x; }",
                "new Object() { }\n.toString()");
    }

    @ParameterizedTest
    @MethodSource("whole")
    void should_keep_a_statement_over_lines_together(String text) {
        assertThat(texts("before();\n" + text + "\nint after = 1;")).containsExactly("before();", text, "int after = 1;");
        assertThat(texts(text)).containsExactly(text);
    }

    @Test
    void should_split_where_a_statement_ends() {
        assertThat(texts("a()\nb()\nint x = 1\n++x\n--x\n.5\n\"s\"\n(c)\n!d"))
                .containsExactly("a()", "b()", "int x = 1", "++x", "--x", ".5", "\"s\"", "(c)", "!d");
        assertThat(texts("int f() { return 1; }\nf()\n<T> T id(T x) { return x; }"))
                .containsExactly("int f() { return 1; }", "f()", "<T> T id(T x) { return x; }");
        assertThat(texts("if (a) { }\nf()")).containsExactly("if (a) { }", "f()");
        assertThat(texts("int a = 1; int b = 2; a + b // sum\n")).containsExactly("int a = 1;", "int b = 2;", "a + b");
    }

    @Test
    void should_not_take_a_number_for_a_chain() {
        assertThat(texts("a()\n.5\nb()\n.e5()")).containsExactly("a()", ".5", "b()\n.e5()");
    }

    @Test
    void should_end_a_chain_at_a_semicolon() {
        assertThat(texts("a();\n.b()")).containsExactly("a();", ".b()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "// only a comment", "/* one\n two */\n\n", "  \t"})
    void should_find_nothing_where_nothing_is(String text) {
        assertThat(pieces(Lines.of(text))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f(", "int x = ", "class A {\n int b;", "String t = \"\"\"\n abc", "/* never closed\n f();", "while (true)"})
    void should_say_that_the_input_ended_too_early(String text) {
        assertThat(statements("a();\n" + text)).last().matches(s -> !s.finished()).extracting(Statement::line).isEqualTo(2);
    }

    @Test
    void should_know_the_place_of_every_character() {
        List<Statement> all = statements("// first\n\n  a(); /* x */ b()\n    .c();\n");
        Statement second = all.get(1);
        assertThat(all.get(0).place(0)).hasToString("s.jsh:3:3");
        assertThat(second.place(0)).hasToString("s.jsh:3:16");
        assertThat(second.place(second.text().indexOf('c'))).hasToString("s.jsh:4:6");
        assertThat(second.lineAt(0)).isEqualTo("  a(); /* x */ b()");
    }

    @Test
    void should_find_commands_where_a_statement_may_begin() {
        List<Piece> pieces = pieces(Lines.of("a()\n /open  my file.jsh \nint x = 6\n / 2;\n/exit"));
        assertThat(pieces).element(1).isEqualTo(new Command("/open", "my file.jsh", new org.ntk4j.grammar.Place("s.jsh", 2, 2)));
        assertThat(pieces).last().isInstanceOf(Command.class);
    }

    @Test
    void should_read_a_stream_no_further_than_needed() {
        StatementReader reader = new StatementReader(Lines.of(new StringReader("a();\nb()\n\n.c()\n")), "s", shell::sourceCodeAnalysis);
        assertThat(reader.next()).get().extracting(p -> ((Statement) p).text()).isEqualTo("a();");
        assertThat(reader.next()).get().extracting(p -> ((Statement) p).text()).isEqualTo("b()\n\n.c()");
    }

    @Test
    void should_lose_no_code_whatever_the_text() {
        String[] parts = {"a()", ".b()", ";", "\n", " ", "// c\n", "/* d */", "\"e\"", "'f'", "{", "}", "(", ")", "\"\"\"\n", "/", "*",
                ".5", "if (g)", "else", "int h =", "\\", "\"", "+"};
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            StringBuilder read = new StringBuilder();
            for (Piece piece : pieces(Lines.of(text.toString()))) {
                read.append(piece instanceof Statement s ? s.text() : ((Command) piece).name() + " " + ((Command) piece).argument())
                        .append('\n');
            }
            assertThat(code(read.toString())).as(text.toString()).isEqualTo(code(text.toString()));
        }
    }

    private static String code(String text) {
        return CodeOnly.of(text).open() ? "open" : CodeOnly.of(text).code().replaceAll("\\s", "");
    }
}
