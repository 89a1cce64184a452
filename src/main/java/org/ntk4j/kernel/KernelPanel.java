package org.ntk4j.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.chart.Axis;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Curve;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.HeatMap;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Plot;
import org.ntk4j.chart.Point;
import org.ntk4j.chart.Thumbnails;
import org.ntk4j.chart.Words;

/** A kernel as a heat map, with its spectrum where it is of one set of inputs. */
final class KernelPanel {

    /** More rows than this are thinned, evenly. */
    private static final int PIXELS = 240;
    /** Beyond this size a spectrum takes more than some seconds. */
    private static final int LARGEST_FOR_SPECTRUM = 3000;

    private KernelPanel() {
    }

    static Panel of(Kernel kernel) {
        int[] rows = evenly(kernel.rows());
        int[] columns = evenly(kernel.columns());
        double[][] values = Arrays.stream(rows).mapToObj(i -> Arrays.stream(columns).mapToDouble(j -> kernel.get(i, j)).toArray())
                .toArray(double[][]::new);
        double low = Arrays.stream(values).flatMapToDouble(Arrays::stream).min().orElse(0);
        double high = Arrays.stream(values).flatMapToDouble(Arrays::stream).max().orElse(1);
        Ink ink = Ink.of(kernel.name());
        String size = kernel.rows() + " × " + kernel.columns();
        HeatMap map = new HeatMap(ink.symbol() + ", " + size, values, names(rows), names(columns), low, high, low < 0 && high > 0);
        String thinned = rows.length < kernel.rows() || columns.length < kernel.columns()
                ? ", thinned to " + rows.length + " × " + columns.length : "";
        List<List<String>> numbers = new ArrayList<>(List.of(List.of("rows × columns", size), List.of("smallest value", Words.number(low)),
                List.of("largest value", Words.number(high))));
        String title = ink.symbol() + (kernel.isSymmetric() ? " between " + kernel.rows()
                : " of " + kernel.rows() + " with " + kernel.columns()) + " inputs: values from " + Words.number(low) + " to "
                + Words.number(high);
        String sentence = "Each pixel is the kernel of one input with another" + thinned + "; the scale goes from " + Words.number(low)
                + " to " + Words.number(high) + ".";
        Panel panel = Panel.of("kernel", title, sentence).with(new Thumbnails(List.of(map.tile())));
        if (!kernel.isSymmetric() || kernel.rows() > LARGEST_FOR_SPECTRUM || kernel.rows() < 2) {
            return panel.numbers(new DataTable(List.of("of the kernel", "value"), numbers));
        }
        Spectrum spectrum = kernel.spectrum();
        double[] eigenvalues = spectrum.eigenvalues();
        List<Point> points = IntStream.range(0, eigenvalues.length).mapToObj(i -> Point.of(i + 1, eigenvalues[i])).toList();
        numbers.add(List.of("trace", Words.number(spectrum.trace())));
        numbers.add(List.of("condition number", Words.number(spectrum.conditionNumber())));
        numbers.add(List.of("effective rank", Words.number(spectrum.effectiveRank())));
        return new Panel("kernel", title, sentence + " Condition number " + Words.number(spectrum.conditionNumber()) + ", effective rank "
                + Words.number(spectrum.effectiveRank()) + ".",
                List.of(), panel.figures(), "", "", new DataTable(List.of("of the kernel", "value"), numbers), List.of())
                .with(Chart.of(Plot.of("Eigenvalues", Axis.log("index"), Axis.log("eigenvalue"),
                        List.of(Curve.of(ink, points.size() > 40 ? Curve.Style.LINE : Curve.Style.MARKED, points)))));
    }

    private static int[] evenly(int count) {
        int shown = Math.min(count, PIXELS);
        return IntStream.range(0, shown).map(i -> (int) ((long) i * count / shown)).toArray();
    }

    private static List<String> names(int[] places) {
        return Arrays.stream(places).mapToObj(String::valueOf).toList();
    }
}
