package org.ntk4j.panel;

import java.util.List;
import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A power law, fitted by least squares to logarithms.
 *
 * @param low, high the ends of its 95 % interval by Student's t; NaN for two points
 */
record Slope(double slope, double low, double high, int points) {

    /**
     * The slope.
     *
     * @param points {x, y}; those that have no logarithm are left out
     */
    static Optional<Slope> of(List<double[]> points) {
        List<double[]> logs = points.stream().filter(p -> p[0] > 0 && p[1] > 0).map(p -> new double[] {Math.log(p[0]), Math.log(p[1])})
                .toList();
        int n = logs.size();
        if (logs.stream().mapToDouble(p -> p[0]).distinct().count() < 2) {
            return Optional.empty();
        }
        double x = logs.stream().mapToDouble(p -> p[0]).average().orElseThrow();
        double y = logs.stream().mapToDouble(p -> p[1]).average().orElseThrow();
        double xx = logs.stream().mapToDouble(p -> (p[0] - x) * (p[0] - x)).sum();
        double slope = logs.stream().mapToDouble(p -> (p[0] - x) * (p[1] - y)).sum() / xx;
        double rest = logs.stream().mapToDouble(p -> Math.pow(p[1] - y - slope * (p[0] - x), 2)).sum();
        double half = n > 2 ? Math.sqrt(rest / (n - 2) / xx) * new TDistribution(n - 2).inverseCumulativeProbability(0.975) : Double.NaN;
        return Optional.of(new Slope(slope, slope - half, slope + half, n));
    }
}
