package org.ntk4j.infinite;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Rows of float32 in vector instructions, as wide as the machine has them. */
final class VectorRows32 implements Rows<float[]> {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public Rows<float[]> another() {
        return new VectorRows32();
    }

    @Override
    public float[] room(int size) {
        return new float[size];
    }

    @Override
    public void put(double[] from, int at, float[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] = (float) from[at + i];
        }
    }

    @Override
    public void get(float[] from, int at, double[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] = from[at + i];
        }
    }

    private static FloatVector load(float[] a, int at) {
        return FloatVector.fromArray(SPECIES, a, at);
    }

    @Override
    public void products(float[] left, int leftAt, float[] right, int rightAt, int rightStep, float[] to, int at, int n, boolean first) {
        if (first) {
            for (int x = 0; x < n; x++) {
                load(right, rightAt + x * rightStep).mul(left[leftAt + x]).intoArray(to, at + x * LANES);
            }
        } else {
            for (int x = 0; x < n; x++) {
                load(right, rightAt + x * rightStep).fma(FloatVector.broadcast(SPECIES, left[leftAt + x]), load(to, at + x * LANES)).intoArray(to, at + x * LANES);
            }
        }
    }

    @Override
    public void squares(float[] from, int fromAt, float[] to, int at, int n, boolean first) {
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector v = load(from, fromAt + i);
            if (first) {
                v.mul(v).intoArray(to, at + i);
            } else {
                v.fma(v, load(to, at + i)).intoArray(to, at + i);
            }
        }
    }

    @Override
    public void scale(float[] k, int at, int n, double factor) {
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).mul((float) factor).intoArray(k, i);
        }
    }

    @Override
    public void across(float[] k, float[] t, int at, float[] masks, int maskAt, int maskStride, int taps, float[] toK, float[] toT, int toAt, int n) {
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

    private static void across(float[] from, int at, float[] masks, int maskAt, int maskStride, int taps, float[] to, int toAt, int n) {
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

    private static void masked(float[] from, int source, float[] masks, int mask, float[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            load(from, source + x * LANES).mul(load(masks, mask + x)).intoArray(to, toAt + x * LANES);
        }
    }

    private static void added(float[] from, int source, float[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, toAt + i).add(load(from, source + i)).intoArray(to, toAt + i);
        }
    }

    private static void addedMasked(float[] from, int source, float[] masks, int mask, float[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            load(from, source + x * LANES).fma(load(masks, mask + x), load(to, toAt + x * LANES)).intoArray(to, toAt + x * LANES);
        }
    }

    private static void across3(float[] from, int at, float[] to, int toAt, int n) {
        FloatVector one = load(from, at);
        FloatVector two = load(from, at + LANES);
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector three = load(from, at + 2 * LANES + i);
            one.add(two).add(three).intoArray(to, toAt + i);
            one = two;
            two = three;
        }
    }

    /** Each value is read once, each mask serves both. */
    private static void across3(float[] k, float[] t, int at, float[] masks, int maskAt, int maskStride, float[] toK, float[] toT, int toAt, int n) {
        FloatVector oneK = load(k, at);
        FloatVector oneT = load(t, at);
        FloatVector twoK = load(k, at + LANES);
        FloatVector twoT = load(t, at + LANES);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            FloatVector threeK = load(k, at + 2 * LANES + i);
            FloatVector threeT = load(t, at + 2 * LANES + i);
            FloatVector first = load(masks, maskAt + x);
            FloatVector second = load(masks, maskAt + maskStride + x);
            FloatVector third = load(masks, maskAt + 2 * maskStride + x);
            threeK.fma(third, twoK.fma(second, oneK.mul(first))).intoArray(toK, toAt + i);
            threeT.fma(third, twoT.fma(second, oneT.mul(first))).intoArray(toT, toAt + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
        }
    }

    @Override
    public void down(float[] fromK, float[] fromT, int[] sources, float[] k, float[] t, int at, int n, Affine map) {
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

    private static void down3(float[] fromK, float[] fromT, int a, int b, int c, float[] k, float[] t, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector sumK = load(fromK, a + i).add(load(fromK, b + i)).add(load(fromK, c + i));
            FloatVector sumT = load(fromT, a + i).add(load(fromT, b + i)).add(load(fromT, c + i));
            sumK.mul(ofK).add(sumT.mul(ofT)).add(biasT).intoArray(t, at + i);
            sumK.mul(scale).add(bias).intoArray(k, at + i);
        }
    }

    @Override
    public void linear(float[] k, float[] t, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        for (int i = at; i < at + n * LANES; i += LANES) {
            FloatVector v = load(k, i);
            v.mul(ofK).add(load(t, i).mul(ofT)).add(biasT).intoArray(t, i);
            v.mul(scale).add(bias).intoArray(k, i);
        }
    }

    @Override
    public void features(Arc form, float[] q, float[] g, int at, int n) {
        for (int i = at; i < at + n * LANES; i += LANES) {
            root(form, load(q, i)).intoArray(g, i);
        }
    }

    private static FloatVector root(Arc form, FloatVector q) {
        return q.sqrt();
    }

    @Override
    public void activate(Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2, float[] g2, int rightAt, int rightStep) {
        bend((Arc.Bend) form, k, t, at, n, q1, g1, leftAt, leftStep, q2, g2, rightAt, rightStep);
    }

    private static void bend(Arc.Bend f, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2, float[] g2, int rightAt,
            int rightStep) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector least = FloatVector.broadcast(SPECIES, Float.MIN_NORMAL);
        FloatVector bend = FloatVector.broadcast(SPECIES, (float) f.bend());
        FloatVector flat = FloatVector.broadcast(SPECIES, (float) f.flat());
        FloatVector turn = FloatVector.broadcast(SPECIES, (float) f.turn());
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            FloatVector q12 = load(k, i);
            // A product less a product, not a fused one: 0 where all three are equal.
            FloatVector root = load(q2, right).mul(q1[leftAt + x * leftStep]).sub(q12.mul(q12)).max(zero).sqrt();
            FloatVector below = load(g2, right).mul(g1[leftAt + x * leftStep]).add(root).max(least);
            FloatVector slope = arcTangent(q12.div(below)).fma(turn, flat);
            slope.fma(q12, root.mul(bend)).intoArray(k, i);
            load(t, i).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void own(Arc form, float[] k, float[] t, int at, int n, float[] q, float[] g, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector flat = FloatVector.broadcast(SPECIES, (float) f.flat());
        FloatVector turn = FloatVector.broadcast(SPECIES, (float) f.turn());
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector variance = load(k, at + i);
            FloatVector root = root(form, variance);
            variance.intoArray(q, featuresAt + i);
            root.intoArray(g, featuresAt + i);
            FloatVector slope = arcTangent(variance.div(root.mul(root).max(Float.MIN_NORMAL))).fma(turn, flat);
            slope.mul(variance).intoArray(k, at + i);
            load(t, at + i).mul(slope).intoArray(t, at + i);
        }
    }

    /** The polynomial of {@link Arctangents}. */
    private static FloatVector arcTangent(FloatVector ratio) {
        FloatVector x = ratio.min(1f).max(-1f);
        FloatVector y = x.mul(x);
        FloatVector y2 = y.mul(y);
        FloatVector even = all(Arctangents.F8).fma(y2, all(Arctangents.F6)).fma(y2, all(Arctangents.F4)).fma(y2, all(Arctangents.F2)).fma(y2, all(Arctangents.F0));
        FloatVector odd = all(Arctangents.F7).fma(y2, all(Arctangents.F5)).fma(y2, all(Arctangents.F3)).fma(y2, all(Arctangents.F1));
        return x.mul(y).fma(odd.fma(y, even), x);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    @Override
    public void weigh(float[] k, float[] t, int at, int n, float[] f1, int leftAt, float[] f2, int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            FloatVector factor = load(f2, rightAt + x * rightStep).mul(f1[leftAt + x]);
            load(k, i).mul(factor).intoArray(k, i);
            load(t, i).mul(factor).intoArray(t, i);
        }
    }

    @Override
    public void ownWeigh(double epsilon, float[] k, float[] t, int at, int n, float[] f, int featuresAt) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector variance = load(k, at + i);
            FloatVector factor = one.div(variance.add((float) epsilon).sqrt());
            factor.intoArray(f, featuresAt + i);
            FloatVector twice = factor.mul(factor);
            variance.mul(twice).intoArray(k, at + i);
            load(t, at + i).mul(twice).intoArray(t, at + i);
        }
    }

    @Override
    public void add(float[] from, float[] to, int at, int n) {
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(to, i).add(load(from, i)).intoArray(to, i);
        }
    }

    @Override
    public void mask(float[] k, int at, float[] masks, int maskAt, int n) {
        for (int x = 0; x < n; x++) {
            load(k, at + x * LANES).mul(load(masks, maskAt + x)).intoArray(k, at + x * LANES);
        }
    }

    @Override
    public void sum(float[] k, int at, float[] masks, int maskAt, int n, float[] to) {
        if (masks == null) {
            sum(k, at, n, to);
        } else {
            sumMasked(k, at, masks, maskAt, n, to);
        }
    }

    private static void sum(float[] k, int at, int n, float[] to) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            sum = sum.add(load(k, at + x * LANES));
        }
        sum.intoArray(to, 0);
    }

    private static void sumMasked(float[] k, int at, float[] masks, int maskAt, int n, float[] to) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            sum = load(k, at + x * LANES).fma(load(masks, maskAt + x), sum);
        }
        sum.intoArray(to, 0);
    }
}
