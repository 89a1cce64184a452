package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;

class JdkTest {

    @Test
    void should_ask_for_a_jdk_where_there_is_none() throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--limit-modules",
                "java.base,java.logging",
                "-cp", System.getProperty("java.class.path"), Start.class.getName()).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("a JDK is needed")
                .doesNotContain("NoClassDefFoundError");
    }

    /** A process whose Java has no JShell. */
    static final class Start {

        public static void main(String[] arguments) {
            try {
                new ScriptRunner(Prelude.ntk4j(), Interrupt.none(), System.out).run(Path.of("any.jsh"));
            } catch (Failure failure) {
                System.out.println(failure.lines());
            }
            try {
                new Repl(Prelude.ntk4j(), Path.of("history"), Interrupt.none(), System.out, System.err).run();
            } catch (Failure failure) {
                System.out.println(failure.lines());
            }
        }
    }
}
