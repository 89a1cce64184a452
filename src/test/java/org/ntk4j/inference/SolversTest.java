package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.Npy;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelMetrics;
import org.ntk4j.kernel.KernelSource;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.TileVisitor;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.solver.TiledFactor;

/** Every solver on kernels in every place, next to the dense solve in float64. */
class SolversTest {

    private static final int OUTPUTS = 3;
    private static final List<String> PLACES = List.of("heap", "native", "native float32", "files", "files float32", "npy", "npy float32",
            "computed");
    private static final List<String> EVERY_WAY = List.of("auto", "eigen", "cholesky", "cholesky32", "cholesky32 files",
            "conjugateGradient", "conjugateGradient rank 3", "nystrom");

    /** Columns that a factor in float32 solves for at once: the targets, and what the leave-one-out error needs. */
    private static final int VECTORS = OUTPUTS + LeaveOneOut.LEFT_OUT + LeaveOneOut.PROBES;

    @TempDir
    Path folder;

    /** A kernel with eigenvalues spaced logarithmically, its mean diagonal about 1. */
    private static double[] kernel(int n, double condition, long seed) {
        return withEigenvalues(spaced(n, condition), seed);
    }

    private static double[] spaced(int n, double condition) {
        double[] eigenvalues = new double[n];
        for (int i = 0; i < n; i++) {
            eigenvalues[i] = n == 1 ? 1 : Math.pow(condition, -(double) i / (n - 1));
        }
        return eigenvalues;
    }

