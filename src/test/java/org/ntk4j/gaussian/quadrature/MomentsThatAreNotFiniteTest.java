package org.ntk4j.gaussian.quadrature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Network;

/** Functions whose expectations do not exist, or would take for ever. */
@Tag("slow")
class MomentsThatAreNotFiniteTest {

    private static final Inputs X = Inputs.of(new double[][] {{1, 0}, {0.6, 0.8}});

    private static double kernel(DoubleUnaryOperator phi, double wStd) {
        Network net = Ntk.mlp().activation(Ntk.function(phi)).wStd(wStd);
        return net.nngp(X).get(0, 1);
    }

    @Test
    @Timeout(120)
    void should_be_told_instead_of_made_up() {
        assertThatThrownBy(() -> kernel(x -> Math.exp(x * x), 1)).isInstanceOf(Failure.class)
                .hasMessageContaining("E[φ(u)²] is not finite for u of variance 0.5");
        assertThatThrownBy(() -> kernel(x -> Double.NaN, 1)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> kernel(Math::sqrt, 1)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> kernel(x -> 1 / (x * x), 1)).isInstanceOf(Failure.class)
                .hasMessageContaining("E[φ(u)²] is not finite for u of variance 0.5000: near 0.000");
        assertThatThrownBy(() -> kernel(x -> Math.exp(x * x / 3), 2)).isInstanceOf(Failure.class)
                .hasMessageContaining("E[φ(u)²] is not finite for u of variance 2");
        assertThatThrownBy(() -> kernel(x -> Math.sqrt(Math.abs(x)), 1)).isInstanceOf(Failure.class)
                .hasMessageContaining("E[φ'(u)²] is not finite").hasMessageContaining("no tangent kernel");
        assertThatThrownBy(() -> kernel(x -> Math.cbrt(x - 1), 1)).isInstanceOf(Failure.class).hasMessageContaining("near 1");
        assertThatThrownBy(() -> kernel(x -> Math.sin(1e9 * x), 1)).isInstanceOf(Failure.class)
                .hasMessageContaining("quadrature would take too long");
    }

    /** E[exp(a u²) exp(a v²)] for u, v of variance q and correlation ρ is 1/√((1 − 2aq)² − (2aqρ)²). */
    @Test
    void should_leave_alone_what_has_moments() {
        double q = 0.5;
        double a = 0.25;
        double exact = 1 / Math.sqrt(Math.pow(1 - 2 * a * q, 2) - Math.pow(2 * a * q * 0.6, 2));
        assertThat(kernel(x -> Math.exp(a * x * x), 1)).isCloseTo(exact, within(1e-6));
        assertThat(kernel(x -> x * x * x * x, 2)).isFinite();
        assertThat(kernel(Math::floor, 1)).isFinite();
        assertThat(kernel(x -> Math.pow(Math.abs(x), 0.75), 1)).isFinite();
        assertThat(kernel(x -> Math.max(x, 0) + Math.abs(x - 1), 1)).isFinite();
        assertThat(kernel(Math::tanh, 20)).isFinite();
    }
}
