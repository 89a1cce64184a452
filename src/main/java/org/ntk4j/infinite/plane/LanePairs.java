package org.ntk4j.infinite.plane;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SpareArrays;

/**
 * Equal positions of a group of images with each other: lane j holds image j with the one some lanes further, around. So all lanes are full
 * and no pair comes twice, where one image with all of them would fill half of the lanes with pairs that are known. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class LanePairs<A> {

    private final Rows<A> rows;
    private final PlanePart<A> part;
    private final SpareArrays<A> spare;

    LanePairs(Rows<A> rows, PlanePart<A> part) {
        this.rows = rows;
        this.part = part;
        this.spare = new SpareArrays<>(rows);
    }

    /** Whether a pair has the same bits with left and right exchanged, and rows know how to take it lane by lane: by closed forms alone. */
    static boolean fits(PlanePath path, boolean padded, boolean words) {
        return !padded && !words && path.looks().stream().allMatch(look -> look.does() instanceof PlaneStep.Activate a
                && a.phi().arc().isPresent());
    }

    /** What is done with the run when it has come through. */
    interface Then {

        /** @param partner the image that meets the one in a lane */
        void take(IntUnaryOperator partner);
    }

    /** Each pair of different images of the first lanes. */
    void each(PlaneImage<A> images, int count, Then then) {
        int lanes = rows.lanes();
        int positions = part.path().height() * part.path().width();
        PlaneImage<A> twice = twice(images, count, positions);
        for (int further = 1; further <= count / 2; further++) {
            int apart = further;
            part.run().images(images, new PlaneImage<>(twice.channels(), null, twice.q(), twice.g(), twice.rest(), List.of(), List.of(),
                    new PlaneImage.Layout(part.path().width() * 2 * lanes, 2 * lanes, apart)));
            then.take(lane -> (lane + apart) % count);
        }
        List.of(twice.channels(), twice.q(), twice.g(), twice.rest()).forEach(all -> spare.release(all, 2 * positions * lanes));
    }

    /** The images of each place once more behind the last one. */
    private PlaneImage<A> twice(PlaneImage<A> images, int count, int positions) {
        return new PlaneImage<>(twice(images.channels(), count, positions), null, twice(images.q(), count, positions),
                twice(images.g(), count, positions), twice(images.rest(), count, positions), List.of(), List.of(), images.input());
    }

    private List<A> twice(List<A> all, int count, int positions) {
        int lanes = rows.lanes();
        return all.stream().map(from -> {
            A to = spare.array(2 * positions * lanes);
            rows.spread(from, 0, to, 0, 2 * lanes, positions);
            rows.spread(from, 0, to, count, 2 * lanes, positions);
            return to;
        }).toList();
    }
}
