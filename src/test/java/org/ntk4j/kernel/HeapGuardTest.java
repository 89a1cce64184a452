package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

/** What lies outside the heap counts against a budget that it shares with the heap. */
class HeapGuardTest {

    private static final long NATIVE = 512L << 20;

    private static boolean isCleanedUp(HeapGuard guard) {
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        guard.check();
        return garbage.get() == null;
    }

    @Test
    void should_clean_up_sooner_where_native_memory_takes_part_of_the_budget() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        long budget = HeapGuard.budgetFor(heap + NATIVE / 2);
        assertThat(isCleanedUp(HeapGuard.withNative(budget))).isFalse();
        try (BytePointer tiles = new BytePointer(NATIVE)) {
            assertThat(tiles.capacity()).isEqualTo(NATIVE);
            assertThat(isCleanedUp(HeapGuard.within(budget))).isFalse();
            assertThat(isCleanedUp(HeapGuard.withNative(budget))).isTrue();
        }
        assertThat(isCleanedUp(HeapGuard.withNative(budget))).isFalse();
    }
}
