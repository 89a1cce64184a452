package org.ntk4j.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;

/**
 * Images of independent ±1 noise whose label is in one channel alone: in channel 0, going along each row, the next pixel agrees with the
 * one before it with probability {@code agreement} for label 1, and with 1 − {@code agreement} for label 0. No pixel, no mean of a channel
 * and no other channel says anything of the label, so what tells it has to be selected first. There are 100,000 images for each choice of
 * options, always the same; the seed of the data draws from them. Image i is made when it is asked for, from a generator of its own.
 *
 * @param size      pixels of an edge
 * @param channels  channels of noise, the one that matters included
 * @param agreement the probability that neighbours of channel 0 agree where the label is 1
 */
record Stripes(int size, int channels, double agreement) implements Undivided {

    private static final int EACH = 50_000;
    private static final long SEED = 19_020;
    private static final int USUAL_SIZE = 6;
    private static final int USUAL_CHANNELS = 24;
    private static final double USUAL_AGREEMENT = 0.8;
    private static final int MOST = 1024;

    /** Reads {@code size (6), channels (24), agreement (0.8)}. */
    static Optional<Source> read(Options options) {
        return Optional.of(new Stripes(options.integer("size", USUAL_SIZE, 2, MOST), options.integer("channels", USUAL_CHANNELS, 1, MOST),
                options.real("agreement", USUAL_AGREEMENT, 0, 1)));
    }

    @Override
    public String name() {
        return "stripes";
    }

    @Override
    public Shape shape() {
        return Shape.of(size, size, channels);
    }

    @Override
    public List<String> classNames() {
        return List.of("0", "1");
    }

    @Override
    public int[] counts() {
        return new int[] {EACH, EACH};
    }

    @Override
    public int usual(Part part) {
        return part == Part.TRAIN ? 200 : 500;
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("size", size);
        map.put("channels", channels);
        map.put("agreement", agreement);
        return map;
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        int[] labels = new int[2 * EACH];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
        }
        return new Images(this, labels);
    }

    /** The images; nothing of them is kept. */
    private record Images(Stripes of, int[] labels) implements Examples {

        @Override
        public int count() {
            return labels.length;
        }

        @Override
        public void copy(int index, double[] to, int at) {
            Random random = new Random(Draw.mix(SEED + index));
            double agreement = labels[index] == 1 ? of.agreement : 1 - of.agreement;
            for (int row = 0; row < of.size; row++) {
                for (int column = 0; column < of.size; column++) {
                    int pixel = at + (row * of.size + column) * of.channels;
                    for (int channel = 0; channel < of.channels; channel++) {
                        to[pixel + channel] = random.nextBoolean() ? 1 : -1;
                    }
                    if (column > 0) {
                        to[pixel] = random.nextDouble() < agreement ? to[pixel - of.channels] : -to[pixel - of.channels];
                    }
                }
            }
        }
    }
}
