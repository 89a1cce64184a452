package org.ntk4j.moment;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * A stencil for examples of known lengths.
 *
 * @param byLength whether tables depend on the length
 */
public record StencilTables(Stencil stencil, Shape in, boolean byLength, int[][] whole, Map<Integer, int[][]> tables) {

    /**
     * The tables of a stencil for the examples of both sides.
     *
     * @throws Failure in the user's words, if padding does not allow such windows
     */
    public static StencilTables of(Stencil stencil, String where, Shape in, Side side1, Side side2) {
        boolean masked = side1.real() != null || side2.real() != null;
        if (masked && !stencil.keepsPositions()) {
            if (stencil.border().equals("circular")) {
                throw Failure.input(where + ": circular padding makes the value depend on how much padding there is; use same");
            }
            if (in.space().size() != 1 || !side1.paddingAtEnd() || !side2.paddingAtEnd()) {
                throw Failure.input(where + ": strides, windows and valid padding need sentences whose padding stands at the end; use same "
                        + "with stride 1, or pad at the end");
            }
        }
        return new StencilTables(stencil, in, masked && !stencil.keepsPositions());
    }

    StencilTables(Stencil stencil, Shape in, boolean byLength) {
        this(stencil, in, byLength, stencil.whole(in), new HashMap<>());
    }

    int area() {
        return stencil.area();
    }

    /** The table of each example of a side. */
    public int[][][] of(Side side) {
        int[][][] all = new int[side.count()][][];
        for (int i = 0; i < all.length; i++) {
            all[i] = byLength ? tables.computeIfAbsent(side.length(i), n -> stencil.sentence(in, n)) : whole;
        }
        return all;
    }

    /** The side after it; means are set to 0, since a linear map follows. */
    public Side after(Side side, int positions) {
        return new Side(side.count(), positions, null, realAfter(side, positions), side.graphs());
    }

    private double @Nullable [] realAfter(Side side, int positions) {
        if (side.real() == null || stencil.keepsPositions()) {
            return side.real();
        }
        double[] real = new double[side.count() * positions];
        for (int i = 0; i < side.count(); i++) {
            int length = stencil.lengthAfter(side.length(i));
            if (length < 1) {
                throw Failure.input("input " + i + " has " + side.length(i) + " positions, too few for a window of " + area()
                        + " and `valid` padding; use same");
            }
            Arrays.fill(real, i * positions, i * positions + length, 1);
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
