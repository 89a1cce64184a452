package org.ntk4j.infinite.sequence.step;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.sequence.path.SequencePath.Means;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;

/**
 * Layer normalization: over the channels {@code K → (K − m m') f f'}, over channels and positions
 * {@code K → (K − m c' − c m' + c c') f f'} with c the mean of m over the positions. Belongs to one thread.
 */
final class SequenceNormalization<A> {

    /** The share of a variance that means have to leave in float32. */
    private static final double LEAST_LEFT = 1.0 / 32;

    private final BatchRows<A> batches;
    private final Rows<A> rows;
    private final OwnVariances<A> variances;

    SequenceNormalization(BatchRows<A> batches, OwnVariances<A> variances) {
        this.batches = batches;
        this.rows = batches.rows();
        this.variances = variances;
    }

    SequenceBatch<A> take(Step.Normalize step, SequenceBatch<A> start) {
        // What does the same to both may come before a linear map.
        SequenceBatch<A> b = step.alike() ? batches.covariances(start) : batches.settled(start);
        OwnVariances.@Nullable Equal<A> own = b.own() ? look(step, b) : null;
        SideFeatures.Look<A> one = b.side1().look(step.look());
        SideFeatures.Look<A> other = b.side2().look(step.look());
        for (int line = 0; line < b.lines() && !(step.means() instanceof Means.Zero); line++) {
            double mean = batches.value(one.q(), b.left(line));
            if (step.overAll()) {
                double c = batches.value(one.rest(), b.left(line));
                batches.less(mean - c, other.rest(), b, line);
                batches.less(c, other.q(), b, line);
            } else {
                batches.less(mean, other.q(), b, line);
            }
        }
        SequenceBatch<A> weighed = batches.weighed(one.g(), other.g(), b);
        if (own != null) {
            variances.put(own, weighed);
        }
        return weighed;
    }

    /** K and Θ at equal positions behind it; the factors and means of each example are kept. */
    private OwnVariances.Equal<A> look(Step.Normalize step, SequenceBatch<A> b) {
        OwnVariances.Equal<A> own = variances.of(b);
        variances.check(own.k(), b);
        int values = b.count() * b.width();
        A factor = rows.room(values);
        A mean = means(step, b);
        A shift = step.overAll() ? overPositions(mean, b) : mean;
        if (!(step.means() instanceof Means.Zero)) {
            less(step, own.k(), mean, shift, values);
        }
        if (step.overAll()) {
            double[] v = values(overPositions(own.k(), b), values);
            Arrays.setAll(v, i -> 1 / Math.sqrt(step.epsilon() + v[i]));
            rows.put(v, 0, factor, 0, values);
            new KernelRows<>(rows, true).weighOwn(own.k(), own.t(), 0, values / rows.lanes(), factor, 0);
        } else {
            rows.ownWeigh(step.epsilon(), own.k(), own.t(), 0, values / rows.lanes(), factor, 0);
        }
        variances.clear(b, factor, own.k(), own.t());
        b.side1().looks().put(step.look(), new SideFeatures.Look<>(mean, factor, shift, null));
        return own;
    }

    /** What is subtracted from K, of equal positions: with the bits that pairs of equal examples get. */
    private void less(Step.Normalize step, A own, A mean, A shift, int values) {
        double[] before = values(own, values);
        if (step.overAll()) {
            double[] m = values(mean, values);
            double[] c = values(shift, values);
            Arrays.setAll(m, i -> m[i] - c[i]);
            A around = rows.room(values);
            rows.put(m, 0, around, 0, values);
            less(own, around, shift, values);
            less(own, shift, mean, values);
        } else {
            less(own, mean, mean, values);
        }
        double[] after = values(own, values);
        boolean held = true;
        for (int i = 0; i < values; i++) {
            after[i] = Math.max(0, after[i]);
            // Where means are nearly all there is, differences of numbers of 24 bits say little of what is left.
            held &= !rows.isSingle() || after[i] >= LEAST_LEFT * before[i];
        }
        rows.put(after, 0, own, 0, values);
        variances.hold(held);
    }

    private void less(A from, A one, A other, int values) {
        A product = rows.room(values);
        int n = values / rows.lanes();
        System.arraycopy(other, 0, product, 0, values);
        rows.mask(product, 0, one, 0, rows.lanes(), n);
        rows.scale(product, 0, n, -1);
        rows.accumulate(product, 0, from, 0, n);
    }

    private double[] values(A from, int count) {
        double[] values = new double[count];
        rows.get(from, 0, values, 0, count);
        return values;
    }

    /** The means over the channels; 0 where no position is. */
    private A means(Step.Normalize step, SequenceBatch<A> b) {
        double[] means = new double[b.count() * b.width()];
        if (step.means() instanceof Means.Behind behind) {
            rows.get(b.side1().look(behind.activation().look()).q(), 0, means, 0, means.length);
        }
        for (int i = 0; i < means.length; i++) {
            means[i] = !b.ground1().isReal(i) ? 0 : step.means() instanceof Means.Behind behind ? behind.activation().phi().mean(means[i])
                    : step.means() instanceof Means.AtStart ? b.side1().mean(i) : 0;
        }
        A made = rows.room(means.length);
        rows.put(means, 0, made, 0, means.length);
        return made;
    }

    /** At all positions of an example the mean over them; what is 0 where no position is. */
    private A overPositions(A values, SequenceBatch<A> b) {
        int width = b.width();
        double[] all = values(values, b.count() * width);
        for (int e = 0; e < b.count(); e++) {
            double sum = 0;
            for (int p = 0; p < width; p++) {
                sum += b.ground1().isReal(e * width + p) ? all[e * width + p] : 0;
            }
            double mean = sum / b.ground1().length(e);
            for (int p = 0; p < width; p++) {
                all[e * width + p] = b.ground1().isReal(e * width + p) ? mean : 0;
            }
        }
        A made = rows.room(all.length);
        rows.put(all, 0, made, 0, all.length);
        return made;
    }
}
