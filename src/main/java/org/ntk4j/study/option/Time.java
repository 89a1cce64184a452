package org.ntk4j.study.option;

import org.ntk4j.base.Failure;
import org.ntk4j.result.Step;

/** When a regression is taken: after a number of steps of gradient descent, after as many as the network was trained, or in the limit. */
// A word does not initialise the interface that it implements, which has no default methods.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface Time {

    /** As many steps as the network was trained. */
    Time TRAINED = new Word("trained");
    /** The limit. */
    Time INFINITY = new Word("infinity");

    /** A time with a name. */
    record Word(String word) implements Time {
        @Override
        public String toString() {
            return word;
        }
    }

    /** A number of steps. */
    record Steps(int count) implements Time {
        @Override
        public String toString() {
            return String.valueOf(count);
        }
    }

    /** Whether there is such a time. */
    static boolean isOne(String word) {
        return word.equals("trained") || word.equals("infinity") || word.matches("\\d{1,9}");
    }

    /**
     * The time with this word.
     *
     * @throws Failure if there is none
     */
    static Time of(String word) {
        if (!isOne(word)) {
            throw Failure.input("time '" + word + "' is not known; allowed: trained, infinity, or a number of steps");
        }
        return word.equals("trained") ? TRAINED : word.equals("infinity") ? INFINITY : new Steps(Integer.parseInt(word));
    }

    /**
     * Its step; none in the limit.
     *
     * @param last the network's last step
     */
    default Step step(int last) {
        return this instanceof Steps steps ? Step.of(steps.count) : equals(TRAINED) ? Step.of(last) : Step.NONE;
    }

    /** As in YAML. */
    default Object toYaml() {
        return this instanceof Steps steps ? (Object) steps.count : toString();
    }
}
