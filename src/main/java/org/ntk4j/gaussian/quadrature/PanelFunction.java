package org.ntk4j.gaussian.quadrature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of which only the values are known, as polynomials of degree 9 on panels that are halved until they fit. Where halving does
 * not help down to a width of 1e-12 there is a kink or a jump: it becomes a border of panels. Gives values and derivatives
 * (one-sided, jumps left out).
 */
final class PanelFunction {

    private static final int NODES = 10;
    private static final double FIT = 1e-10;
    private static final double NARROW = 1e-12;
    /** The most panels for each power of two of |x|. */
    private static final int BUDGET = 400;
    private static final int OUTERMOST = 24;

    private final DoubleUnaryOperator phi;
    private final List<double[]> polynomials = new ArrayList<>();
    private final List<Double> starts = new ArrayList<>();
    private final TreeSet<Double> breaks = new TreeSet<>();
    private final double[] edges;
    private final double[] kinks;
    private int budget;

    PanelFunction(DoubleUnaryOperator phi) {
        this.phi = phi;
        TreeSet<Double> borders = new TreeSet<>();
        borders.add(0.0);
        for (int k = 1; k <= OUTERMOST; k++) {
            borders.add(Math.scalb(1.0, k));
            borders.add(-Math.scalb(1.0, k));
        }
        fit(borders);
        if (!breaks.isEmpty()) {
            borders.addAll(breaks);
            fit(borders);
        }
        edges = new double[starts.size() + 1];
        for (int k = 0; k < starts.size(); k++) {
            edges[k] = starts.get(k);
        }
        edges[starts.size()] = borders.last();
        kinks = findKinks();
    }

    private void fit(TreeSet<Double> borders) {
        polynomials.clear();
        starts.clear();
        double from = Double.NaN;
        for (double to : borders) {
            if (!Double.isNaN(from)) {
                budget = BUDGET;
                fit(from, to);
            }
            from = to;
        }
    }

    private void fit(double from, double to) {
        double middle = (from + to) / 2;
        double half = (to - from) / 2;
        double[] values = new double[NODES];
        double size = Double.MIN_NORMAL;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < NODES; k++) {
            values[k] = phi.applyAsDouble(middle + half * Math.cos(Math.PI * (k + 0.5) / NODES));
            size = Math.max(size, Math.abs(values[k]));
            least = Math.min(least, values[k]);
            most = Math.max(most, values[k]);
        }
        // What the rounding of x makes of φ cannot be fitted.
        double tolerance = FIT * size + 1e-15 * Math.abs(middle) * (most - least) / half;
        double[] chebyshev = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            for (int k = 0; k < NODES; k++) {
                chebyshev[j] += (j == 0 ? 1.0 : 2.0) / NODES * values[k] * Math.cos(Math.PI * j * (k + 0.5) / NODES);
            }
        }
        double[] powers = powers(chebyshev);
        boolean fits = Math.abs(chebyshev[NODES - 1]) + Math.abs(chebyshev[NODES - 2]) <= tolerance;
        for (double t : new double[] {-0.97, -0.37, 0.21, 0.97}) {
            fits &= Math.abs(horner(powers, t) - phi.applyAsDouble(middle + half * t)) <= 10 * tolerance;
        }
        boolean narrow = half < NARROW * Math.max(1, Math.abs(middle));
        if (!fits && narrow) {
            breaks.add(middle);
        }
        // Halving finds nothing where φ is not a number anywhere.
        boolean nothing = Arrays.stream(values).noneMatch(Double::isFinite);
        if (fits || narrow || nothing || --budget < 0) {
            starts.add(from);
            polynomials.add(powers);
            return;
        }
        fit(from, middle);
        fit(middle, to);
    }

    /** Borders at which value or derivative are not the same on both sides. */
    private double[] findKinks() {
        List<Double> found = new ArrayList<>();
        for (int k = 1; k < polynomials.size(); k++) {
            double left = (edges[k] - edges[k - 1]) / 2;
            double right = (edges[k + 1] - edges[k]) / 2;
            double value = horner(polynomials.get(k), -1) - horner(polynomials.get(k - 1), 1);
            double slope = slope(polynomials.get(k), -1) / right - slope(polynomials.get(k - 1), 1) / left;
            if (Math.abs(value) > 1e-8 * (1 + Math.abs(horner(polynomials.get(k), -1))) || Math.abs(slope) > 1e-5) {
                found.add(edges[k]);
            }
        }
        return found.stream().mapToDouble(d -> d).toArray();
    }

    /** The borders of the panels, rising. */
    double[] edges() {
        return edges;
    }

    /** The borders at which value or derivative jump. */
    double[] kinks() {
        return kinks;
    }

    /** The panel that holds x, or the nearest. */
    int panel(double x) {
        int low = 0;
        int high = edges.length - 2;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (edges[middle] <= x) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** φ(x) by the polynomial of a panel. */
    double value(int panel, double x) {
        return horner(polynomials.get(panel), local(panel, x));
    }

    /** φ'(x) by the polynomial of a panel. */
    double slope(int panel, double x) {
        return slope(polynomials.get(panel), local(panel, x)) * 2 / (edges[panel + 1] - edges[panel]);
    }

    private double local(int panel, double x) {
        return (2 * x - edges[panel] - edges[panel + 1]) / (edges[panel + 1] - edges[panel]);
    }

    private static double horner(double[] a, double t) {
        double sum = 0;
        for (int k = a.length - 1; k >= 0; k--) {
            sum = Math.fma(sum, t, a[k]);
        }
        return sum;
    }

    private static double slope(double[] a, double t) {
        double sum = 0;
        for (int k = a.length - 1; k > 0; k--) {
            sum = Math.fma(sum, t, k * a[k]);
        }
        return sum;
    }

    /** From Chebyshev's polynomials to powers. */
    private static double[] powers(double[] chebyshev) {
        double[] result = new double[NODES];
        double[] before = new double[NODES];
        double[] now = new double[NODES];
        before[0] = 1;
        now[1] = 1;
        result[0] = chebyshev[0];
        for (int j = 1; j < NODES; j++) {
            double[] next = new double[NODES];
            for (int k = 0; k < NODES; k++) {
                result[k] += chebyshev[j] * now[k];
                next[k] = (k > 0 ? 2 * now[k - 1] : 0) - before[k];
            }
            before = now;
            now = next;
        }
        return result;
    }
}
