package org.ntk4j.chart;

import java.util.List;

/**
 * One pair of axes with curves.
 *
 * @param title what is shown, in a few words; may be empty
 */
public record Plot(String title, Axis x, Axis y, List<Curve> curves, List<Rule> rules) {

    public Plot {
        curves = curves.stream().filter(c -> !c.isEmpty()).toList();
        rules = List.copyOf(rules);
    }

    /** A plot without rules. */
    public static Plot of(String title, Axis x, Axis y, List<Curve> curves) {
        return new Plot(title, x, y, curves, List.of());
    }

    /** This plot with one more rule. */
    public Plot with(Rule rule) {
        List<Rule> all = new java.util.ArrayList<>(rules);
        all.add(rule);
        return new Plot(title, x, y, curves, all);
    }

    /** Whether there is nothing to see. */
    public boolean isEmpty() {
        return curves.isEmpty();
    }
}
