package org.ntk4j.kernel;

import java.util.Locale;

/**
 * A number that was estimated from a sample.
 *
 * @param value the estimate
 * @param error its standard error; 0 where it is exact
 */
public record Estimate(double value, double error) {

    private static final double OF_95_PERCENT = 1.959963984540054;

    /** The lower end of its interval of 95 %. */
    public double low() {
        return value - OF_95_PERCENT * error;
    }

    /** The upper end of its interval of 95 %. */
    public double high() {
        return value + OF_95_PERCENT * error;
    }

    @Override
    public String toString() {
        return error == 0 ? String.format(Locale.ROOT, "%.6g", value) : String.format(Locale.ROOT, "%.6g ± %.2g", value, error);
    }
}
