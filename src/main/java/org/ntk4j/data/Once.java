package org.ntk4j.data;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for, and then kept. */
final class Once<T> {

    private final Supplier<T> make;
    private @Nullable T value;

    Once(Supplier<T> make) {
        this.make = make;
    }

    /** The value; where making it failed, the next call tries again. */
    synchronized T get() {
        T made = value;
        if (made == null) {
            made = make.get();
            value = made;
        }
        return made;
    }
}
