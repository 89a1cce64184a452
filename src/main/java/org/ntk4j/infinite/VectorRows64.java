package org.ntk4j.infinite;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Rows of float64 in vector instructions, as wide as the machine has them. */
final class VectorRows64 implements Rows<double[]> {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private double[] ratios = {};
    private double[] roots = {};

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public Rows<double[]> another() {
        return new VectorRows64();
    }

    @Override
    public double[] room(int size) {
        return new double[size];
    }

    @Override
    public void put(double[] from, int at, double[] to, int toAt, int n) {
        System.arraycopy(from, at, to, toAt, n);
    }

    @Override
    public void get(double[] from, int at, double[] to, int toAt, int n) {
        System.arraycopy(from, at, to, toAt, n);
    }

    private static DoubleVector load(double[] a, int at) {
        return DoubleVector.fromArray(SPECIES, a, at);
    }

    @Override
    public void products(double[] left, int leftAt, double[] right, int rightAt, int rightStep, double[] to, int at, int n, boolean first) {
        if (first) {
            for (int x = 0; x < n; x++) {
                load(right, rightAt + x * rightStep).mul(left[leftAt + x]).intoArray(to, at + x * LANES);
            }
        } else {
            for (int x = 0; x < n; x++) {
                load(right, rightAt + x * rightStep).fma(DoubleVector.broadcast(SPECIES, left[leftAt + x]), load(to, at + x * LANES)).intoArray(to, at + x * LANES);
            }
        }
    }

