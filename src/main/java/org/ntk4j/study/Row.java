package org.ntk4j.study;

import java.util.Map;

/**
 * One number of {@code results.csv}.
 *
 * @param seed      of the initial weights and batches
 * @param swept     the other swept values, by path
 * @param subject   what was measured
 * @param reference against what; empty if nothing
 * @param split     {@code train} or {@code test}
 * @param step      the training step; empty for what has none, and for a regression at infinity
 * @param metric    its name
 * @param value     the number
 */
public record Row(long seed, Map<String, String> swept, String subject, String reference, String split, String step, String metric,
        double value) {

    /** {@code regression.infinite | network | test | rmse = 0.031}. */
    @Override
    public String toString() {
        String where = swept.isEmpty() ? "seed " + seed : "seed " + seed + " " + swept;
        return String.join(" | ", where, subject, reference.isEmpty() ? "-" : reference, split, step.isEmpty() ? "-" : "step " + step)
                + " | " + metric + " = " + value;
    }
}
