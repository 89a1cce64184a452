package org.ntk4j.layer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * A layer whose weights stay as they were drawn: it is the same function, and its own weights have no share in Θ. At infinite width Θ' is
 * what it makes of Θ; what it adds is left out.
 *
 * @param layer the layer, which has weights and is made of no others
 */
record Frozen(Layer layer) implements Layer {

    @Override
    public String name() {
        return layer.name();
    }

    @Override
    public Map<String, Object> options() {
        return layer.options();
    }

    @Override
    public Object toYaml() {
        return Map.of("frozen", layer.toYaml());
    }

    @Override
    public Object infiniteKey() {
        return List.of("frozen", layer.infiniteKey());
    }

    @Override
    public Shape outputShape(Shape in) {
        return layer.outputShape(in);
    }

    @Override
    public List<Weights> weights(Shape in) {
        return layer.weights(in).stream().map(Weights::untrained).toList();
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return layer.forward(f, x);
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.frozen(layer::kernel);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return layer.needs(in, after);
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return layer.plane(in).filter(PlaneStep.Linear.class::isInstance).map(step -> ((PlaneStep.Linear) step).frozen());
    }

    @Override
    public Linearity linearity() {
        return layer.linearity();
    }

    @Override
    public Optional<? extends Layer> readout(IntUnaryOperator outputs) {
        return layer.readout(outputs).map(Frozen::new);
    }

    @Override
    public boolean propagate(Propagation way) {
        return layer.propagate(way);
    }

    @Override
    public OptionalInt words() {
        return layer.words();
    }

    @Override
    public Optional<String> finiteOnly() {
        return layer.finiteOnly();
    }

    @Override
    public List<String> notes() {
        return layer.notes();
    }

    @Override
    public Layer widened(int factor, int width) {
        return new Frozen(layer.widened(factor, width));
    }

    @Override
    public Layer parameterized(Parameterization other) {
        return new Frozen(layer.parameterized(other));
    }
}
