package org.ntk4j.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.Regression;
import org.ntk4j.infinite.InfiniteSource;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.HeldSource;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.kernel.tiles.TiledCholesky;
import org.ntk4j.shape.Shape;
import org.ntk4j.solver.ConjugateGradients;
import org.ntk4j.solver.Preconditioner;

/** The steps of a regression on many examples, one by one. */
final class LargeSystems {

    static final int OUTPUTS = 10;
    private static final int SIDE = 2048;
    private static final int FEATURES = 200;
    /** Iterations of conjugate gradients; the residual at the end is one product more. */
    static final int ITERATIONS = 20;

    private LargeSystems() {
    }

    /** Inner products of n inputs of 784 values, computed anew tile by tile in float32 and thrown away. */
    static List<Case.Time> inputProducts(int n, int repeats) {
        Settings settings = Settings.ofProcess();
        try (InfiniteSource source = InfiniteSource.of(Ntk.mlp().depth(0).layers(Shape.of(784)), BenchInputs.images(n), Optional.empty(),
                Precision.FLOAT32, settings.threads(), List.of("nngp"))) {
            Kernel kernel = source.kernel("nngp");
            return Stopwatch.timed(repeats, () -> {
                kernel.tiles(settings.threads(), (worker, row, column, height, width, values) -> { }, Monitor.silent());
                return kernel;
            });
        }
    }

    /** A factorisation in tiles of float32, in native memory or in files. */
    static List<Case.Time> cholesky(int n, int repeats, boolean inFiles) {
        TileLayout layout = TileLayout.ofSquares(n, SIDE);
        Path folder = inFiles ? temporary() : Path.of("");
        List<Case.Time> times = new ArrayList<>();
        try (TileStore store = inFiles ? TileStore.inFolder(layout, true, folder) : TileStore.inMemory(layout, true)) {
            // A call takes so long that the first one and another one say enough.
            for (int i = 0; i <= Math.min(repeats, 1); i++) {
                fill(store, n);
                times.addAll(Stopwatch.timed(0, () -> TiledCholesky.factor(store, 0, row -> store.force(row), Monitor.silent())));
            }
            if (inFiles) {
                store.delete();
            }
        }
        return times;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ntk4j-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(TileStore store, int n) {
        double[] row = new double[n];
        Arrays.fill(row, 0.5);
        for (int i = 0; i < n; i++) {
            row[i] = n;
            store.put(i, 0, 1, n, row);
            row[i] = 0.5;
        }
    }

    /** Conjugate gradients with a kernel in tiles of float32, {@value #ITERATIONS} iterations. */
    static List<Case.Time> gradients(int n, int outputs, int repeats) {
        double[] b = BenchInputs.gaussian(n * outputs, 3);
        return withProduct(n, product -> Stopwatch.timed(repeats, () -> ConjugateGradients.solve(product, 1, b, outputs,
                new double[b.length], Preconditioner.none(), new ConjugateGradients.Goal(1e-300, ITERATIONS, (x, products) -> { }),
                Monitor.silent())));
    }

    /** The products of the iterations of {@link #gradients} without what is between them. */
    static List<Case.Time> products(int n, int outputs, int repeats) {
        double[] b = BenchInputs.gaussian(n * outputs, 3);
        return withProduct(n, product -> Stopwatch.timed(repeats, () -> IntStream.range(0, ITERATIONS)
                .mapToObj(i -> product.roughly(b, outputs).orElseThrow()).reduce((first, next) -> next).orElseThrow()));
    }

    private static List<Case.Time> withProduct(int n, Function<KernelProduct, List<Case.Time>> work) {
        try (TileStore store = TileStore.inMemory(HeldSource.layout(n), true)) {
            fill(store, n);
            // A diagonal that varies, so that there is something to do.
            for (int i = 0; i < n; i++) {
                store.put(i, i, 1, 1, new double[] {1 + i});
            }
            try (KernelProduct product = Kernel.inTiles("k", store).product(Settings.ofProcess().threads(), Monitor.silent())) {
                return work.apply(product);
            }
        }
    }

    /** Bytes that so many products with a kernel read: of its values each on or above the diagonal once. */
    static double bytes(int n, int products) {
        return products * (n * (n + 1.0) / 2) * Float.BYTES;
    }

    /** A whole regression for ten outputs in float64, with predictions. */
    static List<Case.Time> regression(int n, int repeats) {
        double[] a = BenchInputs.gaussian(n * FEATURES, 1);
        double[] values = Blas.product(false, true, n, n, FEATURES, a, a);
        for (int i = 0; i < n; i++) {
            values[i * n + i] += FEATURES;
            for (int j = 0; j < i; j++) {
                values[i * n + j] = values[j * n + i];
            }
        }
        Kernel k = Kernel.symmetric("kernel", n, values);
        Kernel test = k.block(0, Math.min(100, n), 0, n);
        double[][] y = BenchInputs.rows(BenchInputs.gaussian(n * OUTPUTS, 2), OUTPUTS);
        return Stopwatch.timed(Math.min(repeats, 1), () -> {
            Fit fit = Regression.of(k).fit(y);
            return fit.predict(test);
        });
    }
}
