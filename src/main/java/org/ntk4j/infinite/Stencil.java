package org.ntk4j.infinite;

import java.util.HashMap;
import java.util.Map;
import org.ntk4j.Failure;
import org.ntk4j.network.Shape;

/**
 * Which positions before a layer each position after it looks at, for each example: sentences of different lengths may look
 * at different ones.
 */
public interface Stencil {

    /** The number of offsets. */
    int area();

    /** {@code [axis][offset][position after]} along each axis of space, for inputs without padding; -1 is outside. */
    int[][][] along(Shape in);

    /** {@code [offset][position after]} for inputs without padding, offsets and positions in C order; -1 is outside. */
    default int[][] whole(Shape in) {
        return combine(along(in), in);
    }

    /** Tables along the axes as one table over positions in C order. */
    private static int[][] combine(int[][][] along, Shape in) {
        if (along.length == 1) {
            return along[0];
        }
        int width = in.space().get(1);
        int[][] first = along[0];
        int[][] second = along[1];
        int[][] table = new int[first.length * second.length][first[0].length * second[0].length];
        for (int a = 0; a < first.length; a++) {
            for (int b = 0; b < second.length; b++) {
                for (int p = 0; p < first[a].length; p++) {
                    for (int q = 0; q < second[b].length; q++) {
                        boolean inside = first[a][p] != -1 && second[b][q] != -1;
                        table[a * second.length + b][p * second[b].length + q] = inside ? first[a][p] * width + second[b][q] : -1;
                    }
                }
            }
        }
        return table;
    }

    /** The same for a sentence whose first {@code length} positions are real, as if the rest were not there. */
    int[][] sentence(Shape in, int length);

    /** The number of real positions after it. */
    int lengthAfter(int length);

    /** True if padding may stay where it is: zeros like those of the border. */
    boolean keepsPositions();

    /** A word for the way it treats the border: {@code same}, {@code circular}. */
    String border();

    /** Its tables for the examples of both sides. */
    default ForSides forSides(String where, Shape in, Side side1, Side side2) {
        boolean masked = side1.real() != null || side2.real() != null;
        if (masked && !keepsPositions()) {
            if (border().equals("circular")) {
                throw Failure.input(where + ": circular padding makes the value depend on how much padding there is; use same");
            }
            if (in.space().size() != 1 || !side1.paddingAtEnd() || !side2.paddingAtEnd()) {
                throw Failure.input(where + ": strides, windows and valid padding need sentences whose padding stands at the end; use same with stride 1, or pad at the end");
            }
        }
        return new ForSides(this, in, masked && !keepsPositions());
    }

    /**
     * A stencil for examples of known lengths.
     *
     * @param byLength whether tables depend on the length
     */
    record ForSides(Stencil stencil, Shape in, boolean byLength, int[][] whole, Map<Integer, int[][]> tables) {

        ForSides(Stencil stencil, Shape in, boolean byLength) {
            this(stencil, in, byLength, stencil.whole(in), new HashMap<>());
        }

        int area() {
            return stencil.area();
        }

        /** The table of each example of a side. */
        int[][][] of(Side side) {
            int[][][] all = new int[side.count()][][];
            for (int i = 0; i < all.length; i++) {
                all[i] = byLength ? tables.computeIfAbsent(side.length(i), n -> stencil.sentence(in, n)) : whole;
            }
            return all;
        }

        /** The side after it; means are set to 0, since a linear map follows. */
        Side after(Side side, int positions) {
            return new Side(side.count(), positions, null, realAfter(side, positions), side.graphs());
        }

        private double[] realAfter(Side side, int positions) {
            if (side.real() == null || stencil.keepsPositions()) {
                return side.real();
            }
            double[] real = new double[side.count() * positions];
            for (int i = 0; i < side.count(); i++) {
                int length = stencil.lengthAfter(side.length(i));
                if (length < 1) {
                    throw Failure.input("a sentence of " + side.length(i) + " words is too short for a window of " + area() + "; use same");
                }
                java.util.Arrays.fill(real, i * positions, i * positions + length, 1);
            }
            return real;
        }

        /** The side after a pooling: means are pooled as well. */
        Side pooledMean(Side side, int positions, boolean mean, boolean realPixels) {
            if (side.mean() == null) {
                return after(side, positions);
            }
            double[] pooled = new double[side.count() * positions];
            int[][][] tables1 = of(side);
            for (int i = 0; i < side.count(); i++) {
                double[] weights = Gather.weights(tables1[i], positions, area(), mean, realPixels);
                for (int[] sources : tables1[i]) {
                    for (int p = 0; p < positions; p++) {
                        if (sources[p] >= 0) {
                            pooled[i * positions + p] += weights[p] * side.mean()[i * side.positions() + sources[p]];
                        }
                    }
                }
            }
            return new Side(side.count(), positions, pooled, realAfter(side, positions), side.graphs());
        }
    }
}
