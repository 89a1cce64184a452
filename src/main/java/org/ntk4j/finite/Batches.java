package org.ntk4j.finite;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which examples a step of training sees: all of them, or, epoch by epoch, the next few of a shuffled order. It depends on
 * the seed and the step alone, so what predicts a training can see the same examples.
 */
public final class Batches {

    private final int examples;
    private final int size;
    private final long seed;
    private final int[] order;
    private int epoch;

    /**
     * @param examples how many there are
     * @param size     how many a step sees; as many as there are, or more: all
     * @param seed     of the order
     */
    public Batches(int examples, int size, long seed) {
        this.examples = examples;
        this.size = Math.min(size, examples);
        this.seed = seed;
        this.order = IntStream.range(0, examples).toArray();
        this.epoch = -1;
    }

    /** Whether every step sees all examples. */
    public boolean full() {
        return size == examples;
    }

    /** How many steps see each example once. */
    public int perEpoch() {
        return (examples + size - 1) / size;
    }

    /**
     * The examples of a step; null: all.
     *
     * @param step from 0; not before the epoch of an earlier call
     */
    public int @Nullable [] at(int step) {
        if (full()) {
            return null;
        }
        while (epoch < step / perEpoch()) {
            shuffle(++epoch);
        }
        int from = step % perEpoch() * size;
        return Arrays.copyOfRange(order, from, Math.min(examples, from + size));
    }

    /** Fisher and Yates, by the seed and the number of the epoch. */
    private void shuffle(int number) {
        Random random = new Random(seed * 0x9e3779b97f4a7c15L + number);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
