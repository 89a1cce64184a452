package org.ntk4j.infinite.sequence.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.sequence.path.SequencePath.Level;
import org.ntk4j.infinite.sequence.path.SequencePath.Matrix;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.moment.Gather;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.StencilTables;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.Terms;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * What some examples have with themselves that pairs of them need. Position p of example e stands at {@code e width + p}; the width is
 * the number of positions of a level or a few more, so that whole places hold it.
 *
 * @param <A> the arrays of its numbers
 */
public final class SideFeatures<A> {

    /**
     * What a step that looks at variances needs.
     *
     * @param q     variances; of a normalization the means over the channels that it subtracts
     * @param g     {@link org.ntk4j.gaussian.Arc#inverseRoot} of them; of a normalization its factors
     * @param rest  the slope where a variance is 0, or the limit of a series; of a normalization the means over the positions too
     * @param terms the coefficients of a series; null where there is none
     */
    record Look<A>(A q, A g, A rest, @Nullable Terms<A> terms) {
    }

    /**
     * Matrices on the positions of all examples, transposed: {@code [example][before][after]}; a row is as wide as the level behind it.
     *
     * @param size how many values
     */
    record Matrices<A>(A values, int size) {
    }

    /**
     * Where positions are at a level.
     *
     * @param lengths how many positions each example has
     * @param real    1 at positions that are there, else 0; null if all are
     */
    record Ground<A>(int positions, int width, Side side, int[] lengths, @Nullable A real) {

        /** Whether a position is one of the example's. */
        boolean isReal(int at) {
            return at % width < positions && side.isReal(at / width, at % width);
        }

        /** How many positions an example has. */
        int length(int example) {
            return lengths[example];
        }
    }

    private final Rows<A> rows;
    private final int count;
    private final List<Ground<A>> grounds = new ArrayList<>();
    private final Map<Integer, Look<A>> looks = new HashMap<>();
    private final Map<Integer, Matrices<A>> turned = new HashMap<>();
    private final double[] k;
    private final double[] t;

    /** @throws org.ntk4j.base.Failure if padding does not allow the windows */
    public SideFeatures(Rows<A> rows, Side side, List<Level> levels) {
        this.rows = rows;
        this.count = side.count();
        for (Level level : levels) {
            int width = level.width(rows.lanes());
            Side here = grounds.isEmpty() ? side : side(side, level);
            grounds.add(new Ground<>(level.positions(), width, here, IntStream.range(0, count).map(here::length).toArray(),
                    width == level.positions() && here.real() == null ? null : real(here, width)));
        }
        this.k = new double[count];
        this.t = new double[count];
    }

    private Side side(Side inputs, Level level) {
        Side first = grounds.get(level.from().get(0)).side;
        Window window = level.window();
        if (inputs.real() == null) {
            return new Side(count, level.positions(), null, null, null);
        }
        if (window != null) {
            return StencilTables.of(window, "", Shape.of(first.positions(), 1), first, first).after(first, level.positions());
        }
        double[] real = new double[count * level.positions()];
        for (int way : level.from()) {
            for (int i = 0; i < real.length; i++) {
                real[i] = Math.max(real[i], grounds.get(way).side.isReal(i / level.positions(), i % level.positions()) ? 1 : 0);
            }
        }
        return new Side(count, level.positions(), null, real, null);
    }

