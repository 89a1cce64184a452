package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Golden;
import org.ntk4j.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Serial;

class GraphEngineTest {

    private static final Settings CPU = Settings.ofProcess().withDevice("cpu").withThreads(2);

    static List<Golden> files() {
        return Golden.all("kernels");
    }

    private static Optional<TileValues> graph(Serial network, Inputs x1, Optional<Inputs> x2, Arithmetic arithmetic) {
        InputGram rows = InputGram.of(network, x1);
        InputGram columns = x2.map(x -> InputGram.of(network, x)).orElse(rows);
        Optional<GraphEngine> engine = GraphEngine.of(network, rows, columns, arithmetic, CPU);
        if (engine.isEmpty()) {
            rows.close();
            return Optional.empty();
        }
        try (GraphEngine e = engine.get()) {
            return Optional.of(e.tile(new Tile(0, x1.count(), 0, x2.orElse(x1).count())));
        }
    }

    private static double[][] square(double[] values, int rows) {
        int columns = values.length / rows;
        double[][] square = new double[rows][];
        for (int i = 0; i < rows; i++) {
            square[i] = java.util.Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return square;
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_agree_with_golden_values(Golden golden) {
        Inputs x1 = golden.inputs("x1");
        Optional<Inputs> x2 = golden.has("x2") ? Optional.of(golden.inputs("x2")) : Optional.empty();
        Serial network = golden.network().layers(x1.shape());
        Optional<TileValues> values = graph(network, x1, x2, Arithmetic.FLOAT64);
        if (values.isEmpty()) {
            System.out.println(golden + " has no graph form");
            return;
        }
        double nngp = Golden.error(square(values.get().nngp(), x1.count()), golden.matrix("nngp"));
        double ntk = Golden.error(square(values.get().ntk(), x1.count()), golden.matrix("ntk"));
        System.out.printf("%-28s nngp %.1e  ntk %.1e%n", golden, nngp, ntk);
        assertThat(Math.max(nngp, ntk)).isLessThanOrEqualTo(golden.tolerance());
    }
}
