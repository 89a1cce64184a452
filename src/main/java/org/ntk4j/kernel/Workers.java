package org.ntk4j.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/** Some threads that share a work; the one that calls is the first of them. */
public final class Workers {

    private @Nullable Throwable failure;

    /** What each of them does. */
    interface Work {

        /** @param all to be asked from time to time whether another one has failed: then there is nothing more to do */
        void run(int worker, Workers all);
    }

    private Workers() {
    }

    /**
     * Runs a work once on each thread and waits for all of them.
     *
     * @throws Failure that of the first that failed
     */
    static void run(int count, String name, Work work) {
        Workers workers = new Workers();
        List<Thread> others = new ArrayList<>();
        for (int w = 1; w < count; w++) {
            int worker = w;
            Thread thread = new Thread(() -> workers.one(work, worker), name + "-" + w);
            thread.setDaemon(true);
            thread.start();
            others.add(thread);
        }
        workers.one(work, 0);
        others.forEach(Workers::await);
        workers.end(name);
    }

    private void one(Work work, int worker) {
        try {
            work.run(worker, this);
        } catch (Throwable e) {
            fail(e);
        }
    }

    /**
     * Does something with each number below {@code count}, on so many threads; which of them takes which is left open.
     *
     * @throws Failure that of the first that failed
     */
    public static void each(int threads, int count, String name, IntConsumer action) {
        AtomicInteger next = new AtomicInteger();
        run(Math.max(1, Math.min(threads, count)), name, (worker, all) -> {
            for (int i = next.getAndIncrement(); i < count && !all.failed(); i = next.getAndIncrement()) {
                action.accept(i);
            }
        });
    }

    private synchronized void fail(Throwable e) {
        failure = failure == null ? e : failure;
    }

    synchronized boolean failed() {
        return failure != null;
    }

    private synchronized void end(String name) {
        if (failure instanceof Failure known) {
            throw known;
        }
        if (failure != null) {
            throw Failure.run(name + ": " + failure, failure);
        }
    }

    private static void await(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
