package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.shape.Shape;

/**
 * {@code aggregate}: each node takes the sum (or a mean) over the edges that enter it, {@code h' = T h} with T from the graph that belongs
 * to the input: {@link Aggregation}. At infinite width {@code K' = T₁ K T₂ᵀ} and Θ alike (Du et al. 2019).
 *
 * @param rule how the edges become T
 */
public record Aggregate(Aggregation rule) implements Layer {

    public static Aggregate read(Options o) {
        return new Aggregate(new Aggregation(o.choice("normalize", "none", Aggregation.NORMALIZATIONS.toArray(String[]::new)),
                o.flag("selfLoops", false)));
    }

    /** {@code none}, {@code mean} or {@code symmetric}. */
    public Aggregate normalize(String word) {
        Required.value(word, "word");
        return new Aggregate(new Aggregation(word, rule.selfLoops()));
    }

    /** With an edge of weight 1 from each node to itself, or without. */
    public Aggregate selfLoops(boolean yes) {
        return new Aggregate(new Aggregation(rule.normalize(), yes));
    }

    @Override
    public String name() {
        return "aggregate";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("normalize", rule.normalize());
        options.put("selfLoops", rule.selfLoops());
        return options;
    }

    @Override
    public Shape outputShape(Shape in) {
        if (in.isVector()) {
            throw Failure.input("aggregate on an input of " + in
                    + ", which has no positions to be nodes; put it before flatten and pooling, on inputs of [nodes, channels]");
        }
        if (in.space().size() > 1) {
            throw Failure.input("aggregate on an input of " + in + ", which has " + in.space().size()
                    + " axes of space; the nodes of a graph are one axis: [nodes, channels]");
        }
        return in;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.aggregate(x, rule);
    }

    @Override
    public Linearity linearity() {
        return Linearity.FIXED;
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.aggregate(rule);
    }

    @Override
    public Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
