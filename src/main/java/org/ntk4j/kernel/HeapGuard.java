package org.ntk4j.kernel;

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

    private final long step;
    private long limit;

    private HeapGuard(long limit, long step) {
        this.limit = limit;
        this.step = step;
    }

    /** A guard for a budget in bytes. */
    public static HeapGuard within(long budget) {
        return new HeapGuard(budget - overhead(budget), Math.max(LEAST_STEP, Math.min(MOST_STEP, budget / 4)));
    }

    /**
     * Bytes of a budget that are not for data: compiled code, stacks and buffers outside the heap, and what lies in it unused until the
     * next clean-up.
     */
    public static long overhead(long budget) {
        return ELSEWHERE + budget / SHARE_LEFT_BEHIND;
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

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
