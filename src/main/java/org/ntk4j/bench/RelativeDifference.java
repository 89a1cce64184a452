package org.ntk4j.bench;

/** How far one result is from another, relative to the other. */
final class RelativeDifference {

    private RelativeDifference() {
    }

    /** The largest difference over the largest value of the second; NaN where a value is. */
    static double of(double[][] actual, double[][] expected) {
        double worst = 0;
        double scale = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                double difference = Math.abs(actual[i][j] - expected[i][j]);
                // A NaN stays where a comparison would drop it.
                worst = Double.isNaN(difference) || Double.isNaN(worst) ? Double.NaN : Math.max(worst, difference);
                scale = Math.max(scale, Math.abs(expected[i][j]));
            }
        }
        return worst == 0 ? 0 : worst / scale;
    }
}
