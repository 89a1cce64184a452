package org.ntk4j.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;

/**
 * Keeps the heap within the budget of memory. Java leaves garbage where it is until its own limit, which knows nothing of the budget. When
 * the heap has grown to the budget, it is cleaned up. To be asked between tiles or rows; many threads may ask.
 */
public final class HeapGuard {

    private static final long ELSEWHERE = 24L << 20;
    /**
     * What is left behind between two clean-ups where all of the budget is in use: as much as Java's young generation, if the budget
     * allows.
     */
    private static final long LEAST_STEP = 16L << 20;
    private static final long MOST_STEP = 64L << 20;
    private static final int SHARE_LEFT_BEHIND = 8;
    /** Per cent of the heap that may be free after a clean-up before Java makes it smaller; at 100 it never does. */
    private static final String FREE = "MaxHeapFreeRatio";
    private static final String LEAST_FREE = "MinHeapFreeRatio";

    private final long step;
    private final boolean isWithNative;
    private long limit;

    private HeapGuard(long budget, boolean isWithNative) {
        this.limit = budget - overhead(budget);
        this.step = Math.max(LEAST_STEP, Math.min(MOST_STEP, budget / 4));
        this.isWithNative = isWithNative;
    }

    /** A guard for a budget in bytes, of the heap alone. */
    public static HeapGuard within(long budget) {
        return new HeapGuard(budget, false);
    }

    /** A guard for a budget in bytes of which tiles, factors and other matrices outside the heap take their part. */
    public static HeapGuard withNative(long budget) {
        return new HeapGuard(budget, true);
    }

    /**
     * Bytes of a budget that are not for data: compiled code, stacks and buffers outside the heap, and what lies in it unused until the
     * next clean-up.
     */
    public static long overhead(long budget) {
        return ELSEWHERE + leftBehind(budget);
    }

    /** Bytes of a budget that may lie in the heap unused until the next clean-up. */
    public static long leftBehind(long budget) {
        return budget / SHARE_LEFT_BEHIND;
    }

    /** The smallest budget that leaves this many bytes for data. */
    public static long budgetFor(long data) {
        return (data + ELSEWHERE) / (SHARE_LEFT_BEHIND - 1) * SHARE_LEFT_BEHIND + SHARE_LEFT_BEHIND;
    }

    /** Cleans up if the heap has grown to the budget. */
    public synchronized void check() {
        if (used() > limit) {
            System.gc();
            // What is in use all the same must not be cleaned up again and again.
            limit = Math.max(limit, used() + step);
        }
    }

    /** Cleans up first if this many bytes more would go beyond the budget. */
    public synchronized void makeRoom(long bytes) {
        if (used() + bytes > limit) {
            System.gc();
        }
    }

    /**
     * Cleans up, and gives what the heap no longer needs back to the machine where Java's collector can: to be called when much is to be
     * taken outside the heap after much lay in it.
     */
    public static void giveBack() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            String before = machine.getVMOption(FREE).getValue();
            machine.setVMOption(FREE, machine.getVMOption(LEAST_FREE).getValue());
            try {
                System.gc();
            } finally {
                machine.setVMOption(FREE, before);
            }
        } catch (IllegalArgumentException e) {
            // Another Java, which has no such options.
            System.gc();
        }
    }

    private long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + (isWithNative ? Pointer.totalBytes() : 0);
    }
}
