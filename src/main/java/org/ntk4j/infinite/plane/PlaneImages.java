package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Side;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SpareArrays;
import org.ntk4j.rows.Terms;

/**
 * Makes images ready to meet others: what is known of each before every step that looks at it, for as many at once as there are lanes.
 * What the last tile needed of the inputs is kept for the next one, which often has one side in common with it. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneImages<A> {

    private final PlaneStages planes;
    private final Rows<A> rows;
    private final int lanes;
    private final List<PlanePart<A>> parts;
    private final boolean padded;
    private final Map<Range, Group<A>> kept = new HashMap<>();
    private final SpareArrays<A> spare;
    private final SharedImages<A> shared;

    /** Several images in lanes, the same one by one, and at the end K and Θ summed over equal positions. */
    record Group<A>(PlaneImage<A> images, List<PlaneImage<A>> single, double[] k, double[] t) {
    }

    /** Some images of one side, as many as there are lanes or fewer. */
    record Range(int stage, InputGram gram, int first, int to) {

        /** Whether images of a side from one to another are cut into ranges like this. */
        private boolean isOf(InputGram side, int from, int end, int lanes) {
            return gram == side && first >= from && (first - from) % lanes == 0 && to == Math.min(end, first + lanes);
        }
    }

    PlaneImages(PlaneStages planes, Rows<A> rows, List<PlanePart<A>> parts, boolean padded, SharedImages<A> shared) {
        this.planes = planes;
        this.rows = rows;
        this.lanes = rows.lanes();
        this.parts = parts;
        this.padded = padded;
        this.shared = shared;
        this.spare = new SpareArrays<>(rows);
    }

    /** Forgets what two sides do not need. */
    void keep(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        kept.entrySet().removeIf(e -> {
            Range range = e.getKey();
            if (range.isOf(a, i0, i1, lanes) || range.isOf(b, j0, j1, lanes)) {
                return false;
            }
            release(range.stage, e.getValue());
            return true;
        });
    }

    /** Takes back the arrays of a group of a stage. */
    void release(int stage, Group<A> group) {
        int positions = parts.get(stage).path().height() * parts.get(stage).path().width();
        release(group.images, positions * lanes);
        group.single.forEach(one -> release(one, positions));
    }

    private void release(PlaneImage<A> image, int size) {
        spare.release(image.channels(), size);
        spare.release(image.q(), size);
        spare.release(image.g(), size);
        spare.release(image.rest(), size);
        if (image.real() != null) {
            spare.release(image.real(), size);
        }
    }

    /**
     * The images {@code from … to} in groups, each with the features of a stage that begins with the inputs.
     *
     * @param alone whether they are needed one by one, too
     * @param lasts whether they are to outlast this tile and the next: nobody takes them back then
     */
    List<Group<A>> groups(int stage, InputGram gram, int from, int to, boolean alone, boolean lasts) {
        List<Group<A>> groups = new ArrayList<>();
        for (int first = from; first < to; first += lanes) {
            Range range = new Range(stage, gram, first, Math.min(to, first + lanes));
            Group<A> common = lasts ? made(range, null, alone) : shared.of(planes, range, alone, lanes, there -> made(range, there, alone));
            groups.add(common == null ? kept.compute(range, (key, there) -> made(key, there, alone)) : common);
        }
        return groups;
    }

    private Group<A> made(Range range, @Nullable Group<A> there, boolean alone) {
        Group<A> group = there == null ? inputs(range.stage, range.gram, range.first, range.to) : there;
        return alone && group.single.isEmpty() ? singles(range.stage, group, range.to - range.first) : group;
    }

    /** Images from one on, as many as there are lanes, looked at and, unless others need them, forgotten. */
    boolean look(int stage, InputGram gram, int first, Predicate<Group<A>> does) {
        Range range = new Range(stage, gram, first, Math.min(gram.count(), first + lanes));
        Group<A> common = shared.of(planes, range, false, lanes, there -> made(range, there, false));
        Group<A> group = common == null ? inputs(stage, gram, first, gram.count()) : common;
        boolean is = does.test(group);
        if (common == null) {
            release(stage, group);
        }
        return is;
    }

    /** The images {@code from … to}, as many in each group as there are lanes; the last one fills the lanes that are left. */
    Group<A> inputs(int stage, InputGram gram, int first, int to) {
        PlanePath path = parts.get(stage).path();
        int positions = path.height() * path.width();
        double[] side = new double[positions * lanes];
        double[][] examples = IntStream.range(first, Math.min(first + lanes, to)).mapToObj(gram::example).toArray(double[][]::new);
        List<A> channels = new ArrayList<>();
        for (int c = 0; c < path.channels(); c++) {
            for (int j = 0; j < lanes; j++) {
                double[] image = examples[Math.min(j, examples.length - 1)];
                for (int p = 0; p < positions; p++) {
                    side[p * lanes + j] = image[p * path.channels() + c];
                }
            }
            channels.add(rounded(side));
        }
        return group(stage, channels, real(gram, first, to), null, null);
    }

    /** 1 at the positions that are there; null if there is no padding in any input. */
    private @Nullable A real(InputGram gram, int first, int to) {
        if (!padded) {
            return null;
        }
        int positions = gram.shape().positions();
        Side side = gram.side(first, Math.min(first + lanes, to));
        double[] real = new double[positions * lanes];
        for (int i = 0; i < real.length; i++) {
            real[i] = side.isReal(Math.min(i % lanes, side.count() - 1), i / lanes) ? 1 : 0;
        }
        return rounded(real);
    }

    private A rounded(double[] values) {
        A made = spare.array(values.length);
        rows.put(values, 0, made, 0, values.length);
        return made;
    }

    /** Images of a later stage by their variances at its beginning. */
    Group<A> group(int stage, int first, int to, IntFunction<double[][]> starts) {
        PlanePath path = parts.get(stage).path();
        int positions = path.height() * path.width();
        double[] k = new double[positions * lanes];
        double[] t = new double[positions * lanes];
        double[][] start = {};
        for (int j = 0; j < lanes; j++) {
            // Lanes behind the last image have it once more.
            start = first + j < to ? starts.apply(first + j) : start;
            for (int p = 0; p < positions; p++) {
                k[p * lanes + j] = start[0][p];
                t[p * lanes + j] = start[1][p];
            }
        }
        return group(stage, List.of(), null, k, t);
    }

    private Group<A> group(int stage, List<A> channels, @Nullable A real, double @Nullable [] startK, double @Nullable [] startT) {
        PlanePath path = parts.get(stage).path();
        PlaneRun<A> run = parts.get(stage).run();
        PlaneImage<A> images = new PlaneImage<>(channels, real, rooms(path, lanes), rooms(path, lanes), rooms(path, lanes),
                List.of(), path.looks().stream().map(look -> new Terms.Planes<>(rows, path.height() * path.width() * lanes)).toList(),
                        new PlaneImage.Layout(path.width() * lanes, lanes, 0));
        if (startK == null || startT == null) {
            run.images(null, images);
        } else {
            run.images(null, images, startK, startT);
        }
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        if (isMeeting(stage)) {
            planes.sink().take(run, k, t);
        } else {
            run.equal(k, t);
        }
        return new Group<>(isMeeting(stage) ? meeting(path, images) : images, List.of(), k, t);
    }

    /** Whether single images of a stage meet those in lanes. */
    private boolean isMeeting(int stage) {
        return planes.equalPositions() && stage == parts.size() - 1;
    }

    private static boolean isClosed(PlanePath.Step look) {
        return !(look.does() instanceof PlaneStep.Activate a) || a.phi().arc().isPresent();
    }

    /** Images in lanes that meet single ones: with the coefficients of their series row by row. */
    private PlaneImage<A> meeting(PlanePath path, PlaneImage<A> images) {
        int line = path.width() * lanes;
        List<Terms<A>> terms = images.written().stream().map(w -> Terms.of(rows, w.count(), w.isWhole(), path.height(), line,
                (y, n, to, at) -> System.arraycopy(w.plane(n), y * line, to, at, line))).toList();
        return new PlaneImage<>(images.channels(), images.real(), images.q(), images.g(), images.rest(), terms, images.written(),
                images.input(), images.layout());
    }

    private List<A> rooms(PlanePath path, int each) {
        int places = path.height() * path.width();
        return path.looks().stream().map(look -> {
            A room = spare.array(places * each);
            rows.clear(room, 0, places);
            return room;
        }).toList();
    }

    /** The same group with its images one by one, too. */
    Group<A> singles(int stage, Group<A> group, int members) {
        PlanePath path = parts.get(stage).path();
        PlaneImage<A> images = group.images;
        List<List<A>> channels = apart(path, images.channels(), members);
        List<List<A>> q = apart(path, images.q(), members);
        List<List<A>> features = apart(path, images.g(), members);
        // Only a panel and series ask for it.
        boolean closed = isMeeting(stage) && path.looks().stream().allMatch(PlaneImages::isClosed);
        List<List<A>> rest = apart(path, closed ? List.of() : images.rest(), members);
        A real = images.real();
        List<List<A>> masks = real == null ? List.of() : apart(path, List.of(real), members);
        List<List<Terms<A>>> terms = termsApart(path, images.written(), members);
        List<PlaneImage<A>> single = IntStream.range(0, members)
                .mapToObj(i -> new PlaneImage<>(channels.get(i), real == null ? null : masks.get(i).get(0), q.get(i), features.get(i),
                        rest.get(i), terms.get(i), List.of(), new PlaneImage.Layout(path.width(), 1, 0))).toList();
        // Coefficients as they were written are the largest part of images with series, and nothing asks for them any more.
        PlaneImage<A> left = new PlaneImage<>(images.channels(), images.real(), images.q(), images.g(), images.rest(), images.terms(),
                List.of(), images.input(), images.layout());
        return new Group<>(left, single, group.k, group.t);
    }

    private List<List<Terms<A>>> termsApart(PlanePath path, List<Terms.Planes<A>> all, int members) {
        List<List<Terms<A>>> out = IntStream.range(0, members).<List<Terms<A>>>mapToObj(i -> new ArrayList<>()).toList();
        for (Terms.Planes<A> several : all) {
            for (int i = 0; i < members; i++) {
                int member = i;
                out.get(i).add(Terms.of(rows, several.count(), several.isWhole(), path.height(), path.width(),
                        (y, n, to, at) -> rows.pick(several.plane(n), y * path.width() * lanes + member, lanes, to, at, path.width())));
            }
        }
        return out;
    }

    /** {@code [member][which]} of arrays that hold a group's members side by side. */
    private List<List<A>> apart(PlanePath path, List<A> all, int members) {
        int w = path.width();
        List<List<A>> out = IntStream.range(0, members)
                .mapToObj(i -> IntStream.range(0, all.size()).mapToObj(a -> spare.array(path.height() * w)).toList()).toList();
        for (int a = 0; a < all.size(); a++) {
            // Row by row: it stays near until the last member is out.
            for (int y = 0; y < path.height(); y++) {
                for (int i = 0; i < members; i++) {
                    rows.pick(all.get(a), y * w * lanes + i, lanes, out.get(i).get(a), y * w, w);
                }
            }
        }
        return out;
    }
}
