package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;

class ReplTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Repl repl() {
        return new Repl(Toys.PRELUDE, folder.resolve("state/history"), Interrupt.none(),
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private int piped(String text) {
        return repl().piped(new StringReader(text));
    }

    private List<String> printed() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> told() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void should_read_a_pipe_as_a_script() {
        assertThat(piped("var net = mlp()\n\n  // wider\n  .width(5)\nnet\nif (false) { }\nelse { net = net.width(6); }\nnet\n1 + 1"))
                .isZero();
        assertThat(printed()).containsExactly("Net[width=5]", "Net[width=6]", "2");
        assertThat(told()).isEmpty();
    }

    @Test
    void should_go_on_after_errors_and_end_with_the_status_of_the_first() {
        assertThat(piped("nope()\n\nmlp().broken()\ncancel()\n\"alive\"\n")).isEqualTo(2);
        assertThat(printed()).containsExactly("alive");
        assertThat(told()).contains("stdin:1:1: cannot find symbol: method nope()", "stdin:3: java.lang.IllegalStateException: outer",
                "  caused by java.lang.RuntimeException: inner", "interrupted");
    }

    @Test
    void should_leave_at_exit() {
        assertThat(piped("mlp().broken();\n/exit\n\"not reached\"")).isEqualTo(1);
        assertThat(printed()).isEmpty();
    }

    @Test
    void should_open_a_script_in_the_session() throws IOException {
        Path script = Files.writeString(folder.resolve("a script.jsh"), "#!x\nvar a = 3\na\nmlp().broken()\na = 4;");
        assertThat(piped("/open " + script + "\na + 1\n/open nowhere.jsh")).isEqualTo(1);
        assertThat(printed()).containsExactly("3", "4");
        assertThat(told()).contains(script + ":4: java.lang.IllegalStateException: outer", "nowhere.jsh: there is no such file");
    }

    @Test
    void should_carry_out_commands() {
        assertThat(piped("double[] a = {1, 2};\nvar n = mlp();\n1 + 1\n/vars\n/imports\n/help\n1 / 0\n/trace\n")).isEqualTo(1);
        assertThat(printed()).contains("double[] a = double[2] 1.0 … 2.0: [1.0, 2.0]", "org.ntk4j.shell.Toys.Net n = Net[width=1]",
                "import static java.lang.Math.*;", "java.lang.ArithmeticException: / by zero");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("/open").contains("/quit").doesNotContain("$1 =");
    }

    @Test
    void should_say_what_something_does() {
        assertThat(piped("var n = mlp()\n/doc n.width\n/doc List.size()\n/doc\n/doc nothingLikeThis\n")).isEqualTo(2);
        assertThat(printed()).contains("Toys.Net Toys.Net.width(int other)", "int List<E>.size()");
        assertThat(told()).contains("/doc needs a name: /doc mlp, /doc net.depth")
                .anyMatch(line -> line.startsWith("/doc knows nothing about nothingLikeThis: "));
    }

    @Test
    void should_tell_what_a_thread_throws() {
        assertThat(piped("var t = new Thread(() -> { int[] a = {}; a[1] = 2; });\nt.start();\nt.join();\n\"alive\"\n")).isEqualTo(1);
        assertThat(told()).singleElement().asString().startsWith("stdin:1: there is no element 1 among 0, counted from 0")
                .contains("in the thread");
        assertThat(printed()).containsExactly("alive");
    }

    @Test
    void should_name_the_commands_there_are() {
        assertThat(piped("/opne x\n")).isEqualTo(2);
        assertThat(told()).singleElement().asString().startsWith("/opne is not a command; did you mean '/open'? allowed: /open, /vars,");
    }

    @Test
    void should_say_what_a_declaration_waits_for() {
        assertThat(piped("int f() { return g(); }\nf()\nint g() { return 3; }\nf()\n")).isEqualTo(2);
        assertThat(told()).contains("declared; it can run once there is: method g()", "stdin:1:18: cannot find symbol: method g()");
        assertThat(printed()).containsExactly("3");
    }

    private String typed(String type, String keys) throws IOException {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        PipedOutputStream hand = new PipedOutputStream();
        try (Terminal terminal = TerminalBuilder.builder().system(false).type(type)
                .streams(new PipedInputStream(hand, 1 << 16), shown).build()) {
            hand.write(keys.getBytes(StandardCharsets.UTF_8));
            assertThat(repl().interactive(terminal)).isZero();
        }
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void should_show_the_signature_behind_a_bracket() throws IOException {
        String shown = typed("ansi", "mlp().width(\t\t4)\n/exit\n");
        assertThat(shown).contains("Toys.Net Toys.Net.width(int other)", "(not documented)");
        assertThat(printed()).contains("Net[width=4]");
    }

    @Test
    @Timeout(60)
    void should_let_the_users_code_read_what_is_typed_until_ctrl_c() throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        PipedOutputStream hand = new PipedOutputStream();
        Scanner lines = new Scanner(new TerminalInput(new PipedInputStream(hand), Toys.interrupt(asked)), StandardCharsets.UTF_8);
        hand.write("Θ typed\n".getBytes(StandardCharsets.UTF_8));
        hand.flush();
        assertThat(lines.nextLine()).isEqualTo("Θ typed");
        asked.set(true);
        assertThatThrownBy(lines::nextLine).isInstanceOf(Failure.class).hasMessage("interrupted");
    }

    @Test
    void should_drop_what_was_pasted_behind_what_ctrl_c_stopped() throws IOException {
        typed("ansi", "\u001b[200~cancel();\n\"not wanted\"\n\u001b[201~\n\"wanted\"\n/exit\n");
        assertThat(told()).containsExactly("interrupted");
        assertThat(printed()).contains("wanted").doesNotContain("not wanted");
    }

    @Test
    void should_talk_at_a_terminal() throws IOException {
        typed("dumb", "1 + 1\nfor (int i = 0; i < 2; i++) {\n  int y = 1 / i;\n}\nvar n = mlp()\n\n  .width(4)\nn\n/history\n/exit\n");
        assertThat(printed()).contains("2", "Net[width=4]", "n");
        assertThat(told()).contains("line 2: java.lang.ArithmeticException: / by zero");
        assertThat(Files.readString(folder.resolve("state/history"))).contains("1 + 1");
    }
}
