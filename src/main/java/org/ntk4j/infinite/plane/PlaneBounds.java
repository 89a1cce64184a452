package org.ntk4j.infinite.plane;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.moment.Float64;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * Whether the numbers of a precision hold what comes up for some inputs.
 *
 * @param least the least variance but 0
 * @param most  the largest one: products of two are held
 */
record PlaneBounds<A>(Rows<A> rows, List<PlanePart<A>> parts, PlaneImages<A> images, double least, double most) {

    /** Whether all variances lie where products of two of them are held. */
    boolean holds(InputGram side1, InputGram side2) {
        return holds(side1) && (side2 == side1 || holds(side2));
    }

    private boolean holds(InputGram gram) {
        int lanes = rows.lanes();
        for (int first = 0; first < gram.count(); first += lanes) {
            Map<Integer, double[][][]> nodes = new HashMap<>();
            for (int stage = 0; stage < parts.size(); stage++) {
                PlanePart<A> part = parts.get(stage);
                double[][][] bounds = nodes.get(part.stage().from());
                boolean held = bounds == null ? images.look(stage, gram, first, group -> holds(part, group))
                        : holds(part, images.group(stage, 0, bounds.length, j -> bounds[j]));
                if (!held) {
                    return false;
                }
                if (part.stage().pool() != null) {
                    nodes.merge(part.stage().to(), bounds(part, Math.min(lanes, gram.count() - first)), PlaneBounds::sum);
                }
            }
        }
        return true;
    }

    private static double[][][] sum(double[][][] a, double[][][] b) {
        double[][][] sum = new double[a.length][2][];
        for (int j = 0; j < a.length; j++) {
            for (int which = 0; which < 2; which++) {
                double[] one = a[j][which];
                double[] other = b[j][which];
                sum[j][which] = IntStream.range(0, one.length).mapToDouble(p -> one[p] + other[p]).toArray();
            }
        }
        return sum;
    }

    private boolean holds(PlanePart<A> part, PlaneImages.Group<A> group) {
        int lanes = rows.lanes();
        double[] values = new double[part.path().height() * part.path().width() * lanes];
        for (A q : group.images().q()) {
            rows.get(q, 0, values, 0, values.length);
            // A dark corner may well be 0, an image may not become 0.
            double[] largest = new double[lanes];
            for (int at = 0; at < values.length; at += lanes) {
                for (int j = 0; j < lanes; j++) {
                    double value = values[at + j];
                    if (value != 0 && !(value >= least && value <= most)) {
                        return false;
                    }
                    largest[j] = Math.max(largest[j], value);
                }
            }
            boolean isFirst = q == group.images().q().get(0);
            for (int j = 0; j < lanes && !isFirst; j++) {
                if (largest[j] == 0 && group.k()[j] != 0) {
                    return false;
                }
            }
        }
        for (int j = 0; j < lanes; j++) {
            if (!Double.isFinite(group.k()[j]) || !Double.isFinite(group.t()[j]) || !Float64.holds(group.k()[j])) {
                return false;
            }
        }
        return true;
    }

    /**
     * What the variances, and Θ of equal positions, behind a pooling are at most, by Cauchy and Schwarz, {@code [lane][K or Θ][position]}.
     */
    private double[][][] bounds(PlanePart<A> part, int count) {
        int lanes = rows.lanes();
        PlaneStep.Pool pool = Objects.requireNonNull(part.stage().pool());
        int h = part.path().last().height();
        int w = part.path().last().width();
        int width = pool.columns().after();
        double[][][] bounds = new double[count][2][pool.rows().after() * width];
        double[][] values = part.run().values();
        for (int j = 0; j < count; j++) {
            for (int which = 0; which < 2; which++) {
                for (int p = 0; p < h * w; p++) {
                    for (int y : pool.rows().targets()[p / w]) {
                        for (int x : pool.columns().targets()[p % w]) {
                            bounds[j][which][y * width + x] += Math.sqrt(Math.max(0, values[which][p * lanes + j]));
                        }
                    }
                }
                for (int p = 0; p < bounds[j][which].length; p++) {
                    double root = bounds[j][which][p] * pool.rows().weights()[p / width] * pool.columns().weights()[p % width];
                    bounds[j][which][p] = root * root;
                }
            }
        }
        return bounds;
    }
}
