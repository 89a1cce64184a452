package org.ntk4j.inference;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;

/**
 * How well a network's infinite kernel with a ridge suits training data, as a function of wStd and bStd of every layer and of the ridge:
 * its value, its derivatives and where it is largest.
 *
 * <p>The derivative with respect to the kernel's values and the ridge is exact; that of the kernel with respect to a scale is a central
 * difference of the fourth order in its logarithm, of two steps, whose distance is the error that is stated.
 */
final class Tuning<S extends Scaled<S>> {

    static final String RIDGE = "ridge";

    /** In the logarithm of a scale. */
    private static final double STEP = 2e-3;
    private static final int ORDER_GAIN = 15;
    /** A scale is looked for within this factor of where it starts, a ridge within its square. */
    private static final double RANGE = Math.log(8);
    private static final double TRUST = 0.3;
    private static final double ENOUGH = 1e-5;
    private static final int EVALUATIONS_EACH = 60;

    private final S network;
    private final Map<String, Double> scales;
    private final boolean tangent;
    private final Inputs x;
    private final double[] y;
    private final int k;
    private final Evidence.Objective objective;

    /**
     * @param tangent whether the kernel is Θ_∞, else K_∞
     * @param y       {@code n × k} targets by rows
     */
    Tuning(S network, boolean tangent, Inputs x, double[] y, int k, Evidence.Objective objective) {
        this.network = network;
        this.scales = network.scales(x.shape(), k);
        this.tangent = tangent;
        this.x = x;
        this.y = y;
        this.k = k;
        this.objective = objective;
    }

    private double[] kernel(Map<String, Double> values) {
        S other = with(values);
        return (tangent ? other.ntk(x) : other.nngp(x)).values();
    }

    private S with(Map<String, Double> values) {
        return network.scaled(values, x.shape(), k);
    }

    private Optional<Evidence> evidence(double[] kernel, double ridge) {
        return Evidence.of(objective, kernel, x.count(), ridge, y, k);
    }

    /** Value and derivatives at these scales and this ridge. */
    Tuned<S> at(Map<String, Double> values, double ridge, double before) {
        Evidence here = evidence(kernel(values), ridge).orElseThrow(() -> Failure.input("the kernel with a ridge of " + ridge
                + " is not positive definite to rounding: give a larger ridge"));
        Map<String, Derivative> derivatives = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            double[][] on = new double[3][];
            for (int i = 0; i < on.length; i++) {
                on[i] = difference(values, name, value, STEP * (1 << i));
            }
            double[] fine = fourth(on[0], on[1]);
            double slope = here.along(fine);
            double error = Math.abs(slope - here.along(fourth(on[1], on[2]))) / ORDER_GAIN;
            derivatives.put(name, new Derivative(slope / value, error / value));
        });
        derivatives.put(RIDGE, new Derivative(here.byRidge(), 0));
        return new Tuned<>(with(values), tangent, objective.toString(), ridge, sign() * here.value(), sign() * before,
                Map.copyOf(values), signed(derivatives), x, y, k);
    }

    /** An error is given as it is, to be made small. */
    private double sign() {
        return objective == Evidence.Objective.LEAVE_ONE_OUT ? -1 : 1;
    }

    private Map<String, Derivative> signed(Map<String, Derivative> all) {
        Map<String, Derivative> signed = new LinkedHashMap<>();
        all.forEach((name, d) -> signed.put(name, new Derivative(sign() * d.value(), d.error())));
        return signed;
    }

    private double[] difference(Map<String, Double> values, String name, double value, double step) {
        Map<String, Double> up = new LinkedHashMap<>(values);
        up.put(name, value * Math.exp(step));
        Map<String, Double> down = new LinkedHashMap<>(values);
        down.put(name, value * Math.exp(-step));
        double[] change = kernel(up);
        double[] other = kernel(down);
        for (int i = 0; i < change.length; i++) {
            change[i] = (change[i] - other[i]) / (2 * step);
        }
        return change;
    }

    private static double[] fourth(double[] near, double[] far) {
        double[] all = new double[near.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (4 * near[i] - far[i]) / 3;
        }
        return all;
    }

    /** Value and derivatives where the network stands. */
    Tuned<S> start(double ridge) {
        Tuned<S> here = at(scales, ridge, Double.NaN);
        return here.from(here.value());
    }

    /** Where the value is largest, from where the network stands: Powell's BOBYQA in logarithms (2009), which needs values alone. */
    Tuned<S> best(double ridge, Monitor monitor) {
        String[] names = scales.keySet().toArray(String[]::new);
        double[] start = new double[names.length + 1];
        double[] low = new double[start.length];
        double[] high = new double[start.length];
        for (int i = 0; i < start.length; i++) {
            boolean last = i == names.length;
            start[i] = Math.log(last ? ridge : Objects.requireNonNull(scales.get(names[i])));
            low[i] = start[i] - RANGE * (last ? 4 : 1);
            high[i] = start[i] + RANGE * (last ? 4 : 1);
        }
        Search search = new Search(names, start.clone(), monitor);
        int most = EVALUATIONS_EACH * start.length;
        double before = search.value(start);
        if (!Double.isFinite(before) || before == Search.NOTHING) {
            throw Failure.input("the kernel with a ridge of " + ridge + " is not positive definite to rounding: give a larger ridge");
        }
        try (Monitor.Task task = monitor.begin("tuning", most)) {
            search.task = task;
            new BOBYQAOptimizer(2 * start.length + 1, TRUST, ENOUGH).optimize(new MaxEval(most), GoalType.MAXIMIZE,
                    new ObjectiveFunction(search::value), new InitialGuess(start), new SimpleBounds(low, high));
        } catch (MathRuntimeException e) {
            monitor.note(String.format(Locale.ROOT, "tuning ended after %,d kernels at the best of them: %s", search.count,
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT)));
        }
        return at(search.scalesOf(search.best), Math.exp(search.best[names.length]), before);
    }

    /** Values along the way, and the best of them. */
    private final class Search {

        /** What counts as no kernel at all: one that is not positive definite. */
        static final double NOTHING = -1e100;

        private final String[] names;
        private final Monitor monitor;
        private double[] best;
        private double most = Double.NEGATIVE_INFINITY;
        private int count;
        private Monitor.@Nullable Task task;

        Search(String[] names, double[] start, Monitor monitor) {
            this.names = names;
            this.best = start;
            this.monitor = monitor;
        }

        private Map<String, Double> scalesOf(double[] logarithms) {
            Map<String, Double> values = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                values.put(names[i], Math.exp(logarithms[i]));
            }
            return values;
        }

        double value(double[] logarithms) {
            if (monitor.cancelled()) {
                throw Failure.cancelled("stopped while tuning");
            }
            double value = evidence(kernel(scalesOf(logarithms)), Math.exp(logarithms[names.length])).map(Evidence::value)
                    .orElse(NOTHING);
            count++;
            if (value > most) {
                most = value;
                best = logarithms.clone();
            }
            Monitor.Task now = task;
            if (now != null) {
                now.done(count, String.format(Locale.ROOT, "%s %.5g", objective, sign() * most));
            }
            return value;
        }
    }
}
