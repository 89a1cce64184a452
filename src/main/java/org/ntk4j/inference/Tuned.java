package org.ntk4j.inference;

import java.util.Locale;
import java.util.Map;
import org.ntk4j.data.Inputs;

/**
 * A network whose wStd, bStd and ridge were looked at on training data, or found there: see {@link Fit#tune}.
 *
 * @param <S> the type of the network
 */
public final class Tuned<S extends Scaled<S>> {

    private final S network;
    private final boolean tangent;
    private final String objective;
    private final double ridge;
    private final double value;
    private final double before;
    private final Map<String, Double> scales;
    private final Map<String, Derivative> derivatives;
    private final Inputs x;
    private final double[] y;
    private final int outputs;

    Tuned(S network, boolean tangent, String objective, double ridge, double value, double before, Map<String, Double> scales,
            Map<String, Derivative> derivatives, Inputs x, double[] y, int outputs) {
        this.network = network;
        this.tangent = tangent;
        this.objective = objective;
        this.ridge = ridge;
        this.value = value;
        this.before = before;
        this.scales = scales;
        this.derivatives = derivatives;
        this.x = x;
        this.y = y;
        this.outputs = outputs;
    }

    Tuned<S> from(double start) {
        return new Tuned<>(network, tangent, objective, ridge, value, start, scales, derivatives, x, y, outputs);
    }

    /** The network with its scales, as the list of its layers. */
    public S network() {
        return network;
    }

    /** The ridge, as it is: {@code K + r·I}. */
    public double ridge() {
        return ridge;
    }

    /** {@code marginalLikelihood} (its logarithm, large is good) or {@code leaveOneOut} (an error, small is good). */
    public String objective() {
        return objective;
    }

    /** The objective's value. */
    public double value() {
        return value;
    }

    /** Its value where the search began. */
    public double before() {
        return before;
    }

    /** wStd and bStd of every layer by name: {@code 0.dense/wStd}. */
    public Map<String, Double> scales() {
        return scales;
    }

    /** The objective's derivatives with respect to every scale, and {@code ridge}, with their errors; about 0 where it is best. */
    public Map<String, Derivative> derivatives() {
        return derivatives;
    }

    /** The regression with this network's kernel and this ridge. */
    public Fit fit() {
        double[][] rows = OutputRows.unflat("targets", y, x.count(), outputs);
        return Regression.of(tangent ? network.ntk(x) : network.nngp(x)).ridge(Ridge.absolute(ridge)).fit(rows);
    }

    /** What that regression predicts: one row of outputs for each input. */
    public double[][] predict(Inputs test) {
        return fit().predict(tangent ? network.ntk(test, x) : network.nngp(test, x));
    }

    /** The objective before and after, then one line for each scale and the ridge with its derivative. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%s %.6g%s", objective, value,
                before == value ? "" : String.format(Locale.ROOT, " (%.6g before)", before)));
        derivatives.forEach((name, d) -> text.append(System.lineSeparator()).append(
                String.format(Locale.ROOT, "  %-24s %-12.6g derivative %.3g ± %.1g", name,
                name.equals(Tuning.RIDGE) ? Double.valueOf(ridge) : scales.get(name), d.value(), d.error())));
        return text.toString();
    }
}
