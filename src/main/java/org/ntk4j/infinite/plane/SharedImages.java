package org.ntk4j.infinite.plane;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.tile.InputGram;

/**
 * Images in lanes that all threads ask for, and the look at their variances before: made once where they are few. A thread that asks while
 * another one makes them waits for that.
 *
 * @param <A> the arrays of their numbers
 */
final class SharedImages<A> {

    private static final long MOST_BYTES = 24L << 20;

    private final ConcurrentHashMap<PlaneImages.Range, PlaneImages.Group<A>> kept = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<PlaneImages.Range, Side<A>> sides = new ConcurrentHashMap<>();
    private final AtomicLong left;

    SharedImages(PlaneStages planes, InputGram side1, InputGram side2) {
        this.left = new AtomicLong(bytes(planes, side1.count()) + (side2 == side1 ? 0 : bytes(planes, side2.count())));
    }

    /** The memory that images of a side take in the end, in lanes and one by one; 0 where they are not shared. */
    static long bytes(PlaneStages planes, int inputs) {
        boolean fits = planes.stages().stream().allMatch(s -> LanePairs.fits(s.path(), false, false));
        // Tiles of images that do not meet in lanes may be as small as one.
        long lanes = isOfLanes(planes) ? (inputs + PlaneStages.MOST_LANES - 1L) / PlaneStages.MOST_LANES * PlaneStages.MOST_LANES
                : (long) inputs * PlaneStages.MOST_LANES;
        long bytes = lanes * bytesOfImage(planes);
        return fits && bytes <= MOST_BYTES ? bytes : 0;
    }

    private static long bytesOfImage(PlaneStages planes) {
        return 2L * Double.BYTES * planes.stages().stream().mapToLong(planes::values).sum();
    }

    /** Whether images meet in lanes. */
    private static boolean isOfLanes(PlaneStages planes) {
        return planes.stages().size() == 1 && planes.equalPositions();
    }

    /** The images of a side of a tile that do not meet in lanes, of all stages; null where they are not to be kept. */
    PlaneTile.@Nullable Images<A> side(PlaneStages planes, InputGram gram, int from, int to, int lanes,
            Supplier<PlaneTile.Images<A>> make) {
        if (isOfLanes(planes)) {
            return null;
        }
        PlaneImages.Range range = new PlaneImages.Range(0, gram, from, to);
        long bytes = (to - from + lanes - 1L) / lanes * lanes * bytesOfImage(planes);
        Side<A> side = sides.get(range);
        if (side == null && left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return null;
        }
        return sides.computeIfAbsent(range, key -> new Side<>()).of(make);
    }

    /** A side that is made when it is first asked for: other sides do not wait for it. */
    private static final class Side<A> {
        private PlaneTile.@Nullable Images<A> made;

        synchronized PlaneTile.Images<A> of(Supplier<PlaneTile.Images<A>> make) {
            PlaneTile.Images<A> images = made == null ? make.get() : made;
            made = images;
            return images;
        }
    }

    /**
     * Images that are there, or are made here; null where they are not to be kept.
     *
     * @param alone whether they are needed one by one, too
     * @param lanes how many images they take the room of
     * @param make  makes them, or what is missing of those that are there
     */
    PlaneImages.@Nullable Group<A> of(PlaneStages planes, PlaneImages.Range range, boolean alone, int lanes,
            UnaryOperator<PlaneImages.@Nullable Group<A>> make) {
        if (!isOfLanes(planes)) {
            return null;
        }
        PlaneImages.Group<A> there = kept.get(range);
        if (there != null && (!alone || !there.single().isEmpty())) {
            return there;
        }
        long bytes = lanes * bytesOfImage(planes);
        if (there == null && left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return null;
        }
        return kept.compute(range, (key, group) -> make.apply(group));
    }
}
