package org.ntk4j.study.finding;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A percentile bootstrap over seeds and test examples (Efron 1979). Seeds and examples are drawn again independently of each other, the
 * same examples for all seeds and all quantities: so what is compared stays paired. With one seed only examples are drawn
 * again, and the interval speaks of that one network.
 *
 * @param value      the statistic of what was observed
 * @param low        the 2.5 % quantile of its resamples
 * @param high       the 97.5 % quantile
 * @param deviation  the standard deviation of its resamples
 * @param confidence the share of resamples above 0, those at 0 counted half
 */
public record Resampling(double value, double low, double high, double deviation, double confidence) {

    private static final int COUNT = 1000;
    private static final long SEED = 20210;

    /**
     * @param quantities {@code [quantity][seed][example]}
     * @param statistic  of the means of the quantities
     */
    public static Resampling of(double[][][] quantities, ToDoubleFunction<double[]> statistic) {
        int seeds = quantities[0].length;
        int examples = quantities[0][0].length;
        SplittableRandom random = new SplittableRandom(SEED);
        int[] times = new int[examples];
        double[] resamples = new double[COUNT];
        double above = 0;
        for (int b = 0; b < COUNT; b++) {
            Arrays.fill(times, 0);
            for (int e = 0; e < examples; e++) {
                times[random.nextInt(examples)]++;
            }
            double[] means = new double[quantities.length];
            for (int s = 0; s < seeds; s++) {
                int seed = seeds == 1 ? 0 : random.nextInt(seeds);
                for (int q = 0; q < means.length; q++) {
                    double sum = 0;
                    double[] values = quantities[q][seed];
                    for (int e = 0; e < examples; e++) {
                        sum += times[e] * values[e];
                    }
                    means[q] += sum / examples / seeds;
                }
            }
            resamples[b] = statistic.applyAsDouble(means);
            above += resamples[b] > 0 ? 1 : resamples[b] == 0 ? 0.5 : 0;
        }
        Arrays.sort(resamples);
        double mean = Arrays.stream(resamples).average().orElseThrow();
        double squares = Arrays.stream(resamples).map(r -> (r - mean) * (r - mean)).sum();
        double[] means = Arrays.stream(quantities).mapToDouble(q -> Arrays.stream(q).flatMapToDouble(Arrays::stream).average()
                .orElseThrow()).toArray();
        return new Resampling(statistic.applyAsDouble(means), quantile(resamples, 0.025), quantile(resamples, 0.975),
                Math.sqrt(squares / (COUNT - 1)),
                above / COUNT);
    }

    private static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) at;
        double share = at - below;
        return share == 0 ? sorted[below] : (1 - share) * sorted[below] + share * sorted[below + 1];
    }
}
