package org.ntk4j.moment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * What a layer does to the pairs of positions of one offset: stride-1 convolutions and everything that acts on each pair
 * alone never mix offsets, so a plane of them can go through such layers without leaving the cache.
 */
public sealed interface PlaneStep {

    /** What stands beyond the border. */
    enum Border { ZERO, WRAP, NONE }

    /**
     * The mean over a window of {@code rows × columns} that begins {@code top} rows above and {@code left} columns before its position,
     * then {@code K' = scale · K + bias} and Θ' by its rule.
     *
     * @param border zeros outside, the other side of the image, or nothing: then only positions are kept at which the window lies inside
     * @param down   rows from one window to the next
     * @param across columns from one window to the next
     */
    record Linear(int rows, int columns, int top, int left, Border border, int down, int across, double scale, double bias,
            Covariance.Tangent rule) implements PlaneStep {

        public int area() {
            return rows * columns;
        }

        /** This map with weights that are not trained: they add nothing to Θ. */
        public Linear frozen() {
            return new Linear(rows, columns, top, left, border, down, across, scale, bias, new Covariance.Tangent(0, rule.tangent(), 0));
        }

        /** This map, K and Θ behind it multiplied by a share. */
        Linear times(double share) {
            return new Linear(rows, columns, top, left, border, down, across, scale * share, bias * share,
                    new Covariance.Tangent(rule.covariance() * share, rule.tangent() * share, rule.bias() * share));
        }

        /** What it does to a sum over its window. */
        public Rows.Affine affine() {
            return new Rows.Affine(scale / area(), bias, rule.covariance() / area(), rule.tangent() / area(), rule.bias());
        }

        /** It, of which only every this many-th row and column is kept, from the first on: what is dropped is not computed. */
        public Linear every(Thin kept) {
            return new Linear(rows, columns, top, left, border, down * kept.down, across * kept.across, scale, bias, rule);
        }

        /** Whether it takes each position alone to where it was. */
        public boolean isPointwise() {
            return area() == 1 && down == 1 && across == 1;
        }

        /** The rows that are left of this many. */
        public int rowsAfter(int height) {
            return border == Border.NONE ? (height - rows) / down + 1 : (height + down - 1) / down;
        }

        /** The columns that are left of this many. */
        public int columnsAfter(int width) {
            return border == Border.NONE ? (width - columns) / across + 1 : (width + across - 1) / across;
        }
    }

    /** A linear map at each position alone. */
    static PlaneStep pointwise(double scale, double bias, Covariance.Tangent rule) {
        return new Linear(1, 1, 0, 0, Border.ZERO, 1, 1, scale, bias, rule);
    }

    /** An activation. */
    record Activate(Nonlinearity phi) implements PlaneStep {
    }

    /**
     * Layer normalization of what has mean 0 over the channels.
     *
     * @param overAll over the channels and all positions, or over the channels alone
     */
    record Normalize(boolean overAll, double epsilon) implements PlaneStep {
    }

    /** The sum of several ways. */
    record Sum(List<List<PlaneStep>> ways) implements PlaneStep {
    }

    /** The product of several ways: {@code K = Π K_i}, {@code Θ = Σ_i Θ_i Π_{j≠i} K_j}. */
    record Product(List<List<PlaneStep>> ways) implements PlaneStep {
    }

    /**
     * The channels of several ways side by side: the mean of their K and Θ.
     *
     * @param shares the share of each in all channels
     */
    record Concat(List<List<PlaneStep>> ways, List<Double> shares) implements PlaneStep {

        /** The same as the sum of ways that end with their shares. */
        public Sum weighed() {
            return new Sum(IntStream.range(0, ways.size()).mapToObj(i -> times(ways.get(i), shares.get(i))).toList());
        }
    }

    /** Steps behind which K and Θ are multiplied by a share. */
    private static List<PlaneStep> times(List<PlaneStep> steps, double share) {
        List<PlaneStep> weighed = new ArrayList<>(steps);
        PlaneStep last = steps.isEmpty() ? new Pass() : weighed.remove(steps.size() - 1);
        if (last instanceof Chain c) {
            weighed.addAll(times(c.steps, share));
        } else if (last instanceof Linear l) {
            weighed.add(l.times(share));
        } else if (last instanceof Pool p) {
            weighed.add(p.times(share));
        } else {
            weighed.addAll(List.of(last, pointwise(share, 0, new Covariance.Tangent(0, share, 0))));
        }
        return weighed;
    }

    /** Some steps one after the other. */
    record Chain(List<PlaneStep> steps) implements PlaneStep {
    }

