package org.ntk4j.rows;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Series;

/** Rows of float64 in vector instructions, as wide as the machine has them. */
final class VectorRows64 implements Rows<double[]> {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Processors with vectors of 256 bits have registers for half as many sums as those with longer ones, or with those of ARM. */
    private static final boolean FEW = SPECIES.vectorBitSize() == 256;
    /** The even lanes side by side, then once more; the odd ones. */
    private static final VectorShuffle<Double> EVEN = VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
    private static final VectorShuffle<Double> ODD = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);

    private final VectorSeries64 series = new VectorSeries64();
    private double[] sumsK = {};
    private double[] sumsT = {};

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
    public void clear(double[] t, int at, int n) {
        Arrays.fill(t, at, at + n * LANES, 0);
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
    public void pick(double[] from, int at, int step, double[] to, int toAt, int n) {
        for (int x = 0; x < n; x++) {
            to[toAt + x] = from[at + x * step];
        }
    }

    @Override
    public void pick(double[] from, int at, int[] places, double[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] = from[at + places[i]];
        }
    }

    @Override
    public void take(double[] from, int at, int step, int between, double[] to, int toAt, int n) {
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
    public void spread(double[] from, int at, double[] to, int toAt, int step, int n) {
        for (int x = 0; x < n; x++) {
            load(from, at + x * LANES).intoArray(to, toAt + x * step);
        }
    }

    @Override
    public void addSpread(double[] from, int at, double[] to, int toAt, int step, int n) {
        for (int x = 0; x < n; x++) {
            load(to, toAt + x * step).add(load(from, at + x * LANES)).intoArray(to, toAt + x * step);
        }
    }

    @Override
    public void accumulate(double[] from, int at, double[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, toAt + i).add(load(from, at + i)).intoArray(to, toAt + i);
        }
    }

    @Override
    public void accumulate(double[] k, double[] t, int at, double[] toK, double[] toT, int to, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector v = load(k, at + i);
            load(toT, to + i).add(v.mul(ofK).add(load(t, at + i).mul(ofT))).intoArray(toT, to + i);
            load(toK, to + i).add(v.mul(scale)).intoArray(toK, to + i);
        }
    }

    @Override
    public void accumulate(double[] k, int at, double[] toK, int to, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        for (int i = 0; i < n * LANES; i += LANES) {
            load(toK, to + i).add(load(k, at + i).mul(scale)).intoArray(toK, to + i);
        }
    }

    @Override
    public void accumulate(double[] one, int oneAt, double[] other, int otherAt, double[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, toAt + i).add(load(one, oneAt + i).add(load(other, otherAt + i))).intoArray(to, toAt + i);
        }
    }

    @Override
    public void plus(double[] one, int oneAt, double[] other, int otherAt, double[] to, int toAt, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(one, oneAt + i).add(load(other, otherAt + i)).intoArray(to, toAt + i);
        }
    }

    @Override
    public void halved(double[] equal, int equalAt, double[] later, int laterAt, double[] earlier, int earlierAt, double[] to, int toAt,
            int line, int n) {
        for (int i = 0; i < n; i++) {
            int x = 2 * i * LANES;
            DoubleVector a = load(equal, equalAt + x).add(load(later, laterAt + x).add(load(earlier, earlierAt + x)));
            int y = x + LANES;
            DoubleVector b = load(equal, equalAt + y).add(load(later, laterAt + y).add(load(earlier, earlierAt + y)));
            int at = toAt + 3 * i * line;
            a.add(b).rearrange(EVEN).intoArray(to, at);
            a.rearrange(ODD).intoArray(to, at + line);
            b.rearrange(ODD).intoArray(to, at + 2 * line);
        }
    }

    @Override
    public void joined(double[] from, int at, int line, int around, double[] to, int toLine, int count, double factor) {
        double by = factor;
        for (int row = 0; row < count; row++) {
            int first = at + 3 * row * line;
            int begin = row * toLine;
            from[first + 2 * line - 1] = from[first + 2 * line + around - 1];
            for (int i = LANES; i < around; i += LANES) {
                besides(from, first + i, line).mul(by).intoArray(to, begin + i);
            }
            DoubleVector again = besides(from, first, line).mul(by);
            for (int i = 0; i < around + LANES; i += around) {
                again.intoArray(to, begin + i);
            }
        }
    }

    private static DoubleVector besides(double[] from, int at, int line) {
        return load(from, at).add(load(from, at + line).add(load(from, at + 2 * line - 1)));
    }

    @Override
    public void turned(double[] from, int line, int around, double[] to, int toAt, int toLine, int n, int count) {
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
    public void blocks(double[] from, int at, int[] begins, int size, int line, double[] to, int n) {
        for (int row = 0; row < begins.length; row++) {
            for (int x = 0; x < n; x++) {
                block(from, at + begins[row] + x * LANES, size, line).intoArray(to, (row * n + x) * LANES);
            }
        }
    }

    private static DoubleVector block(double[] from, int at, int size, int line) {
        if (size == 2) {
            return load(from, at).add(load(from, at + line + 1)).add(load(from, at + 1).add(load(from, at + line)));
        }
        DoubleVector sum = load(from, at);
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
    public void products(double[] left, int leftAt, double[] right, int rightAt, int rightStep, double[] to, int at, int n) {
        for (int x = 0; x < n; x++) {
            load(right, rightAt + x * rightStep).fma(DoubleVector.broadcast(SPECIES, left[leftAt + x]), load(to, at + x * LANES))
                    .intoArray(to, at + x * LANES);
        }
    }

    @Override
    public void inputs(double[][] left, int leftAt, double[][] right, int rightAt, int rightStep, double[] to, int at, int n,
            double factor) {
        if (left.length == 3) {
            colours(left[0], left[1], left[2], leftAt, right[0], right[1], right[2], rightAt, rightStep, to, at, n, factor);
            return;
        }
        double by = factor;
        for (int x = 0; x < n; x++) {
            DoubleVector sum = load(right[0], rightAt + x * rightStep).mul(left[0][leftAt + x]);
            for (int c = 1; c < left.length; c++) {
                sum = load(right[c], rightAt + x * rightStep).fma(DoubleVector.broadcast(SPECIES, left[c][leftAt + x]), sum);
            }
            sum.mul(by).intoArray(to, at + x * LANES);
        }
    }

    /** The three channels that most images with colours have, in one loop without another one in it. */
    private static void colours(double[] red1, double[] green1, double[] blue1, int leftAt, double[] red2, double[] green2, double[] blue2,
            int rightAt, int rightStep, double[] to, int at, int n, double factor) {
        double by = factor;
        for (int x = 0; x < n; x++) {
            int left = leftAt + x;
            int right = rightAt + x * rightStep;
            DoubleVector two = load(green2, right).fma(DoubleVector.broadcast(SPECIES, green1[left]), load(red2, right).mul(red1[left]));
            load(blue2, right).fma(DoubleVector.broadcast(SPECIES, blue1[left]), two).mul(by).intoArray(to, at + x * LANES);
        }
    }

    @Override
    public void laneInputs(double[][] left, int leftAt, int leftStep, double[][] right, int rightAt, int rightStep, double[] to, int at,
            int n, double factor) {
        double by = factor;
        for (int x = 0; x < n; x++) {
            int l = leftAt + x * leftStep;
            int r = rightAt + x * rightStep;
            DoubleVector sum = load(right[0], r).mul(load(left[0], l));
            for (int c = 1; c < left.length; c++) {
                sum = load(right[c], r).fma(load(left[c], l), sum);
            }
            sum.mul(by).intoArray(to, at + x * LANES);
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
    public void inner(double[] left, int leftAt, double[] right, int rightAt, int channels, double[] to, int at, int line, boolean first,
            double factor) {
        int width = panel();
        for (int column = 0; column < width; column += 3 * LANES) {
            inner(left, leftAt, right, rightAt + column, width, channels, to, at + column, line, first, factor);
        }
    }

    private static DoubleVector begun(double[] to, int at, boolean first) {
        return first ? DoubleVector.zero(SPECIES) : load(to, at);
    }

    /** Twelve sums in registers: as many as sixteen of them hold beside the operands, and enough to keep every multiplier at work. */
    private static void inner(double[] left, int leftAt, double[] right, int rightAt, int width, int channels, double[] to, int at,
            int line, boolean first, double factor) {
        DoubleVector c00 = begun(to, at, first);
        DoubleVector c01 = begun(to, at + LANES, first);
        DoubleVector c02 = begun(to, at + 2 * LANES, first);
        DoubleVector c10 = begun(to, at + line, first);
        DoubleVector c11 = begun(to, at + line + LANES, first);
        DoubleVector c12 = begun(to, at + line + 2 * LANES, first);
        DoubleVector c20 = begun(to, at + 2 * line, first);
        DoubleVector c21 = begun(to, at + 2 * line + LANES, first);
        DoubleVector c22 = begun(to, at + 2 * line + 2 * LANES, first);
        DoubleVector c30 = begun(to, at + 3 * line, first);
        DoubleVector c31 = begun(to, at + 3 * line + LANES, first);
        DoubleVector c32 = begun(to, at + 3 * line + 2 * LANES, first);
        for (int k = 0; k < channels; k++) {
            DoubleVector b0 = load(right, rightAt + k * width);
            DoubleVector b1 = load(right, rightAt + k * width + LANES);
            DoubleVector b2 = load(right, rightAt + k * width + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, left[leftAt + k * width]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, left[leftAt + k * width + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, left[leftAt + k * width + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, left[leftAt + k * width + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
        }
        double by = factor;
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
    public void multiply(double[] left, int leftAt, int leftLine, int leftStep, double[] right, int rightAt, int rightLine, int depth,
            double[] to, int at, int line, int count, int n) {
        for (int r = 0; r < count && count < 4; r++) {
            rows(left, leftAt + r * leftLine, leftLine, leftStep, right, rightAt, rightLine, depth, to, at + r * line, line, 1, n);
        }
        for (int first = 0; first < count && count >= 4; first += 4) {
            // The last four may begin within those before: the same values once more, faster than one row at a time.
            int r = Math.min(first, count - 4);
            rows(left, leftAt + r * leftLine, leftLine, leftStep, right, rightAt, rightLine, depth, to, at + r * line, line, 4, n);
        }
    }

    private static void rows(double[] left, int leftAt, int leftLine, int leftStep, double[] right, int rightAt, int rightLine, int depth,
            double[] to, int at, int line, int count, int n) {
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
    private static void fourByFour(double[] left, int leftAt, int leftLine, int leftStep, double[] right, int rightAt, int rightLine,
            int depth, double[] to, int at, int line) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        DoubleVector c01 = DoubleVector.zero(SPECIES);
        DoubleVector c02 = DoubleVector.zero(SPECIES);
        DoubleVector c03 = DoubleVector.zero(SPECIES);
        DoubleVector c10 = DoubleVector.zero(SPECIES);
        DoubleVector c11 = DoubleVector.zero(SPECIES);
        DoubleVector c12 = DoubleVector.zero(SPECIES);
        DoubleVector c13 = DoubleVector.zero(SPECIES);
        DoubleVector c20 = DoubleVector.zero(SPECIES);
        DoubleVector c21 = DoubleVector.zero(SPECIES);
        DoubleVector c22 = DoubleVector.zero(SPECIES);
        DoubleVector c23 = DoubleVector.zero(SPECIES);
        DoubleVector c30 = DoubleVector.zero(SPECIES);
        DoubleVector c31 = DoubleVector.zero(SPECIES);
        DoubleVector c32 = DoubleVector.zero(SPECIES);
        DoubleVector c33 = DoubleVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            DoubleVector b0 = load(right, with);
            DoubleVector b1 = load(right, with + LANES);
            DoubleVector b2 = load(right, with + 2 * LANES);
            DoubleVector b3 = load(right, with + 3 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, left[from + 3 * leftLine]);
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

    private static void fourByThree(double[] left, int leftAt, int leftLine, int leftStep, double[] right, int rightAt, int rightLine,
            int depth, double[] to, int at, int line) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        DoubleVector c01 = DoubleVector.zero(SPECIES);
        DoubleVector c02 = DoubleVector.zero(SPECIES);
        DoubleVector c10 = DoubleVector.zero(SPECIES);
        DoubleVector c11 = DoubleVector.zero(SPECIES);
        DoubleVector c12 = DoubleVector.zero(SPECIES);
        DoubleVector c20 = DoubleVector.zero(SPECIES);
        DoubleVector c21 = DoubleVector.zero(SPECIES);
        DoubleVector c22 = DoubleVector.zero(SPECIES);
        DoubleVector c30 = DoubleVector.zero(SPECIES);
        DoubleVector c31 = DoubleVector.zero(SPECIES);
        DoubleVector c32 = DoubleVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            DoubleVector b0 = load(right, with);
            DoubleVector b1 = load(right, with + LANES);
            DoubleVector b2 = load(right, with + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, left[from + 3 * leftLine]);
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

    private static void fourByTwo(double[] left, int leftAt, int leftLine, int leftStep, double[] right, int rightAt, int rightLine,
            int depth, double[] to, int at, int line) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        DoubleVector c01 = DoubleVector.zero(SPECIES);
        DoubleVector c10 = DoubleVector.zero(SPECIES);
        DoubleVector c11 = DoubleVector.zero(SPECIES);
        DoubleVector c20 = DoubleVector.zero(SPECIES);
        DoubleVector c21 = DoubleVector.zero(SPECIES);
        DoubleVector c30 = DoubleVector.zero(SPECIES);
        DoubleVector c31 = DoubleVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            DoubleVector b0 = load(right, with);
            DoubleVector b1 = load(right, with + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, left[from + 3 * leftLine]);
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

    private static void fourByOne(double[] left, int leftAt, int leftLine, int leftStep, double[] right, int rightAt, int rightLine,
            int depth, double[] to, int at, int line) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        DoubleVector c10 = DoubleVector.zero(SPECIES);
        DoubleVector c20 = DoubleVector.zero(SPECIES);
        DoubleVector c30 = DoubleVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            DoubleVector b0 = load(right, with);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, left[from + leftLine]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, left[from + 2 * leftLine]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, left[from + 3 * leftLine]);
            c30 = a3.fma(b0, c30);
        }
        c00.intoArray(to, at);
        c10.intoArray(to, at + line);
        c20.intoArray(to, at + 2 * line);
        c30.intoArray(to, at + 3 * line);
    }

    private static void oneByOne(double[] left, int leftAt, int leftStep, double[] right, int rightAt, int rightLine, int depth,
            double[] to, int at) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        for (int d = 0; d < depth; d++) {
            int from = leftAt + d * leftStep;
            int with = rightAt + d * rightLine;
            DoubleVector b0 = load(right, with);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, left[from]);
            c00 = a0.fma(b0, c00);
        }
        c00.intoArray(to, at);
    }

    @Override
    public void scale(double[] k, int at, int n, double factor) {
        double by = factor;
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).mul(by).intoArray(k, i);
        }
    }

    @Override
    public void window(double[] k, double[] t, int[] sources, int taps, int step, double[] toK, double[] toT, int at, int n, Affine map) {
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
    public void window(double[] k, int[] sources, int taps, int step, double[] toK, int at, int n, Affine map) {
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

    private static void down(double[] from, int[] s, double[] to, int n) {
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

    private static void down5(double[] from, int a, int b, int c, int d, int e, double[] to, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(from, a + i).add(load(from, b + i)).add(load(from, c + i)).add(load(from, d + i)).add(load(from, e + i))
                    .intoArray(to, i);
        }
    }

    private static void down7(double[] from, int a, int b, int c, int d, int e, int f, int g, double[] to, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(from, a + i).add(load(from, b + i)).add(load(from, c + i)).add(load(from, d + i)).add(load(from, e + i))
                    .add(load(from, f + i)).add(load(from, g + i)).intoArray(to, i);
        }
    }

    private static DoubleVector five(double[] from, int i) {
        return load(from, i).add(load(from, i + LANES)).add(load(from, i + 2 * LANES)).add(load(from, i + 3 * LANES))
                .add(load(from, i + 4 * LANES));
    }

    private static void across5(double[] k, double[] t, double[] toK, double[] toT, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector sumK = five(k, i);
            five(t, i).fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void acrossFive(double[] k, double[] toK, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        for (int i = 0; i < n * LANES; i += LANES) {
            five(k, i).fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void acrossSeven(double[] k, double[] toK, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        for (int i = 0; i < n * LANES; i += LANES) {
            five(k, i).add(load(k, i + 5 * LANES)).add(load(k, i + 6 * LANES)).fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void across7(double[] k, double[] t, double[] toK, double[] toT, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector sumK = five(k, i).add(load(k, i + 5 * LANES)).add(load(k, i + 6 * LANES));
            DoubleVector sumT = five(t, i).add(load(t, i + 5 * LANES)).add(load(t, i + 6 * LANES));
            sumT.fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
        }
    }

    private static void across(double[] from, int taps, double[] to, int at, int n) {
        System.arraycopy(from, 0, to, at, n * LANES);
        for (int tap = 1; tap < taps; tap++) {
            added(from, tap * LANES, to, at, n);
        }
    }

    private static void strided(double[] from, int taps, int step, double[] to, int at, int n) {
        for (int x = 0; x < n; x++) {
            DoubleVector sum = load(from, x * step * LANES);
            for (int tap = 1; tap < taps; tap++) {
                sum = sum.add(load(from, (x * step + tap) * LANES));
            }
            sum.intoArray(to, at + x * LANES);
        }
    }

    private static void added(double[] from, int source, double[] to, int at, int n) {
        for (int i = 0; i < n * LANES; i += LANES) {
            load(to, at + i).add(load(from, source + i)).intoArray(to, at + i);
        }
    }

    private static void affine(double[] k, double[] t, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        for (int i = at; i < at + n * LANES; i += LANES) {
            DoubleVector v = load(k, i);
            load(t, i).fma(ofT, v.fma(ofK, biasT)).intoArray(t, i);
            v.fma(scale, bias).intoArray(k, i);
        }
    }

    private static void affineOfK(double[] k, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).fma(scale, bias).intoArray(k, i);
        }
    }

    private static void windowOfThree(double[] k, int a, int b, int c, double[] toK, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        DoubleVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        for (int i = 0; i < n * LANES; i += LANES) {
            int third = i + 2 * LANES;
            DoubleVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            oneK.add(twoK).add(threeK).fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            twoK = threeK;
        }
    }

    /** Sums of columns stay in registers until the last window that has them; those before the first one are there. */
    private static void windowOfFive(double[] k, int[] s, double[] sums, double[] toK, int at, int n, Affine map) {
        int a = s[0] + 4 * LANES;
        int b = s[1] + 4 * LANES;
        int c = s[2] + 4 * LANES;
        int d = s[3] + 4 * LANES;
        int e = s[4] + 4 * LANES;
        down5(k, s[0], s[1], s[2], s[3], s[4], sums, 4);
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector one = load(sums, 0);
        DoubleVector two = load(sums, LANES);
        DoubleVector three = load(sums, 2 * LANES);
        DoubleVector four = load(sums, 3 * LANES);
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector five = load(k, a + i).add(load(k, b + i)).add(load(k, c + i)).add(load(k, d + i)).add(load(k, e + i));
            one.add(two).add(three).add(four).add(five).fma(scale, bias).intoArray(toK, at + i);
            one = two;
            two = three;
            three = four;
            four = five;
        }
    }

    private static void windowOfSeven(double[] k, int[] s, double[] sums, double[] toK, int at, int n, Affine map) {
        int a = s[0] + 6 * LANES;
        int b = s[1] + 6 * LANES;
        int c = s[2] + 6 * LANES;
        int d = s[3] + 6 * LANES;
        int e = s[4] + 6 * LANES;
        int f = s[5] + 6 * LANES;
        int g = s[6] + 6 * LANES;
        down7(k, s[0], s[1], s[2], s[3], s[4], s[5], s[6], sums, 6);
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector one = load(sums, 0);
        DoubleVector two = load(sums, LANES);
        DoubleVector three = load(sums, 2 * LANES);
        DoubleVector four = load(sums, 3 * LANES);
        DoubleVector five = load(sums, 4 * LANES);
        DoubleVector six = load(sums, 5 * LANES);
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector seven = load(k, a + i).add(load(k, b + i)).add(load(k, c + i)).add(load(k, d + i)).add(load(k, e + i))
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
    private double[] sums(int places) {
        if (sumsK.length < places * LANES) {
            sumsK = new double[places * LANES];
            sumsT = new double[places * LANES];
        }
        return sumsK;
    }

    /** The window that nearly all networks have, in one loop: nothing goes through memory on the way. */
    private static void window3(double[] k, double[] t, int a, int b, int c, double[] toK, double[] toT, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        DoubleVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        DoubleVector oneT = load(t, a).add(load(t, b)).add(load(t, c));
        DoubleVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        DoubleVector twoT = load(t, a + LANES).add(load(t, b + LANES)).add(load(t, c + LANES));
        for (int i = 0; i < n * LANES; i += LANES) {
            int third = i + 2 * LANES;
            DoubleVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            DoubleVector threeT = load(t, a + third).add(load(t, b + third)).add(load(t, c + third));
            DoubleVector sumK = oneK.add(twoK).add(threeK);
            DoubleVector sumT = oneT.add(twoT).add(threeT);
            sumT.fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
        }
    }

    @Override
    public void twoWindows(double[] k, double[] t, int[] sources, double[] toK, double[] toT, int at, int next, int n, Affine map) {
        window3(k, t, sources[0], sources[1], sources[2], sources[3], toK, toT, at, next, n, map);
    }

    /** Two rows of windows one above the other: what both look at is read once. */
    private static void window3(double[] k, double[] t, int a, int b, int c, int d, double[] toK, double[] toT, int at, int next, int n,
            Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        DoubleVector upperK = load(k, b);
        DoubleVector lowerK = load(k, c);
        DoubleVector oneK = load(k, a).add(upperK).add(lowerK);
        DoubleVector oneNextK = upperK.add(lowerK).add(load(k, d));
        DoubleVector upperT = load(t, b);
        DoubleVector lowerT = load(t, c);
        DoubleVector oneT = load(t, a).add(upperT).add(lowerT);
        DoubleVector oneNextT = upperT.add(lowerT).add(load(t, d));
        upperK = load(k, b + LANES);
        lowerK = load(k, c + LANES);
        DoubleVector twoK = load(k, a + LANES).add(upperK).add(lowerK);
        DoubleVector twoNextK = upperK.add(lowerK).add(load(k, d + LANES));
        upperT = load(t, b + LANES);
        lowerT = load(t, c + LANES);
        DoubleVector twoT = load(t, a + LANES).add(upperT).add(lowerT);
        DoubleVector twoNextT = upperT.add(lowerT).add(load(t, d + LANES));
        for (int i = 0; i < n * LANES; i += LANES) {
            int third = i + 2 * LANES;
            upperK = load(k, b + third);
            lowerK = load(k, c + third);
            DoubleVector threeK = load(k, a + third).add(upperK).add(lowerK);
            DoubleVector threeNextK = upperK.add(lowerK).add(load(k, d + third));
            upperT = load(t, b + third);
            lowerT = load(t, c + third);
            DoubleVector threeT = load(t, a + third).add(upperT).add(lowerT);
            DoubleVector threeNextT = upperT.add(lowerT).add(load(t, d + third));
            DoubleVector sumK = oneK.add(twoK).add(threeK);
            oneT.add(twoT).add(threeT).fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            DoubleVector sumNextK = oneNextK.add(twoNextK).add(threeNextK);
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
    public void touching(double[] k, double[] t, int[] sources, double[] toK, double[] toT, int at, int n, Affine map, double[] masks,
            int maskAt) {
        touching3(k, t, sources[0], sources[1], sources[2], toK, toT, at, n, map, masks, maskAt);
    }

    @Override
    public void touching(double[] k, int[] sources, double[] toK, int at, int n, Affine map, double[] masks, int maskAt) {
        touchingOfThree(k, sources[0], sources[1], sources[2], toK, at, n, map, masks, maskAt);
    }

    @Override
    public void touchingFirst(double[] k, int[] sources, double[] toK, double[] toT, int at, int n, Affine map, double[] masks,
            int maskAt) {
        first3(k, sources[0], sources[1], sources[2], toK, toT, at, n, map, masks, maskAt);
    }

    /** {@link #window3}: a multiplication by 0 or 1 costs nothing where an addition follows. */
    private static void touching3(double[] k, double[] t, int a, int b, int c, double[] toK, double[] toT, int at, int n, Affine map,
            double[] masks, int maskAt) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        DoubleVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        DoubleVector oneT = load(t, a).add(load(t, b)).add(load(t, c));
        DoubleVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        DoubleVector twoT = load(t, a + LANES).add(load(t, b + LANES)).add(load(t, c + LANES));
        DoubleVector before = load(masks, maskAt);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int third = i + 2 * LANES;
            DoubleVector behind = load(masks, maskAt + 1 + x);
            DoubleVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            DoubleVector threeT = load(t, a + third).add(load(t, b + third)).add(load(t, c + third));
            DoubleVector sumK = threeK.fma(behind, oneK.fma(before, twoK));
            DoubleVector sumT = threeT.fma(behind, oneT.fma(before, twoT));
            sumT.fma(ofT, sumK.fma(ofK, biasT)).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            oneT = twoT;
            twoK = threeK;
            twoT = threeT;
            before = behind;
        }
    }

    private static void first3(double[] k, int a, int b, int c, double[] toK, double[] toT, int at, int n, Affine map, double[] masks,
            int maskAt) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        DoubleVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        DoubleVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        DoubleVector before = load(masks, maskAt);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int third = i + 2 * LANES;
            DoubleVector behind = load(masks, maskAt + 1 + x);
            DoubleVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            DoubleVector sumK = threeK.fma(behind, oneK.fma(before, twoK));
            sumK.fma(ofK, biasT).intoArray(toT, at + i);
            sumK.fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            twoK = threeK;
            before = behind;
        }
    }

    private static void touchingOfThree(double[] k, int a, int b, int c, double[] toK, int at, int n, Affine map, double[] masks,
            int maskAt) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector oneK = load(k, a).add(load(k, b)).add(load(k, c));
        DoubleVector twoK = load(k, a + LANES).add(load(k, b + LANES)).add(load(k, c + LANES));
        DoubleVector before = load(masks, maskAt);
        for (int x = 0; x < n; x++) {
            int i = x * LANES;
            int third = i + 2 * LANES;
            DoubleVector behind = load(masks, maskAt + 1 + x);
            DoubleVector threeK = load(k, a + third).add(load(k, b + third)).add(load(k, c + third));
            threeK.fma(behind, oneK.fma(before, twoK)).fma(scale, bias).intoArray(toK, at + i);
            oneK = twoK;
            twoK = threeK;
            before = behind;
        }
    }

    @Override
    public void linear(double[] k, double[] t, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        for (int i = at; i < at + n * LANES; i += LANES) {
            DoubleVector v = load(k, i);
            v.mul(ofK).add(load(t, i).mul(ofT)).add(biasT).intoArray(t, i);
            v.mul(scale).add(bias).intoArray(k, i);
        }
    }

    @Override
    public void linear(double[] k, int at, int n, Affine map) {
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        for (int i = at; i < at + n * LANES; i += LANES) {
            load(k, i).mul(scale).add(bias).intoArray(k, i);
        }
    }

    @Override
    public void activate(Arc form, double[] k, double[] t, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2,
            double[] g2, double[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector bend = DoubleVector.broadcast(SPECIES, f.bend());
        DoubleVector least = DoubleVector.broadcast(SPECIES, f.least());
        DoubleVector most = DoubleVector.broadcast(SPECIES, f.most());
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            DoubleVector q12 = load(k, i);
            DoubleVector both = load(q2, right).mul(q1[leftAt + x * leftStep]);
            DoubleVector minor = both.sub(q12.mul(q12));
            DoubleVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            DoubleVector inverse = load(g2, right).mul(g1[leftAt + x * leftStep]);
            DoubleVector cosine = q12.mul(inverse);
            DoubleVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            DoubleVector acute = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            DoubleVector slope = acute.blend(load(rest, right), both.compare(VectorOperators.EQ, zero));
            slope.fma(q12, root).intoArray(k, i);
            load(t, i).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void activate(Affine map, Arc form, double[] k, double[] t, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep,
            double[] q2, double[] g2, double[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector scale = DoubleVector.broadcast(SPECIES, map.scale());
        DoubleVector bias = DoubleVector.broadcast(SPECIES, map.bias());
        DoubleVector ofK = DoubleVector.broadcast(SPECIES, map.fromK());
        DoubleVector ofT = DoubleVector.broadcast(SPECIES, map.fromT());
        DoubleVector biasT = DoubleVector.broadcast(SPECIES, map.biasT());
        DoubleVector bend = DoubleVector.broadcast(SPECIES, f.bend());
        DoubleVector least = DoubleVector.broadcast(SPECIES, f.least());
        DoubleVector most = DoubleVector.broadcast(SPECIES, f.most());
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            DoubleVector before = load(k, i);
            DoubleVector q12 = before.mul(scale).add(bias);
            DoubleVector both = load(q2, right).mul(q1[leftAt + x * leftStep]);
            DoubleVector minor = both.sub(q12.mul(q12));
            DoubleVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            DoubleVector inverse = load(g2, right).mul(g1[leftAt + x * leftStep]);
            DoubleVector cosine = q12.mul(inverse);
            DoubleVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            DoubleVector acute = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            DoubleVector slope = acute.blend(load(rest, right), both.compare(VectorOperators.EQ, zero));
            slope.fma(q12, root).intoArray(k, i);
            before.mul(ofK).add(load(t, i).mul(ofT)).add(biasT).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void activate(Arc form, double[] k, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2, double[] g2,
            int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector bend = DoubleVector.broadcast(SPECIES, f.bend());
        DoubleVector least = DoubleVector.broadcast(SPECIES, f.least());
        DoubleVector most = DoubleVector.broadcast(SPECIES, f.most());
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int right = rightAt + x * rightStep;
            DoubleVector q12 = load(k, i);
            DoubleVector minor = load(q2, right).mul(q1[leftAt + x * leftStep]).sub(q12.mul(q12));
            DoubleVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            DoubleVector inverse = load(g2, right).mul(g1[leftAt + x * leftStep]);
            DoubleVector cosine = q12.mul(inverse);
            DoubleVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            DoubleVector slope = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            slope.fma(q12, root).blend(zero, inverse.compare(VectorOperators.EQ, zero)).intoArray(k, i);
        }
    }

    @Override
    public void laneActivate(Arc form, double[] k, double[] t, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep,
            double[] q2, double[] g2, double[] rest, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector bend = DoubleVector.broadcast(SPECIES, f.bend());
        DoubleVector least = DoubleVector.broadcast(SPECIES, f.least());
        DoubleVector most = DoubleVector.broadcast(SPECIES, f.most());
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int left = leftAt + x * leftStep;
            int right = rightAt + x * rightStep;
            DoubleVector q12 = load(k, i);
            DoubleVector both = load(q2, right).mul(load(q1, left));
            DoubleVector minor = both.sub(q12.mul(q12));
            DoubleVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            DoubleVector inverse = load(g2, right).mul(load(g1, left));
            DoubleVector cosine = q12.mul(inverse);
            DoubleVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            DoubleVector acute = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            DoubleVector slope = acute.blend(load(rest, right), both.compare(VectorOperators.EQ, zero));
            slope.fma(q12, root).intoArray(k, i);
            load(t, i).mul(slope).intoArray(t, i);
        }
    }

    @Override
    public void laneActivate(Arc form, double[] k, int at, int n, double[] q1, double[] g1, int leftAt, int leftStep, double[] q2,
            double[] g2, int rightAt, int rightStep) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector bend = DoubleVector.broadcast(SPECIES, f.bend());
        DoubleVector least = DoubleVector.broadcast(SPECIES, f.least());
        DoubleVector most = DoubleVector.broadcast(SPECIES, f.most());
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            int i = at + x * LANES;
            int left = leftAt + x * leftStep;
            int right = rightAt + x * rightStep;
            DoubleVector q12 = load(k, i);
            DoubleVector minor = load(q2, right).mul(load(q1, left)).sub(q12.mul(q12));
            DoubleVector root = zero.blend(minor.sqrt().mul(bend), minor.compare(VectorOperators.GT, zero));
            DoubleVector inverse = load(g2, right).mul(load(g1, left));
            DoubleVector cosine = q12.mul(inverse);
            DoubleVector angle = root.mul(inverse.mul(VectorAngle.quotient(cosine.abs())));
            DoubleVector slope = most.sub(angle).blend(least.add(angle), cosine.compare(VectorOperators.LT, zero));
            slope.fma(q12, root).blend(zero, inverse.compare(VectorOperators.EQ, zero)).intoArray(k, i);
        }
    }

    @Override
    public void own(Arc form, double[] k, double[] t, int at, int n, double[] q, double[] g, double[] rest, int featuresAt) {
        Arc.Bend f = (Arc.Bend) form;
        DoubleVector flat = DoubleVector.broadcast(SPECIES, f.flat());
        DoubleVector whole = DoubleVector.broadcast(SPECIES, f.most());
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1.0);
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector variance = load(k, at + i);
            VectorMask<Double> zero = variance.compare(VectorOperators.EQ, DoubleVector.zero(SPECIES));
            variance.intoArray(q, featuresAt + i);
            one.div(variance.sqrt()).blend(DoubleVector.zero(SPECIES), zero).intoArray(g, featuresAt + i);
            flat.intoArray(rest, featuresAt + i);
            DoubleVector slope = whole.blend(flat, zero);
            slope.mul(variance).intoArray(k, at + i);
            load(t, at + i).mul(slope).intoArray(t, at + i);
        }
    }

    @Override
    public void series(Series.Powers powers, double[] k, double @Nullable [] t, int at, int n, double[] g1, int leftAt, Terms<double[]> c1,
            int from1, int leftStep, double[] g2, int rightAt, Terms<double[]> c2, int from2, int rightStep) {
        series.cross(powers, k, t, at, n, g1, leftAt, c1, from1, leftStep, g2, rightAt, c2, from2, rightStep);
    }

    @Override
    public void ownSeries(Series.Powers powers, double[] k, double[] t, int at, int n, double[] g, double[][] c, int featuresAt) {
        PlainSeries64.own(LANES, powers, k, t, at, n, g, c, featuresAt);
    }

    @Override
    public double[][] arrays(int count) {
        return new double[count][];
    }

    @Override
    public boolean isSingle() {
        return Double.BYTES < Long.BYTES;
    }

    @Override
    public void weigh(double[] k, double[] t, int at, double[] toK, double[] toT, int to, int n, double[] f1, int leftAt, int leftStep,
            double[] f2, int rightAt, int rightStep) {
        for (int x = 0; x < n; x++) {
            DoubleVector factor = load(f2, rightAt + x * rightStep).mul(f1[leftAt + x * leftStep]);
            load(k, at + x * LANES).mul(factor).intoArray(toK, to + x * LANES);
            load(t, at + x * LANES).mul(factor).intoArray(toT, to + x * LANES);
        }
    }

    @Override
    public void weigh(double[] k, int at, double[] toK, int to, int n, double[] f1, int leftAt, int leftStep, double[] f2, int rightAt,
            int rightStep) {
        for (int x = 0; x < n; x++) {
            DoubleVector factor = load(f2, rightAt + x * rightStep).mul(f1[leftAt + x * leftStep]);
            load(k, at + x * LANES).mul(factor).intoArray(toK, to + x * LANES);
        }
    }

    @Override
    public void ownWeigh(double epsilon, double[] k, double[] t, int at, int n, double[] f, int featuresAt) {
        double least = epsilon;
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1.0);
        for (int i = 0; i < n * LANES; i += LANES) {
            DoubleVector variance = load(k, at + i);
            DoubleVector factor = one.div(variance.add(least).sqrt());
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
    public void mask(double[] k, double[] t, int at, double[] masks, int maskAt, int maskStep, int n) {
        for (int x = 0; x < n; x++) {
            DoubleVector mask = load(masks, maskAt + x * maskStep);
            load(k, at + x * LANES).mul(mask).intoArray(k, at + x * LANES);
            load(t, at + x * LANES).mul(mask).intoArray(t, at + x * LANES);
        }
    }

    @Override
    public void mask(double[] k, int at, double[] masks, int maskAt, int maskStep, int n) {
        for (int x = 0; x < n; x++) {
            load(k, at + x * LANES).mul(load(masks, maskAt + x * maskStep)).intoArray(k, at + x * LANES);
        }
    }

    @Override
    public void sum(double[] k, int at, int n, double[] to) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            sum = sum.add(load(k, at + x * LANES));
        }
        sum.intoArray(to, 0);
    }

    @Override
    public void sums(double[] k, double[] t, int at, double[] one, double[] other, int maskAt, int n, double[] to) {
        DoubleVector oneK = DoubleVector.zero(SPECIES);
        DoubleVector otherK = DoubleVector.zero(SPECIES);
        DoubleVector oneT = DoubleVector.zero(SPECIES);
        DoubleVector otherT = DoubleVector.zero(SPECIES);
        for (int x = 0; x < n; x++) {
            DoubleVector first = load(one, maskAt + x);
            DoubleVector second = load(other, maskAt + x);
            DoubleVector valueK = load(k, at + x * LANES);
            DoubleVector valueT = load(t, at + x * LANES);
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
