package org.ntk4j.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.gaussian.quadrature.GaussLegendre;

/** The means that activations say of themselves are those of their values. */
class MeanTest {

    static List<Activation> activations() {
        return List.of(new Relu(), new LeakyRelu(0.2), new AbRelu(-0.5, 2), new Abs(), new Gelu(), new Erf(1.2, 0.7, 0.3),
                new SigmoidLike(), new Sin(1.5, 0.8, 0.4),
                new Cos(1.5, 0.8, 0.4), new Rbf(0.6), new Exp(0.7, 0.5), new Gabor());
    }

    @ParameterizedTest
    @MethodSource("activations")
    void should_be_the_mean_of_the_values(Activation phi) {
        for (double q : new double[] {0, 1e-6, 0.3, 1, 4}) {
            double quadrature = GaussLegendre.mean(phi::value, q);
            assertThat(phi.mean(q)).as("%s at %s", phi.name(), q).isCloseTo(quadrature, within(1e-11 * (1 + Math.abs(quadrature))));
        }
    }
}
