package org.ntk4j.gaussian.quadrature;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Pairs;

/**
 * E[φ(u)φ(v)] and E[φ'(u)φ'(v)] for a function with kinks at unknown places: Gauss and Legendre's rule over u and, within, over
 * v given u, on the panels of a {@link PanelFunction}; the outer ones also shrink towards where the mean of v crosses a
 * kink. Takes about a millisecond a pair. Where both variances are equal the result is a function of the angle alone, which is
 * tabulated: in data of equal norms every pair is read off.
 */
final class PlanarQuadrature implements Quadrature {

    private static final double EDGE = 7.5;
    private static final double[] LAYER = {1, 3, 7};
    private static final int ANGLES = 80;
    private static final double[][] VARIANCES = {{1, 3}, {0.3}, {0.05}};

    private final PanelFunction function;
    private final AngularRule rule;
    private final double longest;
    private final Quadrature small;
    private final double smallest;
    private static final int MARGIN = 6;
    private static final double MOST_WORK = 2.5e7;

    /** The variances that were looked at. */
    private final Set<Long> checked = ConcurrentHashMap.newKeySet();
    private final FiniteMoments moments;
    private final AtomicReference<Double> error = new AtomicReference<>();
    private final Map<Long, double[][]> byAngle = new ConcurrentHashMap<>();

    private PlanarQuadrature(PanelFunction function, AngularRule rule, double longest, Quadrature small, double smallest,
            FiniteMoments moments) {
        this.function = function;
        this.rule = rule;
        this.longest = longest;
        this.small = small;
        this.smallest = smallest;
        this.moments = moments;
    }

    static PlanarQuadrature of(DoubleUnaryOperator phi) {
        PanelFunction function = new PanelFunction(phi);
        double nearest = Arrays.stream(function.kinks()).map(Math::abs).filter(k -> k > 0).min().orElse(2);
        // Small variances see nothing of the kinks but for one at 0.
        Quadrature small = PolarQuadrature.of(phi, new NumericalDerivative(phi, Math.min(1.0 / 32, nearest / 4)));
        return new PlanarQuadrature(function, AngularRule.gauss(8), 2.5, small, Math.pow(Math.min(2, nearest) / 40, 2),
                FiniteMoments.of(phi));
    }

    @Override
    public double error() {
        if (error.get() == null) {
            error.set(measured(new PlanarQuadrature(function, AngularRule.gauss(16), longest, small, smallest, moments)));
        }
        return Objects.requireNonNull(error.get());
    }

