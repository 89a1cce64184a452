package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * E[φ(u)φ(v)] and E[φ'(u)φ'(v)] for a function without a closed form. In polar coordinates u and v are
 * {@code r √q11 sin(W−β)} and {@code r √q22 sin(W+β)}: where their signs agree β runs from −W to W with W half of π − θ, where
 * they differ with W half of θ, θ the angle between u and v. So a kink at 0 lies on the border, and ρ = ±1 is nothing special. The
 * radial integral comes from a {@link RadialTable}, the one over β is summed up here. Made for one function, shared by threads.
 */
public final class PolarQuadrature {

    private final RadialTable table;
    private final List<Tier> tiers;
    private final Supplier<PolarQuadrature> finer;
    private final AtomicReference<Double> error = new AtomicReference<>();

    /** Up to which spread over a sector, √q·W, a rule is taken. */
    private record Tier(double spread, AngularRule rule) {
    }

    private PolarQuadrature(RadialTable table, List<Tier> tiers, Supplier<PolarQuadrature> finer) {
        this.table = table;
        this.tiers = tiers;
        this.finer = finer;
    }

    /** A quadrature for φ, whose derivative is {@code slope}; both are smooth but for 0. */
    public static PolarQuadrature of(DoubleUnaryOperator phi, DoubleUnaryOperator slope) {
        return of(phi, slope, 1);
    }

    /** The same with everything finer by a factor. */
    private static PolarQuadrature of(DoubleUnaryOperator phi, DoubleUnaryOperator slope, int finer) {
        List<Tier> tiers = new ArrayList<>();
        double[] spreads = {0.25, 0.5, 0.8, 1.2, 2, 3.2, 6, 12};
        int[] nodes = {6, 10, 12, 16, 24, 32, 48, 64};
        for (int k = 0; k < nodes.length; k++) {
            tiers.add(new Tier(spreads[k], AngularRule.gauss(finer * nodes[k])));
        }
        for (double reach : new double[] {12, 25, 50, 100, 360}) {
            tiers.add(new Tier(Math.exp(reach), AngularRule.crowded(0.35 / finer, 22 + reach)));
        }
        return new PolarQuadrature(new RadialTable(phi, slope, 16 * finer), tiers, () -> of(phi, slope, 2 * finer));
    }

    private AngularRule rule(double spread) {
        int k = 0;
        while (k < tiers.size() - 1 && spread > tiers.get(k).spread()) {
            k++;
        }
        return tiers.get(k).rule();
    }

    /** Fills {@code value} and {@code slope}. */
    public void expectations(Pairs p) {
        p.correlate();
        Sector room = new Sector();
        double[] sums = new double[2];
        for (int i = 0; i < p.n; i++) {
            double theta = 2 * Math.atan2(Math.sqrt(1 - p.rho[i]), Math.sqrt(1 + p.rho[i]));
            double log1 = Math.log(p.q11[i]) / 2;
            double log2 = Math.log(p.q22[i]) / 2;
            sums[0] = 0;
            sums[1] = 0;
            room.add(true, (Math.PI - theta) / 2, log1, log2, sums);
            room.add(false, theta / 2, log1, log2, sums);
            p.value[i] = sums[0];
            p.slope[i] = sums[1];
        }
    }

    /**
     * The largest difference from a rule with twice as many nodes everywhere, over variances of 0.1, 1 and 10 and correlations
     * from −1 to 1, relative to {@code √(E[φ(u)²] E[φ(v)²])}, or the same with φ'.
     */
    public double error() {
        if (error.get() == null) {
            error.set(compare(finer.get()));
        }
        return error.get();
    }

