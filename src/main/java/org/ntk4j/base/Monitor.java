package org.ntk4j.base;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Where long work reports how far it is, and asks whether to go on. */
public interface Monitor {

    /**
     * Begins a piece of work.
     *
     * @param what  what it is, in a few words: {@code training}, {@code Θ_0 on train}
     * @param total how many units it has; 0 if that is not known beforehand
     */
    Task begin(String what, long total);

    /** True once the user has pressed Ctrl-C: the work ends at the next step or tile and keeps what it has. */
    boolean cancelled();

    /** A message for the user and the log. */
    void note(String line);

    /** A piece of work under way; close it when it is done. */
    interface Task extends AutoCloseable {

        /** This many units have been done since the beginning. */
        void done(long units);

        /** This many units have been done since the beginning, and this is the state: {@code loss 0.0123}. */
        void done(long units, String state);

        @Override
        void close();
    }

    /** Says nothing and is never cancelled. */
    static Monitor silent() {
        return quiet(() -> false, line -> { });
    }

    /** Shows no progress: what a part of some work says of its own would be in the way. */
    static Monitor quiet(BooleanSupplier cancelled, Consumer<String> note) {
        return new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return new Task() {
                    @Override
                    public void done(long units) {
                    }

                    @Override
                    public void done(long units, String state) {
                    }

                    @Override
                    public void close() {
                    }
                };
            }

            @Override
            public boolean cancelled() {
                return cancelled.getAsBoolean();
            }

            @Override
            public void note(String line) {
                note.accept(line);
            }
        };
    }
}
