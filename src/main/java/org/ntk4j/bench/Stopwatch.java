package org.ntk4j.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What a call takes, measured in this process. */
final class Stopwatch {

    private Stopwatch() {
    }

    /** What is measured; null: nothing was computed. */
    interface Work {
        Object run();
    }

    /** The times of a first call and of this many more. */
    static List<Case.Time> timed(int repeats, Work work) {
        List<Case.Time> all = new ArrayList<>();
        for (int i = 0; i <= repeats; i++) {
            // The peak of memory is that of one call: what the one before has left is gone.
            System.gc();
            double cpu = cpu();
            long start = System.nanoTime();
            if (work.run() == null) {
                throw new IllegalStateException("nothing was computed");
            }
            all.add(new Case.Time((System.nanoTime() - start) / 1e9, cpu() - cpu));
        }
        return all;
    }

    private static double cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9 : 0;
    }
}
