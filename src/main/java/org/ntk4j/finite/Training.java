package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.base.Required;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.layer.TrainedPart;

/**
 * How a network is trained: what YAML has under {@code train}. Immutable; each wither gives another one.
 *
 * @param optimizer    how gradients become updates
 * @param learningRate η; empty: {@code auto}, half of the largest stable one
 * @param loss         {@code mse}: 1/(2Nk)·‖f − y‖²; {@code crossEntropy}: the mean over examples
 * @param batch        examples of a step; empty: {@code full}
 * @param centred      whether f(x) − f_0(x) is trained
 * @param until        when it ends
 * @param record       how many steps of history, spaced logarithmically
 * @param precision    of the network and its tangent kernels
 * @param outputScale  α: the trained function is α·(f − f_0); kernels are those of f. Small α is the rich regime, large α the lazy one
 *                     (Chizat et al. 2019)
 * @param part         which layers are trained: {@code frozen} or {@code only}
 */
public record Training(Optimizer optimizer, OptionalDouble learningRate, String loss, OptionalInt batch, boolean centred, Until until,
        int record,
        Precision precision, double outputScale, TrainedPart part) {

    /** Squared error. */
    public static final String MSE = "mse";
    /** Softmax cross-entropy with the class as target. */
    public static final String CROSS_ENTROPY = "crossEntropy";

    private static final int DEFAULT_RECORD = 40;

    public Training {
        if (learningRate.isPresent() && !(learningRate.getAsDouble() > 0 && Double.isFinite(learningRate.getAsDouble()))) {
            throw Failure.input("learningRate of " + learningRate.getAsDouble() + " is not a number above 0");
        }
        if (!List.of(MSE, CROSS_ENTROPY).contains(loss)) {
            throw Failure.input("loss '" + loss + "' is not known; allowed: mse, crossEntropy");
        }
        if (batch.isPresent() && batch.getAsInt() < 1) {
            throw Failure.input("batch of " + batch.getAsInt() + " is not a whole number from 1");
        }
        if (record < 1 || record > 1_000_000) {
            throw Failure.input("record of " + record + " is not a whole number from 1 to 1000000");
        }
        if (!(outputScale > 0 && Double.isFinite(outputScale))) {
            throw Failure.input("outputScale of " + outputScale + " is not a number above 0");
        }
    }

    /** Training with the grammar's defaults and this optimizer. */
    public static Training with(Optimizer optimizer) {
        Required.value(optimizer, "optimizer");
        return new Training(optimizer, OptionalDouble.empty(), MSE, OptionalInt.empty(), true, Until.defaults(), DEFAULT_RECORD,
                Precision.FLOAT32, 1, TrainedPart.ALL);
    }

    /** Reads what stands under {@code train}. */
    public static Training read(Options o) {
        Optimizer optimizer = o.entry("optimizer").map(e -> Optimizer.read(e, o.sub("optimizer"), o.mistakes()))
                .orElse(new Optimizer.GradientDescent());
        OptionalDouble rate = isWord(o.entry("learningRate"), "auto")
                ? OptionalDouble.empty() : o.optionalReal("learningRate", Double.MIN_VALUE, 1e100);
        String loss = o.choice("loss", MSE, MSE, CROSS_ENTROPY);
        OptionalInt batch = isWord(o.entry("batch"), "full") ? OptionalInt.empty() : o.optionalInteger("batch", 1, Integer.MAX_VALUE);
        boolean centred = o.flag("centred", true);
        Until until = Until.read(o.nested("until"));
        int record = o.integer("record", DEFAULT_RECORD, 1, 1_000_000);
        Precision precision = Precision.of(o.choice("precision", "float32", "float32", "float64"));
        double outputScale = o.real("outputScale", 1, Double.MIN_VALUE, 1e100);
        TrainedPart part = part(o);
        o.finish();
        return new Training(optimizer, rate, loss, batch, centred, until, record, precision, outputScale, part);
    }

    private static TrainedPart part(Options o) {
        List<String> frozen = names(o, "frozen");
        List<String> only = names(o, "only");
        if (!frozen.isEmpty() && !only.isEmpty()) {
            o.mistake("only", "frozen and only exclude each other; give one of them");
            return TrainedPart.ALL;
        }
        return new TrainedPart(frozen, only);
    }

    private static List<String> names(Options o, String key) {
        List<String> names = new ArrayList<>();
        for (Entry item : o.list(key).orElse(List.of())) {
            if (item instanceof Entry.Scalar s && !s.text().isEmpty()) {
                names.add(s.text());
            } else {
                o.mistakes().add(item.place(), o.sub(key) + ": the name of a layer is needed, such as 1.dense, not " + item.describe());
            }
        }
        if (names.isEmpty() && o.list(key).filter(List::isEmpty).isPresent() && key.equals("only")) {
            o.mistake(key, "an empty list trains nothing; name at least one layer, such as 1.dense");
        }
        return names;
    }

    private static boolean isWord(Optional<Entry> entry, String word) {
        return entry.isPresent() && entry.get() instanceof Entry.Scalar s && s.text().equals(word);
    }

    /** With this learning rate. */
    public Training learningRate(double rate) {
        return new Training(optimizer, OptionalDouble.of(rate), loss, batch, centred, until, record, precision, outputScale, part);
    }

    /** With half of the largest stable learning rate. */
    public Training learningRate(Auto auto) {
        Required.value(auto, "auto");
        return new Training(optimizer, OptionalDouble.empty(), loss, batch, centred, until, record, precision, outputScale, part);
    }

    /** With the loss {@code mse} or {@code crossEntropy}. */
    public Training loss(String name) {
        Required.value(name, "name");
        return new Training(optimizer, learningRate, name, batch, centred, until, record, precision, outputScale, part);
    }

    /** With this many examples in a step. */
    public Training batch(int examples) {
        return new Training(optimizer, learningRate, loss, OptionalInt.of(examples), centred, until, record, precision, outputScale, part);
    }

    /** Whether f(x) − f_0(x) is trained, or f(x) itself. */
    public Training centred(boolean yes) {
        return new Training(optimizer, learningRate, loss, batch, yes, until, record, precision, outputScale, part);
    }

    /** Until this. */
    public Training until(Until end) {
        Required.value(end, "end");
        return new Training(optimizer, learningRate, loss, batch, centred, end, record, precision, outputScale, part);
    }

    /** With this many steps of history. */
    public Training record(int steps) {
        return new Training(optimizer, learningRate, loss, batch, centred, until, steps, precision, outputScale, part);
    }

    /** In {@code float32} or {@code float64}. */
    public Training precision(String word) {
        Required.value(word, "word");
        return new Training(optimizer, learningRate, loss, batch, centred, until, record, Precision.of(word), outputScale, part);
    }

    /** Where these layers stay as they were drawn, by the names of saved weights: {@code 1.dense}. */
    public Training frozen(String... layers) {
        Required.values(layers, "layers");
        return new Training(optimizer, learningRate, loss, batch, centred, until, record, precision, outputScale,
                new TrainedPart(List.of(layers), List.of()));
    }

    /** Where only these layers are trained, by the names of saved weights: {@code 1.dense}. */
    public Training only(String... layers) {
        Required.values(layers, "layers");
        return new Training(optimizer, learningRate, loss, batch, centred, until, record, precision, outputScale,
                new TrainedPart(List.of(), List.of(layers)));
    }

    /** The trained function is α·(f − f_0): large α is the lazy regime, small α the rich one. */
    public Training outputScale(double alpha) {
        return new Training(optimizer, learningRate, loss, batch, centred, until, record, precision, alpha, part);
    }

    /**
     * How much time a step at this learning rate is in the kernels' dynamics: η α², as the trained function's kernel is α² times that of f.
     */
    public double timeOfStep(double rate) {
        return rate * outputScale * outputScale;
    }

    /** Whether the kernels' dynamics of this training have a closed form in steps: full batch, squared error, no adaptive rates. */
    public boolean hasClosedForm() {
        return batch.isEmpty() && loss.equals(MSE) && !optimizer.isAdaptive();
    }

    /** With every default, as in YAML. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("optimizer", optimizer.toYaml());
        map.put("learningRate", learningRate.isPresent() ? (Object) learningRate.getAsDouble() : "auto");
        map.put("loss", loss);
        map.put("batch", batch.isPresent() ? (Object) batch.getAsInt() : "full");
        map.put("centred", centred);
        map.put("until", until.toMap());
        map.put("record", record);
        map.put("precision", precision.toString());
        map.put("outputScale", outputScale);
        if (!part.frozen().isEmpty()) {
            map.put("frozen", part.frozen());
        }
        if (!part.only().isEmpty()) {
            map.put("only", part.only());
        }
        return map;
    }
}
