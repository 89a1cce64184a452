package org.ntk4j.infinite;

/** Rows of float32 in plain Java: the operations of {@link VectorRows32}, value by value. */
final class PlainRows32 implements Rows<float[]> {

    private final int lanes;

    PlainRows32(int lanes) {
        this.lanes = lanes;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public Rows<float[]> another() {
        return this;
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

    @Override
    public void products(float[] left, int leftAt, float[] right, int rightAt, int rightStep, float[] to, int at, int n, boolean first) {
        for (int x = 0; x < n; x++) {
            float l = left[leftAt + x];
            int r = rightAt + x * rightStep;
            int i = at + x * lanes;
            for (int j = 0; j < lanes; j++) {
                to[i + j] = first ? l * right[r + j] : Math.fma(l, right[r + j], to[i + j]);
            }
        }
    }

    @Override
    public void squares(float[] from, int fromAt, float[] to, int at, int n, boolean first) {
        for (int i = 0; i < n * lanes; i++) {
            float v = from[fromAt + i];
            to[at + i] = first ? v * v : Math.fma(v, v, to[at + i]);
        }
    }

    @Override
    public void scale(float[] k, int at, int n, double factor) {
        float f = (float) factor;
        for (int i = at; i < at + n * lanes; i++) {
            k[i] *= f;
        }
    }

    @Override
    public void across(float[] k, float[] t, int at, float[] masks, int maskAt, int maskStride, int taps, float[] toK, float[] toT, int toAt, int n) {
        across(k, at, masks, maskAt, maskStride, taps, toK, toAt, n);
        across(t, at, masks, maskAt, maskStride, taps, toT, toAt, n);
    }

    private void across(float[] from, int at, float[] masks, int maskAt, int maskStride, int taps, float[] to, int toAt, int n) {
        for (int tap = 0; tap < taps; tap++) {
            int source = at + tap * lanes;
            for (int x = 0; x < n; x++) {
                int i = x * lanes;
                int mask = maskAt + tap * maskStride + x;
                for (int j = 0; j < lanes; j++) {
                    float v = masks == null ? from[source + i + j] : from[source + i + j] * masks[mask + j];
                    to[toAt + i + j] = tap == 0 ? v : to[toAt + i + j] + v;
                }
            }
        }
    }

    @Override
    public void down(float[] fromK, float[] fromT, int[] sources, float[] k, float[] t, int at, int n, Affine map) {
        for (int s = 0; s < sources.length; s++) {
            for (int i = 0; i < n * lanes; i++) {
                k[at + i] = s == 0 ? fromK[sources[s] + i] : k[at + i] + fromK[sources[s] + i];
                t[at + i] = s == 0 ? fromT[sources[s] + i] : t[at + i] + fromT[sources[s] + i];
            }
        }
        linear(k, t, at, n, map);
    }

    @Override
    public void linear(float[] k, float[] t, int at, int n, Affine map) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        float ofK = (float) map.fromK();
        float ofT = (float) map.fromT();
        float biasT = (float) map.biasT();
        for (int i = at; i < at + n * lanes; i++) {
            t[i] = k[i] * ofK + t[i] * ofT + biasT;
            k[i] = k[i] * scale + bias;
        }
    }

    @Override
    public void features(Arc form, float[] q, float[] g, int at, int n) {
        for (int i = at; i < at + n * lanes; i++) {
            g[i] = root(form, q[i]);
        }
    }

    private static float root(Arc form, float q) {
        return (float) Math.sqrt(q);
    }

    @Override
    public void activate(Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2, float[] g2, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        float bend = (float) f.bend();
        float flat = (float) f.flat();
        float turn = (float) f.turn();
        for (int x = 0; x < n; x++) {
            float q11 = q1[leftAt + x * leftStep];
            float g11 = g1[leftAt + x * leftStep];
            int right = rightAt + x * rightStep;
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float q12 = k[i];
                float root = (float) Math.sqrt(Math.max(q2[right + j] * q11 - q12 * q12, 0));
                float slope = Math.fma(arcTangent(q12 / Math.max(g2[right + j] * g11 + root, Float.MIN_NORMAL)), turn, flat);
                k[i] = Math.fma(slope, q12, root * bend);
                t[i] *= slope;
            }
        }
    }

    @Override
    public void own(Arc form, float[] k, float[] t, int at, int n, float[] q, float[] g, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        float flat = (float) f.flat();
        float turn = (float) f.turn();
        for (int i = 0; i < n * lanes; i++) {
            float variance = k[at + i];
            float root = root(form, variance);
            q[featuresAt + i] = variance;
            g[featuresAt + i] = root;
            float slope = Math.fma(arcTangent(variance / Math.max(root * root, Float.MIN_NORMAL)), turn, flat);
            k[at + i] = slope * variance;
            t[at + i] *= slope;
        }
    }

    private static float arcTangent(float x) {
        return Arctangents.of(x);
    }

    @Override
    public void weigh(float[] k, float[] t, int at, int n, float[] f1, int leftAt, float[] f2, int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float factor = f2[rightAt + x * rightStep + j] * f1[leftAt + x];
                k[i] *= factor;
                t[i] *= factor;
            }
        }
    }

    @Override
    public void ownWeigh(double epsilon, float[] k, float[] t, int at, int n, float[] f, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            float factor = 1 / (float) Math.sqrt(k[at + i] + (float) epsilon);
            f[featuresAt + i] = factor;
            k[at + i] *= factor * factor;
            t[at + i] *= factor * factor;
        }
    }

    @Override
    public void add(float[] from, float[] to, int at, int n) {
        for (int i = at; i < at + n * lanes; i++) {
            to[i] += from[i];
        }
    }

    @Override
    public void mask(float[] k, int at, float[] masks, int maskAt, int n) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                k[at + x * lanes + j] *= masks[maskAt + x + j];
            }
        }
    }

    @Override
    public void sum(float[] k, int at, float[] masks, int maskAt, int n, float[] to) {
        for (int j = 0; j < lanes; j++) {
            float sum = 0;
            for (int x = 0; x < n; x++) {
                float v = k[at + x * lanes + j];
                sum += masks == null ? v : v * masks[maskAt + x + j];
            }
            to[j] = sum;
        }
    }
}
