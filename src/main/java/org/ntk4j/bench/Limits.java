package org.ntk4j.bench;

import org.ntk4j.base.Precision;
import com.google.gson.Gson;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.base.Settings;
import org.ntk4j.kernel.Blas;
import org.ntk4j.tensorflow.SessionConfig;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * What this machine can do, with the threads given: float32 and float64 products of OpenBLAS and TensorFlow on its CPU, and copies.
 *
 * @param blas64       GFLOP/s of OpenBLAS's product of two matrices, float64
 * @param blas32       the same in float32
 * @param tensorflow64 GFLOP/s of TensorFlow's matMul, float64
 * @param tensorflow32 the same in float32
 * @param copy         GB/s of a copy between arrays far larger than any cache, bytes read and bytes written both counted
 */
record Limits(double blas64, double blas32, double tensorflow64, double tensorflow32, double copy) {

    private static final int SIZE = 2048;
    private static final int SIZE_ON_GPU = 8192;
    private static final int REPEATS = 6;

    /** The process that measures: prints one line of JSON. */
    public static void main(String[] arguments) {
        System.out.println(new Gson().toJson(measure(Settings.ofProcess())));
    }

    /** The faster of the two libraries. */
    double of(Precision precision) {
        return precision == Precision.FLOAT64 ? Math.max(blas64, tensorflow64) : Math.max(blas32, tensorflow32);
    }

    private static Limits measure(Settings settings) {
        Blas.setThreads(settings.threads());
        double operations = 2.0 * SIZE * SIZE * SIZE / 1e9;
        return new Limits(blas(Precision.FLOAT64), blas(Precision.FLOAT32),
                operations / tensorflow(settings.withDevice("cpu"), SIZE, TFloat64.class),
                        operations / tensorflow(settings.withDevice("cpu"), SIZE, TFloat32.class),
                copy(settings.threads()));
    }

    /** GFLOP/s of TensorFlow's product of two matrices on the settings' device. */
    static double product(Settings settings, Precision precision) {
        int n = settings.device().orElse("").equals("cpu") ? SIZE : SIZE_ON_GPU;
        double seconds = precision == Precision.FLOAT64 ? tensorflow(settings, n, TFloat64.class) : tensorflow(settings, n, TFloat32.class);
        return 2.0 * n * n * n / 1e9 / seconds;
    }

    /** GFLOP/s of OpenBLAS's product. */
    static double blas(Precision precision) {
        return 2.0 * SIZE * SIZE * SIZE / 1e9 / best(precision == Precision.FLOAT64 ? Limits::product64 : Limits::product32);
    }

    private static double best(IntFunction<Runnable> work) {
        Runnable once = work.apply(SIZE);
        return IntStream.range(0, REPEATS).mapToDouble(i -> seconds(once)).min().orElseThrow();
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static Runnable product64(int n) {
        DoublePointer a = new DoublePointer(values64(n * n));
        DoublePointer c = new DoublePointer((long) n * n);
        return () -> openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, n, n, n, 1.0, a, n, a, n, 0.0,
                c, n);
    }

    private static Runnable product32(int n) {
        float[] values = new float[n * n];
        Arrays.fill(values, 0.5f);
        FloatPointer a = new FloatPointer(values);
        FloatPointer c = new FloatPointer((long) n * n);
        return () -> openblas.cblas_sgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, n, n, n, 1f, a, n, a, n, 0f,
                c, n);
    }

    private static double[] values64(int count) {
        double[] values = new double[count];
        Arrays.fill(values, 0.5);
        return values;
    }

    private static <T extends TNumber> double tensorflow(Settings settings, int n, Class<T> type) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            // Drawn inside the graph: constants would be folded.
            Operand<T> a = tf.random.randomUniform(tf.constant(new int[] {n, n}), type);
            Operand<T> variable = tf.variable(org.tensorflow.ndarray.Shape.of(n, n), type);
            var assigned = tf.assign(variable, a);
            Operand<T> product = tf.linalg.matMul(variable, variable);
            // Of the product only one value leaves the graph.
            Operand<T> one = tf.slice(product, tf.constant(new int[] {0, 0}), tf.constant(new int[] {1, 1}));
            try (Session session = new Session(graph, SessionConfig.config(settings))) {
                session.runner().addTarget(assigned.op()).run().close();
                return IntStream.range(0, REPEATS).mapToDouble(i -> seconds(() -> session.runner().fetch(one).run().close())).min()
                        .orElseThrow();
            }
        }
    }

    private static double copy(int threads) {
        int n = 1 << 24;
        double[][] from = new double[threads][n];
        double[][] to = new double[threads][n];
        Runnable once = () -> {
            Thread[] all = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                int own = t;
                all[t] = new Thread(() -> System.arraycopy(from[own], 0, to[own], 0, n));
                all[t].start();
            }
            for (Thread t : all) {
                try {
                    t.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        double best = IntStream.range(0, REPEATS).mapToDouble(i -> seconds(once)).min().orElseThrow();
        return 2.0 * 8 * n * threads / best / 1e9;
    }
}
