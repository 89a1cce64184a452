package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.rows.Rows;

/**
 * Several images side by side in one, with a gap between them, and behind the last the first ones again, so that lanes may begin anywhere and go on around: many narrow images fill the
 * lanes of vector instructions as well as one wide one. Collects the sums of an image with each of them, offset by offset.
 *
 * @param images  the images in one
 * @param offsets where the sums of each of them go
 * @param path    the steps that they take
 */
record Panel<A>(PlaneRun.Image<A> images, List<Offsets> offsets, PlanePath path) {

    /** With so many the lanes that are left empty at the end hardly count. */
    static final int MOST = 8;

    /** How long a row of a panel is. */
    static int line(PlanePath path, int images, int lanes) {
        return images * path.period() + path.width() + lanes;
    }

    /** Images of a group of lanes, by their number there. */
    static <A> Panel<A> of(Rows<A> rows, PlanePath path, List<PlaneRun.Image<A>> images) {
        PlaneRun.Image<A> like = images.get(0);
        int line = line(path, images.size(), rows.lanes());
        PlaneRun.Image<A> all = new PlaneRun.Image<>(beside(rows, path, line, images.stream().map(PlaneRun.Image::channels).toList()),
                beside(rows, path, line, images.stream().map(PlaneRun.Image::q).toList()), beside(rows, path, line, images.stream().map(PlaneRun.Image::g).toList()),
                beside(rows, path, line, images.stream().map(PlaneRun.Image::rest).toList()), line, like.step());
        return new Panel<>(all, IntStream.range(0, images.size()).mapToObj(i -> new Offsets(path.height(), path.width())).toList(), path);
    }

    private static <A> List<A> beside(Rows<A> rows, PlanePath path, int line, List<List<A>> images) {
        List<A> all = new ArrayList<>();
        for (int which = 0; which < images.get(0).size(); which++) {
            A panel = rows.room(path.height() * line);
            for (int y = 0; y < path.height(); y++) {
                for (int c = 0; c < line; c += path.period()) {
                    A image = images.get(c / path.period() % images.size()).get(which);
                    System.arraycopy(image, y * path.width(), panel, y * line + c, Math.min(path.width(), line - c));
                }
            }
            all.add(panel);
        }
        return all;
    }

    /** The number of columns that lanes go around. */
    int around() {
        return offsets.size() * path.period();
    }

    /**
     * Adds the sums of lanes that begin at a column: those over columns in images of even number, then of odd number, of K and then of Θ.
     *
     * @param dy how far the rows of the right images are below those of the left one
     */
    void add(int dy, int lane, int lanes, double[] sums) {
        for (int j = 0; j < lanes && lane + j < around(); j++) {
            int image = (lane + j) / path.period();
            int dx = (lane + j) % path.period();
            int odd = image % 2;
            // Columns behind the end of the image lie in the next one.
            offsets.get(image).add(dy, dx, sums[odd * lanes + j], sums[(2 + odd) * lanes + j]);
            offsets.get((image + 1) % offsets.size()).add(dy, dx - path.period(), sums[(1 - odd) * lanes + j], sums[(3 - odd) * lanes + j]);
        }
    }

    /** The sums of K and Θ over the positions of each offset: at {@code [rows apart + height − 1][columns apart + width − 1]}. */
    record Offsets(int height, int width, double[] k, double[] t) {

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
        double total(double[] sums, boolean itself) {
            double total = sums[at(0, 0)];
            for (int dy = 0; dy < height; dy++) {
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
