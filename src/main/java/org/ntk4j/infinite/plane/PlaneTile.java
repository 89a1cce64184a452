package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Exactness;
import org.ntk4j.moment.Float64;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.Terms;

/**
 * A tile of pairs of images by planes. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneTile<A> {

    private final PlaneStages planes;
    private final Rows<A> rows;
    private final int lanes;
    private final List<Part<A>> parts;
    /** For the equal positions of several images at once. */
    private final List<PlaneRun<A>> together;
    private final boolean padded;
    private final double least;
    private final double most;

    /** A stage with what computes it; {@code pooling} is null where no pooling ends it. */
    private record Part<A>(PlaneStages.Stage stage, PlaneRun<A> run, @Nullable Pooling<A> pooling) {

        PlanePath path() {
            return stage.path();
        }
    }

    /** Several images in lanes, their features, and at the end K and Θ summed over equal positions. */
    private record Group<A>(PlaneRun.Image<A> images, double[] k, double[] t) {
    }

    /** The images of one side of a tile: of each stage one by one, and of the last one in groups. */
    private record Images<A>(List<List<PlaneRun.Image<A>>> single, List<Group<A>> groups) {

        int count() {
            return single.get(0).size();
        }

        /** Images of a stage from one on, as many as there may be side by side. */
        List<PlaneRun.Image<A>> panel(int stage, int from, int beside) {
            return single.get(stage).subList(from, Math.min(count(), from + beside));
        }
    }

    /**
     * With variances from {@code least} to {@code most}, and 0: those whose products these numbers hold.
     *
     * @param tangents whether Θ is asked for, or K alone
     */
    PlaneTile(PlaneStages planes, Rows<A> rows, InputGram side1, InputGram side2, boolean tangents, double least, double most) {
        this.planes = planes;
        this.rows = rows;
        this.lanes = rows.lanes();
        List<PlaneStages.Stage> stages = planes.stages();
        this.parts = IntStream.range(0, stages.size()).mapToObj(s -> {
            PlaneStages.Stage stage = stages.get(s);
            PlanePath next = s + 1 < stages.size() ? stages.get(s + 1).path() : null;
            return new Part<>(stage, new PlaneRun<>(rows, stage.path(), side1.ofWords() && s == 0, tangents),
                    stage.pool() == null ? null : new Pooling<>(rows, stage.pool(), stage.path(), next, tangents));
        }).toList();
        this.together = planes.equalPositions() && stages.size() == 1
                ? IntStream.range(0, PlaneStages.TOGETHER).mapToObj(i -> i == 0 ? parts.get(0).run
                        : new PlaneRun<>(rows, parts.get(0).path(), side1.ofWords(), tangents)).toList() : List.of();
        this.padded = side1.hasPadding() || side2.hasPadding();
        this.least = least;
        this.most = most;
    }

    private Part<A> last() {
        return parts.get(parts.size() - 1);
    }

    /** The images {@code from … to}, as many in each group as there are lanes; the last one fills the lanes that are left. */
    private Group<A> inputs(InputGram gram, int first, int to) {
        PlanePath path = parts.get(0).path();
        double[][] side = new double[path.channels()][path.height() * path.width() * lanes];
        for (int j = 0; j < lanes; j++) {
            double[] image = gram.example(Math.min(first + j, to - 1));
            for (int i = 0; i < image.length; i++) {
                side[i % path.channels()][i / path.channels() * lanes + j] = image[i];
            }
        }
        return group(0, Arrays.stream(side).map(this::rounded).toList(), real(gram, first, to), null, null);
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
        A made = rows.room(values.length);
        rows.put(values, 0, made, 0, values.length);
        return made;
    }

    /** Images of a later stage by their variances at its beginning. */
    private Group<A> group(int stage, int first, int to, IntFunction<double[][]> starts) {
        PlanePath path = parts.get(stage).path();
        int positions = path.height() * path.width();
        double[] k = new double[positions * lanes];
        double[] t = new double[positions * lanes];
        for (int j = 0; j < lanes; j++) {
            double[][] start = starts.apply(Math.min(first + j, to - 1));
            for (int p = 0; p < positions; p++) {
                k[p * lanes + j] = start[0][p];
                t[p * lanes + j] = start[1][p];
            }
        }
        return group(stage, List.of(), null, k, t);
    }

    private Group<A> group(int stage, List<A> channels, @Nullable A real, double @Nullable [] startK, double @Nullable [] startT) {
        PlanePath path = parts.get(stage).path();
        PlaneRun<A> run = parts.get(stage).run;
        PlaneRun.Image<A> images = new PlaneRun.Image<>(channels, real, rooms(path, lanes), rooms(path, lanes), rooms(path, lanes),
                List.of(), path.looks().stream().map(look -> new Terms.Planes<>(rows, path.height() * path.width() * lanes)).toList(),
                        new PlaneRun.Layout(path.width() * lanes, lanes, 0));
        if (startK == null || startT == null) {
            run.images(null, images);
        } else {
            run.images(null, images, startK, startT);
        }
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        run.equal(k, t);
        return new Group<>(planes.equalPositions() && stage == parts.size() - 1 ? meeting(path, images) : images, k, t);
    }

    /** Images in lanes that meet single ones: with the coefficients of their series row by row. */
    private PlaneRun.Image<A> meeting(PlanePath path, PlaneRun.Image<A> images) {
        int line = path.width() * lanes;
        List<Terms<A>> terms = images.written().stream().map(w -> Terms.of(rows, w.count(), w.isWhole(), path.height(), line,
                (y, n, to, at) -> System.arraycopy(w.plane(n), y * line, to, at, line))).toList();
        return new PlaneRun.Image<>(images.channels(), images.real(), images.q(), images.g(), images.rest(), terms, images.written(),
                images.input(), images.layout());
    }

    private List<A> rooms(PlanePath path, int each) {
        return path.looks().stream().map(look -> rows.room(path.height() * path.width() * each)).toList();
    }

    /** Whether all variances lie where products of two of them are held. */
    boolean holds(InputGram side1, InputGram side2) {
        return holds(side1) && (side2 == side1 || holds(side2));
    }

    private boolean holds(InputGram gram) {
        for (int first = 0; first < gram.count(); first += lanes) {
            Group<A> group = inputs(gram, first, gram.count());
            if (!holds(parts.get(0), group)) {
                return false;
            }
            for (int stage = 1; stage < parts.size(); stage++) {
                // Not more than this comes out of a pooling, by Cauchy and Schwarz.
                double[][][] bounds = bounds(parts.get(stage - 1));
                group = group(stage, 0, lanes, j -> bounds[j]);
                if (!holds(parts.get(stage), group)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean holds(Part<A> part, Group<A> group) {
        double[] values = new double[part.path().height() * part.path().width() * lanes];
        for (A q : group.images.q()) {
            rows.get(q, 0, values, 0, values.length);
            // A dark corner may well be 0, an image may not become 0.
            double[] largest = new double[lanes];
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0 && !(values[i] >= least && values[i] <= most)) {
                    return false;
                }
                largest[i % lanes] = Math.max(largest[i % lanes], values[i]);
            }
            boolean first1 = q == group.images.q().get(0);
            for (int j = 0; j < lanes && !first1; j++) {
                if (largest[j] == 0 && group.k[j] != 0) {
                    return false;
                }
            }
        }
        for (int j = 0; j < lanes; j++) {
            if (!Double.isFinite(group.k[j]) || !Double.isFinite(group.t[j]) || !Float64.holds(group.k[j])) {
                return false;
            }
        }
        return true;
    }

    /** What the variances, and Θ of equal positions, behind a pooling are at most, {@code [lane][K or Θ][position]}. */
    private double[][][] bounds(Part<A> part) {
        PlaneStep.Pool pool = Objects.requireNonNull(part.stage.pool());
        int h = part.path().last().height();
        int w = part.path().last().width();
        int width = pool.columns().after();
        double[][][] bounds = new double[lanes][2][pool.rows().after() * width];
        double[][] values = part.run.values();
        for (int j = 0; j < lanes; j++) {
            for (int which = 0; which < 2; which++) {
                for (int p = 0; p < h * w; p++) {
                    for (int y : pool.rows().targets()[p / w]) {
                        for (int x : pool.columns().targets()[p % w]) {
                            bounds[j][which][y * width + x] += Math.sqrt(Math.max(0, values[which][p * lanes + j]));
                        }
                    }
                }
                for (int p = 0; p < bounds[j][which].length; p++) {
                    double root = bounds[j][which][p] * pool.rows().weights()[p / width] * pool.columns().weights()[p % width];
                    bounds[j][which][p] = root * root;
                }
            }
        }
        return bounds;
    }

    /** The images {@code from … to} of all stages. */
    private Images<A> images(InputGram gram, int from, int to, OwnValues known) {
        List<Group<A>> groups = new ArrayList<>();
        for (int first = from; first < to; first += lanes) {
            groups.add(inputs(gram, first, to));
        }
        List<List<PlaneRun.Image<A>>> single = new ArrayList<>(List.of(singles(0, groups, to - from)));
        if (parts.size() == 1) {
            return new Images<>(single, groups);
        }
        List<double[][]> own = IntStream.range(from, to).mapToObj(i -> known.of(i, () -> chain(single.get(0).get(i - from)))).toList();
        for (int stage = 1; stage < parts.size(); stage++) {
            int now = stage;
            groups = new ArrayList<>();
            for (int first = 0; first < to - from; first += lanes) {
                groups.add(group(stage, first, to - from, i -> start(own.get(i), now)));
            }
            single.add(singles(stage, groups, to - from));
        }
        return new Images<>(single, groups);
    }

    /** The variances and Θ of equal positions at the beginning of a stage, out of what is kept of an image. */
    private double[][] start(double[][] own, int stage) {
        int from = 0;
        for (int s = 1; s < stage; s++) {
            from += parts.get(s).path().height() * parts.get(s).path().width();
        }
        int size = parts.get(stage).path().height() * parts.get(stage).path().width();
        return new double[][] {Arrays.copyOfRange(own[0], from, from + size), Arrays.copyOfRange(own[1], from, from + size)};
    }

    /** What an image has with itself: at equal positions behind each pooling, then behind the sink. */
    private double[][] chain(PlaneRun.Image<A> first) {
        double[][] own = new double[2][planes.ownValues()];
        PlaneRun.Image<A> image = first;
        Pooled<A> source = null;
        int at = 0;
        for (int stage = 0; stage < parts.size(); stage++) {
            if (stage == parts.size() - 1) {
                if (!planes.equalPositions()) {
                    end(stage, image, List.of(image), source, false, own[0], own[1], at);
                }
                return own;
            }
            source = pooled(stage, image, List.of(image), source);
            double[][] diagonal = source.diagonal(rows, 0);
            for (int p = 0; p < diagonal[0].length; p++) {
                // Where positive and negative parts cancel, rounding may leave a variance below 0.
                own[0][at + p] = Math.max(0, diagonal[0][p]);
                own[1][at + p] = diagonal[1][p];
            }
            at += diagonal[0].length;
            int next = stage + 1;
            image = singles(next, List.of(group(next, 0, 1, i -> start(own, next))), 1).get(0);
        }
        return own;
    }

    /** The images of groups one by one. */
    private List<PlaneRun.Image<A>> singles(int stage, List<Group<A>> groups, int count) {
        PlanePath path = parts.get(stage).path();
        List<PlaneRun.Image<A>> images = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            int members = Math.min(lanes, count - g * lanes);
            PlaneRun.Image<A> group = groups.get(g).images;
            List<List<A>> channels = apart(path, group.channels(), members);
            List<List<A>> q = apart(path, group.q(), members);
            List<List<A>> features = apart(path, group.g(), members);
            List<List<A>> rest = apart(path, group.rest(), members);
            A real = group.real();
            List<List<A>> masks = real == null ? List.of() : apart(path, List.of(real), members);
            List<List<Terms<A>>> terms = termsApart(path, group.written(), members);
            for (int i = 0; i < members; i++) {
                images.add(new PlaneRun.Image<>(channels.get(i), real == null ? null : masks.get(i).get(0), q.get(i), features.get(i),
                        rest.get(i), terms.get(i), List.of(), new PlaneRun.Layout(path.width(), 1, 0)));
            }
        }
        return images;
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
        int positions = path.height() * path.width();
        List<List<A>> out = IntStream.range(0, members).<List<A>>mapToObj(i -> new ArrayList<>()).toList();
        for (A several : all) {
            for (int i = 0; i < members; i++) {
                A made = rows.room(positions);
                rows.pick(several, i, lanes, made, 0, positions);
                out.get(i).add(made);
            }
        }
        return out;
    }

    /** What stands behind the sink, for inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    Covariance covariance(InputGram a, OwnValues own1, int i0, int i1, InputGram b, OwnValues own2, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        Images<A> left = images(a, i0, i1, own1);
        Images<A> right = same ? left : images(b, j0, j1, own2);
        Block cross;
        Block self1;
        Block self2;
        if (planes.equalPositions()) {
            self1 = ownEqual(left.groups, i1 - i0);
            self2 = same ? self1 : ownEqual(right.groups, j1 - j0);
            cross = equal(left, right, same);
        } else {
            // First what no other tile has: meanwhile their threads may compute what this one needs too.
            cross = cross(left, right, same);
            self1 = own(left, i0, own1);
            self2 = same ? self1 : own(right, j0, own2);
        }
        weigh(cross, a, i0, b, j0);
        weigh(self1, a, i0, a, i0);
        if (!same) {
            weigh(self2, b, j0, b, j0);
        }
        if (same) {
            int v = planes.valuesAfter();
            for (int i = 0; i < i1 - i0; i++) {
                System.arraycopy(self1.k(), i * v, cross.k(), i * (i1 - i0 + 1) * v, v);
                System.arraycopy(self1.t(), i * v, cross.t(), i * (i1 - i0 + 1) * v, v);
            }
        }
        Side side1 = side(left.groups, i1 - i0);
        Exactness end = last().path().end();
        boolean gaussian = end.gaussian() && planes.sink().kind() != PlaneStages.Kind.EQUAL_POSITIONS;
        return Covariance.merged(planes.sink().after(), cross, self1, self2, side1, same ? side1 : side(right.groups, j1 - j0),
                new Covariance.Origin(gaussian, end.fresh(), true, false, planes.phi() != null && !planes.phi().isFunction()), "network");
    }

    private Block block(int pairs, int columns) {
        int p = planes.sink().pooled();
        int size = pairs * planes.valuesAfter();
        return new Block(pairs, columns, p, p == 1 ? Span.EQUAL : Span.ALL, new double[size], new double[size]);
    }

    private Block scaled(Block block) {
        double weight = planes.sink().weight();
        for (int i = 0; i < block.k().length && weight != 1; i++) {
            block.k()[i] *= weight;
            block.t()[i] *= weight;
        }
        return block;
    }

    /** The mean over the real positions of both, where there is padding, instead of that over all. */
    private void weigh(Block block, InputGram a, int i0, InputGram b, int j0) {
        double positions = planes.in().positions();
        for (int pair = 0; pair < block.pairs() && padded && planes.sink().weight() != 1; pair++) {
            int i = i0 + block.left(pair);
            int j = j0 + block.right(pair);
            double factor = positions / a.side(i, i + 1).length(0) * (positions / b.side(j, j + 1).length(0));
            block.k()[pair] *= factor;
            block.t()[pair] *= factor;
        }
    }

    private Block ownEqual(List<Group<A>> groups, int count) {
        Block block = block(count, 0);
        for (int i = 0; i < count; i++) {
            block.k()[i] = groups.get(i / lanes).k[i % lanes];
            block.t()[i] = groups.get(i / lanes).t[i % lanes];
        }
        return scaled(block);
    }

    private Block equal(Images<A> left, Images<A> right, boolean same) {
        int columns = right.count();
        Block block = block(left.count() * columns, columns);
        if (parts.size() == 1) {
            equalOfInputs(left, right, same, block);
            return scaled(block);
        }
        PlaneRun<A> run = last().run;
        int stage = parts.size() - 1;
        for (int i = 0; i < left.count(); i++) {
            double[][][] starts = starts(left, i, right, same ? i + 1 : 0);
            for (int g = same ? i / lanes : 0; g < right.groups.size(); g++) {
                double[][] lanesOf = lanes(starts, g * lanes, columns);
                run.images(left.single.get(stage).get(i), right.groups.get(g).images, lanesOf[0], lanesOf[1]);
                put(block, run, i, g, columns, same);
            }
        }
        return scaled(block);
    }

    /** Group by group of the right images, each with some left ones at once. */
    private void equalOfInputs(Images<A> left, Images<A> right, boolean same, Block block) {
        int columns = right.count();
        for (int g = 0; g < right.groups.size(); g++) {
            // Of a symmetric tile the lower half is a mirror image; the lanes on the diagonal cost nothing.
            int last = same ? Math.min(left.count(), (g + 1) * lanes) : left.count();
            for (int i = 0; i < last; i += together.size()) {
                int to = Math.min(last, i + together.size());
                PlaneRun.images(together, left.single.get(0).subList(i, to), right.groups.get(g).images);
                for (int one = i; one < to; one++) {
                    put(block, together.get(one - i), one, g, columns, same);
                }
            }
        }
    }

    /** The values of an image with a group. */
    private void put(Block block, PlaneRun<A> run, int i, int g, int columns, boolean same) {
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        run.equal(k, t);
        for (int j = 0; j < Math.min(lanes, columns - g * lanes); j++) {
            put(block, i, g * lanes + j, columns, k, t, j, same);
        }
    }

    /** K and Θ of equal positions at the beginning of the last stage: an image with each from one on, {@code [image][K or Θ][position]}. */
    private double[][][] starts(Images<A> left, int i, Images<A> right, int from) {
        double[][][] starts = new double[right.count()][][];
        int beside = planes.beside();
        for (int j = from; j < right.count(); j += beside) {
            Pooled<A> pooled = null;
            for (int stage = 0; stage < parts.size() - 1; stage++) {
                pooled = pooled(stage, left.single.get(stage).get(i), right.panel(stage, j, beside), pooled);
            }
            for (int n = 0; n < Math.min(beside, right.count() - j); n++) {
                starts[j + n] = Objects.requireNonNull(pooled).diagonal(rows, n);
            }
        }
        return starts;
    }

    /** K and Θ at the beginning of the last stage for as many images as there are lanes, side by side; 0 where an image was left out. */
    private double[][] lanes(double[][][] starts, int from, int count) {
        int positions = last().path().height() * last().path().width();
        double[][] all = new double[2][positions * lanes];
        for (int j = 0; j < lanes; j++) {
            double[][] start = starts[Math.min(from + j, count - 1)];
            for (int p = 0; p < positions && start != null; p++) {
                all[0][p * lanes + j] = start[0][p];
                all[1][p * lanes + j] = start[1][p];
            }
        }
        return all;
    }

    private static void put(Block block, int i, int j, int columns, double[] k, double[] t, int from, boolean same) {
        if (same && j < i) {
            return;
        }
        block.k()[i * columns + j] = k[from];
        block.t()[i * columns + j] = t[from];
        if (same) {
            block.k()[j * columns + i] = k[from];
            block.t()[j * columns + i] = t[from];
        }
    }

    private Block own(Images<A> images, int from, OwnValues known) {
        int v = planes.valuesAfter();
        Block block = block(images.count(), 0);
        for (int i = 0; i < images.count(); i++) {
            PlaneRun.Image<A> image = images.single.get(0).get(i);
            double[][] both = known.of(from + i, () -> parts.size() > 1 || last().pooling != null ? chain(image) : alone(image));
            System.arraycopy(both[0], planes.ownValues() - v, block.k(), i * v, v);
            System.arraycopy(both[1], planes.ownValues() - v, block.t(), i * v, v);
        }
        return scaled(block);
    }

    private double[][] alone(PlaneRun.Image<A> image) {
        double[][] both = new double[2][planes.valuesAfter()];
        end(0, image, List.of(image), null, true, both[0], both[1], 0);
        return both;
    }

    private Block cross(Images<A> left, Images<A> right, boolean same) {
        int columns = right.count();
        Block block = block(left.count() * columns, columns);
        int beside = planes.beside();
        for (int i = 0; i < left.count(); i++) {
            for (int j = same ? i + 1 : 0; j < columns; j += beside) {
                Pooled<A> source = null;
                int stage = 0;
                for (; stage < parts.size() - 1; stage++) {
                    source = pooled(stage, left.single.get(stage).get(i), right.panel(stage, j, beside), source);
                }
                end(stage, left.single.get(stage).get(i), right.panel(stage, j, beside), source, false, block.k(), block.t(),
                        (i * columns + j) * planes.valuesAfter());
            }
            for (int j = i + 1; j < columns && same; j++) {
                mirror(block, i * columns + j, j * columns + i);
            }
        }
        return scaled(block);
    }

    /** Of a pair the values with left and right pooled positions exchanged. */
    private void mirror(Block block, int pair, int to) {
        int v = planes.valuesAfter();
        int p = planes.sink().pooled();
        for (int e = 0; e < v; e++) {
            block.k()[to * v + e % p * p + e / p] = block.k()[pair * v + e];
            block.t()[to * v + e % p * p + e / p] = block.t()[pair * v + e];
        }
    }

    /** The last stage of an image with others, whose values stand one after the other from a place on. */
    private void end(int stage, PlaneRun.Image<A> left, List<PlaneRun.Image<A>> right, @Nullable Pooled<A> source, boolean itself,
            double[] toK, double[] toT, int to) {
        if (parts.get(stage).pooling != null) {
            Pooled<A> pooled = pooled(stage, left, right, source);
            for (int i = 0; i < right.size(); i++) {
                pooled.write(rows, i, toK, toT, to + i * planes.valuesAfter());
            }
            return;
        }
        PlanePath path = parts.get(stage).path();
        ImagePanel<A> panel = ImagePanel.of(rows, path, right, source);
        PlaneRun<A> run = parts.get(stage).run;
        // Of an image with itself, opposite offsets give the same.
        int turns = itself ? path.turns() / 2 + 1 : path.turns();
        for (int lane = 0; lane < panel.around(); lane += lanes) {
            for (int turn = 0; turn < turns; turn++) {
                run.offsets(left, panel, turn, lane);
                run.sums(panel);
            }
        }
        for (int i = 0; i < panel.offsets().size(); i++) {
            ImagePanel.Offsets sums = panel.offsets().get(i);
            toK[to + i] = sums.total(sums.k(), itself);
            toT[to + i] = sums.total(sums.t(), itself);
        }
    }

    /** A stage up to its pooling. */
    private Pooled<A> pooled(int stage, PlaneRun.Image<A> left, List<PlaneRun.Image<A>> right, @Nullable Pooled<A> source) {
        Part<A> part = parts.get(stage);
        ImagePanel<A> panel = ImagePanel.of(rows, part.path(), right, source);
        Pooling<A> pooling = Objects.requireNonNull(part.pooling);
        pooling.begin(panel);
        for (int turn = 0; turn < part.path().turns(); turn++) {
            if (turn > part.stage.rows() && part.path().turns() - turn > part.stage.rows()) {
                continue;
            }
            for (int lane = 0; lane < panel.around(); lane += lanes) {
                if (isNeeded(part, lane)) {
                    part.run.offsets(left, panel, turn, lane);
                    pooling.take(part.run, panel);
                }
            }
            pooling.add(part.run, panel);
        }
        return pooling.end(panel);
    }

    private boolean isNeeded(Part<A> part, int lane) {
        int period = part.path().lastPeriod();
        return IntStream.range(lane, lane + lanes).anyMatch(c -> c % period <= part.stage.columns()
                || period - c % period <= part.stage.columns());
    }

    /** The means over the channels after the last activation, pooled; none where nothing behind the planes asks for them. */
    private Side side(List<Group<A>> groups, int count) {
        int pooled = planes.sink().pooled();
        if (planes.phi() == null) {
            return new Side(count, pooled, null, null, null);
        }
        PlanePath path = last().path();
        int w = path.last().width();
        double weight = planes.equalPositions() ? planes.sink().weight() : Math.sqrt(planes.sink().weight());
        double[] means = new double[count * pooled];
        double[] q = new double[path.height() * path.width() * lanes];
        for (int i = 0; i < count; i++) {
            rows.get(groups.get(i / lanes).images.q().get(path.looks().size() - 1), 0, q, 0, q.length);
            for (int p = 0; p < path.last().height() * w; p++) {
                double mean = planes.phi().mean(q[(p / w * path.width() + p % w) * lanes + i % lanes]) * weight;
                PlaneStep.Pool pool = last().stage.pool();
                if (pool == null) {
                    means[i] += mean;
                    continue;
                }
                for (int y : pool.rows().targets()[p / w]) {
                    for (int x : pool.columns().targets()[p % w]) {
                        means[i * pooled + y * pool.columns().after() + x] += mean * pool.rows().weights()[y] * pool.columns().weights()[x];
                    }
                }
            }
        }
        return new Side(count, pooled, Arrays.stream(means).allMatch(m -> m == 0) ? null : means, null, null);
    }
}
