package org.ntk4j.data;

import java.util.function.Supplier;

/** A value that is made when it is first asked for, and then kept. */
final class Once<T> {

    private final Supplier<T> make;
    private T value;

    Once(Supplier<T> make) {
        this.make = make;
    }

    /** The value; where making it failed, the next call tries again. */
    synchronized T get() {
        if (value == null) {
            value = make.get();
        }
        return value;
    }
}
