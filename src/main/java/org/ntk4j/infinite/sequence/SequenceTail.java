package org.ntk4j.infinite.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.infinite.layers.Rest;
import org.ntk4j.infinite.layers.Tail;
import org.ntk4j.infinite.sequence.path.SequencePath;
import org.ntk4j.infinite.sequence.step.SequenceRun;
import org.ntk4j.infinite.sequence.step.SideFeatures;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.moment.ArrayMoments;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Side;
import org.ntk4j.rows.Rows;

/**
 * The layers behind those that another engine takes to positions of which all pairs meet: by these pairs, always in float64. Layer by layer
 * where that does not hold a variance.
 */
final class SequenceTail implements Tail {

    private final SequencePath path;
    private final Tail next;
    private final Rest rest;
    private final boolean tangents;
    /** What no thread is using now. */
    private final Queue<SequenceRun<double[]>> free = new ConcurrentLinkedQueue<>();

    /** @param next what takes a tile through the layers behind the positions */
    SequenceTail(SequencePath path, Tail next, Rest rest, boolean tangents) {
        this.path = path;
        this.next = next;
        this.rest = rest;
        this.tangents = tangents;
    }

    @Override
    public InputGram rows() {
        return next.rows();
    }

    @Override
    public InputGram columns() {
        return next.columns();
    }

    @Override
    public boolean isDiagonal(Tile t) {
        return next.isDiagonal(t);
    }

    @Override
    public TileValues tile(Tile t, Covariance first) {
        ArrayMoments moments = first.arrays();
        Covariance ended;
        try {
            ended = ended(moments);
        } catch (Failure e) {
            // It names the layer.
            return rest.tile(t, first);
        }
        return ended == null ? rest.tile(t, first) : next.tile(t, ended);
    }

    /** Null if a variance is not held. */
    private @Nullable Covariance ended(ArrayMoments moments) {
        Rows<double[]> rows = Rows.float64().another();
        SequenceRun<double[]> idle = free.poll();
        SequenceRun<double[]> run = idle == null ? new SequenceRun<>(path, rows, tangents, null, Sequences.LEAST, Sequences.MOST) : idle;
        List<SequenceRun.Part<double[]>> left = features(rows, run, moments.self1(), moments.side1());
        List<SequenceRun.Part<double[]>> right = moments.self1() == moments.self2() ? left
                : features(rows, run, moments.self2(), moments.side2());
        Block cross = moments.cross();
        int width = path.levels().get(0).width(rows.lanes());
        if (left.isEmpty() || right.isEmpty()) {
            return null;
        }
        Covariance ended = run.tile(left, right, (i, j, count, k, theta) -> {
            for (int e = 0; e < count; e++) {
                int pair = i * cross.columns() + j + e;
                lay(cross.k(), pair, k, e * width, count * width, width);
                if (tangents) {
                    lay(cross.t(), pair, theta, e * width, count * width, width);
                }
            }
        });
        left.forEach(p -> run.release(p.features()));
        if (left != right) {
            right.forEach(p -> run.release(p.features()));
        }
        free.add(run);
        return ended;
    }

    /** What examples have with themselves, some after the others; none if a variance is not held. */
    private List<SequenceRun.Part<double[]>> features(Rows<double[]> rows, SequenceRun<double[]> run, Block own, Side side) {
        int width = path.levels().get(0).width(rows.lanes());
        int square = path.in().positions() * width;
        List<SequenceRun.Part<double[]>> all = new ArrayList<>();
        for (int from = 0; from < own.pairs(); from += run.together()) {
            int first = from;
            int count = Math.min(run.together(), own.pairs() - from);
            SideFeatures<double[]> features = new SideFeatures<>(rows, side.slice(from, from + count), path.levels());
            boolean held = run.own(features, (k, t) -> {
                for (int e = 0; e < count; e++) {
                    lay(own.k(), first + e, k, e * square, width, width);
                    if (tangents) {
                        lay(own.t(), first + e, t, e * square, width, width);
                    }
                }
            });
            if (!held) {
                return List.of();
            }
            all.add(new SequenceRun.Part<>(features, 0, count));
        }
        return all;
    }

    /** All pairs of positions, one line for each left one, and zeros up to the width. */
    private void lay(double[] from, int pair, double[] to, int at, int line, int width) {
        int positions = path.in().positions();
        for (int p = 0; p < positions; p++) {
            System.arraycopy(from, (pair * positions + p) * positions, to, at + p * line, positions);
            Arrays.fill(to, at + p * line + positions, at + p * line + width, 0);
        }
    }

    @Override
    public void close() {
        next.close();
    }
}
