package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelSource;
import org.ntk4j.kernel.TileVisitor;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.solver.PivotedCholesky;
import org.ntk4j.solver.TiledFactor;

/** What a kernel gives that is known by its products alone, next to what its eigendecomposition gives. */
class ByProductsTest {

    private static final int N = 1500;
    private static final int M = 70;
    private static final int K = 3;

    /** Inputs with six coordinates. */
    private static final double[][] POINTS = points();
    private static final Kernel TRAIN = kernel(0, N, 0.5);
    private static final Kernel TEST = Kernel.of("test", M, N, values(N, N + M, 0, N, 0.5));
    private static final Kernel AMONG = Kernel.symmetric("among", M, values(N, N + M, N, N + M, 0.5));
    private static final double[][] Y = targets();
    private static final double[] RIDGES = {1e-2, 1e-5};
    /** In closed form, for each ridge. */
    private static final List<LeaveOneOut> EXACT = Arrays.stream(RIDGES)
            .mapToObj(ridge -> Regression.of(TRAIN).solver(new Solver.Cholesky()).ridge(ridge).fit(Y).leaveOneOut()).toList();
    /** Decomposed once for all. */
    private static final Regression DENSE = Regression.of(TRAIN);

    private static double[][] points() {
        Random random = new Random(1);
        return IntStream.range(0, N + M).mapToObj(i -> random.doubles(6).toArray()).toArray(double[][]::new);
    }

    private static double[] values(int from, int to, int left, int right, double width) {
        double[] values = new double[(to - from) * (right - left)];
        for (int i = from; i < to; i++) {
            for (int j = left; j < right; j++) {
                double d = 0;
                for (int c = 0; c < POINTS[i].length; c++) {
                    d += (POINTS[i][c] - POINTS[j][c]) * (POINTS[i][c] - POINTS[j][c]);
                }
                values[(i - from) * (right - left) + j - left] = Math.exp(-Math.sqrt(d) / 2 / width);
            }
        }
        return values;
    }

    private static Kernel kernel(int from, int to, double width) {
        return Kernel.symmetric("k", to - from, values(from, to, from, to, width));
    }

    private static double[][] targets() {
        Random random = new Random(2);
        double[][] y = new double[N][K];
        for (int i = 0; i < N; i++) {
            for (int c = 0; c < K; c++) {
                y[i][c] = Math.sin((c + 2) * POINTS[i][0]) + Math.cos(3 * POINTS[i][1]) + 0.1 * random.nextGaussian();
            }
        }
        return y;
    }

