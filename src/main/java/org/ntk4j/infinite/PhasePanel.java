package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.ntk4j.chart.Axis;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Curve;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.HeatMap;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Plot;
import org.ntk4j.chart.Thumbnail;
import org.ntk4j.chart.Thumbnails;

/** The picture of a {@link PhaseDiagram}: the edge of chaos, and χ, fixed points and depth scales over the grid. */
final class PhasePanel {

    private static final double DEEPEST = 1e3;

    private PhasePanel() {
    }

    static Panel of(PhaseDiagram d) {
        List<Thumbnail> maps = List.of(
                map(d, "log₁₀ χ: blue ordered, red chaotic", p -> Math.log10(p.chi()), -0.5, 0.5, true),
                map(d, "c*, the correlation in the limit", PhasePoint::c, 0, 1, false),
                map(d, "log₁₀ q*, the variance in the limit", p -> Math.log10(p.q()), -2, 1, false),
                map(d, "log₁₀ ξ_c, depth for correlations", p -> Math.log10(Math.min(DEEPEST, p.depthC())), 0, 2, false),
                map(d, "log₁₀ ξ_q, depth for variances", p -> Math.log10(Math.min(DEEPEST, p.depthQ())), 0, 2, false));
        Panel panel = Panel.of("phase", "Order and chaos in deep networks of " + d.activation(), d + ". Across: "
                + "wStd²; upwards: bStd². The ends of a colour scale take what lies beyond; the pointer shows single values.");
        return panel.with(edge(d)).with(new Thumbnails(maps)).numbers(table(d));
    }

    private static Chart edge(PhaseDiagram d) {
        double[] w = d.edge().stream().mapToDouble(Double::doubleValue).toArray();
        double[] b = d.bVariances().stream().mapToDouble(Double::doubleValue).toArray();
        Axis across = Axis.linear("wStd²").within(0, d.wVariances().get(d.wVariances().size() - 1));
        return Chart.of(Plot.of("Ordered on the left, chaotic on the right", across, Axis.linear("bStd²"),
                List.of(Curve.of(0, "edge of chaos, χ = 1", Curve.Style.LINE, w, b))));
    }

    private static Thumbnail map(PhaseDiagram d, String title, ToDoubleFunction<PhasePoint> value, double low, double high,
            boolean twoWays) {
        List<List<PhasePoint>> rows = new ArrayList<>(d.points());
        Collections.reverse(rows);
        double[][] values = rows.stream().map(row -> row.stream().mapToDouble(p -> {
            double v = value.applyAsDouble(p);
            return Double.isNaN(v) ? low : Math.max(low, Math.min(high, v));
        }).toArray()).toArray(double[][]::new);
        List<Double> biases = new ArrayList<>(d.bVariances());
        Collections.reverse(biases);
        return new HeatMap(title, values, biases.stream().map(PhasePanel::number).toList(),
                d.wVariances().stream().map(PhasePanel::number).toList(), low, high, twoWays).tile();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static DataTable table(PhaseDiagram d) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < d.edge().size(); i++) {
            rows.add(List.of(number(d.bVariances().get(i)), String.format(Locale.ROOT, "%.6g", d.edge().get(i))));
        }
        return new DataTable(List.of("bStd²", "wStd² where χ = 1"), rows);
    }
}
