package org.ntk4j.result;

/**
 * Which moment a row speaks of: the column {@code at} beside {@code step}, whose emptiness alone does not tell a function in the limit from
 * what has no moment.
 */
public enum At {

    /** Step 0. */
    START("start"),
    /** The network's last step. */
    TRAINED("trained"),
    /** Another step. */
    STEP("step"),
    /** Infinite time. */
    LIMIT("limit"),
    /** What has no moment, as an infinite kernel or a ridge. */
    NONE("");

    private final String word;

    At(String word) {
        this.word = word;
    }

    /**
     * The moment of a number.
     *
     * @param step of its subject
     * @param last the network's last step; none without training
     */
    public static At of(Subject subject, Step step, Metric metric, Step last) {
        return step.isNone() && metric.quantity() == Quantity.RIDGE ? NONE : of(subject, step, last);
    }

    /** The moment of a function or kernel. */
    public static At of(Subject subject, Step step, Step last) {
        if (step.isNone()) {
            return subject.isKernel() ? NONE : LIMIT;
        }
        if (step.equals(Step.START)) {
            return START;
        }
        return step.equals(last) || step.equals(Step.LAST) ? TRAINED : STEP;
    }

    /** The word in CSV. */
    @Override
    public String toString() {
        return word;
    }
}
