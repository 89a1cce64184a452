package org.ntk4j.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What a call takes, measured in this process. */
final class Stopwatch {

    /** Short calls are compiled only after some of them. */
    private static final double LEAST_SECONDS = 3;
    private static final int MOST = 200;
    /** Bytes that calls may leave behind before the heap is cleaned up. */
    private static final long LITTLE = 32L << 20;

    private Stopwatch() {
    }

    /** What is measured; null: nothing was computed. */
    interface Work {
        Object run();
    }

    /** The times of a first call and of this many more; if any, of as many as take three seconds. */
    static List<Case.Time> timed(int repeats, Work work) {
        List<Case.Time> all = new ArrayList<>();
        double seconds = 0;
        System.gc();
        long idle = used();
        for (int i = 0; i <= repeats || repeats > 0 && i <= MOST && seconds < LEAST_SECONDS; i++) {
            // The peak of memory is that of one call: what the ones before have left is gone. After each cleaning up Java looks at every
            // compiled method once, for some milliseconds, which a call of twenty would be charged with.
            if (used() - idle > LITTLE) {
                System.gc();
            }
            double cpu = cpu();
            long start = System.nanoTime();
            if (work.run() == null) {
                throw new IllegalStateException("nothing was computed");
            }
            all.add(new Case.Time((System.nanoTime() - start) / 1e9, cpu() - cpu));
            seconds += i == 0 ? 0 : all.get(i).wall();
        }
        return all;
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9 : 0;
    }
}
