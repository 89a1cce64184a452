package org.ntk4j.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.data.Inputs;
import org.ntk4j.positions.Edges;
import org.ntk4j.shape.Shape;

/**
 * Inputs on their way to an executor.
 *
 * @param values {@code count × shape} values in C order
 * @param shape  of one input
 * @param graphs for each input the tails, the heads and the weights of its edges; null without graphs
 */
record SentInputs(double[] values, int count, int[] shape, Object @Nullable [][] graphs) implements Serializable {

    static SentInputs of(Inputs x) {
        Object[][] graphs = x.graphs().map(g -> g.edges().stream().map(e -> new Object[] {e.tails(), e.heads(), e.weights()})
                .toArray(Object[][]::new)).orElse(null);
        int[] shape = IntStream.concat(x.shape().space().stream().mapToInt(Integer::intValue), IntStream.of(x.shape().channels()))
                .toArray();
        return new SentInputs(x.values(), x.count(), shape, graphs);
    }

    static Optional<SentInputs> of(Optional<Inputs> x) {
        return x.map(SentInputs::of);
    }

    Inputs inputs() {
        Inputs plain = Inputs.of(values, count, Shape.of(shape));
        return graphs == null ? plain
                : plain.graphs(List.of(graphs).stream().map(e -> new Edges((int[]) e[0], (int[]) e[1], (double[]) e[2])).toList());
    }
}
