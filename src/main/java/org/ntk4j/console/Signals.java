package org.ntk4j.console;

import sun.misc.Signal;

/**
 * Signals of the system, for which Java has no API but {@code sun.misc}. No compiler lets its warning on that be switched off, so this
 * stands alone and is left out where warnings are errors.
 */
final class Signals {

    private Signals() {
    }

    /** Runs this, on a thread of its own, whenever the process gets the signal of this name: {@code INT}, {@code TERM}. */
    static void hear(String name, Runnable work) {
        Signal.handle(new Signal(name), signal -> work.run());
    }
}
