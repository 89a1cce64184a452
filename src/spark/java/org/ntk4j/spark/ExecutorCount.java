package org.ntk4j.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** How many executors were lost, and whether any has begun. */
final class ExecutorCount extends SparkListener {

    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger began = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        lost.incrementAndGet();
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        began.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.taskInfo().successful()) {
            ended.incrementAndGet();
        }
    }

    /** How many tasks have ended well. */
    int ended() {
        return ended.get();
    }

    /** Whether no task has begun on any. */
    boolean none() {
        return began.get() == 0;
    }

    /** {@code 2 executors lost}; empty if none was. */
    @Override
    public String toString() {
        int count = lost.get();
        return count == 0 ? "" : count + (count == 1 ? " executor lost" : " executors lost");
    }
}
