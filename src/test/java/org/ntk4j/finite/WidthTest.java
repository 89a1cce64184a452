package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ntk4j.Cases;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** What the infinite width predicts about finite ones, over many draws of the weights. */
class WidthTest {

    private static final double SQRT2 = Math.sqrt(2);

    private static Network relu(int width, int depth) {
        return Network.parse(String.format(Locale.ROOT, "mlp: {width: %d, depth: %d, wStd: %s, outputs: 2}", width, depth, SQRT2));
    }

    private static Kernel theta(Network network, long seed, Inputs x) {
        return FiniteNetwork.of(network, new Seed(seed)).on(Cases.settings()).ntk(x);
    }

    @Test
    @Tag("slow")
    void the_mean_of_the_diagonal_should_be_that_of_the_infinite_width_at_width_8() {
        meanDiagonal(60, 1);
    }

    @Test
    @Tag("slow")
    void the_mean_of_the_diagonal_should_be_that_of_the_infinite_width_at_width_8_and_depth_3() {
        meanDiagonal(250, 3);
    }

    /** The standard error is taken from the draws themselves; 60 inputs give 60 looks at it, averaged. */
    private static void meanDiagonal(int seeds, int depth) {
        Inputs x = Cases.inputs(1, 60, 15);
        Kernel infinite = relu(8, depth).ntk(x);
        double[] ratios = new double[seeds];
        double mean = 0;
        for (int seed = 0; seed < seeds; seed++) {
            Kernel k = theta(relu(8, depth), seed, x);
            for (int i = 0; i < 60; i++) {
                ratios[seed] += k.get(i, i) / infinite.get(i, i) / 60;
            }
            mean += ratios[seed] / seeds;
        }
        double square = 0;
        for (double r : ratios) {
            square += (r - mean) * (r - mean) / (seeds - 1);
        }
        double error = Math.sqrt(square / seeds);
        assertThat(mean).isCloseTo(1, within(3.5 * error));
        assertThat(error).as("so the test can fail").isLessThan(0.1);
    }

    @Test
    void the_distance_should_fall_as_the_root_of_the_width() {
        assertThat(slope(new int[] {32, 128, 512}, 6)).isCloseTo(-0.5, within(0.15));
    }

    @Test
    @Tag("slow")
    void the_distance_should_fall_as_the_root_of_the_width_closely() {
        assertThat(slope(new int[] {32, 64, 128, 256, 512}, 30)).isCloseTo(-0.5, within(0.05));
    }

    /** The least-squares slope of log distance by log width, the distance averaged over seeds. */
    private static double slope(int[] widths, int seeds) {
        Inputs x = Cases.inputs(2, 20, 12);
        Kernel infinite = relu(1, 2).ntk(x);
        double n = widths.length;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (int width : widths) {
            double distance = 0;
            for (int seed = 0; seed < seeds; seed++) {
                distance += theta(relu(width, 2), seed, x).distanceTo(infinite) / seeds;
            }
            double a = Math.log(width);
            double b = Math.log(distance);
            sx += a;
            sy += b;
            sxx += a * a;
            sxy += a * b;
        }
        return (n * sxy - sx * sy) / (n * sxx - sx * sx);
    }

    /** The mean over draws is far closer than each draw: for every network that there is a closed form for. */
    @Test
    @Tag("slow")
    void the_mean_over_draws_should_tend_to_the_infinite_width() {
        for (String definition : new String[] {
            "mlp: {width: 256, depth: 2, wStd: 1.4, bStd: 0.3}",
            "mlp: {width: 256, depth: 2, activation: erf, wStd: 1.5, bStd: 0.1}",
            "mlp: {width: 256, depth: 1, activation: {leakyRelu: {alpha: 0.2}}, wStd: 1.2}",
            "[flatten, {dense: {units: 256, parameterization: standard, bStd: 0.5, wStd: 1.1}}, relu, {dense: {units: 1, parameterization: "
                    + "standard, bStd: 0.2}}]",
            "[{dense: {units: 256, wStd: 1.4, bStd: 0.2}}, relu, {dense: {units: 256}}, erf, flatten, {dense: {units: 1}}]"}) {
            Network network = Network.parse(definition);
            Inputs x = Cases.inputs(3, 12, 2, 2, 3);
            Kernel infinite = network.ntk(x);
            double[] mean = new double[144];
            double squares = 0;
            int seeds = 100;
            for (int seed = 0; seed < seeds; seed++) {
                Kernel k = theta(network, seed, x);
                squares += k.distanceTo(infinite) * k.distanceTo(infinite) / seeds;
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += k.values()[i] / seeds;
                }
            }
            double expected = Math.sqrt(squares / seeds);
            assertThat(Kernel.of("mean", 12, 12, mean).distanceTo(infinite)).as(definition).isLessThan(1.7 * expected + 2.0 / 256);
            assertThat(expected).as("so the test can fail").isLessThan(0.04);
        }
    }
}
