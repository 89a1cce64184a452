package org.ntk4j.panel;

/**
 * A line of {@code results.csv} or {@code summary.csv}.
 *
 * @param seed      of one network; empty where it is a mean over seeds
 * @param at        {@code start}, {@code trained}, {@code step}, {@code limit}, or empty for what has no moment
 * @param value     the number or the mean
 * @param deviation over seeds; NaN where there is none
 */
record Fact(Spot spot, String seed, String subject, String reference, String split, String step, String at, String metric, double value,
        double deviation) {

    boolean is(String whose, String against, String where, String what) {
        return subject.equals(whose) && reference.equals(against) && split.equals(where) && metric.equals(what);
    }

    /** The step as a number, if it is one. */
    double stepNumber() {
        try {
            return step.isEmpty() ? Double.NaN : Double.parseDouble(step);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
