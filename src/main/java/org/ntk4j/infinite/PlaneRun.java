package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.network.Shape;

/**
 * Takes planes through the layers. A plane of offset (dy, dx) is the rectangle of positions p at which p and p + δ both lie
 * in the image. Belongs to one thread; its buffers are used again for each plane.
 */
final class PlaneRun {

    private final int height;
    private final int width;
    private final int channels;
    private final List<PlaneStep> steps;
    private final int endHeight;
    private final int endWidth;
    private final int[] target;
    private final int pooled;

    private final Pairs pairs;
    private double[] k;
    private double[] t;
    private double[] nextK;
    private double[] nextT;
    private final double[] half;
    private final double[] padded;
    private double[][] scales1;
    private double[][] scales2;

    /**
     * @param end    the shape after the last step
     * @param target the pooled position of each position; -1: none
     * @param pooled the number of pooled positions
     */
    PlaneRun(Shape in, List<PlaneStep> steps, Shape end, int[] target, int pooled) {
        this.height = in.space().size() == 1 ? 1 : in.space().get(0);
        this.width = in.space().get(in.space().size() - 1);
        this.channels = in.channels();
        this.steps = steps;
        this.endHeight = end.space().size() == 1 ? 1 : end.space().get(0);
        this.endWidth = end.space().get(end.space().size() - 1);
        this.target = target;
        this.pooled = pooled;
        int most = in.positions();
        int rows = steps.stream().mapToInt(s -> s instanceof PlaneStep.Linear l ? l.rows() : 1).max().orElse(1);
        int columns = steps.stream().mapToInt(s -> s instanceof PlaneStep.Linear l ? l.columns() : 1).max().orElse(1);
        this.pairs = new Pairs(most);
        this.k = new double[most];
        this.t = new double[most];
        this.nextK = new double[most];
        this.nextT = new double[most];
        this.half = new double[(height + rows) * width];
        this.padded = new double[width + columns];
    }

    /** Variances before each activation, {@code [activation][position]}, and once more at the end if that is an activation. */
    double[][] variances(double[] image) {
        List<double[]> found = new ArrayList<>();
        start(image, image, 0, 0);
        int h = height;
        int w = width;
        for (PlaneStep step : steps) {
            if (step instanceof PlaneStep.Linear l) {
                linear(l, h, w, false);
                h = l.shrinks() ? h - l.rows() + 1 : h;
                w = l.shrinks() ? w - l.columns() + 1 : w;
            } else if (step instanceof PlaneStep.Activate a) {
                double[] q = Arrays.copyOf(k, h * w);
                found.add(q);
                pairs.n = h * w;
                for (double[] side : new double[][] {pairs.q11, pairs.q22, pairs.q12}) {
                    System.arraycopy(q, 0, side, 0, q.length);
                }
                for (int p = 0; p < q.length; p++) {
                    pairs.scale1[p] = Pairs.scale(q[p]);
                    pairs.scale2[p] = pairs.scale1[p];
                }
                a.phi().expectations(pairs);
                System.arraycopy(pairs.value, 0, k, 0, q.length);
            }
        }
        return found.toArray(double[][]::new);
    }

    /**
     * Adds what a pair of images has after the pooling.
     *
     * @param itself whether both are the same image: opposite offsets then give the same, mirrored
     */
    void pair(double[] left, double[][] q1, double[] right, double[][] q2, boolean itself, double[] sumK, double[] sumT, int at) {
        scales1 = scales(q1);
        scales2 = q2 == q1 ? scales1 : scales(q2);
        // Opposite offsets follow each other, and an image with itself adds the same plane twice: equal images give exactly what one image gives with itself.
        for (int dy = 0; dy < height; dy++) {
            for (int dx = dy == 0 ? 0 : 1 - width; dx < width; dx++) {
                boolean there = plane(left, q1, right, q2, dy, dx);
                if (there) {
                    add(dy, dx, false, sumK, sumT, at);
                }
                if (dy == 0 && dx == 0) {
                    continue;
                }
                if (itself && there) {
                    add(dy, dx, true, sumK, sumT, at);
                } else if (!itself && plane(left, q1, right, q2, -dy, -dx)) {
                    add(-dy, -dx, false, sumK, sumT, at);
                }
            }
        }
    }

    private static double[][] scales(double[][] q) {
        double[][] scales = new double[q.length][];
        for (int i = 0; i < q.length; i++) {
            scales[i] = Arrays.stream(q[i]).map(Pairs::scale).toArray();
        }
        return scales;
    }

    /** Takes the plane of an offset through all steps; false if nothing is left of it at the end. */
    private boolean plane(double[] left, double[][] q1, double[] right, double[][] q2, int dy, int dx) {
        start(left, right, dy, dx);
        int fullHeight = height;
        int fullWidth = width;
        int activation = 0;
        boolean tangent = false;
        for (PlaneStep step : steps) {
            int h = fullHeight - Math.abs(dy);
            int w = fullWidth - Math.abs(dx);
            if (h <= 0 || w <= 0) {
                return false;
            }
            if (step instanceof PlaneStep.Linear l) {
                linear(l, h, w, tangent);
                tangent = true;
                fullHeight -= l.shrinks() ? l.rows() - 1 : 0;
                fullWidth -= l.shrinks() ? l.columns() - 1 : 0;
            } else if (step instanceof PlaneStep.Activate a) {
                activate(a, h, w, fullWidth, dy, dx, q1[activation], q2[activation], scales1[activation], scales2[activation]);
                activation++;
            }
        }
        return endHeight > Math.abs(dy) && endWidth > Math.abs(dx);
    }

