package org.ntk4j.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;

/** Statements that come one by one, as they are typed. */
class SessionTest {

    private static Session session;

    @BeforeAll
    static void open() {
        session = new Session(Toys.PRELUDE, Interrupt.none());
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static String typed(String text) {
        Piece piece = new StatementReader(Lines.of(text), "", session::analysis).next().orElseThrow();
        return session.run((Statement) piece, later -> true).shown().orElse("");
    }

    @Test
    void should_go_on_with_the_variable_that_was_declared() {
        assertThat(typed("var s = mlp()")).isEmpty();
        assertThat(typed(".width(5)")).isEmpty();
        assertThat(typed("  .width(6)")).isEmpty();
        assertThat(typed("s")).isEqualTo("Net[width=6]");
    }

    @Test
    void should_give_the_variable_the_type_of_what_the_chain_returns() {
        typed("var k = mlp()");
        typed(".kernel()");
        assertThat(typed("k")).startsWith("double[2 × 2]");
    }

    @Test
    void should_take_the_end_of_a_chain_that_a_semicolon_ends() {
        typed("var q = mlp()");
        assertThat(typed("  .width(4)")).isEmpty();
        assertThat(typed("  .width(3);")).isEmpty();
        assertThatThrownBy(() -> typed(".width(9)")).isInstanceOf(Failure.class);
        assertThat(typed("q")).isEqualTo("Net[width=3]");
        typed("Net r = mlp()");
        typed(".width(6);");
        typed("r = r");
        typed(".width(r.width() + 1);");
        assertThat(typed("r")).isEqualTo("Net[width=7]");
        assertThat(typed("mlp()")).isEqualTo("Net[width=1]");
        assertThat(typed(".width(2);")).isEqualTo("Net[width=2]");
    }

    @Test
    void should_keep_a_declared_type() {
        typed("Net typedNet = null");
        typed("typedNet = mlp()");
        typed(".width(8)");
        assertThat(typed("typedNet")).isEqualTo("Net[width=8]");
        typed("typedNet = mlp()");
        assertThatThrownBy(() -> typed(".kernel()")).isInstanceOf(Failure.class).hasMessageContaining("double[][] cannot be converted");
    }

    @Test
    void should_go_on_with_the_last_value() {
        assertThat(typed("mlp().width(3)")).isEqualTo("Net[width=3]");
        assertThat(typed(".width(9)")).isEqualTo("Net[width=9]");
        assertThat(typed(".width()")).isEqualTo("9");
    }

    @Test
    void should_go_on_with_nothing_after_a_semicolon_a_statement_or_an_error() {
        typed("mlp();");
        assertThatThrownBy(() -> typed(".width(3)")).isInstanceOf(Failure.class).hasMessageContaining("nothing that this could go on with");
        typed("if (true) { }");
        assertThatThrownBy(() -> typed(".width(3)")).isInstanceOf(Failure.class).hasMessageContaining("nothing that this could go on with");
    }

    @Test
    void should_complete_names() {
        typed("var net = mlp();");
        assertThat(session.analysis().completionSuggestions("net.wid", 7, new int[1])).extracting(s -> s.continuation()).contains("width(");
    }

    @Test
    void should_say_which_import_is_wrong() {
        assertThatThrownBy(() -> new Session(new Prelude(List.of("no.such.thing.*")), Interrupt.none()).close()).isInstanceOf(Failure.class)
                .hasMessageContaining("no.such.thing");
    }

    @Test
    void should_run_on_the_callers_thread_with_the_callers_classes() {
        assertThat(typed("Thread.currentThread().getName()")).isEqualTo(Thread.currentThread().getName());
        assertThat(typed("mlp().getClass().getClassLoader() == Prelude.class.getClassLoader()".replace("Prelude",
                "org.ntk4j.shell.Prelude"))).isEqualTo("true");
    }
}
