package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Exactness;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.Rows;

/**
 * Tiles of pairs of images by planes, one after the other. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneTile<A> {

    private final PlaneStages planes;
    private final Rows<A> rows;
    private final int lanes;
    private final List<PlanePart<A>> parts;
    private final PlaneImages<A> images;
    private final PlaneBounds<A> bounds;
    private final boolean padded;

    /** The images of one side of a tile: of each stage one by one, and of the last one in groups. */
    private record Images<A>(List<List<PlaneImage<A>>> single, List<PlaneImages.Group<A>> groups) {

        int count() {
            return single.get(0).size();
        }

        /** Images of a stage from one on, as many as there may be side by side. */
        List<PlaneImage<A>> panel(int stage, int from, int beside) {
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
        this.parts = PlanePart.all(planes, rows, side1.ofWords(), tangents);
        this.padded = side1.hasPadding() || side2.hasPadding();
        this.images = new PlaneImages<>(planes, rows, parts, padded);
        this.bounds = new PlaneBounds<>(rows, parts, images, least, most);
    }

    private PlanePart<A> last() {
        return parts.get(parts.size() - 1);
    }

    /** Whether all variances lie where products of two of them are held. */
    boolean holds(InputGram side1, InputGram side2) {
        return bounds.holds(side1, side2);
    }

    /** The images {@code from … to} of all stages. */
    private Images<A> side(InputGram gram, int from, int to, OwnValues known) {
        List<PlaneImages.Group<A>> groups = images.groups(gram, from, to);
        List<List<PlaneImage<A>>> single = new ArrayList<>(List.of(singles(groups)));
        if (parts.size() == 1) {
            return new Images<>(single, groups);
        }
        List<double[][]> own = IntStream.range(from, to).mapToObj(i -> known.of(i, () -> chain(single.get(0).get(i - from)))).toList();
        for (int stage = 1; stage < parts.size(); stage++) {
            int now = stage;
            groups = new ArrayList<>();
            for (int first = 0; first < to - from; first += lanes) {
                groups.add(images.singles(now, images.group(now, first, to - from, i -> start(own.get(i), now)),
                        Math.min(lanes, to - from - first)));
            }
            single.add(singles(groups));
        }
        return new Images<>(single, groups);
    }

    private static <A> List<PlaneImage<A>> singles(List<PlaneImages.Group<A>> groups) {
        return groups.stream().flatMap(g -> g.single().stream()).toList();
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
    private double[][] chain(PlaneImage<A> first) {
        double[][] own = new double[2][planes.ownValues()];
        PlaneImage<A> image = first;
        Pooled<A> source = null;
        int at = 0;
        for (int stage = 0; stage < parts.size(); stage++) {
            if (stage == parts.size() - 1) {
                if (!planes.equalPositions()) {
                    end(stage, image, List.of(image), source, false, own[0], own[1], at);
                }
                return own;
            }
            source = parts.get(stage).pooled(rows, image, List.of(image), source);
            double[][] diagonal = source.diagonal(rows, 0);
            for (int p = 0; p < diagonal[0].length; p++) {
                // Where positive and negative parts cancel, rounding may leave a variance below 0.
                own[0][at + p] = Math.max(0, diagonal[0][p]);
                own[1][at + p] = diagonal[1][p];
            }
            at += diagonal[0].length;
            int next = stage + 1;
            image = images.singles(next, images.group(next, 0, 1, i -> start(own, next)), 1).single().get(0);
        }
        return own;
    }

    /** What stands behind the sink, for inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    Covariance covariance(InputGram a, OwnValues own1, int i0, int i1, InputGram b, OwnValues own2, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        images.keep(a, i0, i1, b, j0, j1);
        Images<A> left = side(a, i0, i1, own1);
        Images<A> right = same ? left : side(b, j0, j1, own2);
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
        Side side1 = means(left.groups, i1 - i0);
        Exactness end = last().path().end();
        boolean gaussian = end.gaussian() && planes.sink().kind() != PlaneStages.Kind.EQUAL_POSITIONS;
        return Covariance.merged(planes.sink().after(), cross, self1, self2, side1, same ? side1 : means(right.groups, j1 - j0),
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

    private Block ownEqual(List<PlaneImages.Group<A>> groups, int count) {
        Block block = block(count, 0);
        for (int i = 0; i < count; i++) {
            block.k()[i] = groups.get(i / lanes).k()[i % lanes];
            block.t()[i] = groups.get(i / lanes).t()[i % lanes];
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
        PlaneRun<A> run = last().run();
        int stage = parts.size() - 1;
        for (int i = 0; i < left.count(); i++) {
            double[][][] starts = starts(left, i, right, same ? i + 1 : 0);
            for (int g = same ? i / lanes : 0; g < right.groups.size(); g++) {
                double[][] lanesOf = lanes(starts, g * lanes, columns);
                run.images(left.single.get(stage).get(i), right.groups.get(g).images(), lanesOf[0], lanesOf[1]);
                put(block, run, 0, i, g, columns, same);
            }
        }
        return scaled(block);
    }

    /** Group by group of the right images, each with some left ones at once. */
    private void equalOfInputs(Images<A> left, Images<A> right, boolean same, Block block) {
        int columns = right.count();
        PlaneRun<A> run = last().run();
        for (int g = 0; g < right.groups.size(); g++) {
            // Of a symmetric tile the lower half is a mirror image; the lanes on the diagonal cost nothing.
            int last = same ? Math.min(left.count(), (g + 1) * lanes) : left.count();
            for (int i = 0; i < last; i += planes.together()) {
                int to = Math.min(last, i + planes.together());
                run.images(left.single.get(0).subList(i, to), right.groups.get(g).images());
                for (int one = i; one < to; one++) {
                    put(block, run, one - i, one, g, columns, same);
                }
            }
        }
    }

    /** The values of an image with a group. */
    private void put(Block block, PlaneRun<A> run, int which, int i, int g, int columns, boolean same) {
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        run.equal(which, k, t);
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
                pooled = parts.get(stage).pooled(rows, left.single.get(stage).get(i), right.panel(stage, j, beside), pooled);
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
            PlaneImage<A> image = images.single.get(0).get(i);
            double[][] both = known.of(from + i, () -> parts.size() > 1 || last().pooling() != null ? chain(image) : alone(image));
            System.arraycopy(both[0], planes.ownValues() - v, block.k(), i * v, v);
            System.arraycopy(both[1], planes.ownValues() - v, block.t(), i * v, v);
        }
        return scaled(block);
    }

    private double[][] alone(PlaneImage<A> image) {
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
                    source = parts.get(stage).pooled(rows, left.single.get(stage).get(i), right.panel(stage, j, beside), source);
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
    private void end(int stage, PlaneImage<A> left, List<PlaneImage<A>> right, @Nullable Pooled<A> source, boolean itself,
            double[] toK, double[] toT, int to) {
        if (parts.get(stage).pooling() != null) {
            Pooled<A> pooled = parts.get(stage).pooled(rows, left, right, source);
            for (int i = 0; i < right.size(); i++) {
                pooled.write(rows, i, toK, toT, to + i * planes.valuesAfter());
            }
            return;
        }
        parts.get(stage).sums(rows, left, right, source, itself, toK, toT, to);
    }

    /** The means over the channels after the last activation, pooled; none where nothing behind the planes asks for them. */
    private Side means(List<PlaneImages.Group<A>> groups, int count) {
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
            rows.get(groups.get(i / lanes).images().q().get(path.looks().size() - 1), 0, q, 0, q.length);
            for (int p = 0; p < path.last().height() * w; p++) {
                double mean = planes.phi().mean(q[(p / w * path.width() + p % w) * lanes + i % lanes]) * weight;
                PlaneStep.Pool pool = last().stage().pool();
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
