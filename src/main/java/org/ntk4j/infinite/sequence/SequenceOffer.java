package org.ntk4j.infinite.sequence;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.sequence.path.SequencePath;
import org.ntk4j.infinite.sequence.step.SequenceRun;
import org.ntk4j.infinite.sequence.step.SequenceWindow;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.rows.Rows;

/**
 * What sequences take: what is known of each sentence, and buffers for each thread.
 *
 * @param tail     the layers behind the positions
 * @param tangents whether Θ is asked for, or K alone
 */
record SequenceOffer(SequencePath path, TailOffer tail, boolean tangents) implements Offer {

    /**
     * Measured, of a pair of positions: an activation in closed form, by a series, by its expectations; an offset of a window; a position
     * that others meet; all else.
     */
    private record Nanos(double closed, double series, double open, double offset, double position, double other) {

        static final Nanos IN_FLOAT32 = new Nanos(1.5, 4, 20, 0.3, 0.1, 0.5);
        static final Nanos IN_FLOAT64 = new Nanos(3, 15, 25, 0.6, 0.2, 1);

        double of(SequencePath path, List<Step> steps, int start, boolean single) {
            double sum = 0;
            int level = start;
            for (Step step : steps) {
                double positions = path.levels().get(level).positions();
                if (step instanceof Step.Slide s) {
                    level = s.to();
                    double left = path.levels().get(level).positions();
                    sum += left * SequenceWindow.wide(s.window(), s.before()) * s.window().area() * offset;
                } else if (step instanceof Step.Pool s) {
                    level = s.to();
                    double left = path.levels().get(level).positions();
                    sum += left * (positions + SequenceWindow.wide(s.window(), s.before())) * s.window().area() * offset;
                } else if (step instanceof Step.Map m) {
                    level = m.to();
                    double left = path.levels().get(level).positions();
                    sum += left * positions * (positions + left) * position;
                } else if (step instanceof Step.Attend) {
                    sum += positions * positions * (2 * positions * position + other);
                } else if (step instanceof Step.Activate a) {
                    sum += positions * positions * (a.form() != null ? closed : a.phi().series(single).isPresent() ? series : open);
                } else {
                    sum += positions * positions * other;
                    int from = level;
                    sum += step.ways().stream().mapToDouble(way -> positions * positions * other + of(path, way, from, single)).sum();
                    level = step instanceof Step.Sum s ? s.to() : step instanceof Step.Product p ? p.to() : level;
                }
            }
            return sum;
        }
    }

    /** What of it K alone takes. */
    private static final double OF_K = 0.6;
    private static final double NANOS_PER_PRODUCT = 0.1;
    /** Arrays of a look that is a series, and of others. */
    private static final int TERMS = 35;
    private static final int LOOK = 8;
    /** Sentences that take no more are made once, and kept for all tiles. */
    private static final long MOST_BYTES = 24L << 20;
    /** Arrays of all pairs of positions that the matrix of an example is made with. */
    private static final int OF_ONE = 2;

    @Override
    public String name() {
        return tail.name(Sequences.NAME);
    }

    @Override
    public double nanosPerPair(Precision precision) {
        boolean single = precision == Precision.FLOAT32;
        double positions = path.in().positions();
        double nanos = (single ? Nanos.IN_FLOAT32 : Nanos.IN_FLOAT64).of(path, path.steps(), 0, single);
        return positions * positions * (1 + path.in().channels() * NANOS_PER_PRODUCT) + nanos * (tangents ? 1 : OF_K)
                + tail.nanosPerPair(tangents);
    }

    @Override
    public Offer ofCovariances() {
        return new SequenceOffer(path, tail, false);
    }

    @Override
    public long bytesPerPair() {
        return LayerByLayer.BYTES_PER_VALUE;
    }

    /** What is known of a sentence of a tile. */
    @Override
    public long bytesPerImage() {
        return Double.BYTES * width(path) * path.in().channels() + bytesOfFeatures(path);
    }

    private static long bytesOfFeatures(SequencePath path) {
        return Double.BYTES * (square(path) * matrices(path.steps()) + width(path) * (looks(path.steps()) + path.levels().size()));
    }

    /** What sentences take that are made once for all tiles; 0 where they are not. */
    static long bytesMade(SequencePath path, int inputs) {
        long bytes = inputs * bytesOfFeatures(path);
        return bytes <= MOST_BYTES ? bytes : 0;
    }

    @Override
    public long bytesKept(int inputs) {
        // Inputs behind the steps at the beginning are there beside those before.
        long behind = path.beginning().steps() == 0 ? 0 : Double.BYTES * width(path) * path.in().channels() * inputs;
        return tail.bytesKept(inputs) + behind + bytesMade(path, inputs) + Double.BYTES * square(path) * embeddings(path.steps());
    }

    @Override
    public long bytesPerThread() {
        return Math.max(SequenceRun.CACHE / SequenceRun.ARRAYS, square(path) * Double.BYTES)
                * (arrays() + (matrices(path.steps()) > 0 ? OF_ONE : 0) + embeddings(path.steps()));
    }

    /** Arrays of all pairs of positions that are there at once. */
    private long arrays() {
        return SequenceRun.ARRAYS + 4L * Sequences.sums(path.steps()) + (moves(path.steps()) ? 6 : 0);
    }

    private static boolean moves(List<Step> steps) {
        return steps.stream().anyMatch(s -> s instanceof Step.Slide || s instanceof Step.Map || s instanceof Step.Pool
                || s.ways().stream().anyMatch(SequenceOffer::moves));
    }

    private static long matrices(List<Step> steps) {
        return steps.stream().mapToLong(s -> s instanceof Step.Attend || s instanceof Step.Map ? 1
                : s.ways().stream().mapToLong(SequenceOffer::matrices).sum()).sum();
    }

    /** Attentions that know positions by their covariance. */
    private static long embeddings(List<Step> steps) {
        return steps.stream().mapToLong(s -> s instanceof Step.Attend a ? a.kernel().ofPositions() != 0 ? 1 : 0
                : s.ways().stream().mapToLong(SequenceOffer::embeddings).sum()).sum();
    }

    private static long looks(List<Step> steps) {
        return steps.stream().mapToLong(s -> s instanceof Step.Activate a ? a.form() == null ? LOOK + TERMS : LOOK
                : s instanceof Step.Normalize ? LOOK : s.ways().stream().mapToLong(SequenceOffer::looks).sum()).sum();
    }

    /** Values of all pairs of positions of two examples, with those that are laid out beyond borders. */
    private static long square(SequencePath path) {
        return Math.max(path.most() * width(path), wide(path.steps()));
    }

    private static long wide(List<Step> steps) {
        return steps.stream().mapToLong(s -> s instanceof Step.Slide w
                ? w.before().positions() * SequenceWindow.wide(w.window(), w.before())
                : s.ways().stream().mapToLong(SequenceOffer::wide).max().orElse(0)).max().orElse(0);
    }

    private static long width(SequencePath path) {
        return path.levels().stream().mapToLong(l -> l.width(Rows.float64().lanes())).max().orElseThrow();
    }

    /** Fewer sentences where more would leave threads without work; whole groups of those that are at work together. */
    @Override
    public int side(int rows, int columns, int threads) {
        int share = (Math.max(rows, columns) + 2 * threads - 1) / (2 * threads);
        int side = Math.max(1, Math.min(Sequences.SIDE, share));
        int together = SequenceRun.together(path, Rows.float64());
        return side > together ? side / together * together : side;
    }

    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return Sequences.of(tail, path, precision, tangents, rows, columns);
    }
}
