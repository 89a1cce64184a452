package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Float64;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.Rows;

/**
 * A tile of pairs of images by planes. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneTile<A> {

    private final Planes planes;
    private final PlanePath path;
    private final Rows<A> rows;
    private final int lanes;
    private final PlaneRun<A> run;
    private final WindowPool pool;
    private final double least;
    private final double most;

    /** With variances from {@code least} to {@code most}, and 0: those whose products these numbers hold. */
    PlaneTile(Planes planes, Rows<A> rows, double least, double most) {
        this.planes = planes;
        this.path = planes.path();
        this.rows = rows;
        this.lanes = rows.lanes();
        this.run = new PlaneRun<>(rows, path);
        this.pool = planes.sink().kind() == Planes.Kind.WINDOWS
                ? new WindowPool(path.last().height(), path.last().width(), planes.sink().target(), planes.sink().pooled()) : null;
        this.least = least;
        this.most = most;
    }

    /** Several images in lanes, their features, and at the end K and Θ summed over equal positions. */
    private record Group<A>(PlaneRun.Image<A> images, double[] k, double[] t) {
    }

    /** The images {@code from … to}, as many in each group as there are lanes; the last one fills the lanes that are left. */
    private List<Group<A>> groups(InputGram gram, int from, int to) {
        List<Group<A>> groups = new ArrayList<>();
        for (int first = from; first < to; first += lanes) {
            groups.add(group(gram, first, to));
        }
        return groups;
    }

    private Group<A> group(InputGram gram, int first, int to) {
        int positions = path.height() * path.width();
        double[][] side = new double[path.channels()][positions * lanes];
        for (int j = 0; j < lanes; j++) {
            double[] image = gram.example(Math.min(first + j, to - 1));
            for (int i = 0; i < image.length; i++) {
                side[i % path.channels()][i / path.channels() * lanes + j] = image[i];
            }
        }
        List<A> channels = new ArrayList<>();
        for (double[] values : side) {
            A channel = rows.room(values.length);
            rows.put(values, 0, channel, 0, values.length);
            channels.add(channel);
        }
        PlaneRun.Image<A> images = new PlaneRun.Image<>(channels, rooms(positions * lanes), rooms(positions * lanes), rooms(positions * lanes), path.width() * lanes, lanes);
        run.own(images);
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        run.equal(k, t);
        return new Group<>(images, k, t);
    }

    private List<A> rooms(int size) {
        return IntStream.range(0, path.looks()).mapToObj(i -> rows.room(size)).toList();
    }

    /** Whether all variances lie where products of two of them are held. */
    boolean holds(InputGram side1, InputGram side2) {
        return holds(side1) && (side2 == side1 || holds(side2));
    }

    private boolean holds(InputGram gram) {
        for (int first = 0; first < gram.count(); first += lanes) {
            Group<A> group = group(gram, first, gram.count());
            double[] values = new double[path.height() * path.width() * lanes];
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
        }
        return true;
    }

    /** The images of groups one by one. */
    private List<PlaneRun.Image<A>> singles(List<Group<A>> groups, int count) {
        List<PlaneRun.Image<A>> images = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            int members = Math.min(lanes, count - g * lanes);
            PlaneRun.Image<A> group = groups.get(g).images;
            List<List<A>> channels = apart(group.channels(), members);
            List<List<A>> q = apart(group.q(), members);
            List<List<A>> features = apart(group.g(), members);
            List<List<A>> rest = apart(group.rest(), members);
            for (int i = 0; i < members; i++) {
                images.add(new PlaneRun.Image<>(channels.get(i), q.get(i), features.get(i), rest.get(i), path.width(), 1));
            }
        }
        return images;
    }

    /** {@code [member][which]} of arrays that hold a group's members side by side. */
    private List<List<A>> apart(List<A> all, int members) {
        double[] values = new double[path.height() * path.width() * lanes];
        double[] single = new double[path.height() * path.width()];
        List<List<A>> out = IntStream.range(0, members).<List<A>>mapToObj(i -> new ArrayList<>()).toList();
        for (A several : all) {
            rows.get(several, 0, values, 0, values.length);
            for (int i = 0; i < members; i++) {
                for (int p = 0; p < single.length; p++) {
                    single[p] = values[p * lanes + i];
                }
                A made = rows.room(single.length);
                rows.put(single, 0, made, 0, single.length);
                out.get(i).add(made);
            }
        }
        return out;
    }

    /** What stands behind the sink, for inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    Covariance covariance(InputGram a, OwnValues own1, int i0, int i1, InputGram b, OwnValues own2, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        List<Group<A>> groups1 = groups(a, i0, i1);
        List<Group<A>> groups2 = same ? groups1 : groups(b, j0, j1);
        List<PlaneRun.Image<A>> left = singles(groups1, i1 - i0);
        Block cross;
        Block self1;
        Block self2;
        if (planes.equalPositions()) {
            self1 = ownEqual(groups1, i1 - i0);
            self2 = same ? self1 : ownEqual(groups2, j1 - j0);
            cross = equal(left, groups2, j1 - j0, same);
        } else {
            List<PlaneRun.Image<A>> right = same ? left : singles(groups2, j1 - j0);
            // First what no other tile has: meanwhile their threads may compute what this one needs too.
            cross = cross(left, right, same);
            self1 = own(left, i0, own1);
            self2 = same ? self1 : own(right, j0, own2);
        }
        if (same) {
            int v = planes.valuesAfter();
            for (int i = 0; i < i1 - i0; i++) {
                System.arraycopy(self1.k(), i * v, cross.k(), i * (i1 - i0 + 1) * v, v);
                System.arraycopy(self1.t(), i * v, cross.t(), i * (i1 - i0 + 1) * v, v);
            }
        }
        Side side1 = side(groups1, i1 - i0);
        boolean gaussian = path.end().gaussian() && planes.sink().kind() != Planes.Kind.EQUAL_POSITIONS;
        return Covariance.merged(planes.sink().after(), cross, self1, self2, side1, same ? side1 : side(groups2, j1 - j0),
                new Covariance.Origin(gaussian, path.end().fresh(), true), "network");
    }

    private Block block(int pairs, int columns) {
        int p = planes.sink().pooled();
        int size = pairs * planes.valuesAfter();
        return new Block(pairs, columns, p, p == 1 ? Span.EQUAL : Span.ALL, new double[size], new double[size]);
    }

    private Block scaled(Block block) {
        double weight = planes.sink().weight();
        for (int i = 0; i < block.k().length; i++) {
            block.k()[i] *= weight;
            block.t()[i] *= weight;
        }
        return block;
    }

    private Block ownEqual(List<Group<A>> groups, int count) {
        Block block = block(count, 0);
        for (int i = 0; i < count; i++) {
            block.k()[i] = groups.get(i / lanes).k[i % lanes];
            block.t()[i] = groups.get(i / lanes).t[i % lanes];
        }
        return scaled(block);
    }

    private Block equal(List<PlaneRun.Image<A>> left, List<Group<A>> groups, int columns, boolean same) {
        Block block = block(left.size() * columns, columns);
        double[] k = new double[lanes];
        double[] t = new double[lanes];
        for (int g = 0; g < groups.size(); g++) {
            int last = Math.min(lanes, columns - g * lanes);
            // Of a symmetric tile the lower half is a mirror image; the lanes on the diagonal cost nothing.
            for (int i = 0; i < left.size() && (!same || i < g * lanes + last); i++) {
                run.images(left.get(i), groups.get(g).images);
                run.equal(k, t);
                for (int j = 0; j < last; j++) {
                    put(block, i, g * lanes + j, columns, k, t, j, same);
                }
            }
        }
        return scaled(block);
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

    private Block own(List<PlaneRun.Image<A>> images, int from, OwnValues known) {
        int v = planes.valuesAfter();
        Block block = block(images.size(), 0);
        for (int i = 0; i < images.size(); i++) {
            PlaneRun.Image<A> image = images.get(i);
            double[][] both = known.of(from + i, () -> {
                Block one = block(1, 0);
                pairs(image, List.of(image), true, one, 0);
                return new double[][] {one.k(), one.t()};
            });
            System.arraycopy(both[0], 0, block.k(), i * v, v);
            System.arraycopy(both[1], 0, block.t(), i * v, v);
        }
        return scaled(block);
    }

    private Block cross(List<PlaneRun.Image<A>> left, List<PlaneRun.Image<A>> right, boolean same) {
        int columns = right.size();
        Block block = block(left.size() * columns, columns);
        int beside = planes.sink().kind() == Planes.Kind.OVER_ALL && !path.wraps() ? Panel.MOST : 1;
        for (int i = 0; i < left.size(); i++) {
            for (int j = same ? i + 1 : 0; j < columns; j += beside) {
                pairs(left.get(i), right.subList(j, Math.min(columns, j + beside)), false, block, i * columns + j);
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

    /** An image with others, whose values stand one after the other from a pair on. */
    private void pairs(PlaneRun.Image<A> left, List<PlaneRun.Image<A>> right, boolean itself, Block to, int pair) {
        Panel<A> panel = Panel.of(rows, path, right);
        if (planes.sink().kind() == Planes.Kind.OVER_ALL) {
            overAll(left, panel, itself, to, pair);
        } else {
            windows(left, panel, to, pair);
        }
    }

    private void overAll(PlaneRun.Image<A> left, Panel<A> panel, boolean itself, Block to, int pair) {
        // Of an image with itself, opposite offsets give the same.
        int turns = itself ? path.height() / 2 + 1 : path.height();
        for (int turn = 0; turn < turns; turn++) {
            for (int lane = 0; lane < panel.around(); lane += lanes) {
                run.offsets(left, panel, turn, lane);
                run.sums(panel);
            }
        }
        for (int i = 0; i < panel.offsets().size(); i++) {
            Panel.Offsets sums = panel.offsets().get(i);
            to.k()[pair + i] = sums.total(sums.k(), itself);
            to.t()[pair + i] = sums.total(sums.t(), itself);
        }
    }

    private void windows(PlaneRun.Image<A> left, Panel<A> panel, Block to, int pair) {
        pool.clear();
        for (int turn = 0; turn < path.height(); turn++) {
            for (int lane = 0; lane < panel.around(); lane += lanes) {
                run.offsets(left, panel, turn, lane);
                run.hand(pool);
            }
            run.add(pool);
        }
        pool.put(to.k(), to.t(), pair * planes.valuesAfter());
    }

    /** The means over the channels after the last activation, pooled; none where nothing behind the planes asks for them. */
    private Side side(List<Group<A>> groups, int count) {
        int pooled = planes.sink().pooled();
        if (planes.phi() == null) {
            return new Side(count, pooled, null, null);
        }
        int h = path.last().height();
        int w = path.last().width();
        double weight = planes.equalPositions() ? planes.sink().weight() : Math.sqrt(planes.sink().weight());
        double[] means = new double[count * pooled];
        double[] q = new double[path.height() * path.width() * lanes];
        for (int i = 0; i < count; i++) {
            rows.get(groups.get(i / lanes).images.q().get(path.looks() - 1), 0, q, 0, q.length);
            for (int p = 0; p < h * w; p++) {
                int to = planes.sink().target()[p];
                if (to >= 0) {
                    means[i * pooled + to] += planes.phi().mean(q[(p / w * path.width() + p % w) * lanes + i % lanes]) * weight;
                }
            }
        }
        return new Side(count, pooled, Arrays.stream(means).allMatch(m -> m == 0) ? null : means, null);
    }
}
