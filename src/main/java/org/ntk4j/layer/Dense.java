package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/**
 * A linear map of the channels, the same at every position: {@code z = wStd/√fanIn · xW + bStd · b} with W and b standard
 * normal ({@code ntk}), or {@code z = xW + b} with W ~ N(0, wStd²/fanIn), b ~ N(0, bStd²) ({@code standard}); for {@code meanField} and
 * {@code muP} see {@link Parameterization}.
 *
 * <p>Infinite width (Jacot et al. 2018; Lee et al. 2019): {@code K' = wStd² K + bStd²}; {@code Θ' = K' + wStd² Θ} for
 * {@code ntk}, {@code Θ' = fanIn K + wStd² Θ + [1 with a bias]} for {@code standard}, fanIn being the width as written.
 *
 * @param units            the number of channels that it gives
 * @param wStd             the scale of the weights
 * @param bStd             the scale of the bias; empty: no bias
 * @param parameterization {@code ntk}, {@code standard}, {@code meanField} or {@code muP}
 */
public record Dense(int units, double wStd, OptionalDouble bStd, Parameterization parameterization) implements Layer {

    private static final int MOST_UNITS = 1 << 24;

    public Dense {
        if (units < 1 || units > MOST_UNITS) {
            throw Failure.input("dense: units of " + units + " is not a whole number from 1 to " + MOST_UNITS);
        }
        Scales.check("dense", wStd, bStd);
    }

    /** A dense layer with the grammar's defaults: wStd 1, no bias, NTK parameterization. */
    public static Dense of(int units) {
        return new Dense(units, 1, OptionalDouble.empty(), Parameterization.NTK);
    }

    public static Dense read(Options o) {
        return new Dense(o.requiredInteger("units", 1, MOST_UNITS), Scales.wStd(o), Scales.bStd(o),
                Parameterization.of(o.choice("parameterization", "ntk", Parameterization.words().toArray(String[]::new))));
    }

    /** This layer with another scale of the weights. */
    public Dense wStd(double value) {
        return new Dense(units, value, bStd, parameterization);
    }

    /** This layer with a bias of this scale. */
    public Dense bStd(double value) {
        return new Dense(units, wStd, OptionalDouble.of(value), parameterization);
    }

    /** This layer in {@code ntk}, {@code standard}, {@code meanField} or {@code muP} parameterization. */
    public Dense parameterization(String word) {
        Required.value(word, "word");
        if (!Parameterization.words().contains(word)) {
            throw Failure.input("dense: parameterization '" + word + "' is not known; allowed: "
                    + String.join(", ", Parameterization.words()));
        }
        return new Dense(units, wStd, bStd, Parameterization.of(word));
    }

    @Override
    public Dense widened(int factor, int width) {
        return new Dense(Math.multiplyExact(units, factor), wStd, bStd, parameterization);
    }

    @Override
    public Dense parameterized(Parameterization other) {
        return new Dense(units, wStd, bStd, other);
    }

    @Override
    public String name() {
        return "dense";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("units", units);
        Scales.write(options, wStd, bStd);
        options.put("parameterization", parameterization.toString());
        return options;
    }

    /** In NTK parameterization the infinite width does not depend on the units as written. */
    @Override
    public Object infiniteKey() {
        return parameterization == Parameterization.STANDARD ? toYaml() : List.of(name(), wStd, bStd);
    }

    @Override
    public Shape outputShape(Shape in) {
        return in.withChannels(units);
    }

    @Override
    public List<Weights> weights(Shape in) {
        int fanIn = in.channels();
        boolean byWidth = parameterization.byWidth();
        List<Weights> weights = new ArrayList<>();
        weights.add(new Weights("W", List.of(fanIn, units), parameterization.deviation(wStd, fanIn), true, byWidth));
        bStd.ifPresent(b -> weights.add(new Weights("b", List.of(units), parameterization.biasDeviation(b, fanIn), true, byWidth)));
        return weights;
    }

    @Override
    public List<String> notes() {
        return parameterization.notes();
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        int fanIn = x.shape().channels();
        Signal z = f.linear(x, "W", parameterization.scale(wStd, fanIn), units);
        return bStd.isEmpty() ? z : f.bias(z, "b", parameterization.biasScale(bStd.getAsDouble(), fanIn));
    }

    private Covariance.Tangent tangent(Shape in) {
        double w2 = wStd * wStd;
        return parameterization == Parameterization.STANDARD ? new Covariance.Tangent(in.channels(), w2, bStd.isPresent() ? 1 : 0)
                : new Covariance.Tangent(w2, w2, bStd.orElse(0) * bStd.orElse(0));
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return Optional.of(PlaneStep.pointwise(wStd * wStd, bStd.orElse(0) * bStd.orElse(0), tangent(in)));
    }

    @Override
    public boolean propagate(Propagation way) {
        return way.linear(wStd, bStd);
    }

    @Override
    public Linearity linearity() {
        return Linearity.WEIGHTED;
    }

    @Override
    public Optional<Dense> readout(IntUnaryOperator outputs) {
        return Optional.of(new Dense(outputs.applyAsInt(units), wStd, bStd, parameterization));
    }

    @Override
    public Covariance kernel(Covariance c) {
        double w2 = wStd * wStd;
        double b2 = bStd.isPresent() ? bStd.getAsDouble() * bStd.getAsDouble() : 0;
        return c.linear(units, w2, b2, tangent(c.shape()));
    }
}
