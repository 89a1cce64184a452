package org.ntk4j.layer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * The same layers several times one after the other, each time with weights of their own.
 *
 * @param times  how often
 * @param layers what is repeated
 */
public record Repeat(int times, Serial layers) implements Layer {

    private static final int MOST = 10_000;
    /** This many layers in all: what is nested multiplies. */
    private static final int MOST_LAYERS = 100_000;

    public Repeat {
        if (times < 0 || times > MOST) {
            throw Failure.input("repeat: times of " + times + " is not a whole number from 0 to " + MOST);
        }
        if (tooMany(times, layers)) {
            throw Failure.input("repeat: " + problem(times, layers));
        }
    }

    public static Repeat read(Options o, LayerReader reader) {
        int times = o.requiredInteger("times", 0, MOST);
        Serial layers = reader.required(o, "layers");
        if (tooMany(times, layers)) {
            o.mistake("times", problem(times, layers));
            return new Repeat(1, layers);
        }
        return new Repeat(times, layers);
    }

    private static boolean tooMany(int times, Serial layers) {
        return (long) times * layers.count() > MOST_LAYERS;
    }

    private static String problem(int times, Serial layers) {
        return String.format(Locale.ROOT, "%d times %,d layers are %,d; at most %,d layers in all", times, layers.count(),
                (long) times * layers.count(), MOST_LAYERS);
    }

    @Override
    public int count() {
        return times * layers.count();
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return whole().plane(in);
    }

    @Override
    public Stream<Layer> parts() {
        return whole().parts();
    }

    private Serial whole() {
        return new Serial(Collections.nCopies(times, (Layer) layers));
    }

    @Override
    public Map<String, Serial> lists() {
        return Map.of("layers", layers);
    }

    @Override
    public Repeat rebuilt(UnaryOperator<Layer> change) {
        return new Repeat(times, layers.rebuilt(change));
    }

    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("times", times);
        options.put("layers", layers.toList());
        return options;
    }

    @Override
    public Object infiniteKey() {
        return List.of(name(), times, layers.infiniteKey());
    }

    @Override
    public List<String> notes() {
        return layers.notes();
    }

    @Override
    public Shape outputShape(Shape in) {
        return whole().outputShape(in);
    }

    @Override
    public List<Weights> weights(Shape in) {
        return whole().weights(in);
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return whole().forward(f, x);
    }

    @Override
    public boolean propagate(Propagation way) {
        return whole().propagate(way);
    }

    @Override
    public Covariance kernel(Covariance c) {
        return whole().kernel(c);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return whole().needs(in, after);
    }
}