    /**
     * Pooling over windows, along rows and along columns: {@code K'(P, Q) = w(P) w(Q) Σ K(p, q)} over the positions of both windows.
     * Offsets mix here.
     */
    record Pool(Axis rows, Axis columns) implements PlaneStep {

        /** Not a pooling: all of so many rows and columns stay what they are. */
        public static Pool none(int height, int width) {
            return new Pool(Axis.spread(height, 1, height), Axis.spread(width, 1, width));
        }

        /** Whether all positions stay what they are. */
        public boolean isNone() {
            return rows.stays() && columns.stays();
        }

        private Pool times(double share) {
            return new Pool(rows.times(Math.sqrt(share)), columns);
        }
    }

    /**
     * Pooling along one axis.
     *
     * @param targets for each position the pooled ones that it goes into
     * @param weights the factor of each pooled position
     */
    record Axis(int[][] targets, double[] weights) {

        /** An axis of one position that stays. */
        static final Axis SINGLE = new Axis(new int[][] {{0}}, new double[] {1});

        /** Not a pooling: positions go this far apart, and nothing is between them or behind the last one. */
        public static Axis spread(int before, int apart, int after) {
            int[][] targets = new int[before][];
            Arrays.setAll(targets, p -> new int[] {p * apart});
            double[] weights = new double[after];
            Arrays.fill(weights, 1);
            return new Axis(targets, weights);
        }

        private Axis times(double factor) {
            return new Axis(targets, Arrays.stream(weights).map(w -> w * factor).toArray());
        }

        private boolean stays() {
            return after() == before() && Arrays.stream(weights).allMatch(w -> w == 1)
                    && IntStream.range(0, before()).allMatch(p -> targets[p].length == 1 && targets[p][0] == p);
        }

        public int before() {
            return targets.length;
        }

        public int after() {
            return weights.length;
        }
    }

    /**
     * Pooling with a window.
     *
     * @param along      for each axis of space, offset of the window and pooled position the source, negative outside:
     *                   {@link Stencil#along}
     * @param mean       divided by the size of the window, or left as the sum
     * @param realPixels divided by the number of positions inside
     */
    static PlaneStep pool(int[][][] along, Shape in, boolean mean, boolean realPixels) {
        Axis[] axes = new Axis[along.length];
        for (int a = 0; a < along.length; a++) {
            int[][] table = along[a];
            double[] weights = new double[table[0].length];
            List<List<Integer>> targets = new ArrayList<>();
            for (int p = 0; p < in.space().get(a); p++) {
                targets.add(new ArrayList<>());
            }
            for (int[] offset : table) {
                for (int to = 0; to < offset.length; to++) {
                    if (offset[to] >= 0) {
                        targets.get(offset[to]).add(to);
                        weights[to]++;
                    }
                }
            }
            for (int to = 0; to < weights.length; to++) {
                weights[to] = realPixels ? 1 / weights[to] : mean ? 1.0 / table.length : 1;
            }
            axes[a] = new Axis(targets.stream().map(t -> t.stream().mapToInt(i -> i).toArray()).toArray(int[][]::new), weights);
        }
        return pool(List.of(axes));
    }

    /** Pooling along one axis or two. */
    static PlaneStep pool(List<Axis> axes) {
        return axes.size() == 1 ? new Pool(Axis.SINGLE, axes.get(0)) : new Pool(axes.get(0), axes.get(1));
    }

    /** Only every this many-th row and column is left, from the first on. */
    record Thin(int down, int across) implements PlaneStep {

        /** It as a linear map that changes no value. */
        public Linear map() {
            return new Linear(1, 1, 0, 0, Border.ZERO, down, across, 1, 0, new Covariance.Tangent(0, 1, 0));
        }
    }

    /** Attention: each position meets all others of its example, so it keeps to no offset. */
    record Attend(AttentionKernel kernel) implements PlaneStep {
    }

    /** Whether it is such a step, or one is in it. */
    default boolean has(Predicate<PlaneStep> kind) {
        return kind.test(this) || this instanceof Chain c && c.steps.stream().anyMatch(s -> s.has(kind))
                || ways().stream().flatMap(List::stream).anyMatch(s -> s.has(kind));
    }

    /** The ways side by side that it consists of; none for most. */
    default List<List<PlaneStep>> ways() {
        return List.of();
    }

    /** Dropout in training: what equal positions of an example have with themselves is divided by the probability that a unit stays. */
    record Drop(double keep) implements PlaneStep {
    }

    /** Nothing but equal positions stays correlated. */
    record Unshare() implements PlaneStep {
    }

    /** Nothing. */
    record Pass() implements PlaneStep {
    }
}