    /** The same values outside the heap. */
    private static Kernel outside(Kernel kernel) {
        int n = kernel.rows();
        if (!kernel.isSymmetric()) {
            return Kernel.computed(kernel.name(), n, kernel.columns(), false, new KernelSource() {
                @Override
                public int threads() {
                    return 1;
                }

                @Override
                public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
                    kernel.read(fromRow, toRow, fromColumn, toColumn, target);
                }

                @Override
                public void tiles(TileVisitor visitor, Monitor monitor) {
                    visitor.visit(0, 0, 0, n, kernel.columns(), kernel.values());
                }
            });
        }
        TileStore store = TileStore.inMemory(TileLayout.ofSquares(n, 500), false);
        store.put(0, 0, n, n, kernel.values());
        return Kernel.inTiles(kernel.name(), store);
    }

    private static Regression far(String way) {
        Solver solver = switch (way) {
            case "conjugateGradient" -> new Solver.ConjugateGradient(1e-8, 0);
            case "nystrom" -> new Solver.Nystrom(300);
            default -> new Solver.Cholesky();
        };
        long memory = way.equals("cholesky") ? TiledFactor.bytes(N) + 8L * K * 8 * N : Long.MAX_VALUE;
        return Regression.of(outside(TRAIN)).solver(solver)
                .resources(new Resources(memory, Long.MAX_VALUE, 2, Optional.empty(), "", Monitor.silent()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cholesky", "conjugateGradient"})
    void leave_one_out_error_and_kare_should_be_estimated_to_a_few_standard_errors(String way) {
        for (int i = 0; i < RIDGES.length; i++) {
            double ridge = RIDGES[i];
            LeaveOneOut exact = EXACT.get(i);
            assertThat(exact.note()).isEmpty();
            LeaveOneOut found = far(way).ridge(ridge).fit(Y).leaveOneOut();
            assertThat(found.isKnown()).isTrue();
            assertThat(found.looError()).as("%s %s", ridge, found).isCloseTo(exact.looError(), within(4 * found.deviation()));
            assertThat(found.deviation()).isLessThan(0.2 * exact.looError());
            assertThat(found.kare()).as("%s %s", ridge, exact).isCloseTo(exact.kare(), within(0.1 * exact.kare()));
            assertThat(found.note()).contains("estimated, from").contains("of 1500 inputs and 16 random vectors");
        }
    }

    @Test
    void those_of_the_nystrom_approximation_should_be_those_of_its_kernel() {
        Fit fit = far("nystrom").ridge(1e-3).fit(Y);
        double[] one = new double[N * N];
        for (int i = 0; i < N; i++) {
            one[i * N + i] = 1;
        }
        double[] values;
        try (PivotedCholesky approximation = PivotedCholesky.of(TRAIN, TRAIN.diagonal(), 300, Monitor.silent())) {
            values = approximation.times(one, N);
        }
        LeaveOneOut exact = Regression.of(Kernel.symmetric("k", N, values)).absoluteRidge(fit.ridge()).fit(Y).leaveOneOut();
        assertThat(fit.leaveOneOut().looError()).isCloseTo(exact.looError(), within(1e-6 * exact.looError()));
        assertThat(fit.leaveOneOut().kare()).isCloseTo(exact.kare(), within(1e-6 * exact.kare()));
        assertThat(fit.leaveOneOut().note()).contains("Nyström");
    }

    @Test
    @Tag("slow")
    void the_ridge_path_should_have_the_points_that_settle_and_say_which_do_not() {
        double[] ridges = {1e-8, 1e-3, 1e-2, 0.1, 1, 10};
        RidgePath exact = DENSE.fit(Y).ridgePath(ridges);
        RidgePath found = far("conjugateGradient").fit(Y).ridgePath(ridges);
        assertThat(found.points()).hasSizeGreaterThan(3);
        assertThat(found.note()).contains("estimated from 40 of 1500 inputs");
        if (found.points().size() < exact.points().size()) {
            assertThat(found.note()).contains("left out");
        }
        for (RidgePoint p : found.points()) {
            // From forty inputs: two standard errors.
            RidgePoint e = exact.points().stream().filter(q -> q.relative() == p.relative()).findFirst().orElseThrow();
            assertThat(p.looError()).as("%s", e).isCloseTo(e.looError(), within(0.3 * e.looError()));
            assertThat(p.kare()).as("%s %s", e, p).isCloseTo(e.kare(), within(0.1 * e.kare()));
            assertThat(p.effectiveDimension()).as("%s", e).isCloseTo(e.effectiveDimension(), within(0.1 * e.effectiveDimension() + 2));
            assertThat(p.logMarginalLikelihood()).as("%s", e)
                    .isCloseTo(e.logMarginalLikelihood(), within(0.03 * Math.abs(e.logMarginalLikelihood()) + 100));
        }
        assertThat(found.toString()).endsWith(found.note());
        assertThat(found.table().csv()).doesNotContain("NaN");
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"cholesky", "conjugateGradient"})
    void the_posterior_and_the_ensemble_should_have_the_same_variances(String way) {
        Kernel other = kernel(0, N, 0.3);
        Kernel otherTest = Kernel.of("other", M, N, values(N, N + M, 0, N, 0.3));
        Kernel otherAmong = Kernel.symmetric("other", M, values(N, N + M, N, N + M, 0.3));
        double[] ones = new double[M];
        Arrays.fill(ones, 1);
        Fit dense = DENSE.ridge(1e-2).fit(Y);
        Fit products = far(way).ridge(1e-2).fit(Y);
        Kernel test = outside(TEST);
        for (Moment moment : new Moment[] {Moment.infinity(), Moment.flow(50), Moment.steps(300)}) {
            Posterior expected = dense.at(moment).posterior();
            Posterior found = products.at(moment).posterior();
            assertThat(found.variances(test, ones)).as("%s", moment).containsExactly(expected.variances(TEST, ones), within(1e-6));
            GaussianPrediction whole = expected.predict(TEST, AMONG);
            GaussianPrediction same = found.predict(test, AMONG);
            for (int i = 0; i < M; i++) {
                assertThat(same.covariance().row(i)).containsExactly(whole.covariance().row(i), within(1e-6));
                assertThat(same.mean()[i]).containsExactly(whole.mean()[i], within(1e-6));
            }
            Ensemble ensemble = dense.at(moment).ensemble(other);
            Ensemble anew = products.at(moment).ensemble(outside(other));
            assertThat(anew.variances(test, outside(otherTest), ones)).containsExactly(ensemble.variances(TEST, otherTest, ones),
                    within(1e-6));
            assertThat(anew.predict(test, outside(otherTest), otherAmong).covariance().row(3))
                    .containsExactly(ensemble.predict(TEST, otherTest, otherAmong).covariance().row(3), within(1e-6));
        }
        assertThatThrownBy(() -> products.posterior().train()).isInstanceOf(Failure.class).hasMessageContaining("1500 × 1500")
                .hasMessageContaining("variances(");
    }

    @Test
    @Tag("slow")
    void functions_at_steps_should_be_predicted_for_all_moments_by_one_product() {
        Fit dense = DENSE.ridge(1e-3).fit(Y);
        Fit products = far("conjugateGradient").ridge(1e-3).fit(Y);
        List<Moment> moments = List.of(Moment.steps(1), Moment.steps(100), Moment.infinity());
        List<FullRegression.Values> found = new Predictor.OfEachOutput(products, outside(TEST), null).at(moments);
        for (int i = 0; i < moments.size(); i++) {
            double[][] expected = dense.at(moments.get(i)).predict(TEST);
            double[][] train = dense.at(moments.get(i)).train();
            for (int j = 0; j < M; j++) {
                assertThat(found.get(i).test()[j]).containsExactly(expected[j], within(1e-5));
                assertThat(found.get(i).train()[j]).containsExactly(train[j], within(1e-5));
            }
        }
    }

    @Test
    @Tag("slow")
    void a_panel_should_be_drawn_without_a_decomposition() {
        assertThat(far("conjugateGradient").ridge(1e-2).fit(Y).panel().toString()).isNotEmpty();
    }
}
