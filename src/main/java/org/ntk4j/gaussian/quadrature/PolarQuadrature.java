package org.ntk4j.gaussian.quadrature;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Pairs;

/**
 * E[φ(u)φ(v)] and E[φ'(u)φ'(v)] for a function without a closed form. In polar coordinates u and v are
 * {@code r √q11 sin(W−β)} and {@code r √q22 sin(W+β)}: where their signs agree β runs from −W to W with W half of π − θ, where
 * they differ with W half of θ, θ the angle between u and v. So a kink at 0 lies on the border, and ρ = ±1 is nothing special. The
 * radial integral comes from a {@link RadialTable}, the one over β is summed up here.
 */
final class PolarQuadrature implements Quadrature {

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
    static PolarQuadrature of(DoubleUnaryOperator phi, DoubleUnaryOperator slope) {
        return of(phi, slope, 1);
    }

    /** A quadrature all of whose steps are finer by a factor. */
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
        return new PolarQuadrature(new RadialTable(phi, slope, 12 * finer), tiers, () -> of(phi, slope, 2 * finer));
    }

    private AngularRule rule(double spread) {
        int k = 0;
        while (k < tiers.size() - 1 && spread > tiers.get(k).spread()) {
            k++;
        }
        return tiers.get(k).rule();
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        Sector room = new Sector();
        double[] sums = new double[2];
        for (int i = 0; i < p.n; i++) {
            Halt.check();
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

    @Override
    public double error() {
        if (error.get() == null) {
            error.set(Quadrature.difference(this, finer.get(), 0.1, 1, 10));
        }
        return Objects.requireNonNull(error.get());
    }

    /** One of the two sectors; holds the room for the weights of interpolation. */
    private final class Sector {

        private static final int POINTS = RadialTable.POINTS;

        private int[] cells1 = new int[0];
        private int[] cells2 = new int[0];
        private double[] weights1 = new double[0];
        private double[] weights2 = new double[0];

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
                cells1[k] = RadialTable.interpolate(table.place(log1 + sine), weights1, k * POINTS);
                if (!symmetric) {
                    cells2[k] = RadialTable.interpolate(table.place(log2 + sine), weights2, k * POINTS);
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
}
