package org.ntk4j.layer;

import java.util.List;
import java.util.Map;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;

/**
 * Batch normalization {@code (x − mean)/√(ε + variance)} without gain or bias (Ioffe and Szegedy 2015), channel by channel: in a step of
 * training mean and variance are those of its batch, over examples and real positions, and the gradient goes through them. Everywhere else
 * they are numbers, those of the whole training set under the present weights ("precise" statistics, Wu and Johnson 2021), so that each
 * example has a value of its own, and a tangent kernel: the inference form. Where full batches are trained both are the same function.
 *
 * <p>At infinite width the value of an example depends on the whole batch (Yang et al. 2019, <i>A mean field theory of batch
 * normalization</i>): there are estimates only.
 *
 * @param epsilon ε
 */
public record BatchNorm(double epsilon) implements FiniteOnly {

    private static final String WHY = "batch normalization has no closed form at infinite width, where an example's value depends on all "
            + "the others; use layerNorm, kernels: [ntk.init, ntk.trained] in an experiment, or " + ESTIMATE;

    public BatchNorm {
        if (!(epsilon >= 0)) {
            throw Failure.input("batchNorm: epsilon of " + epsilon + " is not a number from 0");
        }
    }

    public static BatchNorm read(Options o) {
        return new BatchNorm(o.real("epsilon", 1e-5, 0, 1e100));
    }

    @Override
    public String name() {
        return "batchNorm";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("epsilon", epsilon);
    }

    @Override
    public Shape outputShape(Shape in) {
        return in;
    }

    @Override
    public List<Weights> weights(Shape in) {
        return List.of(Weights.measured("mean", in.channels(), 0), Weights.measured("variance", in.channels(), 1));
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.normalizeBatch(x, epsilon);
    }

    @Override
    public String why() {
        return WHY;
    }
}
