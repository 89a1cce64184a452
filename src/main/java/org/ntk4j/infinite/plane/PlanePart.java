package org.ntk4j.infinite.plane;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.plane.step.Pooled;
import org.ntk4j.rows.Rows;

/**
 * A stage with what computes it. Belongs to one thread.
 *
 * @param stage   the stage
 * @param run     its planes
 * @param pooling what ends it; null where no pooling does
 * @param <A>     the arrays of its numbers
 */
record PlanePart<A>(PlaneStages.Stage stage, PlaneRun<A> run, @Nullable Pooling<A> pooling) {

    /** What computes a stage. */
    static <A> List<PlanePart<A>> all(PlaneStages planes, Rows<A> rows, boolean words, boolean tangents) {
        Pooling.Room<A> room = new Pooling.Room<>(rows);
        List<Integer> rooms = planes.rooms();
        List<Pooling.Kept<A>> kept = rooms.stream().map(r -> new Pooling.Kept<A>()).toList();
        return planes.stages().stream().map(stage -> new PlanePart<>(stage,
                new PlaneRun<>(rows, stage.path(), words && stage.ofInputs(), tangents),
                stage.pool() == null ? null : Pooling.of(rows, room, kept.get(rooms.get(stage.to())), planes, stage, tangents)))
                .toList();
    }

    PlanePath path() {
        return stage.path();
    }

    /**
     * An image with others up to the pooling.
     *
     * @param nodes  what stands at each node that a stage has come to; this one puts there, or adds, what it gives
     * @param itself whether there is but one other, the image itself
     */
    void pooled(Rows<A> rows, PlaneImage<A> left, List<PlaneImage<A>> right, Map<Integer, Pooled<A>> nodes, boolean itself) {
        ImagePanel<A> panel = ImagePanel.of(rows, path(), left, right, nodes.get(stage.from()));
        nodes.put(stage.to(), Objects.requireNonNull(pooling).pooled(run, left, panel, nodes.get(stage.to()), itself));
    }

    /**
     * An image with others, summed over all pairs of positions; where values stand one after the other from a place on.
     *
     * @param itself whether there is but one other, the image itself: opposite offsets give the same then
     */
    void sums(Rows<A> rows, PlaneImage<A> left, List<PlaneImage<A>> right, @Nullable Pooled<A> source, boolean itself, double[] toK,
            double[] toT, int to) {
        ImagePanel<A> panel = ImagePanel.of(rows, path(), left, right, source);
        int turns = itself ? path().turns() / 2 + 1 : path().turns();
        for (int lane = 0; lane < panel.around(); lane += rows.lanes()) {
            for (int turn = 0; turn < turns; turn++) {
                run.offsets(left, panel, turn, lane);
                run.sums(panel);
            }
        }
        for (int i = 0; i < panel.offsets().size(); i++) {
            ImagePanel.Offsets sums = panel.offsets().get(i);
            toK[to + i] = sums.total(sums.k(), itself);
            toT[to + i] = sums.total(sums.t(), itself);
        }
    }
}
