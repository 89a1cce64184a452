package org.ntk4j.infinite.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Halt;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.Tail;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.sequence.path.SequencePath;
import org.ntk4j.infinite.sequence.step.SequenceRun;
import org.ntk4j.infinite.sequence.step.SideFeatures;
import org.ntk4j.infinite.strip.StripTailOffer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.rows.InnerProducts;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * The engine for attention on a CPU: pairs of sentences go through all layers in place, position by position and as matrix products of
 * positions, up to the layer that ends the positions; then what is left.
 *
 * @param <A> the arrays of its numbers
 */
public final class Sequences<A> implements Engine {

    static final String NAME = "sequences";
    private static final String NAME_OF_K = "sequences of K alone";

    /** Variances outside of these leave room for no further layers in float64. */
    static final double LEAST = 1e-140;
    static final double MOST = 1e140;
    /** Sentences of a side of a tile. */
    static final int SIDE = 32;

    private final TailOffer offer;
    private final Tail tail;
    private final SequencePath path;
    private final Rows<A> rows;
    private final boolean tangents;
    /** What is still to come where pairs begin. */
    private final Rows.Affine first;
    private final double least;
    private final double most;
    private final InputGram side1;
    private final InputGram side2;
    private final InnerProducts<A> vectors1;
    private final InnerProducts<A> vectors2;
    private final Made<A> made1;
    private final Made<A> made2;
    /** What no thread is using now. */
    private final Queue<SequenceRun<A>> free = new ConcurrentLinkedQueue<>();

    /**
     * What sentences have with themselves.
     *
     * @param together how many of them were taken through together
     * @param groups   kept where they are few, else empty: each tile makes those of its sentences
     */
    private record Made<A>(int together, AtomicReferenceArray<SideFeatures<A>> groups) {

        boolean isKept() {
            return groups.length() > 0;
        }

        /** The groups that sentences {@code from … to} lie in. */
        List<SequenceRun.Part<A>> parts(int from, int to) {
            List<SequenceRun.Part<A>> parts = new ArrayList<>();
            for (int e = from; e < to;) {
                int first = e / together * together;
                int end = Math.min(to, first + together);
                parts.add(new SequenceRun.Part<>(groups.get(e / together), e - first, end - e));
                e = end;
            }
            return parts;
        }
    }

    /** @throws Failure if numbers do not hold the variances at the beginning of the path */
    private Sequences(TailOffer offer, SequencePath whole, Rows<A> rows, boolean tangents, double least, double most, InputGram side1,
            InputGram side2) {
        SequencePath.Beginning begin = side1.ofWords() ? new SequencePath.Beginning(0, Rows.Affine.SAME) : whole.beginning();
        this.first = begin.map();
        this.tangents = tangents;
        this.offer = offer;
        this.tail = offer.open(side1, side2, tangents);
        this.path = whole.part(begin.steps(), whole.steps().size());
        this.rows = rows;
        this.least = least;
        this.most = most;
        this.side1 = side1;
        this.side2 = side2;
        SequencePath before = whole.part(0, begin.steps());
        this.vectors1 = behind(before, side1);
        this.vectors2 = side2 == side1 ? vectors1 : behind(before, side2);
        this.made1 = room(whole, side1);
        this.made2 = side2 == side1 ? made1 : room(whole, side2);
    }

    private Made<A> room(SequencePath whole, InputGram side) {
        int together = SequenceRun.together(path, rows);
        boolean kept = SequenceOffer.bytesMade(whole, side.count()) > 0;
        return new Made<>(together, new AtomicReferenceArray<>(kept ? (side.count() + together - 1) / together : 0));
    }

    /**
     * Present if the layers of a network keep to it.
     *
     * @param padded whether positions of some inputs are padding
     */
    public static Optional<Offer> offer(Serial network, Shape in, boolean padded) {
        return SequencePath.of(network, in, padded).map(path -> new SequenceOffer(path,
                StripTailOffer.of(network, in, path.layers(), path.after(), path.origin()), true));
    }

