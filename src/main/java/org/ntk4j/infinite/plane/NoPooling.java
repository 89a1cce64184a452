package org.ntk4j.infinite.plane;

import org.jspecify.annotations.Nullable;

/** Keeps all positions for a node to which several stages go. */
final class NoPooling<A> extends Pooling<A> {

    NoPooling(Given<A> given) {
        super(given);
    }

    @Override
    Pooled<A> pooled(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, @Nullable Pooled<A> sum, boolean itself) {
        Pooled<A> pooled = sum == null ? first(panel) : sum;
        int turns = itself ? path.turns() / 2 + 1 : path.turns();
        for (int turn = 0; turn < turns; turn++) {
            for (int lane = 0; lane < panel.around() && isTurnNeeded(turn); lane += rows.lanes()) {
                if (isLaneNeeded(lane)) {
                    run.offsets(left, panel, turn, lane);
                    if (sum == null) {
                        run.spread(pooled.k(), pooled.t(), (y, other) -> pooled.at(y, other, 0), pooled.line());
                    } else {
                        run.addSpread(pooled.k(), pooled.t(), (y, other) -> pooled.at(y, other, 0), pooled.line());
                    }
                }
            }
        }
        int[] exchanged = itself ? pooled.exchanged() : new int[0];
        for (int y = 0; y < pooled.height(); y++) {
            for (int other = 0; other < pooled.height(); other++) {
                int turn = Math.floorMod(other - y, path.turns());
                if (turn >= turns) {
                    continue;
                }
                for (int x = 0; x < pooled.width() && isTurnNeeded(turn); x++) {
                    around(pooled.k(), pooled.at(y, other, x), x, pooled.line(), panel.around());
                    if (tangents) {
                        around(pooled.t(), pooled.at(y, other, x), x, pooled.line(), panel.around());
                    }
                }
                if (turn > 0 && path.turns() - turn >= turns) {
                    pooled.mirror(rows, y, other, exchanged, tangents);
                }
            }
        }
        return pooled;
    }
}
