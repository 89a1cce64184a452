package org.ntk4j.infinite;

/** Rows of float64 in plain Java: the operations of {@link VectorRows64}, value by value. */
final class PlainRows64 implements Rows<double[]> {

    private final int lanes;

    PlainRows64(int lanes) {
        this.lanes = lanes;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public Rows<double[]> another() {
        return this;
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

    @Override
    public void products(double[] left, int leftAt, double[] right, int rightAt, int rightStep, double[] to, int at, int n, boolean first) {
        for (int x = 0; x < n; x++) {
            double l = left[leftAt + x];
            int r = rightAt + x * rightStep;
            int i = at + x * lanes;
            for (int j = 0; j < lanes; j++) {
                to[i + j] = first ? l * right[r + j] : Math.fma(l, right[r + j], to[i + j]);
            }
        }
    }

    @Override
    public void squares(double[] from, int fromAt, double[] to, int at, int n, boolean first) {
        for (int i = 0; i < n * lanes; i++) {
            double v = from[fromAt + i];
            to[at + i] = first ? v * v : Math.fma(v, v, to[at + i]);
        }
    }

    @Override
    public void scale(double[] k, int at, int n, double factor) {
        double f = (double) factor;
        for (int i = at; i < at + n * lanes; i++) {
            k[i] *= f;
        }
    }

    @Override
    public void across(double[] k, double[] t, int at, double[] masks, int maskAt, int maskStride, int taps, double[] toK, double[] toT, int toAt, int n) {
        across(k, at, masks, maskAt, maskStride, taps, toK, toAt, n);
        across(t, at, masks, maskAt, maskStride, taps, toT, toAt, n);
    }

    private void across(double[] from, int at, double[] masks, int maskAt, int maskStride, int taps, double[] to, int toAt, int n) {
        for (int tap = 0; tap < taps; tap++) {
            int source = at + tap * lanes;
            for (int x = 0; x < n; x++) {
                int i = x * lanes;
                int mask = maskAt + tap * maskStride + x;
                for (int j = 0; j < lanes; j++) {
                    double v = masks == null ? from[source + i + j] : from[source + i + j] * masks[mask + j];
                    to[toAt + i + j] = tap == 0 ? v : to[toAt + i + j] + v;
                }
            }
        }
    }

    @Override
    public void down(double[] fromK, double[] fromT, int[] sources, double[] k, double[] t, int at, int n, Affine map) {
        for (int s = 0; s < sources.length; s++) {
            for (int i = 0; i < n * lanes; i++) {
                k[at + i] = s == 0 ? fromK[sources[s] + i] : k[at + i] + fromK[sources[s] + i];
                t[at + i] = s == 0 ? fromT[sources[s] + i] : t[at + i] + fromT[sources[s] + i];
            }
        }
        linear(k, t, at, n, map);
    }

    @Override
    public void linear(double[] k, double[] t, int at, int n, Affine map) {
        double scale = (double) map.scale();
        double bias = (double) map.bias();
        double ofK = (double) map.fromK();
        double ofT = (double) map.fromT();
        double biasT = (double) map.biasT();
        for (int i = at; i < at + n * lanes; i++) {
            t[i] = k[i] * ofK + t[i] * ofT + biasT;
            k[i] = k[i] * scale + bias;
        }
    }

    @Override
    public void features(Arc form, double[] q, double[] g, int at, int n) {
        for (int i = at; i < at + n * lanes; i++) {
            g[i] = root(form, q[i]);
        }
    }

    private static double root(Arc form, double q) {
        return Math.sqrt(q);
    }

    @Override
    public void activate(Arc form, double[] k, double[] t, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2, double[] g2, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        double bend = (double) f.bend();
        double flat = (double) f.flat();
        double turn = (double) f.turn();
        for (int x = 0; x < n; x++) {
            double q11 = q1[leftAt + x * leftStep];
            double g11 = g1[leftAt + x * leftStep];
            int right = rightAt + x * rightStep;
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                double q12 = k[i];
                double root = Math.sqrt(Math.max(q2[right + j] * q11 - q12 * q12, 0));
                double slope = Math.fma(arcTangent(q12 / Math.max(g2[right + j] * g11 + root, Double.MIN_NORMAL)), turn, flat);
                k[i] = Math.fma(slope, q12, root * bend);
                t[i] *= slope;
            }
        }
    }

    @Override
    public void own(Arc form, double[] k, double[] t, int at, int n, double[] q, double[] g, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        double flat = (double) f.flat();
        double turn = (double) f.turn();
        for (int i = 0; i < n * lanes; i++) {
            double variance = k[at + i];
            double root = root(form, variance);
            q[featuresAt + i] = variance;
            g[featuresAt + i] = root;
            double slope = Math.fma(arcTangent(variance / Math.max(root * root, Double.MIN_NORMAL)), turn, flat);
            k[at + i] = slope * variance;
            t[at + i] *= slope;
        }
    }

    private static double arcTangent(double x) {
        return Arctangents.of(x);
    }

    @Override
    public void weigh(double[] k, double[] t, int at, int n, double[] f1, int leftAt, double[] f2, int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                double factor = f2[rightAt + x * rightStep + j] * f1[leftAt + x];
                k[i] *= factor;
                t[i] *= factor;
            }
        }
    }

    @Override
    public void ownWeigh(double epsilon, double[] k, double[] t, int at, int n, double[] f, int featuresAt) {
        for (int i = 0; i < n * lanes; i++) {
            double factor = 1 / Math.sqrt(k[at + i] + (double) epsilon);
            f[featuresAt + i] = factor;
            k[at + i] *= factor * factor;
            t[at + i] *= factor * factor;
        }
    }

    @Override
    public void add(double[] from, double[] to, int at, int n) {
        for (int i = at; i < at + n * lanes; i++) {
            to[i] += from[i];
        }
    }

    @Override
    public void mask(double[] k, int at, double[] masks, int maskAt, int n) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                k[at + x * lanes + j] *= masks[maskAt + x + j];
            }
        }
    }

    @Override
    public void sum(double[] k, int at, double[] masks, int maskAt, int n, double[] to) {
        for (int j = 0; j < lanes; j++) {
            double sum = 0;
            for (int x = 0; x < n; x++) {
                double v = k[at + x * lanes + j];
                sum += masks == null ? v : v * masks[maskAt + x + j];
            }
            to[j] = sum;
        }
    }
}
