package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.base.Precision;
import org.ntk4j.Golden;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.layer.Serial;

class GoldenKernelsTest {

    static List<Golden> files() {
        return Golden.all("kernels");
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_agree_with_golden_values(Golden golden) {
        Inputs x1 = golden.inputs("x1");
        InfiniteKernels kernels = golden.has("x2") ? golden.network().infinite(x1, golden.inputs("x2")) : golden.network().infinite(x1);
        double nngp = Golden.error(kernels.nngp().toArray(), golden.matrix("nngp"));
        double ntk = Golden.error(kernels.ntk().toArray(), golden.matrix("ntk"));
        System.out.printf("%-28s nngp %.1e  ntk %.1e%n", golden, nngp, ntk);
        assertThat(nngp).isLessThanOrEqualTo(golden.tolerance());
        assertThat(ntk).isLessThanOrEqualTo(golden.tolerance());
    }

    /** In float32 rounding is 6e-8 an operation, and layers add it up; where inputs are nearly equal an angle keeps half of the digits. */
    @ParameterizedTest
    @MethodSource("files")
    void should_agree_in_float32(Golden golden) {
        Inputs x1 = golden.inputs("x1");
        Optional<Inputs> x2 = golden.has("x2") ? Optional.of(golden.inputs("x2")) : Optional.empty();
        Serial layers = golden.network().layers(x1.shape());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.of(Settings.ofProcess(), layers, x1, x2).withPrecision(Precision.FLOAT32);
        InfiniteKernels kernels = InfiniteKernels.of(layers, x1, x2, plan, Monitor.silent(), Optional.empty());
        double worst = Math.max(Golden.error(kernels.nngp().toArray(), golden.matrix("nngp")),
                Golden.error(kernels.ntk().toArray(), golden.matrix("ntk")));
        assertThat(worst).isLessThan(golden.name().contains("degenerate") ? 1e-4 : 1e-5);
    }
}
