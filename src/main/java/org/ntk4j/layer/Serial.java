package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ntk4j.base.Halt;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

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
    public Object toYaml() {
        return Map.of(name(), toList());
    }

    @Override
    public Object infiniteKey() {
        // The fan-in of standard parameterization is the width of the layer before, and a concatenation weighs its parts by theirs.
        String text = toYaml().toString();
        boolean widthsMatter = text.contains(Parameterization.STANDARD.toString()) || text.contains("concat");
        return widthsMatter ? toYaml() : layers.stream().map(Layer::infiniteKey).toList();
    }

    @Override
    public Map<String, Serial> lists() {
        return Map.of("", this);
    }

    @Override
    public int count() {
        return (int) Math.min(Integer.MAX_VALUE, layers.stream().mapToLong(Layer::count).sum());
    }

    @Override
    public Optional<String> infiniteOnly() {
        return layers.stream().flatMap(l -> l.infiniteOnly().stream()).findFirst();
    }

    @Override
    public boolean isNoisy() {
        return layers.stream().anyMatch(Layer::isNoisy);
    }

    @Override
    public Optional<String> finiteOnly() {
        return layers.stream().flatMap(l -> l.finiteOnly().stream()).findFirst();
    }

    @Override
    public List<String> notes() {
        return layers.stream().flatMap(l -> l.notes().stream()).distinct().toList();
    }

    @Override
    public Serial rebuilt(UnaryOperator<Layer> change) {
        return new Serial(layers.stream().map(l -> l.rebuilt(change)).toList());
    }

    /** This list, its last dense layer or convolution being told that it is the readout. */
    Serial withReadout() {
        for (int i = layers.size() - 1; i >= 0; i--) {
            Optional<Layer> told = told(layers.get(i));
            if (told.isPresent()) {
                List<Layer> changed = new ArrayList<>(layers);
                changed.set(i, told.get());
                return new Serial(changed);
            }
        }
        return this;
    }

    private static Optional<Layer> told(Layer layer) {
        return layer instanceof Dense d ? Optional.of(d.parameterized(d.parameterization().asReadout()))
                : layer instanceof Conv c ? Optional.of(c.parameterized(c.parameterization().asReadout())) : Optional.empty();
    }

    /** The layers as they are written in YAML. */
    List<Object> toList() {
        return layers.stream().map(Layer::toYaml).toList();
    }

    @Override
    public Shape outputShape(Shape in) {
        Shape shape = in;
        for (int i = 0; i < layers.size(); i++) {
            shape = after(i, shape);
        }
        return shape;
    }

    /** Whether behind this many layers a linear map comes before anything that looks at means over the channels. */
    public boolean isCentredBehind(int from) {
        return layers.stream().skip(from).map(Layer::linearity).filter(l -> l != Linearity.FIXED).findFirst()
                .map(l -> l == Linearity.WEIGHTED).orElse(true);
    }

    /**
     * The shape after all layers of a whole network; what layers ask of each other is checked as well.
     *
     * @throws org.ntk4j.base.Failure naming the layer that does not fit
     */
    public Shape checked(Shape in) {
        Shape out = outputShape(in);
        Nodes.check(this, in);
        Vocabulary.check(this);
        return out;
    }

    /**
     * Sees to it that inputs fit, with their graphs.
     *
     * @throws org.ntk4j.base.Failure naming the layer that they do not fit
     */
    public void checked(Inputs x) {
        Nodes.check(this, x);
        checkWords(x);
    }

    /**
     * Sees to it that inputs are indices of words, where the first layer reads those.
     *
     * @throws org.ntk4j.base.Failure naming the first input that is none
     */
    public void checkWords(Inputs x) {
        Vocabulary.check(this, x);
    }

    /** How many different words the first layer reads, if the inputs are indices of words. */
    @Override
    public OptionalInt words() {
        return layers.isEmpty() ? OptionalInt.empty() : layers.get(0).words();
    }

    /** Whether some layer looks at the graphs of the inputs. */
    public boolean readsGraphs() {
        return Nodes.read(this);
    }

    /** The shape after a layer. */
    public Shape after(int index, Shape before) {
        return Misfit.inList(index, layers.get(index), () -> layers.get(index).outputShape(before));
    }

    /** Nested layers name their weights by their path: {@code 0.dense/W}. */
    @Override
    public List<Weights> weights(Shape in) {
        List<Weights> all = new ArrayList<>();
        Shape shape = in;
        for (int i = 0; i < layers.size(); i++) {
            Shape after = after(i, shape);
            all.addAll(Weights.inside(step(i, layers.get(i)), layers.get(i).weights(shape)));
            shape = after;
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
    public boolean propagate(Propagation way) {
        return layers.stream().allMatch(l -> l.propagate(way));
    }

    @Override
    public Optional<Serial> readout(IntUnaryOperator outputs) {
        return layers.isEmpty() ? Optional.empty() : layers.get(layers.size() - 1).readout(outputs).map(last -> {
            List<Layer> changed = new ArrayList<>(layers);
            changed.set(layers.size() - 1, last);
            return new Serial(changed);
        });
    }

    @Override
    public Covariance kernel(Covariance c) {
        return kernel(c, Span.ALL);
    }

    /** The covariance after these layers, where only some pairs of positions are needed then. */
    public Covariance kernel(Covariance c, Span after) {
        return kernel(c, after, 0);
    }

    /** The covariance after the layers from this one on. */
    public Covariance kernel(Covariance c, Span after, int from) {
        String outside = c.where();
        List<Span> needed = new Serial(layers.subList(from, layers.size())).spans(c.shape(), after);
        Covariance state = c.only(needed.get(0));
        for (int i = from; i < layers.size(); i++) {
            Halt.check();
            Covariance next = layers.get(i).kernel(state.at(outside + "." + step(i, layers.get(i)))).only(needed.get(i - from + 1));
            state = next.checked(state);
        }
        return state.at(outside);
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return planes(in).map(PlaneStep.Chain::new);
    }

    /** These layers in one list: what is nested in {@code serial} and {@code repeat} stands there one after the other. */
    public Serial flat() {
        return new Serial(parts().toList());
    }

    @Override
    public Stream<Layer> parts() {
        return layers.stream().flatMap(Layer::parts);
    }

    /** What its layers do to the pairs of positions of one offset, if all of them keep to those. */
    Optional<List<PlaneStep>> planes(Shape in) {
        List<PlaneStep> steps = new ArrayList<>();
        Shape shape = in;
        for (Layer layer : layers) {
            Optional<PlaneStep> step = layer.plane(shape);
            if (step.isEmpty()) {
                return Optional.empty();
            }
            steps.add(step.get());
            shape = layer.outputShape(shape);
        }
        return Optional.of(steps);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return spans(in, after).get(0);
    }

    /** What is needed before each layer, and at the end. */
    private List<Span> spans(Shape in, Span after) {
        List<Shape> shapes = new ArrayList<>(List.of(in));
        for (int i = 0; i < layers.size(); i++) {
            shapes.add(after(i, shapes.get(i)));
        }
        List<Span> spans = new ArrayList<>(List.of(after));
        for (int i = layers.size() - 1; i >= 0; i--) {
            spans.add(0, layers.get(i).needs(shapes.get(i), spans.get(0)));
        }
        return spans;
    }

    private static String step(int index, Layer layer) {
        return index + "." + layer.name();
    }
}
