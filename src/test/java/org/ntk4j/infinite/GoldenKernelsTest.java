package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Golden;
import org.ntk4j.data.Inputs;

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
}
