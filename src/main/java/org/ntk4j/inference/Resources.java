package org.ntk4j.inference;

import java.nio.file.Path;
import java.util.Optional;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.HeapGuard;

/**
 * What a regression may use.
 *
 * @param memory  bytes beside the kernel's own
 * @param all     bytes for everything that the process holds, in the heap and outside it
 * @param threads how many work at once
 * @param folder  where factors go that the memory does not hold, and what is to survive a kill; empty: nowhere
 * @param key     tells this kernel and its ridge from others that may have left something in the folder
 * @param monitor is told of progress, and may cancel
 */
public record Resources(long memory, long all, int threads, Optional<Path> folder, String key, Monitor monitor) {

    /** With nothing else in the process. */
    public Resources(long memory, int threads, Optional<Path> folder, String key, Monitor monitor) {
        this(memory, memory, threads, folder, key, monitor);
    }

    /** Cleans up what iterations leave behind before it goes beyond the memory. */
    HeapGuard guard() {
        return HeapGuard.withNative(all);
    }

    /** All of the machine, no folder, and no word. */
    public static Resources unlimited() {
        return new Resources(Long.MAX_VALUE, Runtime.getRuntime().availableProcessors(), Optional.empty(), "", Monitor.silent());
    }
}
