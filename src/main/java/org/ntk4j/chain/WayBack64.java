package org.ntk4j.chain;

import java.util.Arrays;
import java.util.List;
import org.ntk4j.kernel.Workers;
import org.ntk4j.rows.NamedSums64;

/** A {@link WayBack} in float64. */
public final class WayBack64 implements WayBack<double[]> {

    private static final int WIDTH = NamedSums64.WIDTH;
    private static final int COLUMN = NamedSums64.COLUMN;
    /** Weights are turned in squares of so many. */
    private static final int SQUARE = 32;

    private final Chain chain;
    private final List<double[]> weights;
    private final int outputs;
    /** Outputs as they are computed: whole columns. */
    private final int columns;
    private final ActiveUnits units;
    /** δ at a map, {@code [place, channel, output]}; where a unit is off, nothing that counts. */
    private double[] deltas;
    /** The same of the map before it. */
    private double[] before;
    /** δ at a map with zeros, {@code [output, example, position, channel]}. */
    private final double[] whole;
    private final double[] gradients;
    /** A part of what positions see, {@code [position, value]}. */
    private final double[] seen;
    private final double[] tile;

    /**
     * @param weights those of each map but the first, as {@link #turned} gives them
     * @param outputs that go back at once
     */
    public WayBack64(Chain chain, List<double[]> weights, int outputs) {
        this.chain = chain;
        this.weights = weights;
        this.outputs = outputs;
        this.columns = Chain.padded(outputs);
        this.units = new ActiveUnits(chain, columns, WIDTH);
        this.deltas = new double[chain.largest() * columns];
        this.before = new double[deltas.length];
        this.whole = new double[chain.whole() * outputs];
        this.gradients = new double[chain.gradients() * columns];
        this.seen = new double[chain.seen() * WIDTH];
        this.tile = new double[columns * WIDTH];
    }

    /** The bytes of one for so many outputs. */
    public static long bytes(Chain chain, int outputs) {
        long c = Chain.padded(outputs);
        return Double.BYTES * (2L * chain.largest() * c + (long) chain.whole() * outputs + chain.gradients() * c
                + (long) chain.seen() * WIDTH) + ActiveUnits.bytes(chain);
    }

    /** How many weights of a map there are as they are put for the way back. */
    public static long weights(Link link) {
        return (long) (link.channels() + WIDTH - 1) / WIDTH * WIDTH * link.area() * link.out();
    }

    /**
     * Weights for the way back, {@code [group of channels that come in, offset, channel that comes out, channel that comes in]}.
     *
     * @param w     {@code [offset, channel that comes in, channel that comes out]}
     * @param scale their factor
     */
    public static double[] turned(Link link, double[] w, double scale, int threads) {
        double[] turned = new double[Math.toIntExact(weights(link))];
        int n = link.out();
        int c = link.channels();
        int groups = (c + WIDTH - 1) / WIDTH;
        Workers.each(threads, groups * link.area(), "weights", task -> {
            int o = task % link.area();
            int first = task / link.area() * WIDTH;
            int some = Math.min(WIDTH, c - first);
            for (int square = 0; square < n; square += SQUARE) {
                int end = Math.min(n, square + SQUARE);
                for (int i = 0; i < some; i++) {
                    int from = (o * c + first + i) * n;
                    int to = task * n * WIDTH + i;
                    for (int j = square; j < end; j++) {
                        turned[to + j * WIDTH] = scale * w[from + j];
                    }
                }
            }
        });
        return turned;
    }

    @Override
    public void run(int examples, Start<double[]> start, List<double[]> images, Taker<double[]> taker) {
        begin(examples, start);
        for (int l = chain.last(); l > chain.first(); l--) {
            double[] image = images.get(l);
            back(l, examples, image);
            if (chain.wants().get(l - 1) == Chain.Wish.DELTAS) {
                giveDeltas(l, examples, taker);
            }
            if (chain.goesOnBehind(l)) {
                double[] swap = deltas;
                deltas = before;
                before = swap;
                turnTo(chain.links().get(l - 1), examples, image);
            }
            if (chain.wants().get(l - 1).ofWeights()) {
                gradients(l - 1, examples, images.get(l - 1), taker);
            }
        }
    }

    private void turnTo(Link link, int examples, double[] image) {
        units.turnTo(link.out());
        for (int place = 0; place < examples * link.after(); place++) {
            for (int j = 0; j < link.out(); j++) {
                units.add(place, j, image[place * link.out() + j] > 0);
            }
        }
    }

    private void begin(int examples, Start<double[]> start) {
        Link last = chain.links().get(chain.last());
        int n = last.out();
        double[] slope = start.slope();
        double[] rows = start.rows();
        units.turnTo(n);
        for (int place = 0; place < examples * last.after(); place++) {
            for (int j = 0; j < n; j++) {
                double s = slope[place * n + j];
                units.add(place, j, s != 0);
                if (s != 0) {
                    int to = (place * n + j) * columns;
                    for (int c = 0; c < outputs; c++) {
                        deltas[to + c] = s * rows[c * n + j];
                    }
                }
            }
        }
    }

