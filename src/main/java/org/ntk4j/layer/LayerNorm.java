package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/**
 * Layer normalization {@code (x − mean)/√(ε + var)} without gain or bias (Ba et al. 2016), over the channels at each position or
 * over channels and space. At infinite width {@code K → (K − m m')/√((ε + q11 − m²)(ε + q22 − m'²))} with m the mean over the
 * channels, 0 after a linear map with weights of its own; Θ takes the same factor.
 *
 * @param over    {@code channels} or {@code all}
 * @param epsilon ε
 */
public record LayerNorm(String over, double epsilon) implements Layer {

    public LayerNorm {
        if (!List.of("channels", "all").contains(over)) {
            throw Failure.input("layerNorm: over '" + over + "' is not known; allowed: channels, all");
        }
        if (!(epsilon >= 0)) {
            throw Failure.input("layerNorm: epsilon of " + epsilon + " is not a number from 0");
        }
    }

    public static LayerNorm read(Options o) {
        return new LayerNorm(o.choice("over", "channels", "channels", "all"), o.real("epsilon", 1e-12, 0, 1e100));
    }

    @Override
    public String name() {
        return "layerNorm";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("over", over);
        options.put("epsilon", epsilon);
        return options;
    }

    @Override
    public Shape outputShape(Shape in) {
        return in;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.normalize(x, over.equals("all"), epsilon);
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return Optional.of(new PlaneStep.Normalize(over.equals("all"), epsilon));
    }

    @Override
    public boolean propagate(Propagation way) {
        return way.normalize();
    }

    @Override
    public Covariance kernel(Covariance c) {
        return c.normalize(over.equals("all"), epsilon);
    }
}
