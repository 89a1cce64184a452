package org.ntk4j.base;

/**
 * What a process takes beside the work that is counted: the start of Java, compilation while it runs, reading and writing. Measured with
 * {@code scripts/bench --plans}.
 *
 * @param seconds on one core
 * @param bytes   resident where next to nothing is computed
 */
public record Footprint(double seconds, long bytes) {

    /** Of {@code ntk kernel}. */
    public static final Footprint KERNEL = new Footprint(1.2, 120L << 20);
    /** Of a study without training, its report included. */
    public static final Footprint STUDY = new Footprint(2.7, 400L << 20);
    /** Of a study that trains: TensorFlow as well. */
    public static final Footprint TRAINING = new Footprint(4.4, 560L << 20);

    /** Java compiles beside the work where there is another core. */
    private static final double SHARE_BESIDE = 0.35;

    /** The seconds with this many threads. */
    public double seconds(int threads) {
        return threads == 1 ? seconds : seconds * (1 - SHARE_BESIDE);
    }
}
