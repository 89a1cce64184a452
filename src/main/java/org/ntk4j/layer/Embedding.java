package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/**
 * A trained vector for each word: the first layer of a network, on inputs whose only channel is the index of a word, counted from 0. It is
 * a dense layer without bias on one-hot vectors, of which a word meets one row: {@code z_p = wStd · W[word p]}, with a fan-in of 1.
 *
 * <p>Infinite width: {@code K = wStd²} for equal words and 0 for others, {@code Θ = K}; in {@code standard} parameterization, where W has
 * the deviation wStd, Θ is 1 for equal words.
 *
 * @param vocabulary       how many different words there are
 * @param channels         the size of a word's vector
 * @param wStd             the scale of the vectors
 * @param parameterization {@code ntk}, {@code standard}, {@code meanField} or {@code muP}
 */
public record Embedding(int vocabulary, int channels, double wStd, Parameterization parameterization) implements Layer {

    private static final int MOST = 1 << 24;

    public Embedding {
        if (vocabulary < 1 || vocabulary > MOST) {
            throw Failure.input("embedding: a vocabulary of " + vocabulary + " is not a whole number from 1 to " + MOST);
        }
        if (channels < 1 || channels > MOST) {
            throw Failure.input("embedding: channels of " + channels + " is not a whole number from 1 to " + MOST);
        }
        Scales.check("embedding", wStd, OptionalDouble.empty());
    }

    /** An embedding with the grammar's defaults: wStd 1, NTK parameterization. */
    public static Embedding of(int vocabulary, int channels) {
        return new Embedding(vocabulary, channels, 1, Parameterization.NTK);
    }

    public static Embedding read(Options o) {
        return new Embedding(o.requiredInteger("vocabulary", 1, MOST), o.requiredInteger("channels", 1, MOST), Scales.wStd(o),
                Parameterization.of(o.choice("parameterization", "ntk", Parameterization.words().toArray(String[]::new))));
    }

    /** This layer with another scale of the vectors. */
    public Embedding wStd(double value) {
        return new Embedding(vocabulary, channels, value, parameterization);
    }

    /** This layer in {@code ntk}, {@code standard}, {@code meanField} or {@code muP} parameterization. */
    public Embedding parameterization(String word) {
        Required.value(word, "word");
        return new Embedding(vocabulary, channels, wStd, Parameterization.of(word));
    }

    @Override
    public Embedding widened(int factor, int width) {
        return new Embedding(vocabulary, Math.multiplyExact(channels, factor), wStd, parameterization);
    }

    @Override
    public Embedding parameterized(Parameterization other) {
        return new Embedding(vocabulary, channels, wStd, other);
    }

    @Override
    public String name() {
        return "embedding";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("vocabulary", vocabulary);
        options.put("channels", channels);
        options.put("wStd", wStd);
        options.put("parameterization", parameterization.toString());
        return options;
    }

    /** Neither the number of words nor that of channels matters at infinite width. */
    @Override
    public Object infiniteKey() {
        return List.of(name(), wStd, parameterization == Parameterization.STANDARD);
    }

    @Override
    public OptionalInt words() {
        return OptionalInt.of(vocabulary);
    }

    @Override
    public Shape outputShape(Shape in) {
        if (in.isVector() || in.channels() != 1) {
            throw Failure.input("embedding on an input of " + in + "; it takes indices of words, one at each position: data: {name: "
                    + "phrases, words: indices}, or inputs of [positions, 1]");
        }
        return in.withChannels(channels);
    }

    @Override
    public List<Weights> weights(Shape in) {
        return List.of(new Weights("W", List.of(vocabulary, channels), parameterization.deviation(wStd, 1), true,
                parameterization.byWidth()));
    }

    @Override
    public List<String> notes() {
        return parameterization.notes();
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return f.embedding(x, "W", parameterization.scale(wStd, 1), vocabulary, channels);
    }

    @Override
    public Linearity linearity() {
        return Linearity.WEIGHTED;
    }

    @Override
    public boolean propagate(Propagation way) {
        return false;
    }

    /** What comes in is 1 for equal words and 0 for others. */
    @Override
    public Covariance kernel(Covariance c) {
        return c.linear(channels, wStd * wStd, 0, rule());
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        return Optional.of(PlaneStep.pointwise(wStd * wStd, 0, rule()));
    }

    private Covariance.Tangent rule() {
        double w2 = wStd * wStd;
        return new Covariance.Tangent(parameterization == Parameterization.STANDARD ? 1 : w2, w2, 0);
    }
}
