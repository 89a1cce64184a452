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
 * The same layers several times one after the other, each time with weights of their own, or with the same ones ({@code shared}).
 *
 * <p>Shared weights at infinite width. A round is a function of the round before: K' = wStd² E[φφ'] + bStd² asks for the law of one depth
 * only, and that is the one with weights of their own, whatever the depths have to do with each other (Yang 2019, <i>Wide feedforward or
 * recurrent neural networks of any architecture are Gaussian processes</i>, theorem 5.4). In Θ, the products of two rounds t ≠ s come with
 * ⟨δ_t, δ_s⟩, which has the limit 0: going back, W serves as if it were drawn anew (Yang 2020, <i>Tensor programs II</i>, gradient
 * independence), so that the two are made of different numbers of independent matrices. So K and Θ are those of weights of their own, as
 * long as no depth is added to, or multiplied with, another one: in {@code x + W φ(x)} x is made with the W that is about to be used, and
 * there is no such rule.
 *
 * @param times  how often
 * @param shared whether all rounds have the same weights
 * @param layers what is repeated
 */
public record Repeat(int times, boolean shared, Serial layers) implements Layer {

    private static final String WAY = "; leave shared out, use kernels: [ntk.init, ntk.trained] in an experiment, or "
            + FiniteOnly.ESTIMATE;

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
        boolean shared = o.flag("shared", false);
        Serial layers = reader.required(o, "layers");
        if (tooMany(times, layers)) {
            o.mistake("times", problem(times, layers));
            return new Repeat(1, shared, layers);
        }
        return new Repeat(times, shared, layers);
    }

    /** This layer with one set of weights for all rounds, or one for each. */
    public Repeat shared(boolean yes) {
        return new Repeat(times, yes, layers);
    }

    /** Whether one set of weights is used more than once. */
    boolean isTied() {
        return shared && times > 1;
    }

    /** What puts different depths together, if anything does. */
    private static Optional<String> mixing(Serial list) {
        return list.layers().stream().flatMap(l -> mixing(l).stream()).findFirst();
    }

    private static Optional<String> mixing(Layer layer) {
        if (layer instanceof Residual || layer instanceof Parallel p && !p.merge().equals("concat") && !p.branches().stream()
                .allMatch(Repeat::endsInWeights)) {
            return Optional.of("repeat with shared: true around a " + layer.name()
                    + " has no closed form at infinite width: it puts together states that are made with the same weights" + WAY);
        }
        if (layer instanceof SelfAttention a && a.scaling().equals("sqrt")) {
            return Optional.of("repeat with shared: true around attention with sqrt scaling has no closed form at infinite width" + WAY);
        }
        return layer.lists().values().stream().flatMap(list -> mixing(list).stream()).findFirst();
    }

    /** Whether what a branch adds is made by weights of its own, whatever came in. */
    private static boolean endsInWeights(Serial branch) {
        List<Layer> parts = branch.parts().filter(l -> l.linearity() != Linearity.FIXED).toList();
        return !parts.isEmpty() && parts.get(parts.size() - 1).linearity() == Linearity.WEIGHTED;
    }

    @Override
    public Optional<String> finiteOnly() {
        return isTied() ? mixing(layers).or(layers::finiteOnly) : layers.finiteOnly();
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
        return finiteOnly().isPresent() ? Optional.empty() : whole().plane(in);
    }

    @Override
    public Stream<Layer> parts() {
        return finiteOnly().isPresent() ? Stream.of(this) : whole().parts();
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
        return new Repeat(times, shared, layers.rebuilt(change));
    }

    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("times", times);
        if (shared) {
            options.put("shared", true);
        }
        options.put("layers", layers.toList());
        return options;
    }

    @Override
    public Object infiniteKey() {
        return List.of(name(), times, shared, layers.infiniteKey());
    }

    @Override
    public List<String> notes() {
        return layers.notes();
    }

    @Override
    public Shape outputShape(Shape in) {
        Shape out = whole().outputShape(in);
        Shape once = isTied() ? layers.outputShape(in) : in;
        if (!once.equals(in)) {
            throw Failure.input("repeat with shared: true, whose layers make " + once + " of " + in
                    + "; with the same weights in every round they must keep the shape, put a layer before it that gives it");
        }
        if (isTied() && layers.weights(in).stream().anyMatch(w -> w.measured().isPresent())) {
            throw Failure.input("repeat with shared: true around batchNorm, whose statistics are others in each round; use layerNorm, or "
                    + "leave shared out");
        }
        return out;
    }

    @Override
    public List<Weights> weights(Shape in) {
        return !shared ? whole().weights(in) : times == 0 ? List.of() : layers.weights(in);
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return shared ? f.repeated(x, times, signal -> layers.forward(f, signal)) : whole().forward(f, x);
    }

    @Override
    public boolean propagate(Propagation way) {
        return whole().propagate(way);
    }

    @Override
    public Covariance kernel(Covariance c) {
        if (isTied()) {
            mixing(layers).ifPresent(why -> {
                throw Failure.input(c.where() + ": " + why);
            });
        }
        return whole().kernel(c);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return whole().needs(in, after);
    }
}
