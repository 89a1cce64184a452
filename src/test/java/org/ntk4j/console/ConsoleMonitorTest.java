package org.ntk4j.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Duration;
import org.ntk4j.base.Monitor;

class ConsoleMonitorTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    private ConsoleMonitor monitor(OptionalInt columns) {
        return new ConsoleMonitor(err, columns, () -> now);
    }

    private void sleep(double seconds) {
        now += (long) (seconds * 1e9);
    }

    private String said() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    @Test
    void should_say_nothing_about_short_work() {
        for (OptionalInt columns : new OptionalInt[] {OptionalInt.empty(), OptionalInt.of(80)}) {
            try (Monitor.Task task = monitor(columns).begin("training", 100)) {
                sleep(1.9);
                task.done(99);
            }
            assertThat(said()).isEmpty();
        }
    }

    @Test
    void should_print_a_line_every_ten_seconds_where_there_is_no_terminal() {
        try (Monitor.Task task = monitor(OptionalInt.empty()).begin("training", 1000)) {
            for (int step = 1; step <= 250; step++) {
                sleep(0.1);
                task.done(step, "loss 0.5");
            }
            assertThat(said().lines()).containsExactly(
                    "training 2 %, 10/s, at most 1 min 38 s left, loss 0.5",
                    "training 12 %, 10/s, at most 1 min 28 s left, loss 0.5",
                    "training 22 %, 10/s, at most 1 min 18 s left, loss 0.5");
        }
        assertThat(said().lines()).containsExactly("training: 250 of 1000, loss 0.5, 25 s");
    }

    @Test
    void should_rewrite_one_line_on_a_terminal() {
        ConsoleMonitor monitor = monitor(OptionalInt.of(40));
        try (Monitor.Task task = monitor.begin("training with a rather long name of its own", 10)) {
            for (int step = 1; step <= 9; step++) {
                sleep(0.5);
                task.done(step);
            }
            String text = said();
            assertThat(text).doesNotContain("\n");
            assertThat(text.split("\r\u001b\\[K")).hasSize(7).allSatisfy(line -> assertThat(line.length()).isLessThan(40));
            monitor.note("hello");
            assertThat(said()).isEqualTo("\r\u001b[Khello" + System.lineSeparator());
        }
        assertThat(said()).contains("9 of 10").endsWith(System.lineSeparator());
    }

    @Test
    void should_say_how_long_a_first_unit_takes() {
        ConsoleMonitor monitor = monitor(OptionalInt.of(80));
        try (Monitor.Task tiles = monitor.begin("tiles", 1)) {
            sleep(5);
            tiles.done(0);
            assertThat(said()).endsWith("tiles 0 %, 5.0 s so far");
            monitor.note("a note that is longer than the terminal is wide, and therefore goes on in the line below it");
            assertThat(said().lines()).allMatch(line -> line.length() < 90).anyMatch(line -> line.startsWith("  "));
        }
    }

    @Test
    void should_show_the_outer_work_before_the_inner() {
        ConsoleMonitor monitor = monitor(OptionalInt.empty());
        try (Monitor.Task sweep = monitor.begin("sweep", 4)) {
            sweep.done(1);
            sleep(3);
            try (Monitor.Task training = monitor.begin("training", 0)) {
                assertThat(said().lines()).containsExactly("sweep 1 of 4 · training");
                sleep(10);
                training.done(7, "loss 1");
                assertThat(said().lines()).containsExactly("sweep 1 of 4 · training, 0.7/s, loss 1".replace("0.7/s", "0.70/s"));
            }
        }
    }

    @Test
    void should_remember_the_first_interruption_until_it_is_reset() {
        ConsoleMonitor monitor = monitor(OptionalInt.empty());
        assertThat(monitor.cancelled()).isFalse();
        monitor.cancel();
        assertThat(monitor.cancelled()).isTrue();
        assertThat(said()).contains("stopping at the next step");
        monitor.reset();
        assertThat(monitor.cancelled()).isFalse();
    }

    @Test
    void should_write_durations_for_people() {
        assertThat(Duration.text(400_000_000L)).isEqualTo("0.4 s");
        assertThat(Duration.text(59_400_000_000L)).isEqualTo("59 s");
        assertThat(Duration.text(200_000_000_000L)).isEqualTo("3 min 20 s");
        assertThat(Duration.text(7_500_000_000_000L)).isEqualTo("2 h 5 min");
    }
}
