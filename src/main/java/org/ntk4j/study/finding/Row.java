package org.ntk4j.study.finding;

import java.util.Map;
import org.ntk4j.result.Metric;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * One number of {@code results.csv}.
 *
 * @param seed      of the initial weights and batches
 * @param swept     the other swept values, by path
 * @param subject   what was measured
 * @param reference against what; {@link Subject#NONE} if nothing
 * @param split     on which examples
 * @param step      the training step; none for what has none, and for a regression at infinity
 * @param metric    its name
 * @param value     the number
 */
public record Row(long seed, Map<String, String> swept, Subject subject, Subject reference, SplitName split, Step step, Metric metric,
        double value) {

    /** {@code regression.infinite | network | test | rmse = 0.031}. */
    @Override
    public String toString() {
        String where = swept.isEmpty() ? "seed " + seed : "seed " + seed + " " + swept;
        return where + " | " + subject + " | " + (reference == Subject.NONE ? "-" : reference) + " | " + split + " | "
                + (step.isNone() ? "-" : "step " + step) + " | " + metric + " = " + value;
    }
}
