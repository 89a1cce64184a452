package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.inference.LearningRates;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.family.TFloating;

/**
 * How gradients become updates of the weights. η is the learning rate, g the gradient, m the decay.
 */
public sealed interface Optimizer {

    /** The learning rate {@code auto} of adaptive optimizers. */
    double ADAPTIVE_RATE = 1e-3;
    /** The learning rate {@code auto} of the others, as a share of the largest stable one: safe and fast (Lee et al. 2019). */
    double SHARE_OF_STABLE = 0.5;

    /** Its name in the grammar. */
    String name();

    /** Its options by their names in the grammar. */
    Map<String, Object> options();

    /** The ops that update one variable, given its gradient and the learning rate; slots are variables of the same shape, zero at first. */
    List<Op> update(Update u);

    /** How many slots each variable needs. */
    int slots();

    /**
     * What an update works with.
     *
     * @param tf       TensorFlow's ops
     * @param variable the weights
     * @param gradient of the loss, of the same shape
     * @param rate     the learning rate, a scalar
     * @param slots    further variables of the same shape
     * @param step     the number of this step as a floating scalar, from 1
     */
    record Update(Ops tf, CompiledNetwork.Variable variable, Operand<TFloating> gradient, Operand<TFloating> rate,
            List<CompiledNetwork.Variable> slots,
            Operand<TFloating> step) {
        Operand<TFloating> number(double value) {
            return Numbers.like(tf, gradient, value);
        }
    }

    /** {@code gradientDescent}: θ ← θ − η g. */
    record GradientDescent() implements Optimizer {
        @Override
        public String name() {
            return "gradientDescent";
        }

        @Override
        public Map<String, Object> options() {
            return Map.of();
        }

        @Override
        public int slots() {
            return 0;
        }

        @Override
        public List<Op> update(Update u) {
            return List.of(u.tf.train.resourceApplyGradientDescent(u.variable.handle(), u.rate, u.gradient));
        }
    }

    /**
     * {@code momentum}: v ← m v + g, θ ← θ − η v.
     *
     * @param decay m
     */
    record Momentum(double decay) implements Optimizer {
        public Momentum {
            checkDecay("momentum", "decay", decay);
        }

        @Override
        public String name() {
            return "momentum";
        }

        @Override
        public Map<String, Object> options() {
            return Map.of("decay", decay);
        }

        @Override
        public int slots() {
            return 1;
        }

        @Override
        public List<Op> update(Update u) {
            return List.of(u.tf.train.resourceApplyMomentum(u.variable.handle(), u.slots.get(0).handle(), u.rate, u.gradient,
                    u.number(decay)));
        }
    }

    /**
     * {@code nesterov}: v ← m v + g, θ ← θ − η (g + m v).
     *
     * @param decay m
     */
    record Nesterov(double decay) implements Optimizer {
        public Nesterov {
            checkDecay("nesterov", "decay", decay);
        }

        @Override
        public String name() {
            return "nesterov";
        }

        @Override
        public Map<String, Object> options() {
            return Map.of("decay", decay);
        }

        @Override
        public int slots() {
            return 1;
        }

        @Override
        public List<Op> update(Update u) {
            return List.of(u.tf.train.resourceApplyMomentum(u.variable.handle(), u.slots.get(0).handle(), u.rate, u.gradient,
                    u.number(decay),
                    ResourceApplyMomentum.useNesterov(true)));
        }
    }

    /**
     * {@code adam} (Kingma and Ba 2015): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε).
     */
    record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
        public Adam {
            checkAdam("adam", beta1, beta2, epsilon);
        }

        @Override
        public String name() {
            return "adam";
        }

        @Override
        public Map<String, Object> options() {
            Map<String, Object> options = new LinkedHashMap<>();
            options.put("beta1", beta1);
            options.put("beta2", beta2);
            options.put("epsilon", epsilon);
            return options;
        }

        @Override
        public int slots() {
            return 2;
        }

