package org.ntk4j.moment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ntk4j.positions.Graphs;

/**
 * What is known of the examples of one side of a tile, beside their covariances.
 *
 * @param count     the number of examples
 * @param positions the number of positions
 * @param mean      the mean over the channels at each position, {@code [example][position]}; null: 0 everywhere
 * @param real      1 at real positions, 0 at padding, {@code [example][position]}; null: all real
 * @param graphs    the graphs of the examples, whose nodes are the positions; null: there are none
 */
public record Side(int count, int positions, double @Nullable [] mean, double @Nullable [] real, @Nullable Graphs graphs) {

    /** Without means: what a fresh linear map leaves. */
    Side centred() {
        return new Side(count, positions, null, real, graphs);
    }

    Side withMean(double @Nullable [] other) {
        return new Side(count, positions, other, real, graphs);
    }

    /** Without space. */
    Side vector(double @Nullable [] otherMean) {
        return new Side(count, 1, otherMean, null, null);
    }

    /** Whether a position is one of the example's, not padding. */
    public boolean isReal(int example, int position) {
        return real == null || real[example * positions + position] != 0;
    }

    /** The number of real positions of an example. */
    public int length(int example) {
        if (real == null) {
            return positions;
        }
        int n = 0;
        for (int p = 0; p < positions; p++) {
            n += isReal(example, p) ? 1 : 0;
        }
        return n;
    }

    /** True if all padding stands behind the real positions. */
    boolean paddingAtEnd() {
        for (int i = 0; i < count; i++) {
            int length = length(i);
            for (int p = 0; p < positions; p++) {
                if (isReal(i, p) != p < length) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The mean, or zeros. */
    public double[] meanOrZero() {
        return mean == null ? new double[count * positions] : mean;
    }

    /** Examples {@code from … to}. */
    public Side slice(int from, int to) {
        return new Side(to - from, positions, mean == null ? null : Arrays.copyOfRange(mean, from * positions, to * positions),
                real == null ? null : Arrays.copyOfRange(real, from * positions, to * positions),
                        graphs == null ? null : graphs.slice(from, to));
    }
}
