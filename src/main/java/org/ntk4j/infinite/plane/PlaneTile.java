package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.plane.step.Pooled;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
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
    private final boolean tangents;
    private final SharedImages<A> shared;
    /** Whether pairs have the same bits as those with left and right exchanged. */
    private final boolean symmetric;
    /** Where images of the inputs meet in lanes and may be exchanged; else null. */
    private final @Nullable LanePairs<A> pairs;

    /** The images of one side of a tile: of each stage one by one, and of the last one in groups. */
    record Images<A>(int count, List<List<PlaneImage<A>>> single, List<PlaneImages.Group<A>> groups) {

        /** Images of a stage from one on, as many as there may be side by side. */
        List<PlaneImage<A>> panel(int stage, int from, int beside) {
            return single.get(stage).subList(from, Math.min(count(), from + beside));
        }
    }

    /** @param tangents whether Θ is asked for, or K alone */
    PlaneTile(PlaneTiles<A> tiles, boolean tangents) {
        this.planes = tiles.planes();
        this.rows = tiles.rows().another();
        this.lanes = rows.lanes();
        this.tangents = tangents;
        this.shared = tiles.shared();
        InputGram side1 = tiles.side1();
        this.parts = PlanePart.all(planes, rows, side1.ofWords(), tangents);
        this.symmetric = parts.stream().noneMatch(part -> part.pooling() instanceof WindowPooling);
        this.padded = side1.hasPadding() || tiles.side2().hasPadding();
        this.images = new PlaneImages<>(planes, rows, parts, padded, tiles.shared());
        this.pairs = planes.equalPositions() && parts.size() == 1 && LanePairs.fits(last().path(), padded, side1.ofWords())
                ? new LanePairs<>(rows, last()) : null;
        this.bounds = new PlaneBounds<>(rows, parts, images, tiles.least(), tiles.most());
    }

    private PlanePart<A> last() {
        return parts.get(parts.size() - 1);
    }

    /** Whether all variances lie where products of two of them are held. */
    boolean holds(InputGram side1, InputGram side2) {
        return bounds.holds(side1, side2);
    }

    /**
     * The images {@code from … to} of all stages.
     *
     * @param alone whether they are needed one by one, too
     */
    private Images<A> side(InputGram gram, int from, int to, OwnValues known, boolean alone) {
        Images<A> common = shared.side(planes, gram, from, to, lanes, () -> side(gram, from, to, known, alone, true));
        return common == null ? side(gram, from, to, known, alone, false) : common;
    }

    private Images<A> side(InputGram gram, int from, int to, OwnValues known, boolean alone, boolean lasts) {
        List<List<PlaneImages.Group<A>>> groups = new ArrayList<>();
        for (int stage = 0; stage < parts.size(); stage++) {
            groups.add(parts.get(stage).stage().ofInputs() ? images.groups(stage, gram, from, to, alone, lasts) : List.of());
        }
        List<List<PlaneImage<A>>> ofInputs = groups.stream().map(PlaneTile::singles).toList();
        List<double[][]> own = groups.stream().noneMatch(List::isEmpty) ? List.of()
                : IntStream.range(from, to).mapToObj(i -> known.of(i, () -> chain(at(ofInputs, i - from)))).toList();
        for (int stage = 0; stage < parts.size(); stage++) {
            for (int first = 0; first < to - from && !parts.get(stage).stage().ofInputs(); first += lanes) {
                int now = stage;
                List<PlaneImages.Group<A>> made = new ArrayList<>(groups.get(stage));
                made.add(images.singles(now, images.group(now, first, to - from, i -> start(own.get(i), now)),
                        Math.min(lanes, to - from - first)));
                groups.set(stage, made);
            }
        }
        return new Images<>(to - from, groups.stream().map(PlaneTile::singles).toList(), groups.get(parts.size() - 1));
    }

    private static <A> List<PlaneImage<A>> singles(List<PlaneImages.Group<A>> groups) {
        return groups.stream().flatMap(g -> g.single().stream()).toList();
    }

    /** An image of each stage that begins with the inputs. */
    private static <A> IntFunction<PlaneImage<A>> at(List<List<PlaneImage<A>>> ofInputs, int i) {
        return stage -> ofInputs.get(stage).get(i);
    }

    /** The variances and Θ of equal positions at the beginning of a stage, out of what is kept of an image. */
    private double[][] start(double[][] own, int stage) {
        int node = parts.get(stage).stage().from();
        int at = planes.own(node);
        int to = at + planes.nodes().get(node).positions();
        return new double[][] {Arrays.copyOfRange(own[0], at, to), Arrays.copyOfRange(own[1], at, to)};
    }

    /**
     * What an image has with itself: at equal positions of each node, then behind the sink.
     *
     * @param ofInputs the image of each stage that begins with the inputs
     */
    private double[][] chain(IntFunction<PlaneImage<A>> ofInputs) {
        double[][] own = new double[2][planes.ownValues()];
        Map<Integer, Pooled<A>> nodes = new HashMap<>();
        Set<Integer> known = new HashSet<>(Set.of(0));
        for (int s = 0; s < parts.size(); s++) {
            int stage = s;
            int from = parts.get(stage).stage().from();
            if (known.add(from)) {
                int to = planes.own(from);
                double[][] diagonal = Objects.requireNonNull(nodes.get(from)).diagonal(rows, 0);
                for (int p = 0; p < diagonal[0].length; p++) {
                    // Where positive and negative parts cancel, rounding may leave a variance below 0.
                    own[0][to + p] = Math.max(0, diagonal[0][p]);
                    own[1][to + p] = diagonal[1][p];
                }
            }
            if (stage == parts.size() - 1 && planes.equalPositions()) {
                return own;
            }
            PlaneImage<A> image = from == 0 ? ofInputs.apply(stage)
                    : images.singles(stage, images.group(stage, 0, 1, i -> start(own, stage)), 1).single().get(0);
            through(stage, image, List.of(image), nodes, symmetric, own[0], own[1], planes.own(planes.nodes().size()));
        }
        return own;
    }

    /** What stands behind the sink, for inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    Covariance covariance(InputGram a, OwnValues own1, int i0, int i1, InputGram b, OwnValues own2, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        images.keep(a, i0, i1, b, j0, j1);
        // The right side first: what it has with itself no other tile of its row needs now, while all of them need that of the left side.
        boolean turned = pairs != null && !same && isLess(j1 - j0, i1 - i0);
        Images<A> right = side(b, j0, j1, own2, pairs == null || turned || same && j1 - j0 > lanes);
        Images<A> left = same ? right : side(a, i0, i1, own1, !turned);
        Block cross;
        Block self1;
        Block self2;
        if (planes.equalPositions()) {
            self1 = ownEqual(left.groups, i1 - i0);
            self2 = same ? self1 : ownEqual(right.groups, j1 - j0);
            cross = turned ? turned(equal(right, left, false), j1 - j0) : equal(left, right, same);
        } else {
            // First what no other tile has: meanwhile their threads may compute what this one needs too.
            cross = cross(left, right, same);
            self1 = own(left, i0, own1, false);
            self2 = same ? self1 : own(right, j0, own2, true);
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
        return Covariance.merged(planes.sink().after(), cross, self1, self2, side1, same ? side1 : means(right.groups, j1 - j0),
                planes.origin(), "network");
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
            block.t()[i] = tangents ? groups.get(i / lanes).t()[i % lanes] : 0;
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
                put(block, run, i, g, columns, same);
            }
        }
        return scaled(block);
    }

    /** Group by group of the right images, each with one left image after the other. */
    private void equalOfInputs(Images<A> left, Images<A> right, boolean same, Block block) {
        int columns = right.count();
        PlaneRun<A> run = last().run();
        for (int group = 0; group < right.groups.size(); group++) {
            int g = group;
            int first = g * lanes;
            // Of a symmetric tile the lower half is a mirror image; the lanes on the diagonal cost nothing.
            int last = same ? Math.min(left.count(), pairs == null ? first + lanes : first) : left.count();
            for (int i = 0; i < last; i++) {
                run.images(left.single.get(0).get(i), right.groups.get(g).images());
                put(block, run, i, g, columns, same);
            }
            if (same && pairs != null) {
                int members = Math.min(lanes, columns - first);
                pairs.each(right.groups.get(g).images(), members, partner -> {
                    double[] k = new double[lanes];
                    double[] t = new double[lanes];
                    planes.sink().take(run, k, t);
                    for (int j = 0; j < members; j++) {
                        int with = partner.applyAsInt(j);
                        put(block, first + Math.min(j, with), first + Math.max(j, with), columns, k, t, j, true);
                    }
                });
            }
        }
    }

    /** Whether so many images one by one with others in lanes are fewer ways through the layers than the other way round. */
    private boolean isLess(int single, int others) {
        return (long) single * ((others + lanes - 1) / lanes) < (long) others * ((single + lanes - 1) / lanes);
    }

    /** Rows and columns exchanged. */
    private static Block turned(Block block, int columns) {
        Block turned = new Block(block.pairs(), columns, block.positions(), block.span(), new double[block.k().length],
                new double[block.t().length]);
        for (int pair = 0; pair < block.pairs(); pair++) {
            int to = block.right(pair) * columns + block.left(pair);
            turned.k()[to] = block.k()[pair];
            turned.t()[to] = block.t()[pair];
        }
        return turned;
    }

    /** The values of an image with a group. */
    private void put(Block block, PlaneRun<A> run, int i, int g, int columns, boolean same) {
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        planes.sink().take(run, k, t);
        for (int j = 0; j < Math.min(lanes, columns - g * lanes); j++) {
            put(block, i, g * lanes + j, columns, k, t, j, same);
        }
    }

    /** K and Θ of equal positions at the beginning of the last stage: an image with each from one on, {@code [image][K or Θ][position]}. */
    private double[][][] starts(Images<A> left, int i, Images<A> right, int from) {
        double[][][] starts = new double[right.count()][][];
        int beside = planes.beside();
        for (int j = from; j < right.count(); j += beside) {
            Map<Integer, Pooled<A>> nodes = new HashMap<>();
            for (int stage = 0; stage < parts.size() - 1; stage++) {
                parts.get(stage).pooled(rows, left.single.get(stage).get(i), right.panel(stage, j, beside), nodes, false);
            }
            Pooled<A> pooled = Objects.requireNonNull(nodes.get(last().stage().from()));
            for (int n = 0; n < Math.min(beside, right.count() - j); n++) {
                starts[j + n] = pooled.diagonal(rows, n);
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

    /**
     * What images have with themselves.
     *
     * @param back whether it is asked for from the last one on: where a tile of these with themselves is in work, another thread goes from
     *             the first one on, and both do not wait for one another at each of them
     */
    private Block own(Images<A> images, int from, OwnValues known, boolean back) {
        int v = planes.valuesAfter();
        Block block = block(images.count(), 0);
        for (int n = 0; n < images.count(); n++) {
            int i = back ? images.count() - 1 - n : n;
            int which = i;
            double[][] both = known.of(from + i, () -> parts.size() > 1 || last().pooling() != null
                    ? chain(stage -> images.single.get(stage).get(which)) : alone(images.single.get(0).get(which)));
            System.arraycopy(both[0], planes.ownValues() - v, block.k(), i * v, v);
            System.arraycopy(both[1], planes.ownValues() - v, block.t(), i * v, v);
        }
        return scaled(block);
    }

    private double[][] alone(PlaneImage<A> image) {
        double[][] both = new double[2][planes.valuesAfter()];
        last().sums(rows, image, List.of(image), null, true, both[0], both[1], 0);
        return both;
    }

    private Block cross(Images<A> left, Images<A> right, boolean same) {
        int columns = right.count();
        Block block = block(left.count() * columns, columns);
        int beside = planes.beside();
        for (int i = 0; i < left.count(); i++) {
            for (int j = same ? i + 1 : 0; j < columns; j += beside) {
                Map<Integer, Pooled<A>> nodes = new HashMap<>();
                for (int stage = 0; stage < parts.size(); stage++) {
                    through(stage, left.single.get(stage).get(i), right.panel(stage, j, beside), nodes, false, block.k(), block.t(),
                            (i * columns + j) * planes.valuesAfter());
                }
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

    /** A stage of an image with others; the values that the last one gives stand one after the other from a place on. */
    private void through(int stage, PlaneImage<A> left, List<PlaneImage<A>> right, Map<Integer, Pooled<A>> nodes, boolean itself,
            double[] toK, double[] toT, int to) {
        PlanePart<A> part = parts.get(stage);
        if (part.pooling() == null) {
            part.sums(rows, left, right, nodes.get(part.stage().from()), itself, toK, toT, to);
            return;
        }
        part.pooled(rows, left, right, nodes, itself);
        for (int i = 0; i < right.size() && stage == parts.size() - 1; i++) {
            Objects.requireNonNull(nodes.get(part.stage().to())).write(rows, i, toK, toT, to + i * planes.valuesAfter());
        }
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
            int positions = planes.sink().kind() == PlaneStages.Kind.FIRST_POSITION ? 1 : path.last().height() * w;
            for (int p = 0; p < positions; p++) {
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