        @Override
        public List<Op> update(Update u) {
            Operand<TFloating> power1 = u.tf.math.pow(u.number(beta1), u.step);
            Operand<TFloating> power2 = u.tf.math.pow(u.number(beta2), u.step);
            return List.of(u.tf.train.resourceApplyAdam(u.variable.handle(), u.slots.get(0).handle(), u.slots.get(1).handle(),
                    power1, power2, u.rate, u.number(beta1), u.number(beta2), u.number(epsilon), u.gradient));
        }
    }

    /** {@code adamW} (Loshchilov and Hutter 2019): Adam, and θ ← θ − η·weightDecay·θ with the θ before the step. */
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
        public AdamW {
            checkAdam("adamW", beta1, beta2, epsilon);
            if (!(weightDecay >= 0 && weightDecay < 1e6)) {
                throw Failure.input("adamW: weightDecay of " + weightDecay + " is not a number from 0");
            }
        }

        @Override
        public String name() {
            return "adamW";
        }

        @Override
        public Map<String, Object> options() {
            Map<String, Object> options = new LinkedHashMap<>(new Adam(beta1, beta2, epsilon).options());
            options.put("weightDecay", weightDecay);
            return options;
        }

        @Override
        public int slots() {
            return 2;
        }

        @Override
        public List<Op> update(Update u) {
            Op decay = u.tf.withName("decay").assignSubVariableOp(u.variable.handle(),
                    u.tf.math.mul(u.tf.math.mul(u.rate, u.number(weightDecay)), u.variable.read()));
            Ops after = u.tf.withControlDependencies(List.of(decay));
            List<Op> ops = new ArrayList<>(new Adam(beta1, beta2, epsilon)
                    .update(new Update(after, u.variable, u.gradient, u.rate, u.slots, u.step)));
            ops.add(decay);
            return ops;
        }
    }

    /** How it is written in YAML: a bare name, or a map with one key. */
    default Object toYaml() {
        return options().isEmpty() ? name() : Map.of(name(), options());
    }

    /** Whether each weight has a step size of its own, as in Adam: Θ does not tell its steps then, and no largest stable rate is known. */
    default boolean isAdaptive() {
        return this instanceof Adam || this instanceof AdamW;
    }

    /** How a gradient becomes a step, where it is one rate for all weights. */
    default LearningRates.Rule rule() {
        return this instanceof Momentum ? LearningRates.Rule.MOMENTUM
                : this instanceof Nesterov ? LearningRates.Rule.NESTEROV : LearningRates.Rule.GRADIENT_DESCENT;
    }

    /** The decay of momentum and Nesterov, 0 for the others. */
    default double decayOfMomentum() {
        return this instanceof Momentum m ? m.decay : this instanceof Nesterov n ? n.decay : 0;
    }

    /** Reads an optimizer: a name, or a map with one key and its options. */
    static Optimizer read(Entry entry, String path, Mistakes mistakes) {
        List<String> names = List.of("gradientDescent", "momentum", "nesterov", "adam", "adamW");
        String name = entry instanceof Entry.Scalar s ? s.text()
                : entry instanceof Entry.Mapping map && map.fields().size() == 1 ? map.fields().keySet().iterator().next() : null;
        if (name == null || !names.contains(name)) {
            mistakes.add(entry.place(), path + ": " + (name == null ? entry.describe() : "'" + name + "'") + " is not an optimizer"
                    + Mistakes.suggestion(name == null ? "" : name, names));
            return new GradientDescent();
        }
        Entry value = entry instanceof Entry.Mapping map ? map.field(name).value() : new Entry.Mapping(Map.of(), entry.place());
        Options o = Options.of(value, path + "." + name, mistakes);
        Optimizer optimizer = switch (name) {
            case "momentum" -> new Momentum(below1(o, "decay", 0.9));
            case "nesterov" -> new Nesterov(below1(o, "decay", 0.9));
            case "adam" -> new Adam(below1(o, "beta1", 0.9), below1(o, "beta2", 0.999), epsilon(o));
            case "adamW" -> new AdamW(below1(o, "beta1", 0.9), below1(o, "beta2", 0.999), epsilon(o), o.real("weightDecay", 0.01, 0, 1e5));
            default -> new GradientDescent();
        };
        o.finish();
        return optimizer;
    }

    private static double below1(Options o, String key, double fallback) {
        return o.real(key, fallback, 0, Math.nextDown(1.0));
    }

    private static double epsilon(Options o) {
        return o.real("epsilon", 1e-7, Double.MIN_VALUE, 1e5);
    }

    private static void checkDecay(String optimizer, String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw Failure.input(optimizer + ": " + name + " of " + value + " is not a number from 0 to below 1");
        }
    }

    private static void checkAdam(String optimizer, double beta1, double beta2, double epsilon) {
        checkDecay(optimizer, "beta1", beta1);
        checkDecay(optimizer, "beta2", beta2);
        if (!(epsilon > 0 && epsilon < 1e6)) {
            throw Failure.input(optimizer + ": epsilon of " + epsilon + " is not a number above 0");
        }
    }
}
