package org.ntk4j.forward;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The same weights in several rounds. Their gradient is the sum over the rounds: to the tangent kernel a linear map that is used T times is
 * one map with T times the positions, each with its own input and its own δ; trained numbers that are added in each round take the sum of
 * the δ.
 *
 * @param whole the rounds as one map; its z stands for that of the last
 * @param ends  the output of each round, first to last
 */
public record TiedMap(TrainedMap whole, List<Operand<TFloating>> ends) implements TrainedMap {

    public TiedMap {
        ends = List.copyOf(ends);
    }

    /** Maps that one layer recorded in each round. */
    static TiedMap of(Ops tf, List<TrainedMap> rounds) {
        TrainedMap last = rounds.get(rounds.size() - 1).whole();
        List<Operand<TFloating>> ends = rounds.stream().flatMap(m -> m.ends().stream()).toList();
        if (last instanceof LinearMap m) {
            List<Operand<TFloating>> inputs = rounds.stream().<Operand<TFloating>>map(r -> ((LinearMap) r.whole()).h()).toList();
            int positions = rounds.stream().mapToInt(TrainedMap::positions).sum();
            return new TiedMap(new LinearMap(m.name(), m.weights(), m.input().mixed(), m.stencil(), tf.concat(inputs, tf.constant(1)),
                    m.z(), positions, m.window(), m.in(), m.out(), m.scale(), m.bias(), m.tangent(), m.tangentBias()), ends);
        }
        return new TiedMap(last, ends);
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public Operand<TFloating> z() {
        return whole.z();
    }

    @Override
    public int positions() {
        return whole.positions();
    }

    @Override
    public int in() {
        return whole.in();
    }

    @Override
    public int out() {
        return whole.out();
    }

    @Override
    public Operand<TFloating> delta(Ops tf, List<Operand<TFloating>> atEnds) {
        if (whole instanceof LinearMap) {
            List<Operand<TFloating>> shaped = atEnds.stream().<Operand<TFloating>>map(
                    d -> tf.reshape(d, tf.constant(new int[] {-1, positions() / atEnds.size(), out()}))).toList();
            return tf.concat(shaped, tf.constant(1));
        }
        return tf.math.addN(atEnds);
    }
}
