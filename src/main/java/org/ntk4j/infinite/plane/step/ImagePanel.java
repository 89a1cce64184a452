package org.ntk4j.infinite.plane.step;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.Terms;

/**
 * Several images side by side in one, with a gap between them, and behind the last the first ones again, so that lanes may begin anywhere
 * and go on around: many narrow images fill the lanes of vector instructions as well as one wide one. Collects the sums of an image with
 * each of them, offset by offset.
 *
 * @param images  the images in one
 * @param offsets where the sums of each of them go
 * @param path    the steps that they take
 * @param source  what the planes begin with behind a pooling; null at the inputs
 * @param itself  whether it is one image alone, and that meets itself
 * @param blocks  by the first lane, what the lanes of each place meet
 */
public record ImagePanel<A>(PlaneImage<A> images, List<Offsets> offsets, PlanePath path, @Nullable Pooled<A> source,
        boolean itself, Map<Integer, PlaneImage<A>> blocks) {

    /** How many images stand in a panel at most: with these the lanes that are left empty at the end hardly count. */
    public static final int MOST = 8;

    /** How long a row of a panel is. */
    public static int line(PlanePath path, int images, int lanes) {
        return images * path.period() + path.width() + path.across() * lanes;
    }

    /**
     * Images one by one, side by side.
     *
     * @param left the image that they meet
     */
    public static <A> ImagePanel<A> of(Rows<A> rows, PlanePath path, PlaneImage<A> left, List<PlaneImage<A>> images,
            @Nullable Pooled<A> source) {
        int line = line(path, images.size(), rows.lanes());
        List<A> channels = new ArrayList<>();
        for (int c = 0; c < images.get(0).channels().size(); c++) {
            int which = c;
            channels.add(beside(rows, path, line, path.height(), path.width(), path.period(),
                    images.stream().map(i -> i.channels().get(which)).toList()));
        }
        List<List<A>> features = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (PlanePath.Step look : path.looks()) {
            List<List<A>> all = List.of(images.stream().map(i -> i.q().get(look.look())).toList(),
                    images.stream().map(i -> i.g().get(look.look())).toList(),
                    images.stream().map(i -> i.rest().get(look.look())).toList());
            for (int f = 0; f < features.size(); f++) {
                features.get(f)
                        .add(beside(rows, path, line, look.size().height(), look.size().width(), path.period() / look.across(),
                        all.get(f)));
            }
        }
        List<Terms<A>> terms = path.looks().stream()
                .map(look -> terms(rows, path, line, look, images.stream().map(i -> i.terms().get(look.look())).toList())).toList();
        A real = images.get(0).real() == null ? null : beside(rows, path, line, path.height(), path.width(), path.period(),
                images.stream().map(i -> Objects.requireNonNull(i.real())).toList());
        return new ImagePanel<>(new PlaneImage<>(channels, real, features.get(0), features.get(1), features.get(2), terms, List.of(),
                new PlaneImage.Layout(line, 1, 0)),
                IntStream.range(0, images.size()).mapToObj(i -> new Offsets(path.turns(), path.lastWidth())).toList(), path, source,
                        images.size() == 1 && images.get(0) == left, new HashMap<>());
    }

    private static <A> Terms<A> terms(Rows<A> rows, PlanePath path, int line, PlanePath.Step look, List<Terms<A>> images) {
        int width = look.size().width();
        int period = path.period() / look.across();
        return Terms.of(rows, images.stream().mapToInt(Terms::count).max().orElse(0), images.stream().allMatch(Terms::whole),
                look.size().height(), line, (y, n, to, at) -> {
            for (int c = 0; c < line; c += period) {
                Terms<A> image = images.get(c / period % images.size());
                if (n < image.count()) {
                    System.arraycopy(image.values(), image.at(y, n), to, at + c, Math.min(width, line - c));
                }
            }
        });
    }

    private static <A> A beside(Rows<A> rows, PlanePath path, int line, int height, int width, int period, List<A> images) {
        A panel = rows.room(path.height() * line);
        for (int y = 0; y < height; y++) {
            for (int c = 0; c < line; c += period) {
                System.arraycopy(images.get(c / period % images.size()), y * path.width(), panel, y * line + c, Math.min(width, line - c));
            }
        }
        return panel;
    }

    /** The number of columns that lanes go around, in strides. */
    public int around() {
        return offsets.size() * path.lastPeriod();
    }

    /** What lanes from this one on meet at each place: the panel itself, or copies of it where strides are to come. */
    PlaneImage<A> at(Rows<A> rows, int lane) {
        return path.across() == 1 ? new PlaneImage<>(images.channels(), images.real(), images.q(), images.g(), images.rest(),
                images.terms(), List.of(), new PlaneImage.Layout(images.input().line(), 1, lane))
                : blocks.computeIfAbsent(lane, from -> block(rows, from));
    }

    private PlaneImage<A> block(Rows<A> rows, int lane) {
        List<A> channels = images.channels().stream().map(c -> block(rows, c, path.height(), path.width(), path.across(), lane)).toList();
        List<List<A>> features = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<PlaneImage.Layout> layouts = new ArrayList<>();
        List<Terms<A>> terms = new ArrayList<>();
        for (PlanePath.Step look : path.looks()) {
            int strides = path.across() / look.across();
            List<A> all = List.of(images.q().get(look.look()), images.g().get(look.look()), images.rest().get(look.look()));
            for (int f = 0; f < features.size(); f++) {
                features.get(f).add(strides == 1 ? all.get(f)
                        : block(rows, all.get(f), look.size().height(), look.size().width(), strides, lane));
            }
            Terms<A> of = images.terms().get(look.look());
            terms.add(strides == 1 ? of : Terms.of(rows, of.count(), of.whole(), look.size().height(), look.size().width() * rows.lanes(),
                    (y, n, to, at) -> rows.take(of.values(), of.at(y, n) + strides * lane, 1, strides, to, at, look.size().width())));
            layouts.add(strides == 1 ? new PlaneImage.Layout(images.input().line(), 1, lane)
                    : new PlaneImage.Layout(look.size().width() * rows.lanes(), rows.lanes(), 0));
        }
        // Padding has no strides.
        return new PlaneImage<>(channels, null, features.get(0), features.get(1), features.get(2), terms, List.of(),
                new PlaneImage.Layout(path.width() * rows.lanes(), rows.lanes(), 0), layouts);
    }

    private A block(Rows<A> rows, A panel, int height, int width, int strides, int lane) {
        A block = rows.room(height * width * rows.lanes());
        for (int y = 0; y < height; y++) {
            rows.take(panel, y * images.input().line() + strides * lane, 1, strides, block, y * width * rows.lanes(), width);
        }
        return block;
    }

    /**
     * Adds the sums of lanes that begin at a column: those over columns in images of even number, then of odd number, of K and then of Θ.
     *
     * @param dy how far the rows of the right images are below those of the left one
     */
    void add(int dy, int lane, int lanes, double[] sums) {
        for (int j = 0; j < lanes && lane + j < around(); j++) {
            int image = (lane + j) / path.lastPeriod();
            int dx = (lane + j) % path.lastPeriod();
            int odd = image % 2;
            // Columns behind the end of the image lie in the next one.
            offsets.get(image).add(dy, dx, sums[odd * lanes + j], sums[(2 + odd) * lanes + j]);
            offsets.get((image + 1) % offsets.size()).add(dy, dx - path.lastPeriod(), sums[(1 - odd) * lanes + j],
                    sums[(3 - odd) * lanes + j]);
        }
    }

    /** The sums of K and Θ over the positions of each offset: at {@code [rows apart + height − 1][columns apart + width − 1]}. */
    public record Offsets(int height, int width, double[] k, double[] t) {

        Offsets(int height, int width) {
            this(height, width, new double[(2 * height - 1) * (2 * width - 1)], new double[(2 * height - 1) * (2 * width - 1)]);
        }

        private int at(int dy, int dx) {
            return (dy + height - 1) * (2 * width - 1) + dx + width - 1;
        }

        private void add(int dy, int dx, double sumK, double sumT) {
            if (Math.abs(dx) < width && Math.abs(dy) < height) {
                k[at(dy, dx)] += sumK;
                t[at(dy, dx)] += sumT;
            }
        }

        /**
         * The sum over all offsets, opposite ones together: equal images give exactly what one image gives with itself.
         *
         * @param sums   {@link #k} or {@link #t}
         * @param itself whether only the first half of the offsets was computed
         */
        public double total(double[] sums, boolean itself) {
            double total = sums[at(0, 0)];
            for (int dy = 0; dy < height; dy++) {
                Halt.check();
                for (int dx = dy == 0 ? 1 : 1 - width; dx < width; dx++) {
                    double one = sums[at(dy, dx)];
                    double other = sums[at(-dy, -dx)];
                    if (itself) {
                        // Of the two at least one was computed.
                        boolean computed = 2 * dy <= height;
                        one = computed ? one : other;
                        other = one;
                    }
                    total += one + other;
                }
            }
            return total;
        }
    }
}
