package org.ntk4j.infinite.strip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Ntk;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/**
 * Inputs that nearly agree, through smooth activations: against 60 digits, of erf by its closed form, of the others by their Hermite
 * coefficients.
 */
class SmoothPairsTest {

    private static final double[] X = {0.6, 0.8, 0.3};

    private static Network mlp(String activation, int depth, double wStd, double bStd) {
        Network plain = Network.mlp().with("activation", activation).depth(depth).wStd(wStd);
        return bStd == 0 ? plain : plain.bStd(bStd);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            erf|0.601,0.7995000000000001,0.30024999999999996|1|1.4142135623730951|0.0|0.80736009010261846|1.7437155384841826|\
            1.0826709989057663e-6|2.7674535653807069e-6
            erf|0.6008,0.7994,0.3|1|1.4142135623730951|0.0|0.80726389397704912|1.7434711286606311|8.5890567983051533e-7|\
            2.1821871616020831e-6
            erf|0.6000059999999999,0.800008,0.30000299999999996|1|1.4142135623730951|0.0|0.80726796441516461|1.7434814702721841|\
            2.3964091593339434e-11|8.6797937206558989e-11
            erf|0.6000000999999999,0.79999995,0.300000025|1|1.4142135623730951|0.0|0.80726415800885338|1.7434717994755753|\
            1.0829764698914482e-14|2.7679690918113468e-14
            erf|0.6000000799999999,0.7999999400000001,0.3|1|1.4142135623730951|0.0|0.80726414838117057|1.7434717750149082|\
            8.5890607857631231e-15|2.1821881807960907e-14
            erf|0.6000000006,0.8000000008,0.3000000003|1|1.4142135623730951|0.0|0.80726414876277948|1.7434717759844466|\
            2.3964359076984887e-19|8.6798417887929539e-19
            erf|0.601,0.7995000000000001,0.30024999999999996|3|1.5|0.3|1.20310227475982|6.0272326409143183|1.859418964508692e-6|\
            1.844219480092487e-5
            erf|0.6008,0.7994,0.3|3|1.5|0.3|1.2030888943463479|6.0269710993892482|1.481421025194857e-6|1.4662058213182802e-5
            erf|0.6000059999999999,0.800008,0.30000299999999996|3|1.5|0.3|1.2030901481063389|6.0269883891223752|2.9029668153821868e-11|\
            3.4631986423908255e-10
            erf|0.6000000999999999,0.79999995,0.300000025|3|1.5|0.3|1.203089611746755|6.0269779779583449|1.8600630707937298e-14|\
            1.8447156088626533e-13
            erf|0.6000000799999999,0.7999999400000001,0.3|3|1.5|0.3|1.2030896103900837|6.0269779516247061|1.4814225713433709e-14|\
            1.4662080780054642e-13
            erf|0.6000000006,0.8000000008,0.3000000003|3|1.5|0.3|1.2030896104438644|6.026977952668545|2.9030006609104299e-19|\
            3.4632266096597119e-18
            erf|0.6000000007999999,0.7999999994,0.3|3|1.5|0.3|1.2030896103900908|6.0269779516247745|1.4814225548962936e-18|\
            1.466208061727309e-17
            tanh|0.601,0.7995000000000001,0.30024999999999996|2|1.5|0.3|0.9508965541854214|3.008722046958506|1.0942636992171438e-6|\
            5.2735529179588909e-6
            tanh|0.6000000999999999,0.79999995,0.300000025|2|1.5|0.3|0.95085692121208019|3.0085123894998428|1.0946187901346825e-14|\
            5.2748217071952069e-14
            tanh|0.6000000006,0.8000000008,0.3000000003|2|1.5|0.3|0.95085691736098414|3.0085123691541668|1.9135742637514955e-19|\
            1.1950323915890395e-18
            gelu|0.6000099999999999,0.799995,0.3000025|2|1.5|0.3|0.98766168264795341|2.8852422687167714|1.0428095986027107e-10|\
            4.8371141840865624e-10
            gelu|0.600008,0.7999940000000001,0.3|2|1.5|0.3|0.98765924278706418|2.8852344949622782|7.7253083656178778e-11|\
            3.6620727027525493e-10
            gelu|0.60000006,0.80000008,0.30000003|2|1.5|0.3|0.98765933948848989|2.8852348031278638|1.2954756478551028e-14|\
            4.4729859499439054e-14
            """)
    void entries_and_distances_keep_ten_digits(String activation, String y, int depth, double wStd, double bStd, double nngp, double ntk,
            double nngpDistance, double ntkDistance) {
        double[][] rows = {X, Arrays.stream(y.split(",")).mapToDouble(Double::parseDouble).toArray(), {0.1, -0.5, 0.9}};
        Network net = mlp(activation, depth, wStd, bStd);
        Kernel k = net.nngp(Ntk.inputs(rows));
        Kernel theta = net.ntk(Ntk.inputs(rows));
        assertThat(k.get(0, 1)).isCloseTo(nngp, within(1e-12 * nngp));
        assertThat(theta.get(0, 1)).isCloseTo(ntk, within(1e-10 * ntk));
        assertThat(k.squaredDistance(0, 1)).isCloseTo(nngpDistance, within(1e-10 * nngpDistance));
        assertThat(theta.squaredDistance(0, 1)).isCloseTo(ntkDistance, within(1e-10 * ntkDistance));
        assertThat(theta.squaredDistance(1, 0)).isCloseTo(ntkDistance, within(1e-10 * ntkDistance));
    }

    @Test
    void bends_and_smooth_functions_may_alternate() {
        Network net = Ntk.network("[{dense: {units: 1, wStd: 1.5}}, relu, {dense: {units: 1, bStd: 0.3}}, erf, {dense: {units: 1}}]");
        double[][] rows = {X, {0.6 + 1e-4, 0.8 - 5e-5, 0.3 + 2.5e-5}};
        Kernel theta = net.ntk(Ntk.inputs(rows));
        double difference = theta.get(0, 0) + theta.get(1, 1) - 2 * theta.get(0, 1);
        // What float64 leaves of the difference: the inputs are far enough apart for six digits.
        assertThat(theta.squaredDistance(0, 1)).isCloseTo(difference, within(1e-6 * difference));
    }

    @Test
    void a_function_that_is_not_smooth_has_the_difference() {
        Kernel theta = Ntk.mlp().activation(Ntk.elu()).ntk(Ntk.inputs(new double[][] {X, {0.6 + 1e-4, 0.8 - 5e-5, 0.3 + 2.5e-5}}));
        assertThat(theta.squaredDistance(0, 1)).isEqualTo(theta.get(0, 0) + theta.get(1, 1) - 2 * theta.get(0, 1));
    }
}
