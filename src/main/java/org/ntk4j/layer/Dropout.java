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
 * Dropout. At infinite width the kernel of the noisy network ({@code train}): each example's own variances are divided by the
 * probability that a unit stays, and so are the values of K and Θ of an example with itself. A finite network treats it as the
 * identity ({@code test}), in training and in its tangent kernel.
 *
 * @param keep the probability that a unit stays
 * @param mode {@code train} or {@code test}
 */
public record Dropout(double keep, String mode) implements Layer {

    public Dropout {
        if (!(keep > 0 && keep <= 1)) {
            throw Failure.input("dropout: keep of " + keep + " is not a number above 0, up to 1");
        }
        if (!List.of("train", "test").contains(mode)) {
            throw Failure.input("dropout: mode '" + mode + "' is not known; allowed: train, test");
        }
    }

    public static Dropout read(Options o) {
        if (o.entry("keep").isEmpty()) {
            o.mistakes().add(o.place(), o.path() + ": 'keep' is missing: the probability that a unit stays");
        }
        return new Dropout(o.real("keep", 1, Double.MIN_VALUE, 1), o.choice("mode", "train", "train", "test"));
    }

    @Override
    public String name() {
        return "dropout";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("keep", keep);
        options.put("mode", mode);
        return options;
    }

    @Override
    public Shape outputShape(Shape in) {
        return in;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return x;
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return Optional.of(isNoisy() ? new PlaneStep.Drop(keep) : new PlaneStep.Pass());
    }

    @Override
    public boolean isNoisy() {
        return mode.equals("train") && keep < 1;
    }

    @Override
    public Covariance kernel(Covariance c) {
        return isNoisy() ? c.dropout(keep) : c;
    }
}