    private A real(Side side, int width) {
        double[] flags = new double[count * width];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = i % width < side.positions() && side.isReal(i / width, i % width) ? 1 : 0;
        }
        A made = rows.room(flags.length);
        rows.put(flags, 0, made, 0, flags.length);
        return made;
    }

    int count() {
        return count;
    }

    /** The mean over the channels at the beginning. */
    double mean(int at) {
        Ground<A> start = grounds.get(0);
        double[] mean = start.side.mean();
        return mean == null ? 0 : mean[at / start.width * start.positions + at % start.width];
    }

    Ground<A> ground(int level) {
        return grounds.get(level);
    }

    /** By their number, in the order of the steps. */
    Map<Integer, Look<A>> looks() {
        return looks;
    }

    Look<A> look(int number) {
        return Objects.requireNonNull(looks.get(number));
    }

    A matrices(int number) {
        return Objects.requireNonNull(turned.get(number)).values;
    }

    /** By their number. */
    Map<Integer, Matrices<A>> turned() {
        return turned;
    }

    /**
     * Writes the matrices of a step, transposed.
     *
     * @param room for the matrix of an example
     */
    void turn(Matrix matrix, int from, int to, A made, double[] room) {
        Ground<A> before = grounds.get(from);
        Ground<A> after = grounds.get(to);
        int size = before.positions * after.width;
        for (int e = 0; e < count; e++) {
            Arrays.fill(room, 0, size, 0);
            if (matrix instanceof Matrix.Pool pool) {
                pool(pool, before, after, e, room);
            } else {
                PositionMap map = ((Matrix.Fixed) matrix).map();
                for (int p = 0; p < after.positions; p++) {
                    for (int i = 0; i < map.sources(p).length; i++) {
                        room[map.sources(p)[i] * after.width + p] += map.weights(p)[i];
                    }
                }
            }
            rows.put(room, 0, made, e * size, size);
        }
    }

    private void pool(Matrix.Pool pool, Ground<A> before, Ground<A> after, int e, double[] to) {
        Side one = before.side.slice(e, e + 1);
        int[][] table = StencilTables.of(pool.window(), "", pool.before(), before.side, before.side).of(one)[0];
        double[] weights = Gather.weights(table, after.positions, table.length, true, true);
        for (int[] sources : table) {
            for (int p = 0; p < after.positions; p++) {
                if (sources[p] >= 0) {
                    to[sources[p] * after.width + p] += weights[p];
                }
            }
        }
    }

    /**
     * Multiplies the inputs of each example by the matrices of some steps.
     *
     * @param steps as {@link org.ntk4j.infinite.sequence.path.SequencePath#beginning} finds them; these examples have gone through them
     * @param inputs {@code [example][position][channel]}, of as many positions as a line has places, from {@code at} on
     */
    public void apply(List<Step> steps, double[] inputs, int at, int channels) {
        int width = grounds.get(0).width;
        double scale = 1;
        for (Step step : steps) {
            if (step instanceof Step.Linear l) {
                scale *= l.map().scale();
            } else if (step instanceof Step.Normalize n) {
                double[] factors = new double[count * width];
                rows.get(look(n.look()).g, 0, factors, 0, factors.length);
                for (int i = 0; i < factors.length * channels; i++) {
                    inputs[at + i] *= Math.sqrt(scale) * factors[i / channels];
                }
                scale = 1;
            } else if (step instanceof Step.Attend a) {
                for (int e = 0; e < count; e++) {
                    mix(matrices(a.number()), e, Math.sqrt(scale), inputs, at + e * width * channels, channels);
                }
                scale = a.kernel().outer().scale();
            }
        }
    }

    /** Multiplies the positions of an example by its matrix, which stands there transposed. */
    private void mix(A matrices, int example, double factor, double[] inputs, int from, int channels) {
        int positions = grounds.get(0).positions;
        int width = grounds.get(0).width;
        double[] row = new double[width];
        double[] mixed = new double[positions * channels];
        for (int q = 0; q < positions; q++) {
            rows.get(matrices, (example * positions + q) * width, row, 0, width);
            for (int p = 0; p < positions; p++) {
                double weight = factor * row[p];
                for (int c = 0; c < channels; c++) {
                    mixed[p * channels + c] += weight * inputs[from + q * channels + c];
                }
            }
        }
        System.arraycopy(mixed, 0, inputs, from, mixed.length);
    }

    /** K of each example with itself, at the end. */
    double[] k() {
        return k;
    }

    /** Θ of each example with itself, at the end. */
    double[] t() {
        return t;
    }
}