    /**
     * The engine for a network on its path; empty if a variance on the way is not held: then layers say where.
     *
     * @param tangents whether Θ is asked for, or K alone
     */
    static Optional<Engine> of(TailOffer offer, SequencePath path, Precision arithmetic, boolean tangents, InputGram side1,
            InputGram side2) {
        if (arithmetic == Precision.FLOAT32) {
            Optional<Engine> small = made(() -> new Sequences<>(offer, path, Rows.float32(), tangents, 1e-15, 1e15, side1, side2));
            if (small.isPresent()) {
                return small;
            }
        }
        return made(() -> new Sequences<>(offer, path, Rows.float64(), tangents, LEAST, MOST, side1, side2));
    }

    private static Optional<Engine> made(Supplier<Sequences<?>> make) {
        try {
            Sequences<?> engine = make.get();
            return engine.holds(engine.side1) && (engine.side1 == engine.side2 || engine.holds(engine.side2)) ? Optional.of(engine)
                    : Optional.empty();
        } catch (Failure e) {
            if (e.getCause() != null || e.status() == Failure.CANCELLED) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Whether numbers hold all variances of a side; the sentences that are kept are made meanwhile. */
    private boolean holds(InputGram side) {
        Made<A> made = side == side1 ? made1 : made2;
        // Where K alone is asked for, tiles have no use for runs that take Θ, too.
        Queue<SequenceRun<A>> runs = tangents ? free : new ConcurrentLinkedQueue<>();
        return groups(side, path, side == side1 ? vectors1 : vectors2, runs,
                () -> new SequenceRun<>(path, rows.another(), true, first, least, most), (run, from, some) -> {
                    if (made.isKept()) {
                        made.groups.set(from / made.together, some);
                    } else {
                        run.release(some);
                    }
                });
    }

    /** What is done with a few sentences that were taken through some steps. */
    private interface Use<A> {

        /** @param from the first of them */
        void of(SequenceRun<A> run, int from, SideFeatures<A> some);
    }

    /** Takes all sentences of a side through some steps, each with itself, on all threads; false if a variance is not held. */
    private boolean groups(InputGram side, SequencePath steps, InnerProducts<A> vectors, Queue<SequenceRun<A>> runs,
            Supplier<SequenceRun<A>> make, Use<A> use) {
        int together = SequenceRun.together(steps, rows);
        AtomicBoolean held = new AtomicBoolean(true);
        side.each((side.count() + together - 1) / together, group -> {
            if (!held.get()) {
                return;
            }
            Halt.check();
            SequenceRun<A> run = Objects.requireNonNullElseGet(runs.poll(), make);
            int from = group * together;
            SideFeatures<A> some = some(run, steps, vectors, side, from, Math.min(side.count(), from + together));
            if (some == null) {
                held.set(false);
            } else {
                use.of(run, from, some);
            }
            runs.add(run);
        });
        return held.get();
    }

    private int width() {
        return path.levels().get(0).width(rows.lanes());
    }

    /** The inputs of a side as the steps at the beginning leave them. */
    private InnerProducts<A> behind(SequencePath before, InputGram side) {
        double[] inputs = inputs(side);
        InnerProducts<A> vectors = vectors(side, inputs);
        if (before.steps().isEmpty()) {
            return vectors;
        }
        int each = width() * path.in().channels();
        boolean held = groups(side, before, vectors, new ConcurrentLinkedQueue<>(),
                () -> new SequenceRun<>(before, rows.another(), false, Rows.Affine.SAME, least, most), (run, from, some) -> {
                    some.apply(before.steps(), inputs, from * each, path.in().channels());
                    run.release(some);
                });
        if (!held) {
            throw Failure.input("a variance is not held");
        }
        return vectors(side, inputs);
    }

    private double[] inputs(InputGram side) {
        int positions = path.in().positions();
        int channels = path.in().channels();
        int width = width();
        double[] values = new double[Math.multiplyExact(side.count() * width, channels)];
        for (int e = 0; e < side.count(); e++) {
            System.arraycopy(side.example(e), 0, values, e * width * channels, positions * channels);
        }
        return values;
    }

    private InnerProducts<A> vectors(InputGram side, double[] inputs) {
        return InnerProducts.of(rows, inputs, side.count() * width(), path.in().channels(), side::each);
    }

    /** What sentences {@code from … to} have with themselves, some after the others. */
    private List<SequenceRun.Part<A>> parts(SequenceRun<A> run, InputGram side, int from, int to) {
        Made<A> made = side == side1 ? made1 : made2;
        if (made.isKept()) {
            return made.parts(from, to);
        }
        InnerProducts<A> vectors = side == side1 ? vectors1 : vectors2;
        return IntStream.iterate(from, e -> e < to, e -> e + made.together).mapToObj(e -> {
            int end = Math.min(to, e + made.together);
            return new SequenceRun.Part<>(Objects.requireNonNull(some(run, path, vectors, side, e, end)), 0, end - e);
        }).toList();
    }

    /** What a few sentences have with themselves; null if a variance is not held. */
    private @Nullable SideFeatures<A> some(SequenceRun<A> run, SequencePath steps, InnerProducts<A> vectors, InputGram side, int from,
            int to) {
        int square = path.in().positions() * width();
        SideFeatures<A> features = new SideFeatures<>(rows, side.side(from, to), steps.levels());
        return run.own(features, (k, t) -> {
            A one = run.spare().array(square);
            for (int e = from; e < to; e++) {
                products(run, side, vectors, e, side, vectors, e, e + 1, one);
                System.arraycopy(one, 0, k, (e - from) * square, square);
            }
            run.spare().release(one, square);
        }) ? features : null;
    }

    /** A sentence with others: inner products, or which words are the same; one line for each of its positions. */
    private void products(SequenceRun<A> run, InputGram one, InnerProducts<A> of1, int e, InputGram other, InnerProducts<A> of2, int from,
            int to, A k) {
        int positions = path.in().positions();
        int width = width();
        int line = (to - from) * width;
        if (!one.ofWords()) {
            of1.products(rows, e * width, e * width + positions, of2, from * width, to * width, k, line, run.spare());
            return;
        }
        double[] equal = new double[line];
        for (int p = 0; p < positions; p++) {
            for (int j = from; j < to; j++) {
                for (int q = 0; q < positions; q++) {
                    equal[(j - from) * width + q] = one.equal(e * positions + p, other, j * positions + q);
                }
            }
            rows.put(equal, 0, k, p * line, line);
        }
    }

    static int sums(List<SequencePath.Step> steps) {
        return steps.stream().filter(s -> !s.ways().isEmpty())
                .mapToInt(s -> 1 + s.ways().stream().mapToInt(Sequences::sums).max().orElse(0)).max().orElse(0);
    }

    @Override
    public TileValues tile(Tile t) {
        boolean diagonal = tail.isDiagonal(t);
        SequenceRun<A> run = Objects.requireNonNullElseGet(free.poll(),
                () -> new SequenceRun<>(path, rows.another(), tangents, first, least, most));
        List<SequenceRun.Part<A>> left = parts(run, side1, t.i0(), t.i1());
        List<SequenceRun.Part<A>> right = diagonal ? left : parts(run, side2, t.j0(), t.j1());
        Covariance ended = run.tile(left, right, (i, j, count, k, theta) -> products(run, side1, vectors1, t.i0() + i, side2, vectors2,
                t.j0() + j, t.j0() + j + count, k));
        if (!made1.isKept()) {
            left.forEach(p -> run.release(p.features()));
        }
        if (!diagonal && !made2.isKept()) {
            right.forEach(p -> run.release(p.features()));
        }
        free.add(run);
        return tail.tile(t, ended);
    }

    @Override
    public String name() {
        return offer.name(tangents ? NAME : NAME_OF_K);
    }

    @Override
    public void close() {
        tail.close();
    }
}
