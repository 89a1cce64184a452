package org.ntk4j.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at the memory of the first GPU while a process runs, where the driver's {@code nvidia-smi} is there to ask. */
final class GpuMemory {

    private static final int MILLISECONDS = 500;

    private final AtomicLong most = new AtomicLong();

    private GpuMemory() {
    }

    /** Watches until the process ends. */
    static GpuMemory watch(Process process) {
        GpuMemory memory = new GpuMemory();
        Thread thread = new Thread(() -> memory.look(process), "gpu-memory");
        thread.setDaemon(true);
        thread.start();
        return memory;
    }

    /** The most that was held, in MiB; 0 where that is not known. */
    long most() {
        return most.get();
    }

    private void look(Process process) {
        try {
            do {
                Process asked = new ProcessBuilder("nvidia-smi", "--id=0", "--query-gpu=memory.used", "--format=csv,noheader,nounits")
                        .redirectErrorStream(true).start();
                String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
                if (!answer.matches("\\d+")) {
                    return;
                }
                most.accumulateAndGet(Long.parseLong(answer), Math::max);
            } while (!process.waitFor(MILLISECONDS, TimeUnit.MILLISECONDS));
        } catch (IOException e) {
            // No such program: nobody can say.
            most.set(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
