package org.ntk4j.infinite.plane;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    private final AtomicLong left;

    SharedImages(PlaneStages planes, InputGram side1, InputGram side2) {
        this.left = new AtomicLong(bytes(planes, side1.count()) + (side2 == side1 ? 0 : bytes(planes, side2.count())));
    }

    /** The memory that images of a side take in the end, in lanes and one by one; 0 where they are not shared. */
    static long bytes(PlaneStages planes, int inputs) {
        boolean fits = planes.stages().size() == 1 && planes.equalPositions() && LanePairs.fits(planes.last().path(), false, false);
        long lanes = (inputs + PlaneStages.MOST_LANES - 1L) / PlaneStages.MOST_LANES * PlaneStages.MOST_LANES;
        long bytes = lanes * bytesOfImage(planes);
        return fits && bytes <= MOST_BYTES ? bytes : 0;
    }

    private static long bytesOfImage(PlaneStages planes) {
        return 2L * Double.BYTES * planes.values(planes.last());
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
