package org.ntk4j.result;

import java.util.OptionalInt;
import org.ntk4j.base.Failure;

/**
 * The step of a number or function: of training; none for what has none and for a regression in the limit; the network's last where several
 * networks ended at different ones. Ordered: none, the steps of training, the last.
 */
public final class Step implements Comparable<Step> {

    /** In the limit, or without any moment. */
    public static final Step NONE = new Step(-1);
    /** Of several networks, the last step of each. */
    public static final Step LAST = new Step(Integer.MAX_VALUE);
    /** Initialisation. */
    public static final Step START = new Step(0);

    private static final String LAST_WORD = "trained";

    private final int number;

    private Step(int number) {
        this.number = number;
    }

    /** After this many steps of training. */
    public static Step of(int number) {
        if (number < 0 || number == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("step " + number);
        }
        return new Step(number);
    }

    /**
     * The step with this word: a number, {@code trained}, or empty.
     *
     * @throws Failure if it is none of these
     */
    public static Step of(String word) {
        if (word.isEmpty()) {
            return NONE;
        }
        if (word.equals(LAST_WORD)) {
            return LAST;
        }
        if (!word.matches("\\d{1,9}")) {
            throw Failure.input("step '" + word + "' is not known; allowed: a number, trained, or nothing");
        }
        return of(Integer.parseInt(word));
    }

    /** Whether it is no step of training, nor stands for one. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** The number of steps; empty where it is not one number. */
    public OptionalInt number() {
        return equals(NONE) || equals(LAST) ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @Override
    public int compareTo(Step other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Step step && step.number == number;
    }

    @Override
    public int hashCode() {
        return number;
    }

    /** The word in CSV. */
    @Override
    public String toString() {
        return equals(NONE) ? "" : equals(LAST) ? LAST_WORD : String.valueOf(number);
    }
}