    /** The covariance of the inputs at one offset. */
    private void start(double[] left, double[] right, int dy, int dx) {
        int h = height - Math.abs(dy);
        int w = width - Math.abs(dx);
        int y0 = Math.max(0, -dy);
        int x0 = Math.max(0, -dx);
        for (int y = 0; y < h; y++) {
            int from1 = ((y0 + y) * width + x0) * channels;
            int from2 = ((y0 + y + dy) * width + x0 + dx) * channels;
            for (int x = 0; x < w; x++) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += left[from1 + x * channels + c] * right[from2 + x * channels + c];
                }
                k[y * w + x] = sum / channels;
            }
        }
    }

    private void linear(PlaneStep.Linear l, int h, int w, boolean tangent) {
        int newH = l.shrinks() ? h - l.rows() + 1 : h;
        int newW = l.shrinks() ? w - l.columns() + 1 : w;
        if (newH <= 0 || newW <= 0) {
            return;
        }
        double weight = 1.0 / (l.rows() * l.columns());
        mean(l, k, nextK, h, w, newH, newW, weight);
        if (tangent) {
            mean(l, t, nextT, h, w, newH, newW, weight);
        } else {
            Arrays.fill(nextT, 0, newH * newW, 0);
        }
        double fromK = l.rule().covariance();
        double fromT = l.rule().tangent();
        double bias = l.rule().bias();
        double[] a = nextK;
        double[] b = nextT;
        for (int i = 0; i < newH * newW; i++) {
            b[i] = fromK * a[i] + fromT * b[i] + bias;
        }
        double scale = l.scale();
        double add = l.bias();
        for (int i = 0; i < newH * newW; i++) {
            a[i] = scale * a[i] + add;
        }
        nextK = k;
        nextT = t;
        k = a;
        t = b;
    }

    /** The mean over the window, first along rows, then along columns; zeros outside the rectangle. */
    private void mean(PlaneStep.Linear l, double[] from, double[] to, int h, int w, int newH, int newW, double weight) {
        int rows = l.rows();
        int columns = l.columns();
        if (rows == 1 && columns == 1) {
            System.arraycopy(from, 0, to, 0, h * w);
            return;
        }
        int top = l.shrinks() ? 0 : l.top();
        int left = l.shrinks() ? 0 : l.left();
        int lines = newH + rows - 1;
        for (int y = 0; y < lines; y++) {
            int source = y - top;
            int out = y * newW;
            if (source < 0 || source >= h) {
                Arrays.fill(half, out, out + newW, 0);
                continue;
            }
            Arrays.fill(padded, 0, left, 0);
            System.arraycopy(from, source * w, padded, left, w);
            Arrays.fill(padded, left + w, Math.max(left + w, newW + columns - 1), 0);
            for (int x = 0; x < newW; x++) {
                half[out + x] = padded[x];
            }
            for (int c = 1; c < columns; c++) {
                for (int x = 0; x < newW; x++) {
                    half[out + x] += padded[x + c];
                }
            }
        }
        int size = newH * newW;
        for (int i = 0; i < size; i++) {
            to[i] = half[i];
        }
        for (int r = 1; r < rows; r++) {
            int shift = r * newW;
            for (int i = 0; i < size; i++) {
                to[i] += half[i + shift];
            }
        }
        for (int i = 0; i < size; i++) {
            to[i] *= weight;
        }
    }

    private void activate(PlaneStep.Activate a, int h, int w, int fullWidth, int dy, int dx, double[] q1, double[] q2, double[] s1, double[] s2) {
        int y0 = Math.max(0, -dy);
        int x0 = Math.max(0, -dx);
        for (int y = 0; y < h; y++) {
            int from1 = (y0 + y) * fullWidth + x0;
            int from2 = (y0 + y + dy) * fullWidth + x0 + dx;
            System.arraycopy(q1, from1, pairs.q11, y * w, w);
            System.arraycopy(s1, from1, pairs.scale1, y * w, w);
            System.arraycopy(q2, from2, pairs.q22, y * w, w);
            System.arraycopy(s2, from2, pairs.scale2, y * w, w);
        }
        int n = h * w;
        pairs.n = n;
        System.arraycopy(k, 0, pairs.q12, 0, n);
        a.phi().expectations(pairs);
        System.arraycopy(pairs.value, 0, k, 0, n);
        double[] slope = pairs.slope;
        double[] tangent = t;
        for (int i = 0; i < n; i++) {
            tangent[i] *= slope[i];
        }
    }

    /** Adds the plane to what it is pooled to; mirrored: as the plane of the opposite offset. */
    private void add(int dy, int dx, boolean mirrored, double[] sumK, double[] sumT, int at) {
        int h = endHeight - Math.abs(dy);
        int w = endWidth - Math.abs(dx);
        if (pooled == 1) {
            double ofK = 0;
            double ofT = 0;
            for (int i = 0; i < h * w; i++) {
                ofK += k[i];
                ofT += t[i];
            }
            sumK[at] += ofK;
            sumT[at] += ofT;
            return;
        }
        int y0 = Math.max(0, -dy);
        int x0 = Math.max(0, -dx);
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int p = target[(y0 + y) * endWidth + x0 + x];
                int q = target[(y0 + y + dy) * endWidth + x0 + x + dx];
                if (p >= 0 && q >= 0) {
                    int to = at + (mirrored ? q * pooled + p : p * pooled + q);
                    sumK[to] += k[y * w + x];
                    sumT[to] += t[y * w + x];
                }
            }
        }
    }
}
