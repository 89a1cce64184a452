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

/** Inputs that nearly agree, against the closed form evaluated with 60 digits. */
class ClosePairsTest {

    private static final double[] X = {0.6, 0.8, 0.3};

    private static Network mlp(int depth, double wStd, double bStd) {
        Network plain = Ntk.mlp().depth(depth).wStd(wStd);
        return bStd == 0 ? plain : plain.bStd(bStd);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.601,0.7995000000000001,0.30024999999999996|1|1.4142135623730951|0.0|0.72685000009385887|1.4534529822362015|\
            8.7481228276551058e-7|0.00049578552759797408
            0.601,0.7995000000000001,0.30024999999999996|3|1.5|0.3|1.5975739384054789|5.8013695649776309|1.4007464154383661e-6|\
            0.0050454802742307534
            0.6000099999999999,0.799995,0.3000025|1|1.4142135623730951|0.0|0.72666850000000029|1.4533345298204854|8.7499812188519322e-11|\
            4.9405340299438996e-6
            0.6000099999999999,0.799995,0.3000025|3|1.5|0.3|1.5972832100830082|5.802701382655936|1.4015724605366633e-10|\
            5.0415912822580204e-5
            0.6000000999999999,0.79999995,0.300000025|1|1.4142135623730951|0.0|0.72666668500000019|1.4533333452982052|\
            8.7499998076026194e-15|4.9403607794647706e-8
            0.6000000999999999,0.79999995,0.300000025|3|1.5|0.3|1.597280302803955|5.8027147091382299|1.4015807263117451e-14|\
            5.041552365935813e-7
            0.600000001,0.7999999995,0.30000000025|1|1.4142135623730951|0.0|0.72666666685000019|1.4533333334529824|8.7499999657810273e-19|\
            4.9403590821612751e-10
            0.600000001,0.7999999995,0.30000000025|3|1.5|0.3|1.5972802737311645|5.8027148424038821|1.4015808045314889e-18|\
            5.041552004079302e-9
            0.6000000999999999,0.79999995,0.300000025|8|1.4142135623730951|0.0|0.72666668500000089|6.5399992757355002|\
            8.7499984929182117e-15|1.7785290942426283e-6
            0.6000000999999999,0.79999995,0.300000025|12|1.5|0.3|5.9688471548436308|66.082911571814726|4.0456727470252696e-14|\
            1.9762059895678682e-5
            0.600000001,0.7999999995,0.30000000025|8|1.4142135623730951|0.0|0.72666666685000089|6.5399999927573617|8.7499999526341888e-19|\
            1.7785292617144135e-8
            0.600000001,0.7999999995,0.30000000025|12|1.5|0.3|5.9688470709248006|66.082920263089306|4.0456736073223384e-18|\
            1.9762062687400905e-7
            1.20000001,1.6,0.6|1|1.4142135623730951|0.0|1.4533333373333338|2.9066666728535736|0.72666667466666691|1.4533333529595216
            1.20000001,1.6,0.6|3|1.5|0.3|2.7679314811928571|9.507379619596239|1.1506360866806921|6.5584244570731474
            """)
    void entries_and_distances_keep_ten_digits(String y, int depth, double wStd, double bStd, double nngp, double ntk, double nngpDistance,
            double ntkDistance) {
        double[][] rows = {X, Arrays.stream(y.split(",")).mapToDouble(Double::parseDouble).toArray(), {0.1, -0.5, 0.9}};
        Network net = mlp(depth, wStd, bStd);
        Kernel k = net.nngp(Ntk.inputs(rows), Ntk.inputs(rows));
        Kernel theta = net.ntk(Ntk.inputs(rows));
        assertThat(net.nngp(Ntk.inputs(rows)).get(0, 1)).isCloseTo(nngp, within(1e-14 * nngp));
        assertThat(k.get(0, 1)).as("of two sets").isCloseTo(nngp, within(1e-14 * nngp));
        assertThat(theta.get(0, 1)).isCloseTo(ntk, within(1e-12 * ntk));
        assertThat(net.ntk(Ntk.inputs(rows), Ntk.inputs(rows)).get(1, 0)).as("of two sets").isCloseTo(ntk, within(1e-12 * ntk));
        assertThat(net.nngp(Ntk.inputs(rows)).squaredDistance(0, 1)).isCloseTo(nngpDistance, within(1e-10 * nngpDistance));
        assertThat(theta.squaredDistance(0, 1)).isCloseTo(ntkDistance, within(1e-10 * ntkDistance));
        assertThat(theta.squaredDistance(1, 0)).isEqualTo(theta.squaredDistance(0, 1), within(1e-12 * ntkDistance));
        assertThat(theta.block(0, 2, 0, 2).squaredDistance(0, 1)).isEqualTo(theta.squaredDistance(0, 1));
    }

    @Test
    void equal_inputs_have_no_distance_and_far_ones_that_of_the_values() {
        double[][] rows = {X, X.clone(), {0.1, -0.5, 0.9}};
        Kernel theta = mlp(3, 1.5, 0.3).ntk(Ntk.inputs(rows));
        assertThat(theta.get(0, 1)).isEqualTo(theta.get(0, 0));
        assertThat(theta.squaredDistance(0, 1)).isZero();
        assertThat(theta.squaredDistance(1, 1)).isZero();
        assertThat(theta.squaredDistance(0, 2)).isEqualTo(theta.get(0, 0) + theta.get(2, 2) - 2 * theta.get(0, 2));
    }

    @Test
    void opposite_and_zero_inputs_are_as_they_were() {
        double[][] rows = {X, {-0.6, -0.8, -0.3}, {0, 0, 0}, {0.6, 0.8, 0.3 + 1e-12}};
        for (Network net : new Network[] {mlp(2, 1.5, 0.3), mlp(2, 1.5, 0), mlp(2, 1.5, 0.3).activation(Ntk.abs()),
                mlp(2, 1.5, 0.3).activation(Ntk.erf())}) {
            Kernel theta = net.ntk(Ntk.inputs(rows));
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    assertThat(theta.get(i, j)).isFinite();
                    assertThat(theta.squaredDistance(i, j)).isGreaterThanOrEqualTo(-1e-12);
                }
            }
            assertThat(theta.get(0, 3)).isCloseTo(theta.get(0, 0), within(1e-9));
        }
    }
}
