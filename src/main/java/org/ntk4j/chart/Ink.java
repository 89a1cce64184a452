package org.ntk4j.chart;

import java.util.List;
import java.util.Map;

/**
 * How a subject is drawn, the same in all panels: a colour that colour-blind readers tell apart (Okabe and Ito 2008), and a dash and a
 * marker that tell it apart without colour. A kernel has the colour of its regression.
 *
 * @param symbol as in the papers: {@code f_∞}
 * @param colour {@code #RRGGBB}
 * @param dash   lengths of strokes and gaps in pixels; empty for a solid line
 * @param marker a symbol of the chart library
 */
public record Ink(String symbol, String colour, List<Integer> dash, String marker) {

    /** Where no subject is meant. */
    public static final String GREY = "#767676";

    private static final List<Integer> SOLID = List.of();
    private static final List<Integer> DASHED = List.of(9, 5);
    private static final List<Integer> DOTTED = List.of(2, 3);
    private static final List<Integer> MIXED = List.of(9, 4, 2, 4);

    private static final Map<String, Ink> SUBJECTS = Map.ofEntries(
            Map.entry("network", new Ink("NN_T", "#000000", SOLID, "circle")),
            Map.entry("linearized", new Ink("NN_lin", "#56B4E9", MIXED, "emptyCircle")),
            Map.entry("quadratic", new Ink("NN_quad", "#56B4E9", DOTTED, "emptyTriangle")),
            Map.entry("ensemble", new Ink("ensemble", "#E69F00", MIXED, "emptyDiamond")),
            Map.entry("regression.init", new Ink("f_0", "#009E73", List.of(5, 3), "rect")),
            Map.entry("regression.trained", new Ink("f_T", "#0072B2", DASHED, "triangle")),
            Map.entry("regression.infinite", new Ink("f_∞", "#D55E00", DOTTED, "diamond")),
            Map.entry("regression.nngp", new Ink("f_NNGP", "#CC79A7", MIXED, "roundRect")),
            Map.entry("regression.averaged", new Ink("f_averaged", "#56B4E9", DASHED, "arrow")),
            Map.entry("projection.init", new Ink("P_0", "#009E73", DOTTED, "emptyRect")),
            Map.entry("projection.trained", new Ink("P_T", "#0072B2", DOTTED, "emptyTriangle")),
            Map.entry("projection.infinite", new Ink("P_∞", "#D55E00", MIXED, "emptyDiamond")),
            Map.entry("projection.nngp", new Ink("P_NNGP", "#CC79A7", DOTTED, "emptyRoundRect")),
            Map.entry("path", new Ink("path", "#E69F00", DASHED, "pin")),
            Map.entry("ntk.init", new Ink("Θ_0", "#009E73", List.of(5, 3), "rect")),
            Map.entry("ntk.trained", new Ink("Θ_T", "#0072B2", DASHED, "triangle")),
            Map.entry("ntk.infinite", new Ink("Θ_∞", "#D55E00", DOTTED, "diamond")),
            Map.entry("nngp.infinite", new Ink("K_∞", "#CC79A7", MIXED, "roundRect")),
            Map.entry("labels", new Ink("labels", GREY, SOLID, "circle")));

    public Ink {
        dash = List.copyOf(dash);
    }

    /** The ink of a subject of the CSV files; one that is not known is grey. */
    public static Ink of(String subject) {
        return SUBJECTS.getOrDefault(subject, new Ink(subject, GREY, SOLID, "circle"));
    }

    /** Colours for the values of a swept key or the layers of a network, one after the other. */
    public static Ink nth(int index, String name) {
        List<String> subjects = List.of("regression.trained", "regression.infinite", "regression.init", "regression.nngp", "linearized",
                "ensemble", "network");
        Ink like = of(subjects.get(index % subjects.size()));
        return new Ink(name, like.colour, like.dash, like.marker);
    }

    /** This ink without dashes. */
    public Ink solid() {
        return new Ink(symbol, colour, SOLID, marker);
    }
}
