package org.ntk4j.infinite.plane.path;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * The steps of a path as passes over planes. A pass may begin with a window, which takes rows of one plane to another; all that follows
 * acts on each row alone, while that is near. What a sum needs once more stays in its plane, and the way through other steps goes on in
 * another one.
 *
 * @param passes the passes in their order
 * @param planes how many planes there are; the first one holds what they begin with
 * @param result the plane that holds what they end with
 * @param leavesBeginning whether they begin with a window, and nothing else looks at what they begin with
 */
public record PlanePasses(List<Pass> passes, int planes, int result, boolean leavesBeginning) {

    /** Passes whose rows the first-level cache holds: with five a network of convolutions at 28 × 28 took 5 % more time. */
    private static final int MOST_FLOWING = 3;

    /**
     * One way over all rows.
     *
     * @param size   rows and columns that it goes over
     * @param down   rows that strides have taken for one
     * @param across columns that they have taken for one
     * @param window what it begins with; null where nothing goes beyond a row
     * @param work   what is done with each row then
     */
    public record Pass(PlanePath.Size size, int down, int across, @Nullable Window window, List<Work> work) {

        private boolean isOf(State state) {
            return size.equals(state.size) && down == state.down && across == state.across;
        }

        private boolean isNear() {
            return (window == null || window.map.rows() == 3 && window.map.top() == 1 && window.map.down() == 1)
                    && work.stream().noneMatch(w -> w instanceof Normalize n && n.does.overAll());
        }

        /** Whether an activation takes the place of what the window has left, and leaves 0 where no position is. */
        public boolean isCutAtOnce() {
            return !work.isEmpty() && work.get(0) instanceof Activate a && a.from == a.to;
        }
    }

    /**
     * A window from one plane to another.
     *
     * @param before rows of the first one
     * @param wide   columns of the first one
     */
    public record Window(PlaneStep.Linear map, int from, int to, int before, int wide) {
    }

    /** What is done with a row. */
    public sealed interface Work {
    }

    /** A linear map at each place alone. */
    public record Scale(PlaneStep.Linear map, int plane) implements Work {
    }

    /** The row as it is, in another plane. */
    public record Copy(int from, int to) implements Work {
    }

    /** An activation, into the same plane or another one. */
    public record Activate(PlaneStep.Activate does, int look, int from, int to) implements Work {
    }

    /** Layer normalization. */
    public record Normalize(PlaneStep.Normalize does, int look, int plane) implements Work {
    }

    /** Dropout. */
    public record Drop(double keep, int plane) implements Work {
    }

    /** Multiplies one plane by another, whose Θ is gone then. */
    public record Multiply(int from, int to) implements Work {
    }

    /** Adds one plane to another. */
    public record Add(int from, int to) implements Work {
    }

    /**
     * The passes of a path.
     *
     * @param tangents whether Θ goes through them too
     */
    public static PlanePasses of(PlanePath path, boolean tangents) {
        Builder builder = new Builder(tangents);
        int result = builder.through(path.steps(), new State(new PlanePath.Size(path.height(), path.width()), 1, 1), 0, false);
        return new PlanePasses(List.copyOf(builder.passes), builder.planes, result, builder.leavesBeginning);
    }

    /**
     * Whether each row of a pass needs no more than the same row of the passes before it, and the one above and below, and so few passes
     * that their rows are near all together.
     */
    public boolean isFlowing(PlanePath.Size size) {
        return passes.size() <= MOST_FLOWING && passes.stream().allMatch(pass -> pass.size.equals(size) && pass.isNear());
    }

    private record State(PlanePath.Size size, int down, int across) {

        private static State before(PlanePath.Step step) {
            return new State(step.size(), step.down(), step.across());
        }
    }

    private static final class Builder {
        private final List<Pass> passes = new ArrayList<>();
        private final TreeSet<Integer> free = new TreeSet<>();
        /** Planes that are free from the next pass on: rows that this one has not come to may still need them. */
        private final TreeSet<Integer> left = new TreeSet<>();
        private int planes = 1;
        private boolean leavesBeginning;
        /** Where the steps that were taken last have come to. */
        private State now = new State(new PlanePath.Size(0, 0), 0, 0);
        private final boolean tangents;

        Builder(boolean tangents) {
            this.tangents = tangents;
        }

        /** Takes what is in a plane through steps and gives the plane that it is in then: another one if the first is to be kept. */
        int through(List<PlanePath.Step> steps, State start, int plane, boolean keep) {
            now = start;
            int at = plane;
            for (PlanePath.Step step : steps) {
                at = step(step, at, keep && at == plane);
            }
            return at;
        }

