package org.ntk4j.kernel;

import java.util.function.UnaryOperator;

/** An estimate of the largest eigenvalue of a positive semidefinite map by its powers: from below, to a few percent in some ten rounds. */
public final class PowerIteration {

    private PowerIteration() {
    }

    /**
     * The length of the last image of a unit vector.
     *
     * @param start of any length; one of zeros gives 0
     */
    public static double largest(UnaryOperator<double[]> map, double[] start, int rounds) {
        double[] x = start;
        double value = 0;
        for (int i = 0; i < rounds; i++) {
            double norm = Vectors.norm(x);
            double[] unit = x.clone();
            for (int j = 0; j < unit.length; j++) {
                unit[j] = norm == 0 ? 0 : unit[j] / norm;
            }
            x = map.apply(unit);
            value = Vectors.norm(x);
        }
        return value;
    }
}
