package org.ntk4j.shell;

/** What Ctrl-C does while the shell evaluates something: it asks, and the work ends itself with a failure of status 130. */
public interface Interrupt {

    /** Called before each evaluation: what was asked for earlier no longer holds. */
    void clear();

    /** Called by Ctrl-C during an evaluation, on a thread of its own. */
    void request();

    /** Whether it was asked for since. */
    boolean requested();

    /** Does nothing: work cannot be interrupted. */
    static Interrupt none() {
        return new Interrupt() {
            @Override
            public void clear() {
            }

            @Override
            public void request() {
            }

            @Override
            public boolean requested() {
                return false;
            }
        };
    }
}
