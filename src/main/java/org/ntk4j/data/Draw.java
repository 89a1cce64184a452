package org.ntk4j.data;

import java.util.Arrays;
import java.util.Random;
import org.ntk4j.base.Failure;

/**
 * Draws examples without replacement, every class as equally as the numbers allow. With the generator of
 * {@link java.util.Random} (its documentation fixes the sequence), seeded with the seed after one step of SplitMix64, the
 * classes are shuffled, then the examples of each class, class after class in the order given; then the shuffled classes
 * take turns, each giving its next example, and one that has no more is skipped; at last what was drawn is shuffled (each
 * time Fisher and Yates, from the end). So what is drawn for a smaller number is a part of what is drawn for a larger one
 * with the same seed.
 */
public final class Draw {

    private Draw() {
    }

    /**
     * Draws.
     *
     * @param labels  the label of each example
     * @param classes the labels that may be drawn, each once
     * @param count   how many examples
     * @param seed    any number
     * @param what    what is drawn, for the message: {@code training examples of mnist}
     * @return {@code count} indices of {@code labels}, none twice
     * @throws Failure if there are fewer, with their number
     */
    public static int[] balanced(int[] labels, int[] classes, int count, long seed, String what) {
        Random random = new Random(mix(seed));
        int[] turns = shuffled(classes, random);
        int[][] members = new int[turns.length][];
        for (int position = 0; position < classes.length; position++) {
            int label = classes[position];
            int turn = 0;
            while (turns[turn] != label) {
                turn++;
            }
            members[turn] = shuffled(indicesOf(label, labels), random);
        }
        int available = Arrays.stream(members).mapToInt(m -> m.length).sum();
        if (count < 1 || count > available) {
            throw Failure.input(count + " " + what + " were asked for; there are " + available);
        }
        int[] drawn = new int[count];
        int done = 0;
        for (int round = 0; done < count; round++) {
            for (int turn = 0; turn < members.length && done < count; turn++) {
                if (round < members[turn].length) {
                    drawn[done++] = members[turn][round];
                }
            }
        }
        return shuffled(drawn, random);
    }

    private static int[] indicesOf(int label, int[] labels) {
        int[] indices = new int[labels.length];
        int count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == label) {
                indices[count++] = i;
            }
        }
        return Arrays.copyOf(indices, count);
    }

    private static int[] shuffled(int[] values, Random random) {
        int[] order = values.clone();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /** Neighbouring seeds give {@link java.util.Random} similar first numbers; after this they do not. */
    static long mix(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