    @Override
    public void squares(double[] from, int fromAt, double[] to, int at, int n, boolean first) {
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector v = load(from, fromAt + i);
            if (first) {
                v.mul(v).intoArray(to, at + i);
            } else {
                v.fma(v, load(to, at + i)).intoArray(to, at + i);
            }
        }
    }

    @Override
    public void scale(double[] k, int at, int n, double factor) {
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).mul((double) factor).intoArray(k, i);
        }
    }

    @Override
    public void across(double[] k, double[] t, int at, double[] masks, int maskAt, int maskStride, int taps, double[] toK, double[] toT, int toAt, int n) {
        if (taps == 3 && masks == null) {
            across3(k, at, toK, toAt, n);
            across3(t, at, toT, toAt, n);
        } else if (taps == 3) {
            across3(k, t, at, masks, maskAt, maskStride, toK, toT, toAt, n);
        } else {
            across(k, at, masks, maskAt, maskStride, taps, toK, toAt, n);
            across(t, at, masks, maskAt, maskStride, taps, toT, toAt, n);
        }
    }

    private static void across(double[] from, int at, double[] masks, int maskAt, int maskStride, int taps, double[] to, int toAt, int n) {
        for (int tap = 0; tap < taps; tap++) {
            int source = at + tap * LANES;
            int mask = maskAt + tap * maskStride;
            if (tap == 0 && masks == null) {
                System.arraycopy(from, source, to, toAt, n * LANES);
            } else if (tap == 0) {
                masked(from, source, masks, mask, to, toAt, n);
            } else if (masks == null) {
                added(from, source, to, toAt, n);
            } else {
                addedMasked(from, source, masks, mask, to, toAt, n);
            }
        }
    }

    private static void masked(double[] from, int source, double[] masks, int mask, double[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            load(from, source + x * LANES).mul(load(masks, mask + x)).intoArray(to, toAt + x * LANES);
        }
    }

    private static void added(double[] from, int source, double[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, toAt + i).add(load(from, source + i)).intoArray(to, toAt + i);
        }
    }

    private static void addedMasked(double[] from, int source, double[] masks, int mask, double[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            load(from, source + x * LANES).fma(load(masks, mask + x), load(to, toAt + x * LANES)).intoArray(to, toAt + x * LANES);
        }
    }

    private static void across3(double[] from, int at, double[] to, int toAt, int n) {
        DoubleVector one = load(from, at);
        DoubleVector two = load(from, at + LANES);
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector three = load(from, at + 2 * LANES + i);
            one.add(two).add(three).intoArray(to, toAt + i);
            one = two;
            two = three;
        }
    }

    /** Each value is read once, each mask serves both. */
    private static void across3(double[] k, double[] t, int at, double[] masks, int maskAt, int maskStride, double[] toK, double[] toT, int toAt, int n) {
        DoubleVector oneK = load(k, at);
        DoubleVector oneT = load(t, at);
        DoubleVector twoK = load(k, at + LANES);
        DoubleVector twoT = load(t, at + LANES);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            DoubleVector threeK = load(k, at + 2 * LANES + i);
            DoubleVector threeT = load(t, at + 2 * LANES + i);
            DoubleVector first = load(masks, maskAt + x);
            DoubleVector second = load(masks, maskAt + maskStride + x);
            DoubleVector third = load(masks, maskAt + 2 * maskStride + x);
            threeK.fma(third, twoK.fma(second, oneK.mul(first))).intoArray(toK, toAt + i);
            threeT.fma(third, twoT.fma(second, oneT.mul(first))).intoArray(toT, toAt + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
        }
    }

    @Override
    public void down(double[] fromK, double[] fromT, int[] sources, double[] k, double[] t, int at, int n, Affine map) {
        if (sources.length == 3) {
            down3(fromK, fromT, sources[0], sources[1], sources[2], k, t, at, n, map);
            return;
        }
        System.arraycopy(fromK, sources[0], k, at, n * LANES);
        System.arraycopy(fromT, sources[0], t, at, n * LANES);
        for (int s = 1; s < sources.length; s++) {
            for (int i = 0; i < n * LANES; i += LANES) {
                load(k, at + i).add(load(fromK, sources[s] + i)).intoArray(k, at + i);
                load(t, at + i).add(load(fromT, sources[s] + i)).intoArray(t, at + i);
            }
        }
        linear(k, t, at, n, map);
    }

    private static void down3(double[] fromK, double[] fromT, int a, int b, int c, double[] k, double[] t, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, (double) map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, (double) map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, (double) map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, (double) map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, (double) map.biasT());
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector sumK = load(fromK, a + i).add(load(fromK, b + i)).add(load(fromK, c + i));
            DoubleVector sumT = load(fromT, a + i).add(load(fromT, b + i)).add(load(fromT, c + i));
            sumK.mul(ofK).add(sumT.mul(ofT)).add(biasT).intoArray(t, at + i);
            sumK.mul(scale).add(bias).intoArray(k, at + i);
        }
    }

    @Override
    public void linear(double[] k, double[] t, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, (double) map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, (double) map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, (double) map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, (double) map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, (double) map.biasT());
        for (int i = at; i < at + n * LANES; i += LANES) {
            DoubleVector v = load(k, i);
            v.mul(ofK).add(load(t, i).mul(ofT)).add(biasT).intoArray(t, i);
            v.mul(scale).add(bias).intoArray(k, i);
        }
    }

    @Override
    public void features(Arc form, double[] q, double[] g, int at, int n) {
        for (int i = at; i < at + n * LANES; i += LANES) {
            root(form, load(q, i)).intoArray(g, i);
        }
    }

    private static DoubleVector root(Arc form, DoubleVector q) {
        return q.sqrt();
    }

    @Override
    public void activate(Arc form, double[] k, double[] t, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2, double[] g2, int rightAt, int rightStep) {
        bend((Arc.Bend) form, k, t, at, n, q1, g1, leftAt, leftStep, q2, g2, rightAt, rightStep);
    }

    /** In two loops: the compiler gives up on one that is as long. */
    private void bend(Arc.Bend f, double[] k, double[] t, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2, double[] g2, int rightAt, int rightStep) {
        if (ratios.length < n * LANES) {
            ratios = new double[n * LANES];
            roots = new double[n * LANES];
        }
        ratios(k, at, n, q1, g1, leftAt, leftStep, q2, g2, rightAt, rightStep, ratios, roots);
        bend(f, k, t, at, n, ratios, roots);
    }

    private static void ratios(double[] k, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2, double[] g2, int rightAt, int rightStep, double[] ratios,
            double[] roots) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector least = DoubleVector.broadcast(SPECIES, Double.MIN_NORMAL);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int right = rightAt + x * rightStep;
            DoubleVector q12 = load(k, at + i);
            // A product less a product, not a fused one: 0 where all three are equal.
            DoubleVector root = load(q2, right).mul(q1[leftAt + x * leftStep]).sub(q12.mul(q12)).max(zero).sqrt();
            root.intoArray(roots, i);
            q12.div(load(g2, right).mul(g1[leftAt + x * leftStep]).add(root).max(least)).intoArray(ratios, i);
        }
    }

    private static void bend(Arc.Bend f, double[] k, double[] t, int at, int n, double[] ratios, double[] roots) {
        DoubleVector bend = DoubleVector.broadcast(SPECIES, (double) f.bend());
        DoubleVector flat = DoubleVector.broadcast(SPECIES, (double) f.flat());
        DoubleVector turn = DoubleVector.broadcast(SPECIES, (double) f.turn());
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector slope = arcTangent(load(ratios, i)).fma(turn, flat);
            slope.fma(load(k, at + i), load(roots, i).mul(bend)).intoArray(k, at + i);
            load(t, at + i).mul(slope).intoArray(t, at + i);
        }
    }

    @Override
    public void own(Arc form, double[] k, double[] t, int at, int n, double[] q, double[] g, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector flat = DoubleVector.broadcast(SPECIES, (double) f.flat());
        DoubleVector turn = DoubleVector.broadcast(SPECIES, (double) f.turn());
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector variance = load(k, at + i);
            DoubleVector root = root(form, variance);
            variance.intoArray(q, featuresAt + i);
            root.intoArray(g, featuresAt + i);
            DoubleVector slope = arcTangent(variance.div(root.mul(root).max(Double.MIN_NORMAL))).fma(turn, flat);
            slope.mul(variance).intoArray(k, at + i);
            load(t, at + i).mul(slope).intoArray(t, at + i);
        }
    }

    /** The polynomial of {@link Arctangents}; small enough, in bytes of code, to be compiled into the loops that call it. */
    private static DoubleVector arcTangent(DoubleVector ratio) {
        DoubleVector x = ratio.min(1.0).max(-1.0);
        DoubleVector y = x.mul(x);
        DoubleVector y2 = y.mul(y);
        DoubleVector y4 = y2.mul(y2);
        DoubleVector a = all(Arctangents.D16).fma(y4, all(Arctangents.D12)).fma(y4, all(Arctangents.D8)).fma(y4, all(Arctangents.D4)).fma(y4, all(Arctangents.D0));
        DoubleVector b = all(Arctangents.D17).fma(y4, all(Arctangents.D13)).fma(y4, all(Arctangents.D9)).fma(y4, all(Arctangents.D5)).fma(y4, all(Arctangents.D1));
        DoubleVector c = all(Arctangents.D18).fma(y4, all(Arctangents.D14)).fma(y4, all(Arctangents.D10)).fma(y4, all(Arctangents.D6)).fma(y4, all(Arctangents.D2));
        DoubleVector d = all(Arctangents.D19).fma(y4, all(Arctangents.D15)).fma(y4, all(Arctangents.D11)).fma(y4, all(Arctangents.D7)).fma(y4, all(Arctangents.D3));
        return x.mul(y).fma(d.fma(y, c).fma(y2, b.fma(y, a)), x);
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    @Override
    public void weigh(double[] k, double[] t, int at, int n, double[] f1, int leftAt, double[] f2, int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            DoubleVector factor = load(f2, rightAt + x * rightStep).mul(f1[leftAt + x]);
            load(k, i).mul(factor).intoArray(k, i);
            load(t, i).mul(factor).intoArray(t, i);
        }
    }

    @Override
    public void ownWeigh(double epsilon, double[] k, double[] t, int at, int n, double[] f, int featuresAt) {
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector variance = load(k, at + i);
            DoubleVector factor = one.div(variance.add((double) epsilon).sqrt());
            factor.intoArray(f, featuresAt + i);
            DoubleVector twice = factor.mul(factor);
            variance.mul(twice).intoArray(k, at + i);
            load(t, at + i).mul(twice).intoArray(t, at + i);
        }
    }

    @Override
    public void add(double[] from, double[] to, int at, int n) {
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(to, i).add(load(from, i)).intoArray(to, i);
        }
    }

    @Override
    public void mask(double[] k, int at, double[] masks, int maskAt, int n) {
        for (int x = 0; x < n; x++) {
            load(k, at + x * LANES).mul(load(masks, maskAt + x)).intoArray(k, at + x * LANES);
        }
    }

    @Override
    public void sum(double[] k, int at, double[] masks, int maskAt, int n, double[] to) {
        if (masks == null) {
            sum(k, at, n, to);
        } else {
            sumMasked(k, at, masks, maskAt, n, to);
        }
    }

    private static void sum(double[] k, int at, int n, double[] to) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            sum = sum.add(load(k, at + x * LANES));
        }
        sum.intoArray(to, 0);
    }

    private static void sumMasked(double[] k, int at, double[] masks, int maskAt, int n, double[] to) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            sum = load(k, at + x * LANES).fma(load(masks, maskAt + x), sum);
        }
        sum.intoArray(to, 0);
    }
}