    /** At variances for which the moments exist; infinite if there are none of those. */
    private double measured(Quadrature finer) {
        for (double[] variances : VARIANCES) {
            try {
                return Quadrature.difference(this, finer, variances);
            } catch (Failure e) {
                // A function that grows fast has moments for smaller ones.
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        double[] sums = new double[2];
        for (int i = 0; i < p.n; i++) {
            Halt.check();
            long key = FiniteMoments.key(p.q11[i]);
            check(key, p.q11[i]);
            check(FiniteMoments.key(p.q22[i]), p.q22[i]);
            if (Math.max(p.q11[i], p.q22[i]) < smallest) {
                Pairs single = Pairs.of(new double[] {p.q11[i]}, new double[] {p.q22[i]}, new double[] {p.q12[i]});
                small.expectations(single);
                p.value[i] = single.value[0];
                p.slope[i] = single.slope[0];
                continue;
            }
            if (key == FiniteMoments.key(p.q22[i]) && Math.abs(p.rho[i]) < 1 - 1e-9 && p.q11[i] > 0) {
                double[][] table = byAngle.computeIfAbsent(key, this::tabulate);
                double t = 1 - 4 / Math.PI * Math.atan2(Math.sqrt(1 - p.rho[i]), Math.sqrt(1 + p.rho[i]));
                p.value[i] = clenshaw(table[0], t);
                p.slope[i] = clenshaw(table[1], t);
            } else {
                pair(p.q11[i], p.q22[i], p.rho[i], sums);
                p.value[i] = sums[0];
                p.slope[i] = sums[1];
            }
        }
    }

    /**
     * Looks once at each variance: whether the work is bounded, and whether the moments exist.
     *
     * @throws Failure if not
     */
    private void check(long key, double q) {
        if (!(q > 0) || checked.contains(key)) {
            return;
        }
        moments.check(q);
        double reach = EDGE * Math.sqrt(q);
        int panels = function.panel(reach) - function.panel(-reach) + MARGIN;
        long kinks = Arrays.stream(function.kinks()).filter(k -> Math.abs(k) < reach).count();
        // Values of φ for one pair: panels in u and around the kinks, each with all panels in v.
        double work = (2.0 * panels + 2.0 * LAYER.length * kinks) * rule.size() * panels * rule.size();
        if (work > MOST_WORK) {
            throw Failure.run(String.format(Locale.ROOT, "the function falls into %d pieces between %.4g and %.4g, each smooth, with %d "
                    + "kinks: quadrature would take too long; is it noise, does it jump very often, or has it a pole?", panels, -reach,
                    reach, kinks));
        }
        moments.checkPowers(q, function.kinks());
        checked.add(key);
    }

    /** Chebyshev coefficients of both expectations as functions of the angle. */
    private double[][] tabulate(long key) {
        double q = Double.longBitsToDouble(key << 12);
        double[][] values = new double[ANGLES][2];
        for (int k = 0; k < ANGLES; k++) {
            double t = Math.cos(Math.PI * (k + 0.5) / ANGLES);
            pair(q, q, Math.cos(Math.PI / 2 * (1 - t)), values[k]);
        }
        double[][] coefficients = new double[2][ANGLES];
        for (int j = 0; j < ANGLES; j++) {
            for (int k = 0; k < ANGLES; k++) {
                double c = (j == 0 ? 1.0 : 2.0) / ANGLES * Math.cos(Math.PI * j * (k + 0.5) / ANGLES);
                coefficients[0][j] += c * values[k][0];
                coefficients[1][j] += c * values[k][1];
            }
        }
        return coefficients;
    }

    private static double clenshaw(double[] c, double t) {
        double b1 = 0;
        double b2 = 0;
        for (int k = c.length - 1; k > 0; k--) {
            double b = 2 * t * b1 - b2 + c[k];
            b2 = b1;
            b1 = b;
        }
        return t * b1 - b2 + c[0];
    }

    private void pair(double q11, double q22, double rho, double[] sums) {
        Halt.check();
        double s1 = Math.sqrt(q11);
        double s2 = Math.sqrt(q22);
        double sigma = Math.sqrt((1 - rho) * (1 + rho));
        double value = 0;
        double slope = 0;
        double from = -EDGE;
        double[] inner = new double[2];
        for (double to : borders(s1, rho * s2, sigma / Math.max(Math.abs(rho), 1e-3))) {
            int pieces = (int) Math.ceil((to - from) / longest);
            for (int k = 0; k < pieces * rule.size(); k++) {
                double half = (to - from) / (2 * pieces);
                double x = from + half * (2 * (k / rule.size()) + 1 + 1 - rule.distance()[k % rule.size()]);
                double weight = half * rule.weight()[k % rule.size()] * density(x);
                if (weight > 1e-18) {
                    given(rho * s2 * x, s2 * sigma, inner);
                    int panel = function.panel(s1 * x);
                    value += weight * function.value(panel, s1 * x) * inner[0];
                    slope += weight * function.slope(panel, s1 * x) * inner[1];
                }
            }
            from = to;
        }
        sums[0] = value;
        sums[1] = slope;
    }

    /** Where outer panels end: borders of φ in u and in the mean of v, and layers around the kinks in the latter. */
    private TreeSet<Double> borders(double s1, double mean, double width) {
        TreeSet<Double> borders = new TreeSet<>();
        addEdges(borders, s1);
        addEdges(borders, mean);
        for (double kink : function.kinks()) {
            for (double layer : LAYER) {
                add(borders, kink / mean + layer * width);
                add(borders, kink / mean - layer * width);
            }
        }
        borders.add(EDGE);
        return borders;
    }

    private void addEdges(TreeSet<Double> borders, double scale) {
        double reach = EDGE * Math.abs(scale);
        for (int k = function.panel(-reach); k <= function.panel(reach); k++) {
            add(borders, function.edges()[k] / scale);
        }
    }

    private static void add(TreeSet<Double> borders, double x) {
        if (Math.abs(x) < EDGE) {
            borders.add(x);
        }
    }

    /** E[φ(v)] and E[φ'(v)] for v of that mean and deviation. */
    private void given(double mean, double deviation, double[] result) {
        int panel = function.panel(mean);
        if (deviation == 0) {
            result[0] = function.value(panel, mean);
            result[1] = function.slope(panel, mean);
            return;
        }
        double[] edges = function.edges();
        double value = 0;
        double slope = 0;
        double last = mean + EDGE * deviation;
        double from = mean - EDGE * deviation;
        panel = function.panel(from);
        while (from < last) {
            double to = panel == edges.length - 2 ? last : Math.min(last, edges[panel + 1]);
            int pieces = Math.max(1, (int) Math.ceil((to - from) / (longest * deviation)));
            double half = (to - from) / (2 * pieces);
            for (int k = 0; k < pieces * rule.size(); k++) {
                double v = from + half * (2 * (k / rule.size()) + 2 - rule.distance()[k % rule.size()]);
                double weight = half / deviation * rule.weight()[k % rule.size()] * density((v - mean) / deviation);
                value += weight * function.value(panel, v);
                slope += weight * function.slope(panel, v);
            }
            from = to;
            panel++;
        }
        result[0] = value;
        result[1] = slope;
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
