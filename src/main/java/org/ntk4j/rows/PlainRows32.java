package org.ntk4j.rows;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Series;

/** Rows of float32 in plain Java: the operations of {@link VectorRows32}, value by value. */
public final class PlainRows32 implements Rows<float[]> {

    private final int lanes;

    public PlainRows32(int lanes) {
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
    public void clear(float[] t, int at, int n) {
        Arrays.fill(t, at, at + n * lanes, 0);
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
    public void pick(float[] from, int at, int step, float[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            to[toAt + x] = from[at + x * step];
        }
    }

    @Override
    public void pick(float[] from, int at, int[] places, float[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] = from[at + places[i]];
        }
    }

    @Override
    public void take(float[] from, int at, int step, int between, float[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                to[toAt + x * lanes + j] = from[at + x * step + j * between];
            }
        }
    }

    @Override
    public void spread(float[] from, int at, float[] to, int toAt, int step, int n) {
        for (int x = 0; x < n; x++) {
            System.arraycopy(from, at + x * lanes, to, toAt + x * step, lanes);
        }
    }

    @Override
    public void addSpread(float[] from, int at, float[] to, int toAt, int step, int n) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                to[toAt + x * step + j] += from[at + x * lanes + j];
            }
        }
    }

    @Override
    public void accumulate(float[] from, int at, float[] to, int toAt, int n) {
        for (int i = 0; i < n * lanes; i++) {
            to[toAt + i] += from[at + i];
        }
    }

    @Override
    public void accumulate(float[] k, float[] t, int at, float[] toK, float[] toT, int to, int n, Affine map) {
        float scale = (float) map.scale();
        float ofK = (float) map.fromK();
        float ofT = (float) map.fromT();
        for (int i = 0; i < n * lanes; i++) {
            toT[to + i] += k[at + i] * ofK + t[at + i] * ofT;
            toK[to + i] += k[at + i] * scale;
        }
    }

    @Override
    public void accumulate(float[] k, int at, float[] toK, int to, int n, Affine map) {
        float scale = (float) map.scale();
        for (int i = 0; i < n * lanes; i++) {
            toK[to + i] += k[at + i] * scale;
        }
    }

    @Override
    public void accumulate(float[] one, int oneAt, float[] other, int otherAt, float[] to, int toAt, int n) {
        for (int i = 0; i < n * lanes; i++) {
            to[toAt + i] += one[oneAt + i] + other[otherAt + i];
        }
    }

    @Override
    public void plus(float[] one, int oneAt, float[] other, int otherAt, float[] to, int toAt, int n) {
        for (int i = 0; i < n * lanes; i++) {
            to[toAt + i] = one[oneAt + i] + other[otherAt + i];
        }
    }

    @Override
    public void halved(float[] equal, int equalAt, float[] later, int laterAt, float[] earlier, int earlierAt, float[] to, int toAt,
            int line, int n) {
        for (int i = 0; i < n; i++) {
            int at = toAt + 3 * i * line;
            for (int j = 0; j < lanes; j++) {
                // Lanes that are not halved are overwritten as where there are vector instructions.
                int even = 2 * i * lanes + 2 * j % lanes;
                int odd = even + 1;
                to[at + j] = equal[equalAt + even] + (later[laterAt + even] + earlier[earlierAt + even])
                        + (equal[equalAt + even + lanes] + (later[laterAt + even + lanes] + earlier[earlierAt + even + lanes]));
                to[at + line + j] = equal[equalAt + odd] + (later[laterAt + odd] + earlier[earlierAt + odd]);
                to[at + 2 * line + j] = equal[equalAt + odd + lanes] + (later[laterAt + odd + lanes] + earlier[earlierAt + odd + lanes]);
            }
        }
    }

    @Override
    public void joined(float[] from, int at, int line, int around, float[] to, int toLine, int count, double factor) {
        float by = (float) factor;
        for (int row = 0; row < count; row++) {
            int first = at + 3 * row * line;
            from[first + 2 * line - 1] = from[first + 2 * line + around - 1];
            for (int i = 0; i < around + lanes; i++) {
                to[row * toLine + i] = i < around ? (from[first + i] + (from[first + line + i] + from[first + 2 * line - 1 + i])) * by
                        : to[row * toLine + i - around];
            }
        }
    }

    @Override
    public void turned(float[] from, int line, int around, float[] to, int toAt, int toLine, int n, int count) {
        for (int row = 0; row < count; row++) {
            for (int c = 0; c < n; c++) {
                to[toAt + row * toLine + c] = from[row * line + Math.floorMod(c - row, around)];
            }
        }
    }

    @Override
    public void blocks(float[] from, int at, int[] begins, int size, int line, float[] to, int n) {
        for (int row = 0; row < begins.length; row++) {
            for (int i = 0; i < n * lanes; i++) {
                to[row * n * lanes + i] = block(from, at + begins[row] + i, size, line);
            }
        }
    }

    private static float block(float[] from, int at, int size, int line) {
        float sum = from[at];
        for (int a = 1; a < size; a++) {
            sum += from[at + a * (line + 1)];
        }
        for (int a = 0; a < size; a++) {
            for (int b = a + 1; b < size; b++) {
                sum += from[at + a * line + b] + from[at + b * line + a];
            }
        }
        return sum;
    }

    @Override
    public void products(float[] left, int leftAt, float[] right, int rightAt, int rightStep, float[] to, int at, int n) {
        for (int x = 0; x < n; x++) {
            float l = left[leftAt + x];
            for (int j = 0; j < lanes; j++) {
                to[at + x * lanes + j] = Math.fma(l, right[rightAt + x * rightStep + j], to[at + x * lanes + j]);
            }
        }
    }

    @Override
    public void inputs(float[][] left, int leftAt, float[][] right, int rightAt, int rightStep, float[] to, int at, int n,
            double factor) {
        float by = (float) factor;
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                float sum = left[0][leftAt + x] * right[0][rightAt + x * rightStep + j];
                for (int c = 1; c < left.length; c++) {
                    sum = Math.fma(left[c][leftAt + x], right[c][rightAt + x * rightStep + j], sum);
                }
                to[at + x * lanes + j] = sum * by;
            }
        }
    }

    @Override
    public void laneInputs(float[][] left, int leftAt, int leftStep, float[][] right, int rightAt, int rightStep, float[] to, int at,
            int n, double factor) {
        float by = (float) factor;
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                float sum = left[0][leftAt + x * leftStep + j] * right[0][rightAt + x * rightStep + j];
                for (int c = 1; c < left.length; c++) {
                    sum = Math.fma(left[c][leftAt + x * leftStep + j], right[c][rightAt + x * rightStep + j], sum);
                }
                to[at + x * lanes + j] = sum * by;
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
    public void inner(float[] left, int leftAt, float[] right, int rightAt, int channels, float[] to, int at, int line, boolean first,
            double factor) {
        int width = panel();
        for (int r = 0; r < TOGETHER && first; r++) {
            Arrays.fill(to, at + r * line, at + r * line + width, 0);
        }
        for (int c = 0; c < channels; c++) {
            for (int r = 0; r < TOGETHER; r++) {
                float l = left[leftAt + c * width + r];
                int row = at + r * line;
                for (int v = 0; v < width; v++) {
                    to[row + v] = Math.fma(l, right[rightAt + c * width + v], to[row + v]);
                }
            }
        }
        for (int r = 0; r < TOGETHER; r++) {
            scale(to, at + r * line, width / lanes, factor);
        }
    }

    @Override
    public void multiply(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine, int depth,
            float[] to, int at, int line, int count, int n) {
        for (int r = 0; r < count; r++) {
            int row = at + r * line;
            Arrays.fill(to, row, row + n * lanes, 0);
            for (int d = 0; d < depth; d++) {
                float l = left[leftAt + r * leftLine + d * leftStep];
                int from = rightAt + d * rightLine;
                for (int i = 0; i < n * lanes; i++) {
                    to[row + i] = Math.fma(l, right[from + i], to[row + i]);
                }
            }
        }
    }

    @Override
    public void scale(float[] k, int at, int n, double factor) {
        float by = (float) factor;
        for (int i = at; i < at + n * lanes; i++) {
            k[i] *= by;
        }
    }

    @Override
    public void window(float[] k, float[] t, int[] sources, int taps, int step, float[] toK, float[] toT, int at, int n, Affine map) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        float ofK = (float) map.fromK();
        float ofT = (float) map.fromT();
        float biasT = (float) map.biasT();
        for (int i = 0; i < n * lanes; i++) {
            int from = i / lanes * step * lanes + i % lanes;
            float sumK = sum(k, sources, taps, from);
            toT[at + i] = Math.fma(sum(t, sources, taps, from), ofT, Math.fma(sumK, ofK, biasT));
            toK[at + i] = Math.fma(sumK, scale, bias);
        }
    }

    @Override
    public void touching(float[] k, float[] t, int[] sources, float[] toK, float[] toT, int at, int n, Affine map, float[] masks,
            int maskAt) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        float ofK = (float) map.fromK();
        float ofT = (float) map.fromT();
        float biasT = (float) map.biasT();
        for (int i = 0; i < n * lanes; i++) {
            int mask = maskAt + i / lanes + i % lanes;
            float sumK = sum(k, sources, i, masks[mask], masks[mask + 1]);
            toT[at + i] = Math.fma(sum(t, sources, i, masks[mask], masks[mask + 1]), ofT, Math.fma(sumK, ofK, biasT));
            toK[at + i] = Math.fma(sumK, scale, bias);
        }
    }

    @Override
    public void touching(float[] k, int[] sources, float[] toK, int at, int n, Affine map, float[] masks, int maskAt) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        for (int i = 0; i < n * lanes; i++) {
            int mask = maskAt + i / lanes + i % lanes;
            toK[at + i] = Math.fma(sum(k, sources, i, masks[mask], masks[mask + 1]), scale, bias);
        }
    }

    @Override
    public void touchingFirst(float[] k, int[] sources, float[] toK, float[] toT, int at, int n, Affine map, float[] masks,
            int maskAt) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        float ofK = (float) map.fromK();
        float biasT = (float) map.biasT();
        for (int i = 0; i < n * lanes; i++) {
            int mask = maskAt + i / lanes + i % lanes;
            float sumK = sum(k, sources, i, masks[mask], masks[mask + 1]);
            toT[at + i] = Math.fma(sumK, ofK, biasT);
            toK[at + i] = Math.fma(sumK, scale, bias);
        }
    }

    /** A sum over 3 × 3 places, of which the first and the last column count or do not. */
    private float sum(float[] from, int[] sources, int i, float first, float last) {
        float one = sum(from, sources, 1, i);
        float two = sum(from, sources, 1, i + lanes);
        float three = sum(from, sources, 1, i + 2 * lanes);
        return Math.fma(three, last, Math.fma(one, first, two));
    }

    @Override
    public void window(float[] k, int[] sources, int taps, int step, float[] toK, int at, int n, Affine map) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        for (int i = 0; i < n * lanes; i++) {
            toK[at + i] = Math.fma(sum(k, sources, taps, i / lanes * step * lanes + i % lanes), scale, bias);
        }
    }

    private float sum(float[] from, int[] sources, int taps, int i) {
        float sum = 0;
        for (int tap = 0; tap < taps; tap++) {
            int at = i + tap * lanes;
            float column = from[sources[0] + at];
            for (int s = 1; s < sources.length; s++) {
                column += from[sources[s] + at];
            }
            sum = tap == 0 ? column : sum + column;
        }
        return sum;
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
    public void linear(float[] k, int at, int n, Affine map) {
        float scale = (float) map.scale();
        float bias = (float) map.bias();
        for (int i = at; i < at + n * lanes; i++) {
            k[i] = k[i] * scale + bias;
        }
    }

    @Override
    public void activate(Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2,
            float[] g2, float[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        float bend = (float) f.bend();
        float least = (float) f.least();
        float most = (float) f.most();
        for (int x = 0; x < n; x++) {
            float q11 = q1[leftAt + x * leftStep];
            float g11 = g1[leftAt + x * leftStep];
            int right = rightAt + x * rightStep;
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float q12 = k[i];
                float both = q2[right + j] * q11;
                // A product less a product, not a fused one, so that it is 0 where all three are equal.
                float minor = both - q12 * q12;
                float root = minor > 0 ? (float) Math.sqrt(minor) * bend : 0;
                float inverse = g2[right + j] * g11;
                float cosine = q12 * inverse;
                float angle = root * (inverse * Angle.quotient(cosine));
                float slope = both == 0 ? rest[right + j] : cosine < 0 ? least + angle : most - angle;
                k[i] = Math.fma(slope, q12, root);
                t[i] *= slope;
            }
        }
    }

    @Override
    public void activate(Arc form, float[] k, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2, float[] g2,
            int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        float bend = (float) f.bend();
        float least = (float) f.least();
        float most = (float) f.most();
        for (int x = 0; x < n; x++) {
            float q11 = q1[leftAt + x * leftStep];
            float g11 = g1[leftAt + x * leftStep];
            int right = rightAt + x * rightStep;
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float q12 = k[i];
                float minor = q2[right + j] * q11 - q12 * q12;
                float root = minor > 0 ? (float) Math.sqrt(minor) * bend : 0;
                float inverse = g2[right + j] * g11;
                float cosine = q12 * inverse;
                float angle = root * (inverse * Angle.quotient(cosine));
                float slope = cosine < 0 ? least + angle : most - angle;
                k[i] = inverse == 0 ? 0 : Math.fma(slope, q12, root);
            }
        }
    }

    @Override
    public void laneActivate(Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep,
            float[] q2, float[] g2, float[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        float bend = (float) f.bend();
        float least = (float) f.least();
        float most = (float) f.most();
        for (int x = 0; x < n; x++) {
            int left = leftAt + x * leftStep;
            int right = rightAt + x * rightStep;
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float q12 = k[i];
                float both = q2[right + j] * q1[left + j];
                float minor = both - q12 * q12;
                float root = minor > 0 ? (float) Math.sqrt(minor) * bend : 0;
                float inverse = g2[right + j] * g1[left + j];
                float cosine = q12 * inverse;
                float angle = root * (inverse * Angle.quotient(cosine));
                float slope = both == 0 ? rest[right + j] : cosine < 0 ? least + angle : most - angle;
                k[i] = Math.fma(slope, q12, root);
                t[i] *= slope;
            }
        }
    }

    @Override
    public void laneActivate(Arc form, float[] k, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2,
            float[] g2, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        float bend = (float) f.bend();
        float least = (float) f.least();
        float most = (float) f.most();
        for (int x = 0; x < n; x++) {
            int left = leftAt + x * leftStep;
            int right = rightAt + x * rightStep;
            for (int j = 0; j < lanes; j++) {
                int i = at + x * lanes + j;
                float q12 = k[i];
                float minor = q2[right + j] * q1[left + j] - q12 * q12;
                float root = minor > 0 ? (float) Math.sqrt(minor) * bend : 0;
                float inverse = g2[right + j] * g1[left + j];
                float cosine = q12 * inverse;
                float angle = root * (inverse * Angle.quotient(cosine));
                float slope = cosine < 0 ? least + angle : most - angle;
                k[i] = inverse == 0 ? 0 : Math.fma(slope, q12, root);
            }
        }
    }

    @Override
    public void own(Arc form, float[] k, float[] t, int at, int n, float[] q, float[] g, float[] rest, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        float most = (float) f.most();
        float flat = (float) f.flat();
        for (int i = 0; i < n * lanes; i++) {
            float variance = k[at + i];
            q[featuresAt + i] = variance;
            g[featuresAt + i] = variance == 0 ? 0 : 1 / (float) Math.sqrt(variance);
            rest[featuresAt + i] = flat;
            float slope = variance == 0 ? flat : most;
            k[at + i] = slope * variance;
            t[at + i] *= slope;
        }
    }

    @Override
    public void series(Series.Powers powers, float[] k, float @Nullable [] t, int at, int n, float[] g1, int leftAt, Terms<float[]> c1,
            int from1, int leftStep, float[] g2, int rightAt, Terms<float[]> c2, int from2, int rightStep) {
        PlainSeries32.cross(lanes, powers, k, t, at, n, g1, leftAt, c1, from1, leftStep, g2, rightAt, c2, from2, rightStep);
    }

    @Override
    public void ownSeries(Series.Powers powers, float[] k, float[] t, int at, int n, float[] g, float[][] c, int featuresAt) {
        PlainSeries32.own(lanes, powers, k, t, at, n, g, c, featuresAt);
    }

    @Override
    public float[][] arrays(int count) {
        return new float[count][];
    }

    @Override
    public boolean isSingle() {
        return Float.BYTES < Long.BYTES;
    }

    @Override
    public void weigh(float[] k, float[] t, int at, float[] toK, float[] toT, int to, int n, float[] f1, int leftAt, int leftStep,
            float[] f2, int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                int i = x * lanes + j;
                float factor = f2[rightAt + x * rightStep + j] * f1[leftAt + x * leftStep];
                toK[to + i] = k[at + i] * factor;
                toT[to + i] = t[at + i] * factor;
            }
        }
    }

    @Override
    public void weigh(float[] k, int at, float[] toK, int to, int n, float[] f1, int leftAt, int leftStep, float[] f2, int rightAt,
            int rightStep) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                toK[to + x * lanes + j] = k[at + x * lanes + j] * (f2[rightAt + x * rightStep + j] * f1[leftAt + x * leftStep]);
            }
        }
    }

    @Override
    public void ownWeigh(double epsilon, float[] k, float[] t, int at, int n, float[] f, int featuresAt) {
        float least = (float) epsilon;
        for (int i = 0; i < n * lanes; i++) {
            float factor = 1 / (float) Math.sqrt(k[at + i] + least);
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
    public void mask(float[] k, float[] t, int at, float[] masks, int maskAt, int maskStep, int n) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                k[at + x * lanes + j] *= masks[maskAt + x * maskStep + j];
                t[at + x * lanes + j] *= masks[maskAt + x * maskStep + j];
            }
        }
    }

    @Override
    public void mask(float[] k, int at, float[] masks, int maskAt, int maskStep, int n) {
        for (int x = 0; x < n; x++) {
            for (int j = 0; j < lanes; j++) {
                k[at + x * lanes + j] *= masks[maskAt + x * maskStep + j];
            }
        }
    }

    @Override
    public void sum(float[] k, int at, int n, float[] to) {
        for (int j = 0; j < lanes; j++) {
            float sum = 0;
            for (int x = 0; x < n; x++) {
                sum += k[at + x * lanes + j];
            }
            to[j] = sum;
        }
    }

    @Override
    public void sums(float[] k, float[] t, int at, float[] one, float[] other, int maskAt, int n, float[] to) {
        for (int j = 0; j < lanes; j++) {
            to[j] = sum(k, at + j, one, maskAt + j, n);
            to[lanes + j] = sum(k, at + j, other, maskAt + j, n);
            to[2 * lanes + j] = sum(t, at + j, one, maskAt + j, n);
            to[3 * lanes + j] = sum(t, at + j, other, maskAt + j, n);
        }
    }

    private float sum(float[] k, int at, float[] mask, int maskAt, int n) {
        float sum = 0;
        for (int x = 0; x < n; x++) {
            sum += k[at + x * lanes] * mask[maskAt + x];
        }
        return sum;
    }
}
