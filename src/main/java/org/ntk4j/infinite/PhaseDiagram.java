package org.ntk4j.infinite;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Required;
import org.ntk4j.base.Settings;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.PictureFile;
import org.ntk4j.files.Table;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.kernel.Workers;

/**
 * What becomes of signals in infinitely deep networks of one activation, over a grid of weight and bias variances (Poole et al. 2016;
 * Schoenholz et al. 2017): the ordered phase, where all inputs become alike, the chaotic one, where neighbours part, and the edge of chaos
 * between them, where χ is 1 and deep networks can be trained.
 *
 * @param activation its name
 * @param wVariances wStd², ascending
 * @param bVariances bStd², ascending
 * @param points     for each bStd² a row, with one point for each wStd²
 * @param edge       for each bStd² the wStd² at which χ is 1; NaN where the grid's range has none
 */
public record PhaseDiagram(String activation, List<Double> wVariances, List<Double> bVariances, List<List<PhasePoint>> points,
        List<Double> edge) {

    private static final int SIDE = 41;
    private static final double MOST_WEIGHTS = 4;
    private static final double MOST_BIASES = 1;
    private static final int BISECTIONS = 48;

    public PhaseDiagram {
        wVariances = List.copyOf(wVariances);
        bVariances = List.copyOf(bVariances);
        points = points.stream().map(List::copyOf).toList();
        edge = List.copyOf(edge);
    }

    /** On a grid of 41 × 41: wStd² above 0 up to 4, bStd² from 0 to 1. */
    public static PhaseDiagram of(Nonlinearity phi) {
        Required.value(phi, "phi");
        return of(phi, IntStream.rangeClosed(1, SIDE).mapToDouble(i -> MOST_WEIGHTS * i / SIDE).toArray(),
                IntStream.range(0, SIDE).mapToDouble(i -> MOST_BIASES * i / (SIDE - 1)).toArray());
    }

    /**
     * On a grid of one's own.
     *
     * @param wVariances wStd², above 0
     * @param bVariances bStd², from 0
     * @throws Failure if a variance does not suit, or φ is no function
     */
    public static PhaseDiagram of(Nonlinearity phi, double[] wVariances, double[] bVariances) {
        Required.value(phi, "phi");
        Required.value(wVariances, "wVariances");
        Required.value(bVariances, "bVariances");
        if (!phi.isFunction()) {
            throw Failure.input("phaseDiagram: " + phi.name() + " is no function of x; signals cannot be followed through it");
        }
        MeanField field = new MeanField(phi);
        List<Double> w = checked("wStd²", wVariances, Double.MIN_VALUE);
        List<Double> b = checked("bStd²", bVariances, 0);
        PhasePoint[][] points = new PhasePoint[b.size()][w.size()];
        Double[] edge = new Double[b.size()];
        Workers.each(Settings.ofProcess().threads(), b.size(), "phases", i -> {
            Arrays.setAll(points[i], j -> field.point(w.get(j), b.get(i)));
            edge[i] = edge(field, w.get(0), w.get(w.size() - 1), b.get(i));
        });
        return new PhaseDiagram(phi.name(), w, b, Arrays.stream(points).map(Arrays::asList).toList(), List.of(edge));
    }

    private static List<Double> checked(String what, double[] values, double least) {
        List<Double> all = new ArrayList<>();
        for (double v : values) {
            if (!(v >= least && v <= 1e6) || !all.isEmpty() && v <= all.get(all.size() - 1)) {
                throw Failure.input("phaseDiagram: " + what + " of " + v + "; allowed: ascending numbers "
                        + (least == 0 ? "from 0" : "above 0")
                        + " to 1e6");
            }
            all.add(v);
        }
        if (all.isEmpty()) {
            throw Failure.input("phaseDiagram: no value of " + what + " is given");
        }
        return all;
    }

    /** Where χ crosses 1 from below, to rounding. */
    private static double edge(MeanField field, double from, double to, double bias) {
        double low = from;
        double high = to;
        if (!(field.chi(low, bias) < 1 && field.chi(high, bias) > 1)) {
            return Double.NaN;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (field.chi(middle, bias) < 1) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** What becomes of signals at the point of the grid that is nearest to these variances. */
    public PhasePoint at(double wVariance, double bVariance) {
        return points.get(nearest(bVariances, bVariance)).get(nearest(wVariances, wVariance));
    }

    private static int nearest(List<Double> values, double value) {
        int best = 0;
        for (int i = 1; i < values.size(); i++) {
            best = Math.abs(values.get(i) - value) < Math.abs(values.get(best) - value) ? i : best;
        }
        return best;
    }

    /** The wStd² at which χ is 1, for the bStd² of the grid that is nearest to this; NaN if the grid's range has none. */
    public double edge(double bVariance) {
        return edge.get(nearest(bVariances, bVariance));
    }

    /**
     * Writes it as CSV: {@code wVariance,bVariance,q,c,chi,chiC,depthQ,depthC,phase}, a line for each point.
     *
     * @return the file
     */
    public Path save(Path file) {
        Required.value(file, "file");
        List<List<Object>> rows = points.stream().flatMap(List::stream).map(p -> List.<Object>of(p.wVariance(), p.bVariance(), p.q(), p.c(),
                p.chi(), p.chiC(), p.depthQ(), p.depthC(), p.phase())).toList();
        return PictureFile.text(file,
                new Table(List.of("wVariance", "bVariance", "q", "c", "chi", "chiC", "depthQ", "depthC", "phase"), rows).csv());
    }

    /**
     * Draws it as a page in {@code out/plots}.
     *
     * @return where it is
     */
    public Path plot() {
        return PictureFile.write(panel(), "phase-" + activation);
    }

    /**
     * Draws the same.
     *
     * @param file {@code .html} or {@code .svg}
     */
    public Path plot(Path file) {
        Required.value(file, "file");
        return panel().plot(file);
    }

    /** What {@link #plot()} draws. */
    public Panel panel() {
        return PhasePanel.of(this);
    }

    /** {@code phase diagram of tanh, …, 41 × 41 points: 43 % with χ < 1; edge of chaos at wStd² 1 (bStd² 0) to 2.4 (bStd² 1)}. */
    @Override
    public String toString() {
        double all = (double) wVariances.size() * bVariances.size();
        double ordered = points.stream().flatMap(List::stream).filter(p -> p.chi() < 1).count() / all;
        int first = 0;
        int last = edge.size() - 1;
        String line = edge.stream().allMatch(e -> Double.isNaN(e)) ? "no edge of chaos in this range"
                : "edge of chaos at wStd² " + number(edge.get(first)) + " (bStd² " + number(bVariances.get(first)) + ") to "
                + number(edge.get(last)) + " (bStd² " + number(bVariances.get(last)) + ")";
        return String.format(Locale.ROOT, "phase diagram of %s, wStd² %s to %s × bStd² %s to %s, %d × %d points: %.0f %% with χ < 1; %s",
                activation, number(wVariances.get(0)), number(wVariances.get(wVariances.size() - 1)), number(bVariances.get(0)),
                number(bVariances.get(last)), wVariances.size(), bVariances.size(), 100 * ordered, line);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString() : "none";
    }
}
