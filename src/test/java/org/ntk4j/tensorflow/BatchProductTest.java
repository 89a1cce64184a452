package org.ntk4j.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ntk4j.base.Precision;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

class BatchProductTest {

    private static final int COUNT = 3;
    private static final int M = 4;
    private static final int K = 5;
    private static final int N = 2;

    private final Random random = new Random(0);
    /** Whole numbers: exact in both precisions. */
    private final double[] a = random.ints(COUNT * M * K, -9, 10).asDoubleStream().toArray();
    private final double[] b = random.ints(COUNT * K * N, -9, 10).asDoubleStream().toArray();

    @ParameterizedTest
    @EnumSource(Precision.class)
    void should_multiply_example_by_example(Precision precision) {
        double[] expected = product();
        long[] rowsA = {COUNT, M, K};
        long[] rowsB = {COUNT, K, N};
        assertThat(run(precision, a, rowsA, b, rowsB, (tf, x) -> BatchProduct.of(tf, x[0], x[1]))).containsExactly(expected);
        assertThat(run(precision, turned(a, M, K), new long[] {COUNT, K, M}, b, rowsB,
                (tf, x) -> BatchProduct.transposedLeft(tf, x[0], x[1]))).containsExactly(expected);
        assertThat(run(precision, a, rowsA, turned(b, K, N), new long[] {COUNT, N, K},
                (tf, x) -> BatchProduct.transposedRight(tf, x[0], x[1]))).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void should_have_a_gradient(Precision precision) {
        // Of the sum of all values: each value of A meets the sum of its row of B.
        double[] expected = new double[COUNT * M * K];
        for (int e = 0; e < COUNT; e++) {
            for (int m = 0; m < M; m++) {
                for (int k = 0; k < K; k++) {
                    for (int n = 0; n < N; n++) {
                        expected[(e * M + m) * K + k] += b[(e * K + k) * N + n];
                    }
                }
            }
        }
        assertThat(run(precision, a, new long[] {COUNT, M, K}, b, new long[] {COUNT, K, N}, (tf, x) -> gradient(tf, x))).containsExactly(
                expected);
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloating> gradient(Ops tf, Operand<TFloating>[] x) {
        Output<?> product = BatchProduct.of(tf, x[0], x[1]).asOutput();
        return (Operand<TFloating>) ((Graph) tf.scope().env()).addGradients(product, new Output<?>[] {x[0].asOutput()})[0];
    }

    @SuppressWarnings("unchecked")
    private static double[] run(Precision precision, double[] a, long[] sizesA, double[] b, long[] sizesB,
            BiFunction<Ops, Operand<TFloating>[], Operand<TFloating>> product) {
        try (Graph graph = EmptyGraph.open()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloating> left = tf.placeholder(Tensors.type(precision));
            Placeholder<TFloating> right = tf.placeholder(Tensors.type(precision));
            Operand<TFloating> fetched = product.apply(tf, new Operand[] {left, right});
            try (Session session = new Session(graph); Tensor x = Tensors.of(precision, a, sizesA);
                    Tensor y = Tensors.of(precision, b, sizesB);
                    var result = session.runner().feed(left, x).feed(right, y).fetch(fetched).run()) {
                return Tensors.values(precision, result.get(0));
            }
        }
    }

    private double[] product() {
        double[] c = new double[COUNT * M * N];
        for (int e = 0; e < COUNT; e++) {
            for (int m = 0; m < M; m++) {
                for (int n = 0; n < N; n++) {
                    for (int k = 0; k < K; k++) {
                        c[(e * M + m) * N + n] += a[(e * M + m) * K + k] * b[(e * K + k) * N + n];
                    }
                }
            }
        }
        return c;
    }

    private static double[] turned(double[] x, int rows, int columns) {
        double[] turned = new double[x.length];
        for (int e = 0; e < COUNT; e++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    turned[(e * columns + j) * rows + i] = x[(e * rows + i) * columns + j];
                }
            }
        }
        return turned;
    }
}
