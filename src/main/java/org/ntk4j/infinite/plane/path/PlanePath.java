package org.ntk4j.infinite.plane.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.moment.PlaneStep;

/**
 * The steps that planes go through from one pooling to the next, made ready: each knows the size of the image before it, and those that
 * look at variances are numbered. Strides divide offsets: with strides of S in all only offsets that S divides reach the end, so no others
 * are computed, and a plane of them stays a plane.
 *
 * @param height   rows at the beginning; 1 for sentences
 * @param width    columns at the beginning
 * @param channels channels of the inputs; 0 behind a pooling
 * @param steps    the steps
 * @param looks    those that need a feature of the variances
 * @param before   columns of zeros that windows need before an image
 * @param after    and behind it
 * @param period   columns from an image to the next one beside it
 * @param down     rows that all strides together take for one
 * @param across   columns that they take for one
 * @param last     the size after the last step
 */
public record PlanePath(int height, int width, int channels, List<Step> steps, List<Step> looks, int before, int after, int period,
        boolean wraps, int down, int across, Size last) {

    /** Rows and columns that are left. */
    public record Size(int height, int width) {

        public int positions() {
            return height * width;
        }

        /** What is left of them behind steps. */
        public Size through(List<PlaneStep> steps) {
            Size size = this;
            for (PlaneStep step : steps) {
                size = size.after(step);
            }
            return size;
        }

        private Size after(PlaneStep step) {
            if (step instanceof PlaneStep.Linear l) {
                return new Size(l.rowsAfter(height), l.columnsAfter(width));
            } else if (step instanceof PlaneStep.Thin t) {
                return after(t.map());
            } else if (step instanceof PlaneStep.Pool p) {
                return new Size(p.rows().after(), p.columns().after());
            } else if (step instanceof PlaneStep.Chain c) {
                return through(c.steps());
            }
            return step.ways().isEmpty() ? this : through(step.ways().get(0));
        }
    }

    /**
     * A step.
     *
     * @param size   what it begins with
     * @param down   rows that strides have taken for one before it
     * @param across columns that they have taken for one
     * @param look   the number of its feature; −1 if it has none
     * @param ways   the steps of the ways of a sum or a product
     */
    public record Step(PlaneStep does, Size size, int down, int across, int look, List<List<Step>> ways) {
    }

    /**
     * The path of some steps; empty if they do not keep to planes that lie side by side.
     *
     * @param least columns from an image to the next one beside it at least
     * @param wraps whether images have to lie without a gap, for another path that comes around the other side
     */
    public static Optional<PlanePath> of(Size size, int channels, List<PlaneStep> steps, int least, boolean wraps) {
        Builder builder = new Builder(size, wraps);
        List<Step> made = new ArrayList<>();
        State end = builder.through(steps, new State(size, 1, 1), made);
        return end == null ? Optional.empty() : builder.period(end, least)
                .map(period -> new PlanePath(size.height, size.width, channels, made, builder.looks, builder.before, builder.after, period,
                builder.wraps, end.down, end.across, end.size));
    }

    /**
     * Whether a window of zeros beyond the border would look at the other side of an image: there is no gap where others come around.
     *
     * @param across columns that strides have taken for one before it
     * @param before columns of an image before it
     */
    public boolean isCutOff(PlaneStep.Linear l, int across, int before) {
        return l.border() == PlaneStep.Border.ZERO && period / across - before < Math.max(l.left(), l.columns() - 1 - l.left());
    }

    /** Whether a window does not mind that images lie without a gap: for lanes whose right columns lie side by side a mask is enough. */
    public static boolean isTouching(PlaneStep.Linear l) {
        return l.rows() == 3 && l.columns() == 3 && l.left() == 1 && l.down() == 1 && l.across() == 1;
    }

    /** Whether every window lies around its position and stays there. */
    public boolean keepsPositions() {
        return !wraps && keepPositions(steps);
    }

    private static boolean keepPositions(List<Step> steps) {
        return steps.stream().noneMatch(s -> s.does instanceof PlaneStep.Normalize n && n.epsilon() == 0)
                && steps.stream().allMatch(s -> !(s.does instanceof PlaneStep.Linear l)
                        || l.border() == PlaneStep.Border.ZERO && l.down() == 1 && l.across() == 1)
                && steps.stream().flatMap(s -> s.ways.stream()).allMatch(PlanePath::keepPositions);
    }

    /** Rows that planes go around: the whole height, as many more as strides need. */
    public int turns() {
        return (height + down - 1) / down;
    }

    /** Columns from an image to the next at the end. */
    public int lastPeriod() {
        return period / across;
    }

    /** Columns of offsets at the end. */
    public int lastWidth() {
        return (width + across - 1) / across;
    }

    private record State(Size size, int down, int across) {
    }

    /**
     * A window in an image of a width: how far it reaches beyond the border.
     *
     * @param touches whether images may lie without a gap for it
     */
    private record Reach(int across, int width, int columns, boolean touches) {

        private boolean suits(int period, State end) {
            return period / across - width >= columns || touches && end.across == 1 && period == width && width % FEW_LANES == 0;
        }
    }

    /** Images lie without a gap where one of them, or a few, fill their lanes: else a gap costs nothing, and a mask does. */
    private static final int FEW_LANES = 8;

    private static final class Builder {
        private final Size whole;
        private final List<Step> looks = new ArrayList<>();
        private final List<Reach> reaches = new ArrayList<>();
        private int before;
        private int after;
        private boolean wraps;

        Builder(Size whole, boolean wraps) {
            this.whole = whole;
            this.wraps = wraps;
        }

        /** The least that keeps the images beside each other apart where that is needed, and that the strides divide. */
        Optional<Integer> period(State end, int least) {
            if (wraps) {
                // A gap between images is in the way of what comes around the other side.
                return whole.width % end.across == 0 && whole.height % end.down == 0 && least <= whole.width ? Optional.of(whole.width)
                        : Optional.empty();
            }
            int period = (Math.max(whole.width, least) + end.across - 1) / end.across * end.across;
            while (!suits(period, end)) {
                period += end.across;
            }
            return Optional.of(period);
        }

        private boolean suits(int period, State end) {
            return reaches.stream().allMatch(r -> r.suits(period, end));
        }

        @Nullable State through(List<PlaneStep> steps, State start, List<Step> made) {
            State state = start;
            for (PlaneStep step : thinned(steps)) {
                state = step(step, state, made);
                if (state == null) {
                    return null;
                }
            }
            return state;
        }

        /** The steps, where a linear map leaves out at once what is dropped behind it. */
        private static List<PlaneStep> thinned(List<PlaneStep> steps) {
            List<PlaneStep> result = new ArrayList<>();
            for (PlaneStep step : steps) {
                int last = result.size() - 1;
                if (step instanceof PlaneStep.Thin thin && last >= 0 && result.get(last) instanceof PlaneStep.Linear l) {
                    result.set(last, l.every(thin));
                } else {
                    result.add(step);
                }
            }
            return result;
        }

        private @Nullable State step(PlaneStep step, State state, List<Step> made) {
            if (step instanceof PlaneStep.Linear l) {
                return linear(l, state, made);
            }
            if (step instanceof PlaneStep.Activate a) {
                return look(a, state, made);
            }
            if (step instanceof PlaneStep.Normalize n) {
                return look(n, state, made);
            }
            if (step instanceof PlaneStep.Sum || step instanceof PlaneStep.Product) {
                return ways(step, state, made);
            }
            if (step instanceof PlaneStep.Concat c) {
                return ways(c.weighed(), state, made);
            }
            if (step instanceof PlaneStep.Chain c) {
                return through(c.steps(), state, made);
            }
            if (step instanceof PlaneStep.Thin t) {
                return linear(t.map(), state, made);
            }
            if (step instanceof PlaneStep.Drop) {
                made.add(new Step(step, state.size, state.down, state.across, -1, List.of()));
                return state;
            }
            return step instanceof PlaneStep.Pass || step instanceof PlaneStep.Unshare ? state : null;
        }

        private State look(PlaneStep step, State state, List<Step> made) {
            Step looking = new Step(step, state.size, state.down, state.across, looks.size(), List.of());
            looks.add(looking);
            made.add(looking);
            return state;
        }

        private @Nullable State linear(PlaneStep.Linear l, State state, List<Step> made) {
            // Around the other side of an image one comes only while nothing of it has been cut off.
            if (l.border() == PlaneStep.Border.WRAP
                    && (state.size.height * state.down != whole.height || state.size.width * state.across != whole.width)) {
                return null;
            }
            wraps |= l.border() == PlaneStep.Border.WRAP;
            int behind = Math.max(0, l.columns() - 1 - l.left());
            if (l.border() == PlaneStep.Border.ZERO) {
                reaches.add(new Reach(state.across, state.size.width, Math.max(l.left(), behind), isTouching(l)));
            }
            made.add(new Step(l, state.size, state.down, state.across, -1, List.of()));
            before = Math.max(before, l.left());
            after = Math.max(after, behind);
            return new State(state.size.after(l), state.down * l.down(), state.across * l.across());
        }

        private @Nullable State ways(PlaneStep s, State state, List<Step> made) {
            List<List<Step>> ways = new ArrayList<>();
            List<State> ends = new ArrayList<>();
            for (List<PlaneStep> way : s.ways()) {
                List<Step> steps = new ArrayList<>();
                State end = through(way, state, steps);
                if (end == null) {
                    return null;
                }
                ways.add(steps);
                ends.add(end);
            }
            State first = ends.get(0);
            if (ends.stream().anyMatch(e -> !e.equals(first))) {
                return null;
            }
            made.add(new Step(s, state.size, state.down, state.across, -1, ways));
            return first;
        }
    }
}
