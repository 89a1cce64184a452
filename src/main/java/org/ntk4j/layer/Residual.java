package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * The sum of some layers and a shortcut around them (the identity, if nothing else is said). K and Θ add where one of the two
 * ends in a linear map with weights of its own; the other may be anything, the raw input included.
 *
 * @param layers   the layers
 * @param shortcut the way around them; empty: the identity
 */
public record Residual(Serial layers, Serial shortcut) implements Layer {

    public static Residual read(Options o, LayerReader reader) {
        boolean identity = o.entry("shortcut").isEmpty() || o.entry("shortcut").get() instanceof Entry.Scalar s
                && s.text().equals("identity");
        return new Residual(reader.required(o, "layers"), identity ? new Serial(List.of()) : reader.required(o, "shortcut"));
    }

    @Override
    public Map<String, Serial> lists() {
        Map<String, Serial> lists = new LinkedHashMap<>();
        lists.put("layers", layers);
        lists.put("shortcut", shortcut);
        return lists;
    }

    @Override
    public Residual rebuilt(UnaryOperator<Layer> change) {
        return new Residual(layers.rebuilt(change), shortcut.rebuilt(change));
    }

    @Override
    public String name() {
        return "residual";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("layers", layers.toList());
        options.put("shortcut", shortcut.layers().isEmpty() ? "identity" : shortcut.toList());
        return options;
    }

    @Override
    public Object infiniteKey() {
        return List.of(name(), layers.infiniteKey(), shortcut.infiniteKey());
    }

    @Override
    public List<String> notes() {
        return Stream.of(layers, shortcut).flatMap(s -> s.notes().stream()).distinct().toList();
    }

    @Override
    public Shape outputShape(Shape in) {
        Shape through = Misfit.inOption("layers", () -> layers.outputShape(in));
        Shape around = Misfit.inOption("shortcut", () -> shortcut.outputShape(in));
        if (!through.equals(around)) {
            throw Failure.input("residual whose layers give " + through + " and whose shortcut gives " + around
                    + "; both must have the same shape");
        }
        return through;
    }

    @Override
    public List<Weights> weights(Shape in) {
        List<Weights> all = new ArrayList<>(Weights.inside("layers", layers.weights(in)));
        all.addAll(Weights.inside("shortcut", shortcut.weights(in)));
        return all;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.sum(List.of(layers.forward(f.inside("layers"), x), shortcut.forward(f.inside("shortcut"), x)));
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return layers.planes(in).flatMap(through -> shortcut.planes(in).map(around -> new PlaneStep.Sum(List.of(through, around))));
    }

    @Override
    public Covariance kernel(Covariance c) {
        Covariance start = c.branch();
        Covariance through = layers.kernel(start.at(c.where() + ".layers"));
        Covariance around = shortcut.kernel(start.at(c.where() + ".shortcut"));
        return c.sum(List.of(through, around));
    }

    @Override
    public Span needs(Shape in, Span after) {
        Span through = layers.needs(in, after);
        Span around = shortcut.needs(in, after);
        return through == Span.ALL ? through : around;
    }
}
