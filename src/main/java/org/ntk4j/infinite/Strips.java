package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ntk4j.Failure;
import org.ntk4j.network.Flatten;
import org.ntk4j.network.Layer;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;

/**
 * The engine for dense networks: where nothing but dense layers and activations follows the inputs' inner products, a strip of
 * pairs goes through all layers in place while it stays in the first-level cache. The variances along the way belong to one
 * example alone, and are computed once for all tiles. The same operations in the same order as layer by layer, so the same values.
 */
final class Strips implements Engine {

    private static final int STRIP = 512;

    private final InputGram side1;
    private final InputGram side2;
    private final List<PlaneStep> steps;
    private final List<String> names;
    private final Own own1;
    private final Own own2;

    private Strips(InputGram side1, InputGram side2, List<PlaneStep> steps, List<String> names) {
        this.side1 = side1;
        this.side2 = side2;
        this.steps = steps;
        this.names = names;
        this.own1 = own(side1);
        this.own2 = side2 == side1 ? own1 : own(side2);
    }

    /** Each example with itself: variances before each activation, [activation][example], their scales, and both kernels at the end. */
    private record Own(double[][] variances, double[][] scales, double[] k, double[] t) {

        /** Whether float64 holds everything on the way. */
        boolean isSound() {
            for (int step = 0; step < variances.length; step++) {
                for (int i = 0; i < k.length; i++) {
                    if (!Float64.holds(variances[step][i]) || step > 0 && Float64.vanished(variances[step - 1][i], variances[step][i])) {
                        return false;
                    }
                }
            }
            for (int i = 0; i < k.length; i++) {
                if (!Float64.holds(k[i]) || !Double.isFinite(t[i]) || variances.length > 0 && Float64.vanished(variances[variances.length - 1][i], k[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The strips of a network, if all of it keeps to them; a network that fails on the way is left to the engine that names the layer. */
    static Optional<Strips> of(Serial network, InputGram side1, InputGram side2) {
        if (!side1.shape().isVector()) {
            return Optional.empty();
        }
        List<PlaneStep> steps = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Shape shape = side1.shape();
        boolean gaussian = false;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<PlaneStep> step = layer instanceof Flatten ? Optional.of(new PlaneStep.Pass()) : layer.plane(shape);
            if (step.isEmpty() || step.get() instanceof PlaneStep.Activate && !gaussian
                    || step.get() instanceof PlaneStep.Linear l && l.rows() * l.columns() != 1) {
                return Optional.empty();
            }
            gaussian = step.get() instanceof PlaneStep.Linear || gaussian && step.get() instanceof PlaneStep.Pass;
            steps.add(step.get());
            names.add("network." + i + "." + layer.name());
            shape = layer.outputShape(shape);
        }
        try {
            Strips strips = new Strips(side1, side2, steps, names);
            return strips.own1.isSound() && strips.own2.isSound() ? Optional.of(strips) : Optional.empty();
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    private Own own(InputGram gram) {
        int n = gram.count();
        double[] k = gram.own(0, n).k().clone();
        double[] t = new double[n];
        List<double[]> variances = new ArrayList<>();
        List<double[]> scales = new ArrayList<>();
        Pairs pairs = new Pairs(STRIP);
        for (PlaneStep step : steps) {
            if (step instanceof PlaneStep.Linear l) {
                linear(l, k, t, 0, n);
            } else if (step instanceof PlaneStep.Activate a) {
                double[] q = k.clone();
                double[] scale = Arrays.stream(q).map(Pairs::scale).toArray();
                variances.add(q);
                scales.add(scale);
                for (int from = 0; from < n; from += STRIP) {
                    pairs.n = Math.min(STRIP, n - from);
                    System.arraycopy(q, from, pairs.q11, 0, pairs.n);
                    System.arraycopy(q, from, pairs.q22, 0, pairs.n);
                    System.arraycopy(scale, from, pairs.scale1, 0, pairs.n);
                    System.arraycopy(scale, from, pairs.scale2, 0, pairs.n);
                    activate(a, pairs, k, t, from);
                }
            }
        }
        return new Own(variances.toArray(double[][]::new), scales.toArray(double[][]::new), k, t);
    }

    private static void linear(PlaneStep.Linear l, double[] k, double[] t, int from, int to) {
        double fromK = l.rule().covariance();
        double fromT = l.rule().tangent();
        double bias = l.rule().bias();
        for (int i = from; i < to; i++) {
            t[i] = fromK * k[i] + fromT * t[i] + bias;
        }
        double scale = l.scale();
        double add = l.bias();
        for (int i = from; i < to; i++) {
            k[i] = scale * k[i] + add;
        }
    }

    private static void activate(PlaneStep.Activate a, Pairs pairs, double[] k, double[] t, int from) {
        int n = pairs.n;
        System.arraycopy(k, from, pairs.q12, 0, n);
        a.phi().expectations(pairs);
        System.arraycopy(pairs.value, 0, k, from, n);
        double[] slope = pairs.slope;
        for (int i = 0; i < n; i++) {
            t[from + i] *= slope[i];
        }
    }

    @Override
    public TileValues tile(Tile t) {
        TileValues values = tile(t, t.i0(), t.i1(), t.j0(), t.j1());
        if (side1 != side2 || !t.isDiagonal()) {
            return values;
        }
        for (int i = 0; i < t.rows(); i++) {
            values.nngp()[i * (t.columns() + 1)] = own1.k[t.i0() + i];
            values.ntk()[i * (t.columns() + 1)] = own1.t[t.i0() + i];
        }
        return values.mirrored();
    }

    private TileValues tile(Tile tile, int i0, int i1, int j0, int j1) {
        Block products = InputGram.vectors(side1, i0, i1, side2, j0, j1);
        double[] k = products.k();
        double[] t = products.t();
        int width = j1 - j0;
        int rowsOfStrip = Math.max(1, STRIP / width);
        Pairs pairs = new Pairs(rowsOfStrip * width);
        for (int row = i0; row < i1; row += rowsOfStrip) {
            int last = Math.min(i1, row + rowsOfStrip);
            int from = (row - i0) * width;
            pairs.n = (last - row) * width;
            int activation = 0;
            for (int s = 0; s < steps.size(); s++) {
                if (steps.get(s) instanceof PlaneStep.Linear l) {
                    linear(l, k, t, from, from + pairs.n);
                } else if (steps.get(s) instanceof PlaneStep.Activate a) {
                    for (int i = row; i < last; i++) {
                        int at = (i - row) * width;
                        Arrays.fill(pairs.q11, at, at + width, own1.variances[activation][i]);
                        Arrays.fill(pairs.scale1, at, at + width, own1.scales[activation][i]);
                        System.arraycopy(own2.variances[activation], j0, pairs.q22, at, width);
                        System.arraycopy(own2.scales[activation], j0, pairs.scale2, at, width);
                    }
                    try {
                        activate(a, pairs, k, t, from);
                    } catch (Failure e) {
                        throw Failure.run(names.get(s) + ": " + e.getMessage());
                    }
                    activation++;
                }
            }
        }
        return new TileValues(tile, k, t);
    }

    @Override
    public void close() {
        side1.close();
        if (side2 != side1) {
            side2.close();
        }
    }
}
