package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Ntk;
import org.ntk4j.activation.Activation;
import org.ntk4j.activation.ExpNormalized;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** Published critical points, closed forms, and what deep networks' own kernels do. */
class PhaseDiagramTest {

    private static double[] values(double... all) {
        return all;
    }

    /** He et al. 2015: wStd² 2, whatever the bias; and signals grow without end beyond. */
    @Test
    void relu_should_be_critical_at_2_for_every_bias() {
        PhaseDiagram d = Ntk.phaseDiagram(Ntk.relu(), values(0.5, 1, 2, 3), values(0, 0.05, 0.5, 1));
        assertThat(d.edge()).allSatisfy(e -> assertThat(e).isCloseTo(2, within(1e-12)));
        PhasePoint p = d.at(1, 0.5);
        assertThat(p.q()).as("bStd²/(1 − wStd²/2)").isCloseTo(1, within(1e-12));
        assertThat(p.chi()).isCloseTo(0.5, within(1e-14));
        assertThat(p.depthQ()).isCloseTo(1 / Math.log(2), within(1e-8));
        assertThat(p.depthC()).isCloseTo(1 / Math.log(2), within(1e-12));
        assertThat(p.phase()).isEqualTo("ordered");
        assertThat(d.at(3, 1).q()).isInfinite();
        assertThat(d.at(2, 0).phase()).isEqualTo("critical");
        assertThat(d.at(0.5, 0).q()).isZero();
    }

    /** Schoenholz et al. 2017 (figure 5: wStd² 1.76 at bStd² 0.05); Xiao et al. 2018 (1.05 at 2.01e-5). */
    @Test
    void tanh_should_have_its_published_critical_line() {
        PhaseDiagram d = Ntk.phaseDiagram(Ntk.tanh(), values(0.5, 1, 2, 4), values(0, 2.01e-5, 0.05));
        assertThat(d.edge(0)).isCloseTo(1, within(1e-5));
        assertThat(d.edge(2.01e-5)).isCloseTo(1.05, within(0.005));
        assertThat(d.edge(0.05)).isCloseTo(1.76, within(0.005));
        assertThat(d.at(4, 0).c()).as("odd functions without biases forget").isZero();
        assertThat(d.at(4, 0.05).c()).isBetween(0.01, 0.99);
        assertThat(d.at(0.5, 0.05).c()).isEqualTo(1);
    }

    /** Williams 1997: all of erf's expectations have closed forms. */
    @Test
    void erf_should_meet_its_closed_forms() {
        PhaseDiagram d = Ntk.phaseDiagram(Ntk.erf(), values(0.5, 1, 3), values(0.01, 0.3));
        for (List<PhasePoint> row : d.points()) {
            for (PhasePoint p : row) {
                double q = 1;
                for (int i = 0; i < 5000; i++) {
                    q = p.wVariance() * 2 / Math.PI * Math.asin(2 * q / (1 + 2 * q)) + p.bVariance();
                }
                assertThat(p.q()).isCloseTo(q, within(1e-10));
                assertThat(p.chi()).isCloseTo(p.wVariance() * 4 / Math.PI / Math.sqrt(1 + 4 * q), within(1e-10));
                double slope = p.wVariance() * 4 / Math.PI / (1 + 2 * q) / Math.sqrt(1 + 4 * q);
                assertThat(p.depthQ()).isCloseTo(-1 / Math.log(slope), within(1e-7));
            }
        }
    }

    /** What the fixed points and depth scales say, deep networks do. */
    @ParameterizedTest
    @CsvSource({"tanh, 3.5, 0.2", "tanh, 1.2, 0.2", "erf, 3, 0.2", "gelu, 1.5, 0.2", "sin, 2, 0.3", "relu, 1.2, 0.4"})
    void deep_networks_should_tend_to_the_fixed_points_at_the_depth_scales(String activation, double w, double b) {
        Network network = Network.parse("mlp: {activation: " + activation + ", wStd: " + Math.sqrt(w) + ", bStd: " + Math.sqrt(b) + "}");
        Activation phi = (Activation) network.layers(Ntk.inputs(values2()).shape()).layers().get(1);
        PhasePoint p = Ntk.phaseDiagram(phi, values(w), values(b)).at(w, b);
        Inputs x = Ntk.inputs(values2());
        int depth = (int) Math.max(6, Math.min(60, 3 * p.depthC()));
        double[][] far = new double[3][];
        for (int i = 0; i < 3; i++) {
            Kernel k = network.depth(depth + 2 * i).nngp(x);
            far[i] = new double[] {k.get(0, 0), k.get(0, 1) / Math.sqrt(k.get(0, 0) * k.get(1, 1)) - p.c()};
        }
        assertThat(network.depth(200).nngp(x).get(0, 0)).isCloseTo(p.q(), within(1e-6 * p.q()));
        double measured = -2 / Math.log(Math.abs(far[2][1] / far[1][1]));
        assertThat(measured).isCloseTo(p.depthC(), within(0.06 * p.depthC()));
    }

    private static double[][] values2() {
        return new double[][] {{1, 0.2, -0.4}, {-0.3, 0.9, 0.5}};
    }

    @Test
    void should_be_drawn_and_saved(@TempDir Path folder) throws IOException {
        PhaseDiagram d = Ntk.phaseDiagram(Ntk.tanh(), values(0.5, 1, 1.5, 2, 2.5, 3), values(0, 0.1, 0.2));
        List<String> lines = Files.readAllLines(d.save(folder.resolve("phase.csv")));
        assertThat(lines).hasSize(19);
        assertThat(lines.get(0)).isEqualTo("wVariance,bVariance,q,c,chi,chiC,depthQ,depthC,phase");
        assertThat(lines.get(1)).startsWith("0.5,0.0,0.0,1.0,0.5").endsWith("ordered");
        assertThat(Files.readString(d.plot(folder.resolve("phase.svg")))).contains("edge of chaos", "wStd²");
        assertThat(d.toString()).startsWith("phase diagram of tanh").contains("edge of chaos at wStd² 1 (bStd² 0) to");
    }

    @Test
    void should_refuse_what_has_no_signals() {
        assertThatThrownBy(() -> Ntk.phaseDiagram(Ntk.relu(), values(2, 1), values(0))).isInstanceOf(Failure.class)
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> Ntk.phaseDiagram(Ntk.relu(), values(1), values())).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Ntk.phaseDiagram(new ExpNormalized(1, -1))).isInstanceOf(Failure.class)
                .hasMessageContaining("no function");
    }
}