    /** The leave-one-out error with the {@link #kernel} and a ridge, from a multiple of the inverse, which has the same eigenvectors. */
    private static double looError(int n, double condition, long seed, double ridge, double[][] y) {
        double[] inverted = spaced(n, condition);
        double trace = Arrays.stream(inverted).sum();
        Arrays.setAll(inverted, i -> 1 / (inverted[i] * n / trace + ridge));
        double[] inverse = withEigenvalues(inverted, seed);
        double[] flat = Arrays.stream(y).flatMapToDouble(Arrays::stream).toArray();
        double[] w = Blas.product(false, false, n, OUTPUTS, n, inverse, flat);
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            double left = w[i] / inverse[i / OUTPUTS * n + i / OUTPUTS];
            sum += left * left / w.length;
        }
        return sum;
    }

    private static double[] withEigenvalues(double[] eigenvalues, long seed) {
        int n = eigenvalues.length;
        double trace = Math.abs(Arrays.stream(eigenvalues).sum());
        Random random = new Random(seed);
        double[] k = new double[n * n];
        for (int i = 0; i < n; i++) {
            k[i * n + i] = eigenvalues[i] * n / trace;
        }
        // Random reflections mix the eigenvectors.
        for (int round = 0; round < 3; round++) {
            double[] v = random.doubles(n).map(x -> x - 0.5).toArray();
            double length = Math.sqrt(Arrays.stream(v).map(x -> x * x).sum());
            for (int i = 0; i < n; i++) {
                v[i] = length == 0 ? 0 : v[i] / length;
            }
            double[] kv = Blas.product(false, false, n, 1, n, k, v);
            double vkv = 0;
            for (int i = 0; i < n; i++) {
                vkv += v[i] * kv[i];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    k[i * n + j] += -2 * v[i] * kv[j] - 2 * kv[i] * v[j] + 4 * vkv * v[i] * v[j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                k[i * n + j] = k[j * n + i];
            }
        }
        return k;
    }

    private static double[][] targets(int n, long seed) {
        Random random = new Random(seed);
        double[][] y = new double[n][OUTPUTS];
        for (double[] row : y) {
            Arrays.setAll(row, c -> random.nextGaussian());
        }
        return y;
    }

    private static Kernel identity(int n) {
        double[] one = new double[n * n];
        for (int i = 0; i < n; i++) {
            one[i * n + i] = 1;
        }
        return Kernel.of("identity", n, n, one);
    }

    /** The kernel somewhere; float32 rounds its values. */
    private Kernel in(String place, double[] k, int n) throws Exception {
        boolean single = place.endsWith("float32");
        Path at = Files.createTempDirectory(folder, "place");
        if (place.equals("heap")) {
            return Kernel.symmetric("k", n, k);
        }
        if (place.equals("computed")) {
            return Kernel.computed("k", n, n, true, source(k, n));
        }
        if (place.startsWith("npy")) {
            if (!single) {
                Npy.write(at.resolve("k.npy"), k, n, n);
            } else {
                String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + n + ", " + n + "), }";
                header = header + " ".repeat(63 - (header.length() + 10) % 64) + "\n";
                ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + 4 * n * n).order(ByteOrder.LITTLE_ENDIAN);
                bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0)
                        .putShort((short) header.length())
                        .put(header.getBytes(StandardCharsets.US_ASCII));
                Arrays.stream(k).forEach(v -> bytes.putFloat((float) v));
                Files.write(at.resolve("k.npy"), bytes.array());
            }
            return Kernel.mapped("k", at.resolve("k.npy"), true);
        }
        TileLayout layout = TileLayout.ofSquares(n, 37);
        TileStore store = place.startsWith("native") ? TileStore.inMemory(layout, single) : TileStore.inFolder(layout, single, at);
        store.put(0, 0, n, n, k);
        return Kernel.inTiles("k", store);
    }

    private static KernelSource source(double[] k, int n) {
        return new KernelSource() {
            @Override
            public int threads() {
                return 1;
            }

            @Override
            public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
                for (int i = fromRow; i < toRow; i++) {
                    System.arraycopy(k, i * n + fromColumn, target, (i - fromRow) * (toColumn - fromColumn), toColumn - fromColumn);
                }
            }

            @Override
            public void tiles(TileVisitor visitor, Monitor monitor) {
                int side = Math.max(50, n / 6);
                for (int from = 0; from < n; from += side) {
                    int to = Math.min(n, from + side);
                    double[] values = new double[(to - from) * (to - from)];
                    read(from, to, from, to, values);
                    visitor.visit(0, from, from, to - from, to - from, values);
                    if (to < n) {
                        double[] right = new double[(to - from) * (n - to)];
                        read(from, to, to, n, right);
                        visitor.visit(0, from, to, to - from, n - to, right);
                    }
                }
            }
        };
    }

    /** A memory that holds the factor in float32, but not in float64; for files none. */
    private Resources resources(String way, int n) throws Exception {
        boolean files = way.endsWith("files");
        long memory = way.startsWith("cholesky32") ? TiledFactor.bytes(n) + 8L * VECTORS * 8 * n : Long.MAX_VALUE;
        return new Resources(files ? 0 : memory, Long.MAX_VALUE, 2,
                files ? Optional.of(Files.createTempDirectory(folder, "factor")) : Optional.empty(), "key", Monitor.silent());
    }

    private Regression regression(Kernel kernel, String way) throws Exception {
        Solver solver = switch (way) {
            case "eigen" -> new Solver.Eigen();
            case "conjugateGradient" -> new Solver.ConjugateGradient(1e-10, 0);
            case "conjugateGradient rank 3" -> new Solver.ConjugateGradient(1e-8, 3);
            case "nystrom" -> new Solver.Nystrom(kernel.rows());
            case "auto" -> Solver.auto();
            default -> new Solver.Cholesky();
        };
        return Regression.of(kernel).solver(solver).resources(resources(way, kernel.rows()));
    }

    /** {@code ‖(K + r)w − b‖/‖b‖} for the kernel as it is read. */
    private static double residual(double[] k, int n, double ridge, double[][] w, double[][] y) {
        double[] flat = new double[n * OUTPUTS];
        double[] b = new double[n * OUTPUTS];
        for (int i = 0; i < n * OUTPUTS; i++) {
            flat[i] = w[i / OUTPUTS][i % OUTPUTS];
            b[i] = y[i / OUTPUTS][i % OUTPUTS];
        }
        double[] product = Blas.product(false, false, n, OUTPUTS, n, k, flat);
        double rest = 0;
        double norm = 0;
        for (int i = 0; i < b.length; i++) {
            double left = product[i] + ridge * flat[i] - b[i];
            rest += left * left;
            norm += b[i] * b[i];
        }
        return Math.sqrt(rest / norm);
    }

    static Stream<Arguments> places_and_solvers() {
        List<Arguments> all = new ArrayList<>();
        for (String place : PLACES) {
            for (String way : List.of("auto", "eigen", "cholesky", "cholesky32", "cholesky32 files", "conjugateGradient", "nystrom")) {
                all.add(Arguments.of(place, way));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("places_and_solvers")
    void every_solver_should_solve_a_kernel_in_every_place(String place, String way) throws Exception {
        for (int n : new int[] {1, 2, 83}) {
            double[] k = kernel(n, n == 2 ? 1 : 1e4, n);
            double[][] y = targets(n, 1);
            Fit fit = regression(in(place, k, n), way).absoluteRidge(1e-3).fit(y);
            double[] read = in(place, k, n).values();
            double tolerance = way.equals("nystrom") ? 1e-6 : 2e-8;
            assertThat(residual(read, n, 1e-3, fit.predict(identity(n)), y)).as("n %d", n).isLessThan(tolerance);
            assertThat(fit.diagnosis().residual()).isLessThan(tolerance);
            double[][] train = Regression.of(Kernel.symmetric("k", n, read)).absoluteRidge(1e-3).fit(y).train();
            for (int i = 0; i < n; i++) {
                assertThat(fit.train()[i]).containsExactly(train[i], within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1e4, 0", "1e8, 0", "1e10, 1e-9", "1e14, 1e-6"})
    void ill_conditioned_kernels_should_be_solved_to_the_residual_that_is_stated(double condition, double ridge) throws Exception {
        int n = 120;
        double[] k = kernel(n, condition, 3);
        double[][] y = targets(n, 4);
        for (String way : List.of("cholesky", "cholesky32", "cholesky32 files", "conjugateGradient", "conjugateGradient rank 3")) {
            Fit fit = regression(in("computed", k, n), way).absoluteRidge(ridge).fit(y);
            double[][] w = fit.predict(identity(n));
            double found = residual(k, n, ridge, w, y);
            assertThat(fit.diagnosis().residual()).as(way + ": " + fit.diagnosis()).isBetween(found / 3 - 1e-12, 3 * found + 1e-12);
            boolean reached = fit.diagnosis().asked() == 0 || fit.diagnosis().residual() <= fit.diagnosis().asked();
            assertThat(reached || fit.diagnosis().advice().contains("was asked for")).as(way + ": " + fit.diagnosis()).isTrue();
            if (!way.startsWith("conjugateGradient")) {
                // Below that the product itself is rounding, whatever the solver.
                double attainable = Math.ulp(1.0) * Math.min(condition, 100 / Math.max(ridge, 1e-300));
                assertThat(found).as(way + ": " + fit.diagnosis()).isLessThan(Math.max(2e-8, attainable));
            }
        }
    }

    static Stream<Arguments> small_grid() {
        // One number has one condition.
        return Stream.of(1, 3, 40).flatMap(n -> Stream.of(1.0, 1e3, 1e7, 1e10, 1e14)
                .filter(c -> n == 1 ? c == 1 : n < 40 || c < 1e7).map(c -> Arguments.of(n, c)));
    }

    /** Every place and every solver. */
    @ParameterizedTest
    @MethodSource("small_grid")
    void predictions_should_be_those_of_the_dense_solve_to_the_stated_residual(int n, double condition) throws Exception {
        for (String place : PLACES) {
            check(place, n, condition, EVERY_WAY);
        }
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"40, 1e7", "40, 1e10", "40, 1e14", "300, 1", "300, 1e7", "300, 1e14", "2000, 1e3", "2000, 1e10"})
    void predictions_should_be_those_of_the_dense_solve_for_larger_kernels(int n, double condition) throws Exception {
        // Where thousands of products are needed they are the same wherever the values lie, and take as many minutes.
        boolean dear = condition * n > 1e12;
        for (String place : dear ? List.of("native", "native float32") : PLACES) {
            check(place, n, condition, n < 300 ? EVERY_WAY : List.of("auto", "cholesky32", "cholesky32 files", "conjugateGradient"));
        }
    }

    /**
     * Test inputs whose rows of the kernel are mixtures of the training inputs' rows, {@code BK}: their predictions miss {@code By}, those
     * of the dense solve, by no more than the residual.
     */
    private void check(String place, int n, double condition, List<String> ways) throws Exception {
        double[] k = kernel(n, condition, 21);
        double[][] y = targets(n, 22);
        double[] read = in(place, k, n).values();
        double[] mixtures = new Random(23).doubles(4L * n).map(v -> (v - 0.5) / Math.sqrt(n)).toArray();
        Kernel test = Kernel.of("test", 4, n, Blas.product(false, false, 4, n, n, mixtures, read));
        double norm = Math.sqrt(Arrays.stream(y).flatMapToDouble(Arrays::stream).map(v -> v * v).sum());
        for (String way : ways) {
            String what = place + ", " + way + ", n " + n + ", condition " + condition;
            Fit fit = regression(in(place, k, n), way).fit(y);
            Diagnosis diagnosis;
            try {
                diagnosis = fit.diagnosis();
            } catch (Failure e) {
                // Refused: only where rounding leaves no positive definite matrix, and with what helps.
                assertThat(condition).as(what + ": " + e.getMessage()).isGreaterThan(place.endsWith("float32") ? 1e6 : 1e9);
                assertThat(e).as(what).hasMessageContaining("not positive definite").hasMessageContaining("ridge");
                continue;
            }
            double stated = diagnosis.residual();
            double[][] found = fit.predict(test);
            for (int i = 0; i < 4; i++) {
                for (int c = 0; c < OUTPUTS; c++) {
                    double expected = 0;
                    for (int j = 0; j < n; j++) {
                        expected += mixtures[i * n + j] * y[j][c];
                    }
                    // The products with the weights round by the weights' size.
                    assertThat(found[i][c]).as(what + ": " + diagnosis)
                            .isCloseTo(expected, within((1.01 * stated + 1e-15 * condition + 1e-12) * norm));
                }
            }
            boolean reached = diagnosis.asked() == 0 || stated <= 2 * diagnosis.asked();
            assertThat(reached || diagnosis.advice().contains("was asked for")).as(what + ": " + diagnosis).isTrue();
            if (condition <= 1e6) {
                assertThat(stated).as(what + ": " + diagnosis).isLessThan(1e-6);
            }
        }
    }

    @Test
    void a_kernel_of_half_the_rank_should_be_solved_in_part_or_refused_but_never_silently() throws Exception {
        int n = 120;
        double[] eigenvalues = new double[n];
        Arrays.setAll(eigenvalues, i -> i < n / 2 ? 1 + i : 0);
        double[] k = withEigenvalues(eigenvalues, 31);
        for (String place : List.of("heap", "native float32", "npy", "computed")) {
            for (String way : List.of("auto", "eigen", "cholesky", "cholesky32", "cholesky32 files", "conjugateGradient", "nystrom")) {
                try {
                    Diagnosis diagnosis = regression(in(place, k, n), way).fit(targets(n, 32)).diagnosis();
                    assertThat(diagnosis.residual()).as(place + ", " + way).isGreaterThan(0.1);
                    assertThat(diagnosis.advice()).as(place + ", " + way + ": " + diagnosis).contains("ridge");
                } catch (Failure e) {
                    assertThat(e).as(place + ", " + way).hasMessageContaining("not positive definite").hasMessageContaining("ridge");
                }
            }
        }
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"1e3", "1e8"})
    void two_thousand_inputs_should_be_solved_in_tiles_of_a_ragged_edge(double condition) throws Exception {
        int n = 2200;
        double[] k = kernel(n, condition, 5);
        double[][] y = targets(n, 6);
        Fit fit = regression(in("computed", k, n), "cholesky32 files").ridge(1e-6).fit(y);
        assertThat(residual(k, n, fit.ridge(), fit.predict(identity(n)), y)).isLessThan(1e-8);
        assertThat(fit.diagnosis().solver()).contains("float32 in files");
        double[] eigenvalues = SymmetricEigen.valuesOf(k, n);
        assertThat(fit.diagnosis().largestEigenvalue()).isCloseTo(eigenvalues[n - 1], within(0.1 * eigenvalues[n - 1]));
        assertThat(fit.diagnosis().iterations()).isBetween(1, 40);
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"true", "false"})
    void a_factorisation_that_was_stopped_should_go_on_from_its_last_row_of_tiles(boolean inFiles) throws Exception {
        int n = 4500;
        double[] a = new Random(1).doubles((long) n * 20).map(v -> v - 0.5).toArray();
        double[] k = Blas.product(false, true, n, n, 20, a, a);
        for (int i = 0; i < n; i++) {
            k[i * n + i] += 1;
        }
        Kernel kernel = in("computed", k, n);
        Path kept = folder.resolve("kept" + inFiles);
        Resources limits = new Resources(inFiles ? 0 : TiledFactor.bytes(n) + 8L * VECTORS * 8 * n, 2, Optional.of(kept), "key",
                Monitor.quiet(() -> Files.exists(kept.resolve("progress.txt")), line -> { }));
        double[][] y = targets(n, 2);
        Regression regression = Regression.of(kernel).solver(new Solver.Cholesky()).ridge(1e-3);
        assertThatThrownBy(() -> regression.resources(limits).fit(y).train()).isInstanceOf(Failure.class).hasMessageContaining("stopped");
        List<String> notes = new ArrayList<>();
        Resources again = new Resources(limits.memory(), 2, Optional.of(kept), "key", Monitor.quiet(() -> false, notes::add));
        Fit resumed = regression.resources(again).fit(y);
        assertThat(resumed.diagnosis().residual()).isLessThan(1e-8);
        assertThat(notes).anyMatch(line -> line.contains("going on with the Cholesky factorisation: 1 of 3"));
        assertThat(residual(k, n, resumed.ridge(), resumed.predict(identity(n)), y)).isLessThan(2e-8);
        // What another kernel has left is of no use.
        notes.clear();
        regression.resources(new Resources(limits.memory(), 2, Optional.of(kept), "another", again.monitor())).fit(y).diagnosis();
        assertThat(notes).noneMatch(line -> line.contains("going on"));
    }

    @Test
    void repeated_inputs_and_lost_ranks_should_be_solved_with_a_ridge() throws Exception {
        int n = 90;
        double[] half = kernel(n / 2, 10, 7);
        double[] twice = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                twice[i * n + j] = half[i / 2 * (n / 2) + j / 2];
            }
        }
        double[][] y = targets(n, 8);
        for (String way : List.of("auto", "cholesky", "cholesky32", "cholesky32 files", "conjugateGradient", "nystrom")) {
            Fit fit = regression(in("native", twice, n), way).absoluteRidge(1e-4).fit(y);
            double[][] expected = Regression.of(Kernel.symmetric("k", n, twice)).solver(new Solver.Eigen()).absoluteRidge(1e-4).fit(y)
                    .train();
            for (int i = 0; i < n; i++) {
                assertThat(fit.train()[i]).as(way).containsExactly(expected[i], within(1e-4));
            }
        }
    }

    @Test
    void what_all_inputs_have_in_common_should_cost_float32_no_digits() throws Exception {
        int n = 400;
        double[] k = kernel(n, 1e4, 11);
        for (int i = 0; i < k.length; i++) {
            k[i] += 1e4;
        }
        double[] x = new Random(4).doubles(n * 2).map(v -> v - 0.5).toArray();
        TiledFactor.Place place = new TiledFactor.Place(false, Optional.empty(), "key");
        try (TiledFactor factor = TiledFactor.of(in("native", k, n), 0, 1e4 + 1, 2, place, Monitor.silent())) {
            // Of the constant alone rounding would be 0.05, far above the smallest eigenvalue of 9e-4.
            assertThat(factor.shift()).isLessThan(5e-4);
            double[] expected = Blas.product(false, false, n, 2, n, k, x);
            double[] product = factor.times(x, 2);
            for (int i = 0; i < x.length; i++) {
                assertThat(product[i]).isCloseTo(expected[i] + factor.shift() * x[i], within(1e-3));
            }
            double[] solved = factor.apply(x, 2);
            try (Cholesky exact = Cholesky.of(k, n, factor.shift()).orElseThrow()) {
                double[] wanted = exact.solve(x, 2);
                double[] error = new double[x.length];
                Arrays.setAll(error, i -> solved[i] - wanted[i]);
                double[] energy = Blas.product(false, false, n, 2, n, k, error);
                // In the measure of conjugate gradients: each of their steps gains a digit with it.
                assertThat(dot(error, energy)).isLessThan(1e-2 * dot(wanted, x));
            }
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Test
    void a_kernel_that_is_not_positive_definite_in_float32_should_be_tried_in_float64_where_there_is_a_folder() throws Exception {
        int n = 300;
        double[] eigenvalues = new double[n];
        Arrays.setAll(eigenvalues, i -> i == 150 ? -1e-3 : 1);
        Path kept = folder.resolve("wide");
        List<String> notes = new ArrayList<>();
        Resources limits = new Resources(0, 2, Optional.of(kept), "key", Monitor.quiet(() -> false, notes::add));
        Regression regression = Regression.of(in("native", withEigenvalues(eigenvalues, 9), n)).solver(new Solver.Cholesky());
        assertThatThrownBy(() -> regression.absoluteRidge(0).resources(limits).fit(targets(n, 3)).train()).isInstanceOf(Failure.class)
                .hasMessageContaining("not positive definite");
        assertThat(notes).anyMatch(line -> line.contains("not positive definite in float32") && line.contains("float64"));
    }

    @Test
    void a_kernel_that_is_not_positive_definite_should_say_which_pivot_and_what_helps() throws Exception {
        double[] k = {2, 0, 2, 0, 2, 0, 2, 0, 1};
        Kernel indefinite = Kernel.symmetric("k", 3, k);
        assertThatThrownBy(() -> regression(indefinite, "cholesky").fit(new double[][] {{1}, {2}, {3}}).train()).isInstanceOf(Failure.class)
                .hasMessageContaining("not positive definite").hasMessageContaining("pivot 2").hasMessageContaining("ridge");
        double[] eigenvalues = new double[200];
        Arrays.setAll(eigenvalues, i -> i == 150 ? -0.5 : 1);
        double[] large = withEigenvalues(eigenvalues, 9);
        assertThatThrownBy(() -> regression(in("computed", large, 200), "conjugateGradient rank 3").fit(targets(200, 1)).train())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("not positive definite").hasMessageContaining("ridge");
        assertThatThrownBy(() -> regression(in("computed", large, 200), "cholesky32").fit(targets(200, 1)).train())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("not positive definite");
    }

    @Test
    void a_value_that_is_not_finite_should_be_named_by_its_indices() throws Exception {
        int n = 70;
        double[] k = kernel(n, 10, 1);
        k[60 * n + 65] = Double.NaN;
        k[65 * n + 60] = Double.NaN;
        for (String place : List.of("native", "npy", "npy float32", "computed", "files")) {
            Kernel kernel = in(place, k, n);
            for (String way : List.of("cholesky32", "conjugateGradient")) {
                assertThatThrownBy(() -> regression(kernel, way).fit(targets(n, 1)).train()).as(place + ", " + way)
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("row 60, column 65 is NaN");
            }
        }
    }

    @Test
    void measures_should_be_the_same_in_every_place() throws Exception {
        int n = 150;
        double[] k = kernel(n, 1e3, 11);
        double[] other = kernel(n, 30, 12);
        double[][] y = targets(n, 13);
        Kernel a = Kernel.symmetric("a", n, k);
        Kernel b = Kernel.symmetric("b", n, other);
        for (String place : PLACES) {
            double tolerance = place.endsWith("float32") ? 1e-5 : 1e-10;
            Kernel there = in(place, k, n);
            assertThat(there.trace()).as(place).isCloseTo(a.trace(), within(tolerance));
            assertThat(there.get(97, 3)).isCloseTo(a.get(97, 3), within(tolerance));
            assertThat(there.get(3, 97)).isCloseTo(a.get(3, 97), within(tolerance));
            assertThat(there.block(40, 90, 10, 70).toArray()[49]).containsExactly(a.block(40, 90, 10, 70).toArray()[49], within(tolerance));
            assertThat(KernelMetrics.relativeFrobenius(there, b).getAsDouble()).as(place)
                    .isCloseTo(KernelMetrics.relativeFrobenius(a, b).getAsDouble(), within(tolerance));
            assertThat(KernelMetrics.kernelDistance(b, there).getAsDouble()).as(place)
                    .isCloseTo(KernelMetrics.kernelDistance(b, a).getAsDouble(), within(tolerance));
            assertThat(KernelMetrics.cka(there, b).getAsDouble()).as(place)
                    .isCloseTo(KernelMetrics.cka(a, b).getAsDouble(), within(tolerance));
            assertThat(LabelMetrics.alignment(there, y).getAsDouble()).as(place)
                    .isCloseTo(LabelMetrics.alignment(a, y).getAsDouble(), within(tolerance));
        }
    }

    @Test
    void leave_one_out_should_be_the_mean_of_what_is_left_out() throws Exception {
        int n = 60;
        double[] k = kernel(n, 50, 14);
        double[][] y = targets(n, 15);
        double exact = regression(Kernel.symmetric("k", n, k), "eigen").absoluteRidge(0.01).fit(y).looError();
        assertThat(regression(in("computed", k, n), "cholesky32").absoluteRidge(0.01).fit(y).looError())
                .isCloseTo(exact, within(1e-4 * exact));
        assertThat(regression(Kernel.symmetric("k", n, k), "cholesky").absoluteRidge(0.01).fit(y).looError())
                .isCloseTo(exact, within(1e-9 * exact));
        assertThat(regression(Kernel.symmetric("k", n, k), "cholesky").absoluteRidge(0.01).fit(y).kare())
                .isCloseTo(regression(Kernel.symmetric("k", n, k), "eigen").absoluteRidge(0.01).fit(y).kare(), within(1e-8));
    }

    private static Resources limited(double squares, int n, List<String> notes) {
        return new Resources((long) (squares * Double.BYTES * n * n), 2, Optional.empty(), "", Monitor.quiet(() -> false, notes::add));
    }

    @Test
    void cholesky_in_float64_should_take_the_kernel_once_more() {
        for (int n : new int[] {1500, 10_000}) {
            // Vectors of ten outputs come to 0.07 squares at 1,500 inputs.
            assertThat(SolverChoice.of(Solver.auto(), n, 10, true, (long) (1.1 * 8 * n * n), false).way())
                    .isEqualTo(SolverChoice.Way.CHOLESKY64);
            assertThat(SolverChoice.of(Solver.auto(), n, 10, true, (long) (0.99 * 8 * n * n), false).way())
                    .isEqualTo(SolverChoice.Way.CHOLESKY32);
        }
    }

    /** Slow: conjugate gradients go on to the last iteration. */
    @Tag("slow")
    @Test
    void auto_should_decompose_an_ill_conditioned_kernel_only_where_the_memory_holds_that() throws Exception {
        int n = 1500;
        double[] k = kernel(n, 1e13, 41);
        double[][] y = targets(n, 42);
        List<String> notes = new ArrayList<>();
        Regression regression = Regression.of(Kernel.symmetric("k", n, k));
        Fit fit = regression.resources(limited(1.1, n, notes)).fit(y);
        assertThat(fit.diagnosis().solver()).contains("Cholesky in float32");
        assertThat(fit.hasEigen()).isFalse();
        assertThat(fit.diagnosis().residual()).isCloseTo(residual(k, n, 0, fit.predict(identity(n)), y), within(1e-3));
        assertThat(fit.diagnosis().advice()).contains("ridge");
        assertThat(fit.looError()).isNaN();
        assertThat(notes).anyMatch(line -> line.contains("too ill-conditioned") && line.contains("68 MiB") && line.contains("float32"));
        Fit decomposed = Regression.of(Kernel.symmetric("k", n, k)).resources(limited(4, n, notes)).fit(y);
        assertThat(decomposed.diagnosis().solver()).isEqualTo("eigendecomposition");
    }

    @Test
    void auto_should_say_how_much_memory_helps_a_kernel_that_is_not_positive_definite() {
        int n = 1500;
        double[] eigenvalues = new double[n];
        Arrays.setAll(eigenvalues, i -> i == 700 ? -0.5 : 1);
        Regression regression = Regression.of(Kernel.symmetric("k", n, withEigenvalues(eigenvalues, 43)));
        assertThatThrownBy(() -> regression.resources(limited(1.1, n, new ArrayList<>())).fit(targets(n, 44)).train())
                .isInstanceOf(Failure.class).hasMessageContaining("not positive definite").hasMessageContaining("ridge")
                .hasMessageContaining("68 MiB").hasMessageContaining("--memory");
    }

    @Test
    void leave_one_out_should_be_exact_where_a_factor_fits_and_eigenvectors_do_not() {
        int n = 1500;
        double[] k = kernel(n, 1e3, 45);
        double[][] y = targets(n, 46);
        Fit fit = Regression.of(Kernel.symmetric("k", n, k)).absoluteRidge(0.01).resources(limited(1.1, n, new ArrayList<>())).fit(y);
        double exact = looError(n, 1e3, 45, 0.01, y);
        assertThat(fit.diagnosis().solver()).isEqualTo("Cholesky in float64");
        assertThat(fit.looError()).isCloseTo(exact, within(1e-9 * exact));
        assertThat(fit.leaveOneOut().note()).isEmpty();
    }

    /** Whole rows are asked for by the pivoted factorisation alone. */
    @Test
    void the_leave_one_out_error_should_share_the_preconditioner_of_the_weights() {
        int n = 1500;
        double[] k = kernel(n, 1e3, 47);
        KernelSource source = source(k, n);
        AtomicInteger asked = new AtomicInteger();
        KernelSource counting = new KernelSource() {
            @Override
            public int threads() {
                return source.threads();
            }

            @Override
            public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
                source.read(fromRow, toRow, fromColumn, toColumn, target);
            }

            @Override
            public void tiles(TileVisitor visitor, Monitor monitor) {
                source.tiles(visitor, monitor);
            }

            @Override
            public void rows(int[] rows, int columns, double[] target) {
                asked.addAndGet(rows.length);
                source.rows(rows, columns, target);
            }
        };
        Fit fit = Regression.of(Kernel.computed("k", n, n, true, counting)).solver(new Solver.ConjugateGradient(1e-5, 30))
                .absoluteRidge(0.01).fit(targets(n, 48));
        Diagnosis diagnosis = fit.diagnosis();
        int before = asked.get();
        assertThat(diagnosis.solver()).contains("conjugate gradients");
        assertThat(before).isBetween(30, 60);
        assertThat(fit.looError()).isCloseTo(looError(n, 1e3, 47, 0.01, targets(n, 48)), within(4 * fit.leaveOneOut().deviation()));
        assertThat(fit.leaveOneOut().note()).contains("random vectors");
        assertThat(asked.get()).isEqualTo(before);
    }
}
