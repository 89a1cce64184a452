package org.ntk4j.shell;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ntk4j.base.Failure;

/** What the scripts of these tests find imported, in the place of the program's own entry points. */
public final class Toys {

    static final Prelude PRELUDE = new Prelude(List.of("static org.ntk4j.shell.Toys.*", "static java.lang.Math.*", "java.util.*",
            "java.util.stream.*"));

    private Toys() {
    }

    /** Ctrl-C that a test presses. */
    static Interrupt interrupt(AtomicBoolean asked) {
        return new Interrupt() {
            @Override
            public void clear() {
                asked.set(false);
            }

            @Override
            public void request() {
                asked.set(true);
            }

            @Override
            public boolean requested() {
                return asked.get();
            }
        };
    }

    public record Net(int width) {

        public Net width(int other) {
            return new Net(other);
        }

        public double[][] kernel() {
            if (width < 0) {
                throw Failure.input("a width of " + width + " is negative");
            }
            return new double[][] {{width, 1}, {0.5, -2}};
        }

        public int broken() {
            throw new IllegalStateException("outer", new RuntimeException("inner"));
        }
    }

    public static Net mlp() {
        return new Net(1);
    }

    /** Shares its name with {@link Math#abs}. */
    public static String abs() {
        return "an activation";
    }

    public static void cancel() {
        throw Failure.cancelled("interrupted");
    }
}
