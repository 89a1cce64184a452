package org.ntk4j.chain;

/**
 * A linear map of a chain, {@code z(p, j) = Σ_o Σ_i h(source(o, p), i) W(o, i, j)}: a dense layer, which has one offset, or a convolution.
 *
 * @param sources  {@code [offset][position after]}: the position before; less than 0 where there is none
 * @param before   positions before it
 * @param channels of what comes in
 * @param out      channels of what comes out
 */
public record Link(int[][] sources, int before, int channels, int out) {

    /** Positions after it. */
    public int after() {
        return sources[0].length;
    }

    /** How many positions one of them sees. */
    int area() {
        return sources.length;
    }

    /** Values that a position sees. */
    public int in() {
        return area() * channels;
    }

    /** For each position before it those that see it: the offset and the position after, one behind the other. */
    int[][] seenBy() {
        int[] counts = new int[before];
        for (int[] some : sources) {
            for (int source : some) {
                if (source >= 0) {
                    counts[source] += 2;
                }
            }
        }
        int[][] seen = new int[before][];
        for (int q = 0; q < before; q++) {
            seen[q] = new int[counts[q]];
        }
        for (int o = area() - 1; o >= 0; o--) {
            for (int p = after() - 1; p >= 0; p--) {
                int q = sources[o][p];
                if (q >= 0) {
                    counts[q] -= 2;
                    seen[q][counts[q]] = o;
                    seen[q][counts[q] + 1] = p;
                }
            }
        }
        return seen;
    }
}
