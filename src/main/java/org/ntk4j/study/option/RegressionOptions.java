package org.ntk4j.study.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.base.Required;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.inference.Ridge;
import org.ntk4j.inference.Solver;

/**
 * The kernel regressions of an experiment: what YAML has under {@code regression}.
 *
 * @param ridge  relative to the mean diagonal; empty: {@code auto}, by leave-one-out
 * @param offset {@code zero} or {@code initial}; empty: zero for centred networks, else initial
 * @param times      when predictions are made
 * @param outputs    which tangent kernel of a finite network predicts: {@code full}, all outputs with all outputs; {@code mean}, their
 *                   mean; {@code auto}: full where memory and time allow it
 * @param projection whether {@code projection.*} stand beside {@code regression.*}, as regressions of the network's own values
 * @param path       whether the path sum is taken over the recorded kernels
 * @param solver     how the weights are found
 */
public record RegressionOptions(OptionalDouble ridge, Optional<String> offset, List<Time> times, String outputs, boolean projection,
        boolean path, Solver solver) {

    /** All outputs with all outputs, or their mean, as memory and time allow. */
    public static final String AUTO = "auto";
    /** All outputs with all outputs. */
    public static final String FULL = "full";
    /** The mean over outputs. */
    public static final String MEAN = "mean";

    public RegressionOptions {
        times = List.copyOf(times);
        if (ridge.isPresent() && !(ridge.getAsDouble() >= 0 && Double.isFinite(ridge.getAsDouble()))) {
            throw Failure.input("ridge of " + ridge.getAsDouble() + " is not a number from 0, or auto");
        }
    }

    /** No ridge, the fitting offset, at the network's last step and in the limit. */
    public static RegressionOptions defaults() {
        return new RegressionOptions(OptionalDouble.of(0), Optional.empty(), List.of(Time.TRAINED, Time.INFINITY), AUTO, true, false,
                Solver.auto());
    }

    /** Reads what stands under {@code regression}. */
    public static RegressionOptions read(Options o) {
        boolean auto = o.entry("ridge").filter(e -> e instanceof Entry.Scalar s && s.text().equals("auto")).isPresent();
        OptionalDouble ridge = auto ? OptionalDouble.empty() : OptionalDouble.of(o.real("ridge", 0, 0, 1e100));
        Optional<String> offset = o.entry("offset").map(e -> o.choice("offset", "auto", "zero", "initial", "auto"))
                .filter(s -> !s.equals("auto"));
        List<Time> times = new ArrayList<>();
        o.list("times").orElse(List.of()).forEach(e -> {
            String text = e instanceof Entry.Scalar s ? s.text() : "";
            if (Time.isOne(text)) {
                times.add(Time.of(text));
            } else {
                o.mistakes().add(e.place(), o.sub("times") + ": " + e.describe()
                        + " is not a time; allowed: trained, infinity, or a number of steps");
            }
        });
        String outputs = o.choice("outputs", AUTO, AUTO, FULL, MEAN);
        boolean projection = o.flag("projection", true);
        boolean path = o.flag("path", false);
        Solver solver = SolverWord.read(o);
        o.finish();
        return new RegressionOptions(ridge, offset, o.entry("times").isEmpty() ? defaults().times : times, outputs, projection, path,
                solver);
    }

    /** The ridge of a regression in the kernel's own scale, whatever way it is chosen. */
    public Ridge ridgeOfKernel() {
        return ridge.isPresent() ? Ridge.relative(ridge.getAsDouble()) : Ridge.leaveOneOut();
    }

    /** With this ridge, relative to the mean diagonal. */
    public RegressionOptions ridge(double relative) {
        return new RegressionOptions(OptionalDouble.of(relative), offset, times, outputs, projection, path, solver);
    }

    /** With the ridge of the smallest leave-one-out error. */
    public RegressionOptions ridge(Auto auto) {
        Required.value(auto, "auto");
        return new RegressionOptions(OptionalDouble.empty(), offset, times, outputs, projection, path, solver);
    }

    /** With {@code full}, all outputs with all outputs, {@code mean}, their mean, or {@code auto}. */
    public RegressionOptions outputs(String word) {
        Required.value(word, "word");
        if (!List.of(AUTO, FULL, MEAN).contains(word)) {
            throw Failure.input("regression.outputs '" + word + "' is not known; allowed: auto, full, mean");
        }
        return new RegressionOptions(ridge, offset, times, word, projection, path, solver);
    }

    /** With or without {@code projection.*}. */
    public RegressionOptions projection(boolean yes) {
        return new RegressionOptions(ridge, offset, times, outputs, yes, path, solver);
    }

    /** With or without the path sum over the recorded kernels. */
    public RegressionOptions path(boolean yes) {
        return new RegressionOptions(ridge, offset, times, outputs, projection, yes, solver);
    }

    /** At these times: {@code trained}, {@code infinity}, or numbers of steps. */
    public RegressionOptions times(Object... moments) {
        Required.values(moments, "moments");
        return new RegressionOptions(ridge, offset, Arrays.stream(moments).map(String::valueOf).map(Time::of).toList(), outputs,
                projection, path,
                solver);
    }

    /** With the weights found like this: {@code conjugateGradient()}, {@code nystrom().rank(2000)}. */
    public RegressionOptions solver(Solver other) {
        Required.value(other, "other");
        return new RegressionOptions(ridge, offset, times, outputs, projection, path, other);
    }

    /** As in YAML, with this word for the offset: {@code auto} where it is still to follow from the training. */
    public Map<String, Object> toMap(String offsetWord) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("ridge", ridge.isPresent() ? (Object) ridge.getAsDouble() : "auto");
        map.put("offset", offsetWord);
        map.put("times", times.stream().map(Time::toYaml).toList());
        map.put("outputs", outputs);
        map.put("projection", projection);
        map.put("path", path);
        map.put("solver", solver.toYaml());
        return map;
    }

    /** The offset for a network that is centred or not. */
    public String offsetFor(boolean centred) {
        return offset.orElse(centred ? "zero" : "initial");
    }
}
