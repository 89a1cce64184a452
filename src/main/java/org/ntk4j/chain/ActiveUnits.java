package org.ntk4j.chain;

import java.util.Arrays;

/**
 * Which units are on at each place of a map, a place being a position of an example, and the terms of sums over them: where the δ of a unit
 * begin, and where the row begins that they are multiplied with.
 */
final class ActiveUnits {

    private final Chain chain;
    private final int outputs;
    private final int width;
    private final int[][][] seenBy;
    /** How many are on at a place. */
    private final int[] counts;
    /** Those of each place: where their δ begin. */
    private final int[] at;
    /** Those of each place: where their weights begin, offset by offset. */
    private final int[] weights;
    private final int[] columns;
    private final int[] rows;
    private final int[] positions;
    private int channels;

    /**
     * @param outputs how many δ a unit has
     * @param width   how many weights stand side by side
     */
    ActiveUnits(Chain chain, int outputs, int width) {
        this.chain = chain;
        this.outputs = outputs;
        this.width = width;
        this.seenBy = chain.links().stream().map(Link::seenBy).toArray(int[][][]::new);
        this.counts = new int[chain.places()];
        this.at = new int[chain.largest()];
        this.weights = new int[chain.largest()];
        int terms = terms(chain);
        this.columns = new int[terms];
        this.rows = new int[terms];
        this.positions = new int[chain.channels()];
    }

    /** The bytes of one. */
    static long bytes(Chain chain) {
        long tables = chain.links().stream().mapToLong(l -> 2L * l.area() * l.after() + 6L * l.before()).sum();
        return Integer.BYTES * (tables + chain.places() + 2L * chain.largest() + 2L * terms(chain) + chain.channels());
    }

    /** The most terms: of a sum on the way back, or of the sums of an example's gradients. */
    private static int terms(Chain chain) {
        int most = 0;
        for (Link link : chain.links()) {
            for (int[] seen : link.seenBy()) {
                most = Math.max(most, Math.max(seen.length / 2, link.after()) * link.out());
            }
        }
        return most;
    }

    /** Forgets all units, and turns to a map with so many channels. */
    void turnTo(int newChannels) {
        channels = newChannels;
        Arrays.fill(counts, 0);
    }

    /** Adds a unit of a place if it is on; without a branch, which nobody could foresee. */
    void add(int place, int unit, boolean on) {
        int to = place * channels + counts[place];
        at[to] = (place * channels + unit) * outputs;
        weights[to] = unit * width;
        counts[place] += on ? 1 : 0;
    }

    /** Where the δ of each term begin. */
    int[] columns() {
        return columns;
    }

    /** Where the row of each term begins. */
    int[] rows() {
        return rows;
    }

    /** Lists the terms of δ at a place before a map: how many. */
    int seeing(int l, int place) {
        Link link = chain.links().get(l);
        int example = place / link.before();
        int[] seen = seenBy[l][place % link.before()];
        int terms = 0;
        for (int s = 0; s < seen.length; s += 2) {
            int other = example * link.after() + seen[s + 1];
            int shift = seen[s] * channels * width;
            int from = other * channels;
            int count = counts[other];
            System.arraycopy(at, from, columns, terms, count);
            for (int t = 0; t < count; t++) {
                rows[terms + t] = weights[from + t] + shift;
            }
            terms += count;
        }
        return terms;
    }

    /** Lists the positions of an example at which a channel is on, channel by channel, {@code after} apart. */
    void byChannel(int example, int after, int out) {
        Arrays.fill(positions, 0, out, 0);
        for (int p = 0; p < after; p++) {
            int from = (example * after + p) * channels;
            for (int t = from; t < from + counts[example * after + p]; t++) {
                int unit = weights[t] / width;
                int to = unit * after + positions[unit]++;
                columns[to] = at[t];
                rows[to] = p * width;
            }
        }
    }

    /** At how many positions a channel is on. */
    int positions(int channel) {
        return positions[channel];
    }
}
