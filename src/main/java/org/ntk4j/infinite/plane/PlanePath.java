package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/**
 * The steps that planes go through, made ready: each with the size of the image before it, and those that look at variances counted.
 *
 * @param height   rows of the inputs; 1 for sentences
 * @param width    columns of the inputs
 * @param channels channels of the inputs
 * @param steps    the steps
 * @param looks    how many of them need a feature of the variances
 * @param before   columns of zeros that windows need before an image
 * @param after    and behind it
 * @param last     the size after the last step
 * @param end      what is known of the values there
 */
record PlanePath(int height, int width, int channels, List<Step> steps, int looks, int before, int after, int gap, boolean wraps, Size last, Origin end) {

    /** Rows and columns that are left. */
    record Size(int height, int width) {
    }

    /** From an image to the next one beside it. */
    int period() {
        return width + gap;
    }

    /** Whether it is jointly Gaussian with mean 0, and fresh to the outside; see {@link Covariance.Origin}. */
    public record Origin(boolean gaussian, boolean fresh) {
    }

    /**
     * A step.
     *
     * @param size what it begins with
     * @param look the number of its feature; −1 if it has none
     * @param through the steps of a sum's layers
     * @param around  the steps of its shortcut
     */
    record Step(PlaneStep does, Size size, int look, List<Step> through, List<Step> around) {
    }

    /** The path of some steps; empty if an activation, a sum or a normalization would be inexact there, which the layers then say. */
    static Optional<PlanePath> of(Shape in, List<PlaneStep> steps) {
        int height = in.space().size() == 1 ? 1 : in.space().get(0);
        int width = in.space().get(in.space().size() - 1);
        Builder builder = new Builder(height, width);
        List<Step> made = new ArrayList<>();
        State end = builder.through(steps, new State(new Size(height, width), new Origin(false, false)), made);
        return end == null ? Optional.empty()
                : Optional.of(new PlanePath(height, width, in.channels(), made, builder.looks, builder.before, builder.after, builder.gap, builder.wraps, end.size, end.origin));
    }

    private record State(Size size, Origin origin) {
    }

    private static final class Builder {
        private final Size whole;
        private int looks;
        private int before;
        private int after;
        private int gap;
        private boolean wraps;

        Builder(int height, int width) {
            whole = new Size(height, width);
        }

        State through(List<PlaneStep> steps, State start, List<Step> made) {
            State state = start;
            for (PlaneStep step : steps) {
                state = step(step, state, made);
                if (state == null) {
                    return null;
                }
            }
            return state;
        }

        private State step(PlaneStep step, State state, List<Step> made) {
            Size size = state.size;
            Origin origin = state.origin;
            if (step instanceof PlaneStep.Linear l) {
                // Around the other side of an image one comes only while nothing of it has been cut off.
                if (l.border() == PlaneStep.Border.WRAP && !size.equals(whole)) {
                    return null;
                }
                // A gap between images is in the way of what comes around the other side.
                wraps |= l.border() == PlaneStep.Border.WRAP;
                gap = l.border() == PlaneStep.Border.ZERO ? Math.max(gap, Math.max(l.left(), l.columns() - 1 - l.left())) : gap;
                if (wraps && gap > 0) {
                    return null;
                }
                made.add(new Step(l, size, -1, List.of(), List.of()));
                before = Math.max(before, l.left());
                after = Math.max(after, l.columns() - 1 - l.left());
                boolean shrinks = l.border() == PlaneStep.Border.NONE;
                return new State(shrinks ? new Size(size.height - l.rows() + 1, size.width - l.columns() + 1) : size, new Origin(true, true));
            }
            if (step instanceof PlaneStep.Activate a) {
                made.add(new Step(a, size, looks++, List.of(), List.of()));
                return origin.gaussian ? new State(size, new Origin(a.phi().isLinear(), false)) : null;
            }
            if (step instanceof PlaneStep.Normalize n) {
                made.add(new Step(n, size, looks++, List.of(), List.of()));
                return origin.gaussian ? state : null;
            }
            if (step instanceof PlaneStep.Sum s) {
                List<Step> through = new ArrayList<>();
                List<Step> around = new ArrayList<>();
                State start = new State(size, new Origin(origin.gaussian, false));
                State one = through(s.through(), start, through);
                State other = one == null ? null : through(s.around(), start, around);
                // Means over the channels would have to be kept where one of the two ends in an activation: that is left to the layers.
                if (other == null || !one.size.equals(other.size) || !one.origin.gaussian || !other.origin.gaussian || !one.origin.fresh && !other.origin.fresh) {
                    return null;
                }
                made.add(new Step(s, size, -1, through, around));
                return new State(one.size, new Origin(true, one.origin.fresh && other.origin.fresh || origin.fresh));
            }
            return state;
        }
    }
}
