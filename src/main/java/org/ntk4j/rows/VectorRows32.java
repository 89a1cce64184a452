package org.ntk4j.rows;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Series;

/** Rows of float32 in vector instructions, as wide as the machine has them. */
final class VectorRows32 implements Rows<float[]> {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Processors with vectors of 256 bits have registers for half as many sums as those with longer ones, or with those of ARM. */
    private static final boolean FEW = SPECIES.vectorBitSize() == 256;
    /** The even lanes side by side, then once more; the odd ones. */
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);

    private final VectorSeries32 series = new VectorSeries32();
    private float[] sumsK = {};
    private float[] sumsT = {};

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
    public void clear(float[] t, int at, int n) {
        Arrays.fill(t, at, at + n * LANES, 0);
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
            if (between == 1) {
                load(from, at + x * step).intoArray(to, toAt + x * LANES);
                continue;
            }
            for (int j = 0; j < LANES; j++) {
                to[toAt + x * LANES + j] = from[at + x * step + j * between];
            }
        }
    }

    @Override
    public void spread(float[] from, int at, float[] to, int toAt, int step, int n) {
        for (int x = 0; x < n; x++) {
            load(from, at + x * LANES).intoArray(to, toAt + x * step);
        }
    }

    @Override
    public void addSpread(float[] from, int at, float[] to, int toAt, int step, int n) {
        for (int x = 0; x < n; x++) {
            load(to, toAt + x * step).add(load(from, at + x * LANES)).intoArray(to, toAt + x * step);
        }
    }

    @Override
    public void accumulate(float[] from, int at, float[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, toAt + i).add(load(from, at + i)).intoArray(to, toAt + i);
        }
    }

    @Override
    public void accumulate(float[] k, float[] t, int at, float[] toK, float[] toT, int to, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector v = load(k, at + i);
            load(toT, to + i).add(v.mul(ofK).add(load(t, at + i).mul(ofT))).intoArray(toT, to + i);
            load(toK, to + i).add(v.mul(scale)).intoArray(toK, to + i);
        }
    }

    @Override
    public void accumulate(float[] k, int at, float[] toK, int to, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        for (int i = 0; i < n * LANES; i += LANES) {
            load(toK, to + i).add(load(k, at + i).mul(scale)).intoArray(toK, to + i);
        }
    }

    @Override
    public void accumulate(float[] one, int oneAt, float[] other, int otherAt, float[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, toAt + i).add(load(one, oneAt + i).add(load(other, otherAt + i))).intoArray(to, toAt + i);
        }
    }

    @Override
    public void plus(float[] one, int oneAt, float[] other, int otherAt, float[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(one, oneAt + i).add(load(other, otherAt + i)).intoArray(to, toAt + i);
        }
    }

    @Override
    public void halved(float[] equal, int equalAt, float[] later, int laterAt, float[] earlier, int earlierAt, float[] to, int toAt,
            int line, int n) {
        for (int i = 0; i < n; i++) {
            int x = 2 * i * LANES;
            FloatVector a = load(equal, equalAt + x).add(load(later, laterAt + x).add(load(earlier, earlierAt + x)));
            int y = x + LANES;
            FloatVector b = load(equal, equalAt + y).add(load(later, laterAt + y).add(load(earlier, earlierAt + y)));
            int at = toAt + 3 * i * line;
            a.add(b).rearrange(EVEN).intoArray(to, at);
            a.rearrange(ODD).intoArray(to, at + line);
            b.rearrange(ODD).intoArray(to, at + 2 * line);
        }
    }

    @Override
    public void joined(float[] from, int at, int line, int around, float[] to, int toLine, int count, double factor) {
        float by = (float) factor;
        for (int row = 0; row < count; row++) {
            int first = at + 3 * row * line;
            int begin = row * toLine;
            from[first + 2 * line - 1] = from[first + 2 * line + around - 1];
            for (int i = LANES; i < around; i += LANES) {
                besides(from, first + i, line).mul(by).intoArray(to, begin + i);
            }
            FloatVector again = besides(from, first, line).mul(by);
            for (int i = 0; i < around + LANES; i += around) {
                again.intoArray(to, begin + i);
            }
        }
    }

    private static FloatVector besides(float[] from, int at, int line) {
        return load(from, at).add(load(from, at + line).add(load(from, at + 2 * line - 1)));
    }

    @Override
    public void turned(float[] from, int line, int around, float[] to, int toAt, int toLine, int n, int count) {
        int step = LANES % around;
        for (int row = 0; row < count; row++) {
            int place = Math.floorMod(-row, around);
            int target = toAt + row * toLine;
            for (int c = 0; c < n - LANES; c += LANES) {
                load(from, row * line + place).intoArray(to, target + c);
                place = place + step < around ? place + step : place + step - around;
            }
            // The last lanes may begin within those before.
            load(from, row * line + Math.floorMod(n - LANES - row, around)).intoArray(to, target + n - LANES);
        }
    }

    @Override
    public void blocks(float[] from, int at, int[] begins, int size, int line, float[] to, int n) {
        for (int row = 0; row < begins.length; row++) {
            for (int x = 0; x < n; x++) {
                block(from, at + begins[row] + x * LANES, size, line).intoArray(to, (row * n + x) * LANES);
            }
        }
    }

    private static FloatVector block(float[] from, int at, int size, int line) {
        if (size == 2) {
            return load(from, at).add(load(from, at + line + 1)).add(load(from, at + 1).add(load(from, at + line)));
        }
        FloatVector sum = load(from, at);
        for (int a = 1; a < size; a++) {
            sum = sum.add(load(from, at + a * (line + 1)));
        }
        for (int a = 0; a < size; a++) {
            for (int b = a + 1; b < size; b++) {
                sum = sum.add(load(from, at + a * line + b).add(load(from, at + b * line + a)));
            }
        }
        return sum;
    }

    @Override
    public void products(float[] left, int leftAt, float[] right, int rightAt, int rightStep, float[] to, int at, int n) {
        for (int x = 0; x < n; x++) {
            load(right, rightAt + x * rightStep).fma(FloatVector.broadcast(SPECIES, left[leftAt + x]), load(to, at + x * LANES))
                    .intoArray(to, at + x * LANES);
        }
    }

    @Override
    public void inputs(float[][] left, int leftAt, float[][] right, int rightAt, int rightStep, float[] to, int at, int n,
            double factor) {
        if (left.length == 3) {
            colours(left[0], left[1], left[2], leftAt, right[0], right[1], right[2], rightAt, rightStep, to, at, n, factor);
            return;
        }
        float by = (float) factor;
        for (int x = 0; x < n; x++) {
            FloatVector sum = load(right[0], rightAt + x * rightStep).mul(left[0][leftAt + x]);
            for (int c = 1; c < left.length; c++) {
                sum = load(right[c], rightAt + x * rightStep).fma(FloatVector.broadcast(SPECIES, left[c][leftAt + x]), sum);
            }
            sum.mul(by).intoArray(to, at + x * LANES);
        }
    }

    /** The three channels that most images with colours have, in one loop without another one in it. */
    private static void colours(float[] red1, float[] green1, float[] blue1, int leftAt, float[] red2, float[] green2, float[] blue2,
            int rightAt, int rightStep, float[] to, int at, int n, double factor) {
        float by = (float) factor;
        for (int x = 0; x < n; x++) {
            int left = leftAt + x;
            int right = rightAt + x * rightStep;
            FloatVector two = load(green2, right).fma(FloatVector.broadcast(SPECIES, green1[left]), load(red2, right).mul(red1[left]));
            load(blue2, right).fma(FloatVector.broadcast(SPECIES, blue1[left]), two).mul(by).intoArray(to, at + x * LANES);
        }
    }

    @Override
    public void laneInputs(float[][] left, int leftAt, int leftStep, float[][] right, int rightAt, int rightStep, float[] to, int at,
            int n, double factor) {
        float by = (float) factor;
        for (int x = 0; x < n; x++) {
            int l = leftAt + x * leftStep;
            int r = rightAt + x * rightStep;
            FloatVector sum = load(right[0], r).mul(load(left[0], l));
            for (int c = 1; c < left.length; c++) {
                sum = load(right[c], r).fma(load(left[c], l), sum);
            }
            sum.mul(by).intoArray(to, at + x * LANES);
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
    public void inner(float[] left, int leftAt, float[] right, int rightAt, int channels, float[] to, int at, int line, boolean first,
            double factor) {
        int width = panel();
        for (int column = 0; column < width; column += 3 * LANES) {
            inner(left, leftAt, right, rightAt + column, width, channels, to, at + column, line, first, factor);
        }
    }

    private static FloatVector begun(float[] to, int at, boolean first) {
        return first ? FloatVector.zero(SPECIES) : load(to, at);
    }

    /** Twelve sums in registers: as many as sixteen of them hold beside the operands, and enough to keep every multiplier at work. */
    private static void inner(float[] left, int leftAt, float[] right, int rightAt, int width, int channels, float[] to, int at,
            int line, boolean first, double factor) {
        FloatVector c00 = begun(to, at, first);
        FloatVector c01 = begun(to, at + LANES, first);
        FloatVector c02 = begun(to, at + 2 * LANES, first);
        FloatVector c10 = begun(to, at + line, first);
        FloatVector c11 = begun(to, at + line + LANES, first);
        FloatVector c12 = begun(to, at + line + 2 * LANES, first);
        FloatVector c20 = begun(to, at + 2 * line, first);
        FloatVector c21 = begun(to, at + 2 * line + LANES, first);
        FloatVector c22 = begun(to, at + 2 * line + 2 * LANES, first);
        FloatVector c30 = begun(to, at + 3 * line, first);
        FloatVector c31 = begun(to, at + 3 * line + LANES, first);
        FloatVector c32 = begun(to, at + 3 * line + 2 * LANES, first);
        for (int k = 0; k < channels; k++) {
            FloatVector b0 = load(right, rightAt + k * width);
            FloatVector b1 = load(right, rightAt + k * width + LANES);
            FloatVector b2 = load(right, rightAt + k * width + 2 * LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[leftAt + k * width]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            FloatVector a1 = FloatVector.broadcast(SPECIES, left[leftAt + k * width + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            FloatVector a2 = FloatVector.broadcast(SPECIES, left[leftAt + k * width + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            FloatVector a3 = FloatVector.broadcast(SPECIES, left[leftAt + k * width + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
        }
        float by = (float) factor;
        c00.mul(by).intoArray(to, at);
        c01.mul(by).intoArray(to, at + LANES);
        c02.mul(by).intoArray(to, at + 2 * LANES);
        c10.mul(by).intoArray(to, at + line);
        c11.mul(by).intoArray(to, at + line + LANES);
        c12.mul(by).intoArray(to, at + line + 2 * LANES);
        c20.mul(by).intoArray(to, at + 2 * line);
        c21.mul(by).intoArray(to, at + 2 * line + LANES);
        c22.mul(by).intoArray(to, at + 2 * line + 2 * LANES);
        c30.mul(by).intoArray(to, at + 3 * line);
        c31.mul(by).intoArray(to, at + 3 * line + LANES);
        c32.mul(by).intoArray(to, at + 3 * line + 2 * LANES);
    }

    @Override
    public void multiply(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine, int depth,
            float[] to, int at, int line, int count, int n) {
        for (int r = 0; r < count && count < 4; r++) {
            rows(left, leftAt + r * leftLine, leftLine, leftStep, right, rightAt, rightLine, depth, to, at + r * line, line, 1, n);
        }
        for (int first = 0; first < count && count >= 4; first += 4) {
            // The last four may begin within those before: the same values once more, faster than one row at a time.
            int r = Math.min(first, count - 4);
            rows(left, leftAt + r * leftLine, leftLine, leftStep, right, rightAt, rightLine, depth, to, at + r * line, line, 4, n);
        }
    }

    private static void rows(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine, int depth,
            float[] to, int at, int line, int count, int n) {
        for (int x = 0; x < n;) {
            int rest = n - x;
            int from = rightAt + x * LANES;
            int toAt = at + x * LANES;
            if (count == 1) {
                oneByOne(left, leftAt, leftStep, right, from, rightLine, depth, to, toAt);
                x++;
            } else if (rest == 1) {
                fourByOne(left, leftAt, leftLine, leftStep, right, from, rightLine, depth, to, toAt, line);
                x++;
            } else if (rest % 4 == 0 && !FEW) {
                fourByFour(left, leftAt, leftLine, leftStep, right, from, rightLine, depth, to, toAt, line);
                x += 4;
            } else if (rest == 2 || rest == 4) {
                fourByTwo(left, leftAt, leftLine, leftStep, right, from, rightLine, depth, to, toAt, line);
                x += 2;
            } else {
                fourByThree(left, leftAt, leftLine, leftStep, right, from, rightLine, depth, to, toAt, line);
                x += 3;
            }
        }
    }

    /** Sixteen sums, where registers hold them. */
    private static void fourByFour(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine,
            int depth, float[] to, int at, int line) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c13 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c22 = FloatVector.zero(SPECIES);
        FloatVector c23 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c32 = FloatVector.zero(SPECIES);
        FloatVector c33 = FloatVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            FloatVector b0 = load(right, with);
            FloatVector b1 = load(right, with + LANES);
            FloatVector b2 = load(right, with + 2 * LANES);
            FloatVector b3 = load(right, with + 3 * LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(SPECIES, left[from + 3 * leftLine]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
        }
        c00.intoArray(to, at);
        c01.intoArray(to, at + LANES);
        c02.intoArray(to, at + 2 * LANES);
        c03.intoArray(to, at + 3 * LANES);
        c10.intoArray(to, at + line);
        c11.intoArray(to, at + line + LANES);
        c12.intoArray(to, at + line + 2 * LANES);
        c13.intoArray(to, at + line + 3 * LANES);
        c20.intoArray(to, at + 2 * line);
        c21.intoArray(to, at + 2 * line + LANES);
        c22.intoArray(to, at + 2 * line + 2 * LANES);
        c23.intoArray(to, at + 2 * line + 3 * LANES);
        c30.intoArray(to, at + 3 * line);
        c31.intoArray(to, at + 3 * line + LANES);
        c32.intoArray(to, at + 3 * line + 2 * LANES);
        c33.intoArray(to, at + 3 * line + 3 * LANES);
    }

    private static void fourByThree(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine,
            int depth, float[] to, int at, int line) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c22 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c32 = FloatVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            FloatVector b0 = load(right, with);
            FloatVector b1 = load(right, with + LANES);
            FloatVector b2 = load(right, with + 2 * LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            FloatVector a1 = FloatVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            FloatVector a2 = FloatVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            FloatVector a3 = FloatVector.broadcast(SPECIES, left[from + 3 * leftLine]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
        }
        c00.intoArray(to, at);
        c01.intoArray(to, at + LANES);
        c02.intoArray(to, at + 2 * LANES);
        c10.intoArray(to, at + line);
        c11.intoArray(to, at + line + LANES);
        c12.intoArray(to, at + line + 2 * LANES);
        c20.intoArray(to, at + 2 * line);
        c21.intoArray(to, at + 2 * line + LANES);
        c22.intoArray(to, at + 2 * line + 2 * LANES);
        c30.intoArray(to, at + 3 * line);
        c31.intoArray(to, at + 3 * line + LANES);
        c32.intoArray(to, at + 3 * line + 2 * LANES);
    }

    private static void fourByTwo(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine,
            int depth, float[] to, int at, int line) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            FloatVector b0 = load(right, with);
            FloatVector b1 = load(right, with + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, left[from + 3 * leftLine]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(to, at);
        c01.intoArray(to, at + LANES);
        c10.intoArray(to, at + line);
        c11.intoArray(to, at + line + LANES);
        c20.intoArray(to, at + 2 * line);
        c21.intoArray(to, at + 2 * line + LANES);
        c30.intoArray(to, at + 3 * line);
        c31.intoArray(to, at + 3 * line + LANES);
    }

    private static void fourByOne(float[] left, int leftAt, int leftLine, int leftStep, float[] right, int rightAt, int rightLine,
            int depth, float[] to, int at, int line) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            FloatVector b0 = load(right, with);
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(SPECIES, left[from + 3 * leftLine]);
            c30 = a3.fma(b0, c30);
        }
        c00.intoArray(to, at);
        c10.intoArray(to, at + line);
        c20.intoArray(to, at + 2 * line);
        c30.intoArray(to, at + 3 * line);
    }

    private static void oneByOne(float[] left, int leftAt, int leftStep, float[] right, int rightAt, int rightLine, int depth,
            float[] to, int at) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            FloatVector b0 = load(right, with);
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
        }
        c00.intoArray(to, at);
    }

    @Override
    public void scale(float[] k, int at, int n, double factor) {
        float by = (float) factor;
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).mul(by).intoArray(k, i);
        }
    }

    @Override
    public void window(float[] k, float[] t, int[] sources, int taps, int step, float[] toK, float[] toT, int at, int n, Affine map) {
        if (sources.length == 3 && taps == 3 && step == 1) {
            window3(k, t, sources[0], sources[1], sources[2], toK, toT, at, n, map);
            return;
        }
        int places = (n - 1) * step + taps;
        sums(places);
        down(k, sources, sumsK, places);
        down(t, sources, sumsT, places);
        if (step > 1) {
            strided(sumsK, taps, step, toK, at, n);
            strided(sumsT, taps, step, toT, at, n);
            affine(toK, toT, at, n, map);
        } else if (taps == 5) {
            across5(sumsK, sumsT, toK, toT, at, n, map);
        } else if (taps == 7) {
            across7(sumsK, sumsT, toK, toT, at, n, map);
        } else {
            across(sumsK, taps, toK, at, n);
            across(sumsT, taps, toT, at, n);
            affine(toK, toT, at, n, map);
        }
    }

    @Override
    public void window(float[] k, int[] sources, int taps, int step, float[] toK, int at, int n, Affine map) {
        if (sources.length == 3 && taps == 3 && step == 1) {
            windowOfThree(k, sources[0], sources[1], sources[2], toK, at, n, map);
            return;
        } else if (sources.length == 5 && taps == 5 && step == 1) {
            windowOfFive(k, sources, sums(4), toK, at, n, map);
            return;
        } else if (sources.length == 7 && taps == 7 && step == 1) {
            windowOfSeven(k, sources, sums(6), toK, at, n, map);
            return;
        }
        int places = (n - 1) * step + taps;
        sums(places);
        down(k, sources, sumsK, places);
        if (step > 1) {
            strided(sumsK, taps, step, toK, at, n);
            affineOfK(toK, at, n, map);
        } else if (taps == 5) {
            acrossFive(sumsK, toK, at, n, map);
        } else if (taps == 7) {
            acrossSeven(sumsK, toK, at, n, map);
        } else {
            across(sumsK, taps, toK, at, n);
            affineOfK(toK, at, n, map);
        }
    }

    private static void down(float[] from, int[] s, float[] to, int n) {
        if (s.length == 5) {
            down5(from, s[0], s[1], s[2], s[3], s[4], to, n);
        } else if (s.length == 7) {
            down7(from, s[0], s[1], s[2], s[3], s[4], s[5], s[6], to, n);
        } else {
            System.arraycopy(from, s[0], to, 0, n * LANES);
            for (int i = 1; i < s.length; i++) {
                added(from, s[i], to, 0, n);
            }
        }
    }

    private static void down5(float[] from, int a, int b, int c, int d, int e, float[] to, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(from, a + i).add(load(from, b + i)).add(load(from, c + i)).add(load(from, d + i)).add(load(from, e + i))
                    .intoArray(to, i);
        }
    }

    private static void down7(float[] from, int a, int b, int c, int d, int e, int f, int g, float[] to, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(from, a + i).add(load(from, b + i)).add(load(from, c + i)).add(load(from, d + i)).add(load(from, e + i))
                    .add(load(from, f + i)).add(load(from, g + i)).intoArray(to, i);
        }
    }

    private static FloatVector five(float[] from, int i) {
        return load(from, i).add(load(from, i + LANES)).add(load(from, i + 2 * LANES)).add(load(from, i + 3 * LANES))
                .add(load(from, i + 4 * LANES));
    }

    private static void across5(float[] k, float[] t, float[] toK, float[] toT, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector sumK = five(k, i);
            five(t, i).fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void acrossFive(float[] k, float[] toK, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        for (int i = 0; i < n * LANES; i += LANES) {
            five(k, i).fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void acrossSeven(float[] k, float[] toK, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        for (int i = 0; i < n * LANES; i += LANES) {
            five(k, i).add(load(k, i + 5 * LANES)).add(load(k, i + 6 * LANES)).fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void across7(float[] k, float[] t, float[] toK, float[] toT, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector sumK = five(k, i).add(load(k, i + 5 * LANES)).add(load(k, i + 6 * LANES));
            FloatVector sumT = five(t, i).add(load(t, i + 5 * LANES)).add(load(t, i + 6 * LANES));
            sumT.fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void across(float[] from, int taps, float[] to, int at, int n) {
        System.arraycopy(from, 0, to, at, n * LANES);
        for (int tap = 1; tap < taps; tap++) {
            added(from, tap * LANES, to, at, n);
        }
    }

    private static void strided(float[] from, int taps, int step, float[] to, int at, int n) {
        for (int x = 0; x < n; x++) {
            FloatVector sum = load(from, x * step * LANES);
            for (int tap = 1; tap < taps; tap++) {
                sum = sum.add(load(from, (x * step + tap) * LANES));
            }
            sum.intoArray(to, at + x * LANES);
        }
    }

    private static void added(float[] from, int source, float[] to, int at, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, at + i).add(load(from, source + i)).intoArray(to, at + i);
        }
    }

    private static void affine(float[] k, float[] t, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        for (int i = at; i < at + n * LANES; i += LANES) {
            FloatVector v = load(k, i);
            load(t, i).fma(ofT, v.fma(ofK, biasT)).intoArray(t, i);
            v.fma(scale, bias).intoArray(k, i);
        }
    }

    private static void affineOfK(float[] k, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).fma(scale, bias).intoArray(k, i);
        }
    }

    private static void windowOfThree(float[] k, int a, int b, int c, float[] toK, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        FloatVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        for (int i = 0; i < n * LANES; i += LANES) {
            int third = i + 2 * LANES;
            FloatVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            oneK.add(twoK).add(threeK).fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            twoK = threeK;
        }
    }

    /** Sums of columns stay in registers until the last window that has them; those before the first one are there. */
    private static void windowOfFive(float[] k, int[] s, float[] sums, float[] toK, int at, int n, Affine map) {
        int a = s[0] + 4 * LANES;
        int b = s[1] + 4 * LANES;
        int c = s[2] + 4 * LANES;
        int d = s[3] + 4 * LANES;
        int e = s[4] + 4 * LANES;
        down5(k, s[0], s[1], s[2], s[3], s[4], sums, 4);
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector one = load(sums, 0);
        FloatVector two = load(sums, LANES);
        FloatVector three = load(sums, 2 * LANES);
        FloatVector four = load(sums, 3 * LANES);
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector five = load(k, a + i).add(load(k, b + i)).add(load(k, c + i)).add(load(k, d + i)).add(load(k, e + i));
            one.add(two).add(three).add(four).add(five).fma(scale, bias).intoArray(toK, at + i);
            one = two;
            two = three;
            three = four;
            four = five;
        }
    }

    private static void windowOfSeven(float[] k, int[] s, float[] sums, float[] toK, int at, int n, Affine map) {
        int a = s[0] + 6 * LANES;
        int b = s[1] + 6 * LANES;
        int c = s[2] + 6 * LANES;
        int d = s[3] + 6 * LANES;
        int e = s[4] + 6 * LANES;
        int f = s[5] + 6 * LANES;
        int g = s[6] + 6 * LANES;
        down7(k, s[0], s[1], s[2], s[3], s[4], s[5], s[6], sums, 6);
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector one = load(sums, 0);
        FloatVector two = load(sums, LANES);
        FloatVector three = load(sums, 2 * LANES);
        FloatVector four = load(sums, 3 * LANES);
        FloatVector five = load(sums, 4 * LANES);
        FloatVector six = load(sums, 5 * LANES);
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector seven = load(k, a + i).add(load(k, b + i)).add(load(k, c + i)).add(load(k, d + i)).add(load(k, e + i))
                    .add(load(k, f + i)).add(load(k, g + i));
            one.add(two).add(three).add(four).add(five).add(six).add(seven).fma(scale, bias).intoArray(toK, at + i);
            one = two;
            two = three;
            three = four;
            four = five;
            five = six;
            six = seven;
        }
    }

    /** Room for sums of columns: values of this many places. */
    private float[] sums(int places) {
        if (sumsK.length < places * LANES) {
            sumsK = new float[places * LANES];
            sumsT = new float[places * LANES];
        }
        return sumsK;
    }

    /** The window that nearly all networks have, in one loop: nothing goes through memory on the way. */
    private static void window3(float[] k, float[] t, int a, int b, int c, float[] toK, float[] toT, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        FloatVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        FloatVector oneT = load(t, a).add(load(t, b)).add(load(t, c));
        FloatVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        FloatVector twoT = load(t, a + LANES).add(load(t, b + LANES)).add(load(t, c + LANES));
        for (int i = 0; i < n * LANES; i += LANES) {
            int third = i + 2 * LANES;
            FloatVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            FloatVector threeT = load(t, a + third).add(load(t, b + third)).add(load(t, c + third));
            FloatVector sumK = oneK.add(twoK).add(threeK);
            FloatVector sumT = oneT.add(twoT).add(threeT);
            sumT.fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
        }
    }

    @Override
    public void twoWindows(float[] k, float[] t, int[] sources, float[] toK, float[] toT, int at, int next, int n, Affine map) {
        window3(k, t, sources[0], sources[1], sources[2], sources[3], toK, toT, at, next, n, map);
    }

    /** Two rows of windows one above the other: what both look at is read once. */
    private static void window3(float[] k, float[] t, int a, int b, int c, int d, float[] toK, float[] toT, int at, int next, int n,
            Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        FloatVector upperK = load(k, b);
        FloatVector lowerK = load(k, c);
        FloatVector oneK = load(k, a).add(upperK).add(lowerK);
        FloatVector oneNextK = upperK.add(lowerK).add(load(k, d));
        FloatVector upperT = load(t, b);
        FloatVector lowerT = load(t, c);
        FloatVector oneT = load(t, a).add(upperT).add(lowerT);
        FloatVector oneNextT = upperT.add(lowerT).add(load(t, d));
        upperK = load(k, b + LANES);
        lowerK = load(k, c + LANES);
        FloatVector twoK = load(k, a + LANES).add(upperK).add(lowerK);
        FloatVector twoNextK = upperK.add(lowerK).add(load(k, d + LANES));
        upperT = load(t, b + LANES);
        lowerT = load(t, c + LANES);
        FloatVector twoT = load(t, a + LANES).add(upperT).add(lowerT);
        FloatVector twoNextT = upperT.add(lowerT).add(load(t, d + LANES));
        for (int i = 0; i < n * LANES; i += LANES) {
            int third = i + 2 * LANES;
            upperK = load(k, b + third);
            lowerK = load(k, c + third);
            FloatVector threeK = load(k, a + third).add(upperK).add(lowerK);
            FloatVector threeNextK = upperK.add(lowerK).add(load(k, d + third));
            upperT = load(t, b + third);
            lowerT = load(t, c + third);
            FloatVector threeT = load(t, a + third).add(upperT).add(lowerT);
            FloatVector threeNextT = upperT.add(lowerT).add(load(t, d + third));
            FloatVector sumK = oneK.add(twoK).add(threeK);
            oneT.add(twoT).add(threeT).fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            FloatVector sumNextK = oneNextK.add(twoNextK).add(threeNextK);
            oneNextT.add(twoNextT).add(threeNextT).fma(ofT, sumNextK.fma(ofK, biasT)).intoArray(toT, next + i);
            sumNextK.fma(scale, bias).intoArray(toK, next + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
            oneNextK = twoNextK;
            oneNextT = twoNextT;
            twoNextK = threeNextK;
            twoNextT = threeNextT;
        }
    }

    @Override
    public void touching(float[] k, float[] t, int[] sources, float[] toK, float[] toT, int at, int n, Affine map, float[] masks,
            int maskAt) {
        touching3(k, t, sources[0], sources[1], sources[2], toK, toT, at, n, map, masks, maskAt);
    }

    @Override
    public void touching(float[] k, int[] sources, float[] toK, int at, int n, Affine map, float[] masks, int maskAt) {
        touchingOfThree(k, sources[0], sources[1], sources[2], toK, at, n, map, masks, maskAt);
    }

    @Override
    public void touchingFirst(float[] k, int[] sources, float[] toK, float[] toT, int at, int n, Affine map, float[] masks,
            int maskAt) {
        first3(k, sources[0], sources[1], sources[2], toK, toT, at, n, map, masks, maskAt);
    }

    /** {@link #window3}: a multiplication by 0 or 1 costs nothing where an addition follows. */
    private static void touching3(float[] k, float[] t, int a, int b, int c, float[] toK, float[] toT, int at, int n, Affine map,
            float[] masks, int maskAt) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        FloatVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        FloatVector oneT = load(t, a).add(load(t, b)).add(load(t, c));
        FloatVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        FloatVector twoT = load(t, a + LANES).add(load(t, b + LANES)).add(load(t, c + LANES));
        FloatVector before = load(masks, maskAt);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int third = i + 2 * LANES;
            FloatVector behind = load(masks, maskAt + 1 + x);
            FloatVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            FloatVector threeT = load(t, a + third).add(load(t, b + third)).add(load(t, c + third));
            FloatVector sumK = threeK.fma(behind, oneK.fma(before, twoK));
            FloatVector sumT = threeT.fma(behind, oneT.fma(before, twoT));
            sumT.fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
            before = behind;
        }
    }

    private static void first3(float[] k, int a, int b, int c, float[] toK, float[] toT, int at, int n, Affine map, float[] masks,
            int maskAt) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        FloatVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        FloatVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        FloatVector before = load(masks, maskAt);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int third = i + 2 * LANES;
            FloatVector behind = load(masks, maskAt + 1 + x);
            FloatVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            FloatVector sumK = threeK.fma(behind, oneK.fma(before, twoK));
            sumK.fma(ofK, biasT).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            twoK = threeK;
            before = behind;
        }
    }

    private static void touchingOfThree(float[] k, int a, int b, int c, float[] toK, int at, int n, Affine map, float[] masks,
            int maskAt) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        FloatVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        FloatVector before = load(masks, maskAt);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int third = i + 2 * LANES;
            FloatVector behind = load(masks, maskAt + 1 + x);
            FloatVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            threeK.fma(behind, oneK.fma(before, twoK)).fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            twoK = threeK;
            before = behind;
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
    public void linear(float[] k, int at, int n, Affine map) {
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).mul(scale).add(bias).intoArray(k, i);
        }
    }

    @Override
    public void activate(Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2,
            float[] g2, float[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector bend = FloatVector.broadcast(SPECIES, (float) f.bend());
        FloatVector least = FloatVector.broadcast(SPECIES, (float) f.least());
        FloatVector most = FloatVector.broadcast(SPECIES, (float) f.most());
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            FloatVector q12 = load(k, i);
            FloatVector both = load(q2, right).mul(q1[leftAt + x * leftStep]);
            FloatVector minor = both.sub(q12.mul(q12));
            FloatVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            FloatVector inverse = load(g2, right).mul(g1[leftAt + x * leftStep]);
            FloatVector cosine = q12.mul(inverse);
            FloatVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            FloatVector acute = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            FloatVector slope = acute.blend(load(rest, right), both.compare(VectorOperators.EQ, zero));
            slope.fma(q12, root).intoArray(k, i);
            load(t, i).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void activate(Affine map, Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep,
            float[] q2, float[] g2, float[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector scale = FloatVector.broadcast(SPECIES, (float) map.scale());
        FloatVector bias = FloatVector.broadcast(SPECIES, (float) map.bias());
        FloatVector ofK = FloatVector.broadcast(SPECIES, (float) map.fromK());
        FloatVector ofT = FloatVector.broadcast(SPECIES, (float) map.fromT());
        FloatVector biasT = FloatVector.broadcast(SPECIES, (float) map.biasT());
        FloatVector bend = FloatVector.broadcast(SPECIES, (float) f.bend());
        FloatVector least = FloatVector.broadcast(SPECIES, (float) f.least());
        FloatVector most = FloatVector.broadcast(SPECIES, (float) f.most());
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            FloatVector before = load(k, i);
            FloatVector q12 = before.mul(scale).add(bias);
            FloatVector both = load(q2, right).mul(q1[leftAt + x * leftStep]);
            FloatVector minor = both.sub(q12.mul(q12));
            FloatVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            FloatVector inverse = load(g2, right).mul(g1[leftAt + x * leftStep]);
            FloatVector cosine = q12.mul(inverse);
            FloatVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            FloatVector acute = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            FloatVector slope = acute.blend(load(rest, right), both.compare(VectorOperators.EQ, zero));
            slope.fma(q12, root).intoArray(k, i);
            before.mul(ofK).add(load(t, i).mul(ofT)).add(biasT).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void activate(Arc form, float[] k, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2, float[] g2,
            int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector bend = FloatVector.broadcast(SPECIES, (float) f.bend());
        FloatVector least = FloatVector.broadcast(SPECIES, (float) f.least());
        FloatVector most = FloatVector.broadcast(SPECIES, (float) f.most());
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            FloatVector q12 = load(k, i);
            FloatVector minor = load(q2, right).mul(q1[leftAt + x * leftStep]).sub(q12.mul(q12));
            FloatVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            FloatVector inverse = load(g2, right).mul(g1[leftAt + x * leftStep]);
            FloatVector cosine = q12.mul(inverse);
            FloatVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            FloatVector slope = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            slope.fma(q12, root).blend(zero, inverse.compare(VectorOperators.EQ, zero)).intoArray(k, i);
        }
    }

    @Override
    public void laneActivate(Arc form, float[] k, float[] t, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep,
            float[] q2, float[] g2, float[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector bend = FloatVector.broadcast(SPECIES, (float) f.bend());
        FloatVector least = FloatVector.broadcast(SPECIES, (float) f.least());
        FloatVector most = FloatVector.broadcast(SPECIES, (float) f.most());
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int left = leftAt + x * leftStep;
            int right = rightAt + x * rightStep;
            FloatVector q12 = load(k, i);
            FloatVector both = load(q2, right).mul(load(q1, left));
            FloatVector minor = both.sub(q12.mul(q12));
            FloatVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            FloatVector inverse = load(g2, right).mul(load(g1, left));
            FloatVector cosine = q12.mul(inverse);
            FloatVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            FloatVector acute = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            FloatVector slope = acute.blend(load(rest, right), both.compare(VectorOperators.EQ, zero));
            slope.fma(q12, root).intoArray(k, i);
            load(t, i).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void laneActivate(Arc form, float[] k, int at, int n, float[] q1, float[] g1, int leftAt, int leftStep, float[] q2,
            float[] g2, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector bend = FloatVector.broadcast(SPECIES, (float) f.bend());
        FloatVector least = FloatVector.broadcast(SPECIES, (float) f.least());
        FloatVector most = FloatVector.broadcast(SPECIES, (float) f.most());
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int left = leftAt + x * leftStep;
            int right = rightAt + x * rightStep;
            FloatVector q12 = load(k, i);
            FloatVector minor = load(q2, right).mul(load(q1, left)).sub(q12.mul(q12));
            FloatVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            FloatVector inverse = load(g2, right).mul(load(g1, left));
            FloatVector cosine = q12.mul(inverse);
            FloatVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            FloatVector slope = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            slope.fma(q12, root).blend(zero, inverse.compare(VectorOperators.EQ, zero)).intoArray(k, i);
        }
    }

    @Override
    public void own(Arc form, float[] k, float[] t, int at, int n, float[] q, float[] g, float[] rest, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        FloatVector flat = FloatVector.broadcast(SPECIES, (float) f.flat());
        FloatVector whole = FloatVector.broadcast(SPECIES, (float) f.most());
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector variance = load(k, at + i);
            VectorMask<Float> zero = variance.compare(VectorOperators.EQ, FloatVector.zero(SPECIES));
            variance.intoArray(q, featuresAt + i);
            one.div(variance.sqrt()).blend(FloatVector.zero(SPECIES), zero).intoArray(g, featuresAt + i);
            flat.intoArray(rest, featuresAt + i);
            FloatVector slope = whole.blend(flat, zero);
            slope.mul(variance).intoArray(k, at + i);
            load(t, at + i).mul(slope).intoArray(t, at + i);
        }
    }

    @Override
    public void series(Series.Powers powers, float[] k, float @Nullable [] t, int at, int n, float[] g1, int leftAt, Terms<float[]> c1,
            int from1, int leftStep, float[] g2, int rightAt, Terms<float[]> c2, int from2, int rightStep) {
        series.cross(powers, k, t, at, n, g1, leftAt, c1, from1, leftStep, g2, rightAt, c2, from2, rightStep);
    }

    @Override
    public void ownSeries(Series.Powers powers, float[] k, float[] t, int at, int n, float[] g, float[][] c, int featuresAt) {
        PlainSeries32.own(LANES, powers, k, t, at, n, g, c, featuresAt);
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
            FloatVector factor = load(f2, rightAt + x * rightStep).mul(f1[leftAt + x * leftStep]);
            load(k, at + x * LANES).mul(factor).intoArray(toK, to + x * LANES);
            load(t, at + x * LANES).mul(factor).intoArray(toT, to + x * LANES);
        }
    }

    @Override
    public void weigh(float[] k, int at, float[] toK, int to, int n, float[] f1, int leftAt, int leftStep, float[] f2, int rightAt,
            int rightStep) {
        for (int x = 0; x < n; x++) {
            FloatVector factor = load(f2, rightAt + x * rightStep).mul(f1[leftAt + x * leftStep]);
            load(k, at + x * LANES).mul(factor).intoArray(toK, to + x * LANES);
        }
    }

    @Override
    public void ownWeigh(double epsilon, float[] k, float[] t, int at, int n, float[] f, int featuresAt) {
        float least = (float) epsilon;
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int i = 0; i < n * LANES; i += LANES) {
            FloatVector variance = load(k, at + i);
            FloatVector factor = one.div(variance.add(least).sqrt());
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
    public void mask(float[] k, float[] t, int at, float[] masks, int maskAt, int maskStep, int n) {
        for (int x = 0; x < n; x++) {
            FloatVector mask = load(masks, maskAt + x * maskStep);
            load(k, at + x * LANES).mul(mask).intoArray(k, at + x * LANES);
            load(t, at + x * LANES).mul(mask).intoArray(t, at + x * LANES);
        }
    }

    @Override
    public void mask(float[] k, int at, float[] masks, int maskAt, int maskStep, int n) {
        for (int x = 0; x < n; x++) {
            load(k, at + x * LANES).mul(load(masks, maskAt + x * maskStep)).intoArray(k, at + x * LANES);
        }
    }

    @Override
    public void sum(float[] k, int at, int n, float[] to) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            sum = sum.add(load(k, at + x * LANES));
        }
        sum.intoArray(to, 0);
    }

    @Override
    public void sums(float[] k, float[] t, int at, float[] one, float[] other, int maskAt, int n, float[] to) {
        FloatVector oneK = FloatVector.zero(SPECIES);
        FloatVector otherK = FloatVector.zero(SPECIES);
        FloatVector oneT = FloatVector.zero(SPECIES);
        FloatVector otherT = FloatVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            FloatVector first = load(one, maskAt + x);
            FloatVector second = load(other, maskAt + x);
            FloatVector valueK = load(k, at + x * LANES);
            FloatVector valueT = load(t, at + x * LANES);
            oneK = valueK.fma(first, oneK);
            otherK = valueK.fma(second, otherK);
            oneT = valueT.fma(first, oneT);
            otherT = valueT.fma(second, otherT);
        }
        oneK.intoArray(to, 0);
        otherK.intoArray(to, LANES);
        oneT.intoArray(to, 2 * LANES);
        otherT.intoArray(to, 3 * LANES);
    }
}
