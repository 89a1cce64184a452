package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.forward.TrainedMap;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.family.TFloating;

/** A backward pass: δ at the outputs of trained maps. */
final class Deltas {

    private Deltas() {
    }

    /**
     * The gradient with respect to the output of each map, {@code [batch, positions, out]}.
     *
     * @param name the name of the pass in the graph
     * @param y    the values at which it begins
     * @param seed the gradient with which it begins, of the shape of {@code y}
     */
    static List<Operand<TFloating>> of(CompiledNetwork compiled, String name, Operand<TFloating> y, Operand<TFloating> seed,
            List<? extends TrainedMap> maps) {
        Output<?>[] ends = maps.stream().flatMap(m -> m.ends().stream()).map(Operand::asOutput).toArray(Output<?>[]::new);
        List<Operand<TFloating>> deltas = new ArrayList<>();
        if (ends.length == 0) {
            return deltas;
        }
        List<Operand<TFloating>> all = Arrays.stream(compiled.graph()
                .addGradients(name, new Output<?>[] {y.asOutput()}, ends, new Output<?>[] {seed.asOutput()})).map(Deltas::typed).toList();
        int from = 0;
        for (TrainedMap map : maps) {
            deltas.add(map.delta(compiled.tf(), all.subList(from, from + map.ends().size())));
            from += map.ends().size();
        }
        return deltas;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloating> typed(Output<?> gradient) {
        return (Operand<TFloating>) gradient;
    }
}