        private int step(PlanePath.Step step, int plane, boolean keep) {
            if (step.does() instanceof PlaneStep.Linear l && !l.isPointwise()) {
                return window(l, step, plane, keep);
            }
            now = State.before(step);
            if (step.does() instanceof PlaneStep.Linear l) {
                return scale(l, plane, keep);
            } else if (step.does() instanceof PlaneStep.Activate a) {
                Pass pass = writing(plane, keep);
                int to = keep ? fresh() : plane;
                pass.work.add(new Activate(a, step.look(), plane, to));
                return to;
            } else if (step.does() instanceof PlaneStep.Normalize n) {
                int at = own(plane, keep);
                if (n.overAll()) {
                    // All rows have to be there.
                    begin();
                    passes.add(new Pass(now.size, now.down, now.across, null, new ArrayList<>()));
                }
                work(at, new Normalize(n, step.look(), at));
                return at;
            }
            if (step.does() instanceof PlaneStep.Drop drop) {
                int at = own(plane, keep);
                work(at, new Drop(drop.keep(), at));
                return at;
            }
            return step.does() instanceof PlaneStep.Sum ? sum(step, plane, keep)
                    : step.does() instanceof PlaneStep.Product ? product(step, plane, keep) : plane;
        }

        private int scale(PlaneStep.Linear l, int plane, boolean keep) {
            Rows.Affine map = l.affine();
            if (map.scale() == 1 && map.bias() == 0 && (!tangents || map.fromK() == 0 && map.fromT() == 1 && map.biasT() == 0)) {
                return plane;
            }
            int at = own(plane, keep);
            work(at, new Scale(l, at));
            return at;
        }

        private int window(PlaneStep.Linear l, PlanePath.Step step, int plane, boolean keep) {
            now = new State(new PlanePath.Size(l.rowsAfter(step.size().height()), l.columnsAfter(step.size().width())),
                    step.down() * l.down(), step.across() * l.across());
            begin();
            int to = fresh();
            leavesBeginning |= passes.isEmpty() && !keep;
            passes.add(new Pass(now.size, now.down, now.across, new Window(l, plane, to, step.size().height(), step.size().width()),
                    new ArrayList<>()));
            if (!keep) {
                left.add(plane);
            }
            return to;
        }

        private int sum(PlanePath.Step step, int plane, boolean keep) {
            State start = State.before(step);
            int sum = -1;
            for (int way = 0; way < step.ways().size(); way++) {
                boolean last = way == step.ways().size() - 1;
                boolean needed = keep || !last || sum == plane;
                int at = through(step.ways().get(way), start, plane, needed);
                if (sum >= 0) {
                    at = at == plane && needed ? own(at, true) : at;
                    work(at, new Add(sum, at));
                    if (sum != plane || !keep && last) {
                        left.add(sum);
                    }
                }
                sum = at;
            }
            return sum;
        }

        private int product(PlanePath.Step step, int plane, boolean keep) {
            State start = State.before(step);
            int product = -1;
            for (int way = 0; way < step.ways().size(); way++) {
                boolean needed = keep || way < step.ways().size() - 1;
                int at = through(step.ways().get(way), start, plane, needed);
                at = at == plane && needed ? own(at, true) : at;
                if (product >= 0) {
                    work(at, new Multiply(product, at));
                    left.add(product);
                }
                product = at;
            }
            return product;
        }

        /** The plane itself, or a copy of it if it is to be kept. */
        private int own(int plane, boolean keep) {
            if (!keep) {
                return plane;
            }
            Pass pass = writing(plane, true);
            int to = fresh();
            pass.work.add(new Copy(plane, to));
            return to;
        }

        private void work(int plane, Work work) {
            writing(plane, false).work.add(work);
        }

        /** The pass for what writes a plane, or reads it only: another one where the window of this one still needs what is there. */
        private Pass writing(int plane, boolean only) {
            Pass last = passes.isEmpty() ? null : passes.get(passes.size() - 1);
            if (last != null && last.isOf(now) && (only || last.window == null || last.window.from != plane)) {
                return last;
            }
            begin();
            Pass pass = new Pass(now.size, now.down, now.across, null, new ArrayList<>());
            passes.add(pass);
            return pass;
        }

        private void begin() {
            free.addAll(left);
            left.clear();
        }

        private int fresh() {
            Integer plane = free.pollFirst();
            return plane == null ? planes++ : plane;
        }
    }
}