    /** From δ at a map to δ at the one before. */
    private void back(int l, int examples, double[] image) {
        Link link = chain.links().get(l);
        double[] w = weights.get(l);
        int c = link.channels();
        boolean deltasToo = chain.wants().get(l - 1) == Chain.Wish.DELTAS;
        boolean further = chain.goesOnBehind(l);
        for (int first = 0; first < c; first += WIDTH) {
            int shift = first * link.area() * link.out();
            int some = Math.min(WIDTH, c - first);
            for (int place = 0; place < examples * link.before(); place++) {
                int terms = units.seeing(l, place);
                for (int column = 0; column < columns; column += COLUMN) {
                    NamedSums64.sum(0, terms, units.columns(), deltas, column, units.rows(), w, shift, tile, column * WIDTH, WIDTH);
                }
                int at = place * c + first;
                if (deltasToo) {
                    keepWhole(image, at, examples * link.before() * c, some);
                }
                if (further) {
                    keep(image, at, some);
                }
            }
        }
    }

    private void keepWhole(double[] image, int at, int apart, int some) {
        for (int c = 0; c < outputs; c++) {
            int to = c * apart + at;
            int from = c * WIDTH;
            for (int i = 0; i < some; i++) {
                whole[to + i] = image[at + i] > 0 ? tile[from + i] : 0;
            }
        }
    }

    private void keep(double[] image, int at, int some) {
        for (int i = 0; i < some; i++) {
            if (image[at + i] > 0) {
                int to = (at + i) * columns;
                for (int c = 0; c < columns; c++) {
                    before[to + c] = tile[c * WIDTH + i];
                }
            }
        }
    }

    private void giveDeltas(int l, int examples, Taker<double[]> taker) {
        Link link = chain.links().get(l);
        int count = link.before() * link.channels();
        for (int c = 0; c < outputs; c++) {
            for (int e = 0; e < examples; e++) {
                taker.deltas(l - 1, c, e, whole, (c * examples + e) * count, count);
            }
        }
    }

    private void gradients(int l, int examples, double[] image, Taker<double[]> taker) {
        Link link = chain.links().get(l);
        int n = link.out();
        int in = link.in();
        int each = link.before() * link.channels();
        for (int e = 0; e < examples; e++) {
            boolean finite = isFinite(image, e * each, each);
            boolean numbers = true;
            units.byChannel(e, link.after(), n);
            if (chain.wants().get(l) == Chain.Wish.GRADIENTS_WITH_BIASES) {
                biases(n, link.after());
                taker.biases(l, e, gradients, outputs * n);
            }
            for (int first = 0; first < in; first += WIDTH) {
                int some = Math.min(WIDTH, in - first);
                look(link, image, e * each, first, some);
                numbers &= finite || isFinite(seen, 0, link.after() * WIDTH);
                for (int j = 0; j < n; j++) {
                    int from = j * link.after();
                    int to = from + units.positions(j);
                    for (int column = 0; column < columns; column += COLUMN) {
                        int at = (column * n + j) * in + first;
                        if (some == WIDTH) {
                            NamedSums64.sum(from, to, units.columns(), deltas, column, units.rows(), seen, 0, gradients, at, n * in);
                        } else {
                            NamedSums64.sum(from, to, units.columns(), deltas, column, units.rows(), seen, 0, tile, 0, WIDTH);
                            for (int c = 0; c < COLUMN; c++) {
                                System.arraycopy(tile, c * WIDTH, gradients, at + c * n * in, some);
                            }
                        }
                    }
                }
            }
            if (!numbers) {
                gradients[0] = Double.NaN;
            }
            taker.gradients(l, e, gradients, outputs * n * in);
        }
    }

    /** Nothing is added of units that are off; but 0 times what has overflowed is no number. */
    private static boolean isFinite(double[] image, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!Double.isFinite(image[i])) {
                return false;
            }
        }
        return true;
    }

    /** Their room serves for the sums of biases first. */
    private void biases(int n, int positions) {
        for (int j = 0; j < n; j++) {
            for (int c = 0; c < outputs; c++) {
                double sum = 0;
                for (int t = j * positions; t < j * positions + units.positions(j); t++) {
                    sum += deltas[units.columns()[t] + c];
                }
                gradients[c * n + j] = sum;
            }
        }
    }

    /** Puts some of the values that each position sees side by side. */
    private void look(Link link, double[] image, int at, int first, int some) {
        int c = link.channels();
        Arrays.fill(seen, 0, link.after() * WIDTH, 0);
        for (int value = first; value < first + some; value += c - value % c) {
            int[] sources = link.sources()[value / c];
            int channel = value % c;
            int length = Math.min(c - channel, first + some - value);
            for (int p = 0; p < sources.length; p++) {
                if (sources[p] >= 0) {
                    int from = at + sources[p] * c + channel;
                    int to = p * WIDTH + value - first;
                    for (int i = 0; i < length; i++) {
                        seen[to + i] = image[from + i];
                    }
                }
            }
        }
    }
}
