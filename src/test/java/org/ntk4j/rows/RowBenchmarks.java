package org.ntk4j.rows;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ntk4j.gaussian.Arc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The loops of the planes, on one thread: nanoseconds for a row of 28 places (times the lanes: 16 values in float32, 8 in float64, with 512
 * bits).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmarks {

    private static final int PLACES = 28;
    private static final int CHANNELS = 784;

    /** In which numbers, and by what. */
    @Param({"float32", "float64", "plain float32", "plain float64"})
    public String numbers;

    private Row<?> row;

    private record Row<A>(Rows<A> rows, A k, A t, A threeK, A threeT, A q, A g, A ones, A panel) {

        static <A> Row<A> of(Rows<A> rows) {
            int size = (PLACES + 8) * rows.lanes();
            return new Row<>(rows, drawn(rows, size), drawn(rows, size), drawn(rows, 3 * size), drawn(rows, 3 * size), drawn(rows, size),
                    drawn(rows, size), rows.room(size), drawn(rows, CHANNELS * rows.panel()));
        }

        private static <A> A drawn(Rows<A> rows, int size) {
            A a = rows.room(size);
            rows.put(new Random(1).doubles(size, 0.5, 1.5).toArray(), 0, a, 0, size);
            return a;
        }

        Object activate() {
            rows.activate(new Arc.Bend(0, 1), k, t, 0, PLACES, q, g, 0, 1, q, g, ones, 0, 1);
            return k;
        }

        Object inner() {
            rows.inner(panel, 4, panel, 0, CHANNELS, k, 0, rows.panel(), true, 1);
            return k;
        }

        Object window() {
            int line = PLACES * rows.lanes();
            int[] sources = {0, line, 2 * line};
            Rows.Affine map = new Rows.Affine(2.0 / 9, 0, 2.0 / 9, 2.0 / 9, 0);
            rows.window(threeK, threeT, sources, 3, 1, k, t, 0, PLACES, map);
            return k;
        }
    }

    /** Values between 0.5 and 1.5. */
    @Setup
    public void draw() {
        row = switch (numbers) {
            case "float32" -> Row.of(Rows.float32());
            case "float64" -> Row.of(Rows.float64());
            case "plain float32" -> Row.of(new PlainRows32(16));
            default -> Row.of(new PlainRows64(8));
        };
    }

    /** relu. */
    @Benchmark
    public Object activate() {
        return row.activate();
    }

    /** Three rows and three places, and the linear map. */
    @Benchmark
    public Object window() {
        return row.window();
    }

    /** The inner products of four vectors of 784 channels with all of a panel. */
    @Benchmark
    public Object inner() {
        return row.inner();
    }
}
