package org.ntk4j.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ntk4j.activation.Relu;
import org.ntk4j.gaussian.ArcTangent;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.kernel.Blas;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The inner loops by themselves, on one thread; nanoseconds for one pair of inputs (the product: microseconds a call). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MicroBenchmarks {

    private static final int PAIRS = 512;
    private static final int SIZE = 256;

    private final Pairs pairs = new Pairs(PAIRS);
    private final double[] tangents = new double[PAIRS];
    private final double[] angles = new double[PAIRS];
    private final double[] scratch = new double[2 * PAIRS];
    private final double[] matrix = new double[SIZE * SIZE];

    /** Pairs of every correlation. */
    @Setup
    public void draw() {
        Blas.setThreads(1);
        Random random = new Random(0);
        pairs.n = PAIRS;
        Arrays.fill(pairs.q11, 2);
        Arrays.fill(pairs.q22, 3);
        for (int i = 0; i < PAIRS; i++) {
            pairs.q12[i] = Math.sqrt(6) * (2 * random.nextDouble() - 1);
            tangents[i] = 2 * random.nextDouble() - 1;
        }
        Arrays.setAll(matrix, i -> random.nextGaussian());
    }

    /** Both expectations of relu. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @OperationsPerInvocation(PAIRS)
    public double[] relu() {
        new Relu().expectations(pairs);
        return pairs.value;
    }

    /** The arc tangent alone. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @OperationsPerInvocation(PAIRS)
    public double[] arcTangent() {
        System.arraycopy(tangents, 0, angles, 0, PAIRS);
        ArcTangent.inPlace(angles, PAIRS, scratch);
        return angles;
    }

    /** A product of two matrices of 256 × 256, copies to native memory included. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public double[] product() {
        return Blas.product(false, true, SIZE, SIZE, SIZE, matrix, matrix);
    }
}
