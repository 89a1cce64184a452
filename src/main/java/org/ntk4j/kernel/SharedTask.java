package org.ntk4j.kernel;

import org.ntk4j.base.Monitor;

/** Counts what several threads do of one task. */
final class SharedTask {

    private final Monitor.Task task;
    private long done;

    /** @param done units that were done before */
    SharedTask(Monitor.Task task, long done) {
        this.task = task;
        this.done = done;
    }

    /** So many units more have been done. */
    synchronized void add(long units) {
        done += units;
        task.done(done);
    }
}
