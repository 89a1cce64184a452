package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Attention;
import org.ntk4j.forward.AttentionForward;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.grammar.Options;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * Multi-head attention over the positions (Vaswani et al. 2017; at infinite width Hron et al. 2020). {@code linear} scaling ties keys and
 * queries, logits {@code wKey·wQuery (xW)(xW)ᵀ/(n_in n_key)}; {@code sqrt} scaling has both, logits over √n_key. Positional embeddings
 * are weights too: added to the input, or concatenated.
 *
 * @param keyChannels   channels of keys and queries of a head; 0: those of the input
 * @param valueChannels channels of the values of a head; 0: those of the input
 * @param outChannels   channels that it gives; 0: those of the input
 * @param posChannels   channels of a concatenated embedding; 0: those of the input
 * @param posDecay      a in the embedding's covariance {@code R = 1/(1 + a d²)}; empty: R = I
 */
public record SelfAttention(int heads, int keyChannels, int valueChannels, int outChannels, String scaling, String mechanism,
        double wKeyStd, double wQueryStd, double wValueStd, double wOutStd, OptionalDouble bStd, String positions, double wPosStd,
                int posChannels,
        OptionalDouble posDecay, boolean valuePositions) implements Layer, Attention {

    private static final int MOST = 1 << 20;

    public static SelfAttention read(Options o) {
        return new SelfAttention(o.integer("heads", 1, 1, MOST), o.integer("keyChannels", 0, 1, MOST),
                o.integer("valueChannels", 0, 1, MOST),
                o.integer("outChannels", 0, 1, MOST), o.choice("scaling", "linear", "linear", "sqrt"),
                o.choice("mechanism", "softmax", "softmax", "identity", "abs", "relu"), std(o, "wKeyStd"), std(o, "wQueryStd"),
                        std(o, "wValueStd"),
                std(o, "wOutStd"), Scales.bStd(o), o.choice("positions", "none", "none", "sum", "concat"), std(o, "wPosStd"),
                o.integer("posChannels", 0, 1, MOST), o.optionalReal("posDecay", 0, 1e100), o.flag("valuePositions", true));
    }

    private static double std(Options o, String key) {
        return o.real(key, 1, 0, 1e100);
    }

    /** With {@code sqrt} scaling each head has logits of its own that stay random however wide it is: their number is a width as well. */
    @Override
    public SelfAttention widened(int factor, int width) {
        int more = Math.multiplyExact(heads, factor);
        return new SelfAttention(scaling.equals("sqrt") ? Math.max(more, width) : more, Math.multiplyExact(keyChannels, factor),
                Math.multiplyExact(valueChannels, factor),
                Math.multiplyExact(outChannels, factor), scaling, mechanism, wKeyStd, wQueryStd, wValueStd, wOutStd, bStd, positions,
                        wPosStd,
                Math.multiplyExact(posChannels, factor), posDecay, valuePositions);
    }

    @Override
    public String name() {
        return "selfAttention";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("heads", heads);
        putUnlessDefault(options, "keyChannels", keyChannels);
        putUnlessDefault(options, "valueChannels", valueChannels);
        putUnlessDefault(options, "outChannels", outChannels);
        options.put("scaling", scaling);
        options.put("mechanism", mechanism);
        options.put("wKeyStd", wKeyStd);
        options.put("wQueryStd", wQueryStd);
        options.put("wValueStd", wValueStd);
        options.put("wOutStd", wOutStd);
        options.put("bStd", bStd.isPresent() ? (Object) bStd.getAsDouble() : "none");
        options.put("positions", positions);
        options.put("wPosStd", wPosStd);
        putUnlessDefault(options, "posChannels", posChannels);
        posDecay.ifPresent(a -> options.put("posDecay", a));
        options.put("valuePositions", valuePositions);
        return options;
    }

    /** Heads and channels are widths, except those that weigh a concatenation, which {@link Serial} looks for. */
    @Override
    public Object infiniteKey() {
        Map<String, Object> options = options();
        options.keySet().removeAll(List.of("heads", "keyChannels", "valueChannels", "outChannels"));
        return List.of(name(), options);
    }

    private static void putUnlessDefault(Map<String, Object> options, String key, int value) {
        if (value > 0) {
            options.put(key, value);
        }
    }

    /** This layer with the channels that its input decides. */
    private SelfAttention on(Shape in) {
        int c = in.channels();
        return new SelfAttention(heads, keyChannels > 0 ? keyChannels : c, valueChannels > 0 ? valueChannels : c,
                outChannels > 0 ? outChannels : c, scaling,
                mechanism, wKeyStd, wQueryStd, wValueStd, wOutStd, bStd, positions, wPosStd, posChannels > 0 ? posChannels : c, posDecay,
                        valuePositions);
    }

    @Override
    public Shape outputShape(Shape in) {
        if (in.isVector()) {
            throw Failure.input("selfAttention on an input of " + in + ", which has no positions; it needs a sentence or an image");
        }
        return in.withChannels(on(in).outChannels);
    }

    @Override
    public List<Weights> weights(Shape in) {
        SelfAttention a = on(in);
        int c = in.channels();
        boolean concat = positions.equals("concat");
        int seen = concat ? c + a.posChannels : c;
        List<Weights> weights = new ArrayList<>();
        if (scaling.equals("sqrt")) {
            weights.add(new Weights("query", List.of(heads, seen, a.keyChannels), 1));
        }
        weights.add(new Weights("key", List.of(heads, seen, a.keyChannels), 1));
        weights.add(new Weights("value", List.of(heads, valuePositions ? seen : c, a.valueChannels), 1));
        weights.add(new Weights("out", List.of(a.valueChannels * heads, a.outChannels), 1));
        bStd.ifPresent(b -> weights.add(Weights.bias(1, a.outChannels)));
        if (!positions.equals("none")) {
            weights.add(new Weights("positions", List.of(in.positions(), concat ? a.posChannels : c), 1));
        }
        return weights;
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        return AttentionForward.of(f, x, on(x.shape()), covarianceOfPositions(x.shape()));
    }

    @Override
    public boolean propagate(Propagation way) {
        return false;
    }

    @Override
    public Optional<PlaneStep> plane(Shape in) {
        boolean closed = scaling.equals("linear") || mechanism.equals("identity");
        return in.isVector() || !closed ? Optional.empty() : Optional.of(new PlaneStep.Attend(kernel(in)));
    }

    @Override
    public Covariance kernel(Covariance c) {
        if (scaling.equals("sqrt") && !mechanism.equals("identity")) {
            throw Failure.input(c.where() + ": attention with sqrt scaling has a closed form for the identity mechanism only; use scaling: "
                    + "linear or mechanism: identity, or " + FiniteOnly.ESTIMATE);
        }
        return c.attend(on(c.shape()).outChannels, kernel(c.shape()));
    }

    private AttentionKernel kernel(Shape in) {
        SelfAttention a = on(in);
        int channels = in.channels();
        double all = positions.equals("concat") ? channels + a.posChannels : channels;
        double ofInput = positions.equals("concat") ? channels / all : 1;
        double ofPositions = positions.equals("none") ? 0 : wPosStd * wPosStd * (positions.equals("concat") ? a.posChannels / all : 1);
        double b2 = bStd.isPresent() ? bStd.getAsDouble() * bStd.getAsDouble() : 0;
        return new AttentionKernel(scaling.equals("sqrt"), mechanism, wKeyStd * wQueryStd, wOutStd * wValueStd, b2, ofInput, ofPositions,
                ofPositions == 0 ? new double[0] : covarianceOfPositions(in), valuePositions);
    }

    /** R between positions, in C order: 1/(1 + a d²) with d their Euclidean distance, or the identity. */
    private double[] covarianceOfPositions(Shape in) {
        int n = in.positions();
        double[] r = new double[n * n];
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                r[p * n + q] = posDecay.isEmpty() ? (p == q ? 1 : 0) : 1 / (1 + posDecay.getAsDouble() * squareDistance(in, p, q));
            }
        }
        return r;
    }

    private static double squareDistance(Shape in, int p, int q) {
        double sum = 0;
        int a = p;
        int b = q;
        for (int axis = in.space().size() - 1; axis >= 0; axis--) {
            int size = in.space().get(axis);
            double d = a % size - b % size;
            sum += d * d;
            a /= size;
            b /= size;
        }
        return sum;
    }

    @Override
    public Span needs(Shape in, Span after) {
        return Span.ALL;
    }
}