    private double compare(PolarQuadrature other) {
        double[] variances = {0.1, 1, 10};
        double[] rhos = {1, -1, 0.99, 0.9, 0.5, 0, -0.5, -0.9};
        double worst = 0;
        for (double q1 : variances) {
            double[] here = moments(this, q1, q1, rhos);
            double[] there = moments(other, q1, q1, rhos);
            for (double q2 : variances) {
                double[] mixed = q1 == q2 ? here : moments(this, q1, q2, rhos);
                double[] mixedThere = q1 == q2 ? there : moments(other, q1, q2, rhos);
                double[] second = q1 == q2 ? there : moments(other, q2, q2, rhos);
                for (int k = 0; k < mixed.length; k++) {
                    int diagonal = k < rhos.length ? 0 : rhos.length;
                    double scale = Math.sqrt(there[diagonal]) * Math.sqrt(second[diagonal]);
                    worst = Math.max(worst, Math.abs(mixed[k] - mixedThere[k]) / Math.max(scale, Double.MIN_NORMAL));
                }
            }
        }
        return worst;
    }

    /** E[φφ] for every correlation, then E[φ'φ']. */
    private static double[] moments(PolarQuadrature quadrature, double q1, double q2, double[] rhos) {
        int n = rhos.length;
        double[] q11 = new double[n];
        double[] q22 = new double[n];
        double[] q12 = new double[n];
        for (int k = 0; k < n; k++) {
            q11[k] = q1;
            q22[k] = q2;
            q12[k] = rhos[k] * Math.sqrt(q1 * q2);
        }
        Pairs p = Pairs.of(q11, q22, q12);
        quadrature.expectations(p);
        double[] both = Arrays.copyOf(p.value, 2 * n);
        System.arraycopy(p.slope, 0, both, n, n);
        return both;
    }

    /** One of the two sectors; holds the room for the weights of interpolation. */
    private final class Sector {

        private static final int POINTS = RadialTable.POINTS;

        private int[] cells1 = new int[0];
        private int[] cells2;
        private double[] weights1;
        private double[] weights2;

        void add(boolean equalSigns, double width, double log1, double log2, double[] sums) {
            if (width == 0) {
                return;
            }
            // Even a function of small spread sees the sine over the sector.
            AngularRule rule = rule(Math.max(0.75, Math.exp(Math.max(log1, log2))) * width);
            int n = rule.size();
            if (cells1.length < n) {
                cells1 = new int[n];
                cells2 = new int[n];
                weights1 = new double[n * POINTS];
                weights2 = new double[n * POINTS];
            }
            // Rounding of a variance must not cost the symmetry that halves the work.
            boolean symmetric = Math.abs(log1 - log2) < 1e-15;
            for (int k = 0; k < n; k++) {
                double sine = Math.log(Math.sin(width * rule.distance()[k]));
                cells1[k] = interpolate(table.place(log1 + sine), weights1, k * POINTS);
                if (!symmetric) {
                    cells2[k] = interpolate(table.place(log2 + sine), weights2, k * POINTS);
                }
            }
            int[] second = symmetric ? cells1 : cells2;
            double[] secondWeights = symmetric ? weights1 : weights2;
            int last = symmetric ? (n + 1) / 2 : n;
            for (int k = 0; k < last; k++) {
                int mirror = n - 1 - k;
                double weight = rule.weight()[k] * width / (2 * Math.PI);
                table.add(equalSigns, cells1[k], weights1, k * POINTS, second[mirror], secondWeights, mirror * POINTS,
                        symmetric && mirror != k ? 2 * weight : weight, sums);
            }
        }
    }

    /** Lagrange's weights for eight neighbours of a place on the grid; gives the cell. */
    private static int interpolate(double place, double[] w, int at) {
        int cell = (int) Math.floor(place);
        double x = place - cell;
        double a = x + 3;
        double b = x + 2;
        double c = x + 1;
        double e = x - 1;
        double f = x - 2;
        double g = x - 3;
        double h = x - 4;
        double ab = a * b;
        double abc = ab * c;
        double abcd = abc * x;
        double gh = g * h;
        double fgh = f * gh;
        double efgh = e * fgh;
        w[at] = b * c * x * efgh / -5040;
        w[at + 1] = a * c * x * efgh / 720;
        w[at + 2] = ab * x * efgh / -240;
        w[at + 3] = abc * efgh / 144;
        w[at + 4] = abcd * fgh / -144;
        w[at + 5] = abcd * e * gh / 240;
        w[at + 6] = abcd * e * f * h / -720;
        w[at + 7] = abcd * e * f * g / 5040;
        return cell;
    }
}
