package org.ntk4j.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ntk4j.Failure;
import org.ntk4j.finite.Forward;
import org.ntk4j.finite.Signal;
import org.ntk4j.infinite.Covariance;

/**
 * {@code serial}: layers one after the other.
 *
 * @param layers the layers, first to last
 */
public record Serial(List<Layer> layers) implements Layer {

    public Serial {
        layers = List.copyOf(layers);
    }

    @Override
    public String name() {
        return "serial";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of();
    }

    @Override
    public Object toYaml() {
        return Map.of(name(), toList());
    }

    @Override
    public Object infiniteKey() {
        // The fan-in of standard parameterization is the width of the layer before.
        boolean widthsMatter = layers.stream().anyMatch(l -> l instanceof Dense d && d.parameterization() == Parameterization.STANDARD || l instanceof Serial);
        return widthsMatter ? toYaml() : layers.stream().map(Layer::infiniteKey).toList();
    }

    @Override
    public List<String> notes() {
        return layers.stream().flatMap(l -> l.notes().stream()).distinct().toList();
    }

    /** The layers as they are written in YAML. */
    List<Object> toList() {
        return layers.stream().map(Layer::toYaml).toList();
    }

    @Override
    public Shape outputShape(Shape in) {
        Shape shape = in;
        for (int i = 0; i < layers.size(); i++) {
            try {
                shape = layers.get(i).outputShape(shape);
            } catch (Failure e) {
                throw Failure.input("layer " + i + ", " + e.getMessage());
            }
        }
        return shape;
    }

    /** Nested layers name their weights by their path: {@code 0.dense/W}. */
    @Override
    public List<Weights> weights(Shape in) {
        List<Weights> all = new ArrayList<>();
        Shape shape = in;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            for (Weights w : layer.weights(shape)) {
                String separator = w.name().contains("/") ? "." : "/";
                all.add(new Weights(step(i, layer) + separator + w.name(), w.shape(), w.deviation()));
            }
            shape = layer.outputShape(shape);
        }
        return all;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        Signal signal = x;
        for (int i = 0; i < layers.size(); i++) {
            signal = layers.get(i).forward(f.inside(step(i, layers.get(i))), signal);
        }
        return signal;
    }

    @Override
    public Covariance kernel(Covariance c) {
        String outside = c.where();
        Covariance state = c;
        for (int i = 0; i < layers.size(); i++) {
            state = layers.get(i).kernel(state.at(outside + "." + step(i, layers.get(i)))).checked();
        }
        return state.at(outside);
    }

    private static String step(int index, Layer layer) {
        return index + "." + layer.name();
    }
}
