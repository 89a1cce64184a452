package org.ntk4j.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Work that says nothing of itself. */
class LongStepTest {

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    @Test
    void should_tell_what_is_left_and_give_the_result() {
        CountDownLatch seen = new CountDownLatch(1);
        String result = LongStep.run(monitor(seen), "a step", 100, () -> {
            await(seen);
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(told).contains("begun a step").anyMatch(line -> line.matches("about 1 min 39 s left|about 1 min 40 s left"))
                .last().isEqualTo("closed");
    }

    @Test
    void should_say_when_it_takes_longer() {
        CountDownLatch seen = new CountDownLatch(12);
        LongStep.run(monitor(seen), "a step", 1, () -> {
            await(seen);
            return 0;
        });
        assertThat(told).contains("longer than expected");
    }

    @Test
    void should_end_after_ctrl_c_once_the_work_is_done() {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch seen = new CountDownLatch(3);
        cancelled.set(true);
        assertThatThrownBy(() -> LongStep.run(monitor(seen), "a step", 100, () -> {
            await(seen);
            done.set(true);
            return 0;
        })).isInstanceOf(Failure.class).hasMessage("stopped after: a step");
        assertThat(done).isTrue();
        assertThat(told).last().isEqualTo("closed");
    }

    @Test
    void should_pass_on_what_goes_wrong() {
        Failure failure = Failure.run("no");
        for (double seconds : new double[] {0, 100}) {
            assertThatThrownBy(() -> LongStep.run(monitor(new CountDownLatch(0)), "a step", seconds, () -> {
                throw failure;
            })).isSameAs(failure);
        }
    }

    @Test
    void should_say_nothing_of_what_takes_no_time() {
        Thread done = LongStep.run(monitor(new CountDownLatch(0)), "a step", 0, Thread::currentThread);
        assertThat(done).isSameAs(Thread.currentThread());
        assertThat(told).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts each word of a task on a latch. */
    private Monitor monitor(CountDownLatch seen) {
        return new Monitor() {
            @Override
            public Task begin(String what, long total) {
                told.add("begun " + what);
                return new Task() {
                    @Override
                    public void done(long units) {
                    }

                    @Override
                    public void done(long units, String state) {
                        told.add(state);
                        seen.countDown();
                    }

                    @Override
                    public void close() {
                        told.add("closed");
                    }
                };
            }

            @Override
            public boolean cancelled() {
                return cancelled.get();
            }

            @Override
            public void note(String line) {
            }
        };
    }
}
