package org.ntk4j.rows;

import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;

/**
 * What the planes and strips need done to rows of values. A row is a run of places, each with {@link #lanes()} values side by side that
 * never meet; {@code at} is the index of its first value, {@code n} the number of places. Lane by lane the same operations in the same
 * order, whatever does them: vector instructions or plain Java, on any number of lanes.
 *
 * <p>For a pair, what belongs to the left example is one number for all lanes of a place ({@code leftAt}, then {@code leftStep} further for
 * each place); what belongs to the right one is a value for each lane ({@code rightAt}, then {@code rightStep} further for each place).
 *
 * @param <A> {@code double[]} or {@code float[]}
 */
public interface Rows<A> {

    /** The rows of float64, in vector instructions where Java offers them. */
    static Rows<double[]> float64() {
        return vectors() ? new VectorRows64() : new PlainRows64(8);
    }

    /** Rows of float32. */
    static Rows<float[]> float32() {
        return vectors() ? new VectorRows32() : new PlainRows32(16);
    }

    /** Whether this process was started with Java's vector instructions, {@code --add-modules jdk.incubator.vector}. */
    static boolean vectors() {
        return VectorModule.PRESENT;
    }

    /** Values side by side at a place. */
    int lanes();

    /** Rows of this kind for another thread: each belongs to one. */
    Rows<A> another();

    /** Room for values, all 0. */
    A room(int size);

    /** Sets a row to 0. */
    void clear(A t, int at, int n);

    /** Rounds values to those of this precision. */
    void put(double[] from, int at, A to, int toAt, int n);

    /** The other way round. */
    void get(A from, int at, double[] to, int toAt, int n);

    /** Takes single values out that lie {@code step} apart. */
    void pick(A from, int at, int step, A to, int toAt, int n);

    /** Takes single values out that stand anywhere. */
    void pick(A from, int at, int[] places, A to, int toAt, int n);

    /** Takes rows of values over: lane j of place x from {@code from + x step + j between}. */
    void take(A from, int at, int step, int between, A to, int toAt, int n);

    /** The other way round, for lanes side by side: place x goes to {@code toAt + x step} and the values behind it. */
    void spread(A from, int at, A to, int toAt, int step, int n);

    /** {@link #spread}, added to what is there. */
    void addSpread(A from, int at, A to, int toAt, int step, int n);

    /** Adds a row to another. */
    void accumulate(A from, int at, A to, int toAt, int n);

    /** Adds the sum of two rows to another. */
    void accumulate(A one, int oneAt, A other, int otherAt, A to, int toAt, int n);

    /** The sum of two rows. */
    void plus(A one, int oneAt, A other, int otherAt, A to, int toAt, int n);

    /**
     * Adds up the rows of blocks of 2 × 2, {@code equal + (later + earlier)}, and of each two places that stand side by side, A and B,
     * keeps three lines of half as many values: A + B of the even lanes, A of the odd ones and B of the odd ones. {@link #joined} makes
     * blocks of them.
     *
     * @param equal what the rows of the blocks have with their own: one sum of two
     * @param line  values from a line to the next; of each, lanes that are not halved are overwritten
     * @param n     pairs of places
     */
    void halved(A equal, int equalAt, A later, int laterAt, A earlier, int earlierAt, A to, int toAt, int line, int n);

    /**
     * The sums of blocks of 2 × 2, row by row, each of three lines: the sums and what stands beside them right and left,
     * {@code (sum + (right + left)) factor}. A row goes around: left of its first value stands the last one.
     *
     * @param at     where the first line begins; before each third there is room for one value
     * @param around values of a row; as many as there are lanes come once more behind the last one
     * @param toLine values from a row of sums to the next: all that is said, and lanes that are overwritten
     */
    void joined(A from, int at, int line, int around, A to, int toLine, int rows, double factor);

    /**
     * Turns rows that go around, each by one value more than the one before it, the first by none: value c of row r is value c − r.
     *
     * @param around values of a row, behind which as many as there are lanes come once more
     * @param n      values that are taken of each, at least as many as there are lanes
     */
    void turned(A from, int line, int around, A to, int toAt, int toLine, int n, int rows);

    /**
     * Adds up blocks of a matrix that begin anywhere: {@code Σ (a, a) + Σ_{a < b} ((a, b) + (b, a))}.
     *
     * @param begins where the first block of each row of the result begins, the others one further each
     * @param line   values from a row of the matrix to the next
     * @param n      places of a row of the result
     */
    void blocks(A from, int at, int[] begins, int size, int line, A to, int n);

    /** Adds left · right to each place. */
    void products(A left, int leftAt, A right, int rightAt, int rightStep, A to, int at, int n);

    /** Sets each place to the sum of left · right over the channels, times a factor. */
    void inputs(A[] left, int leftAt, A[] right, int rightAt, int rightStep, A to, int at, int n, double factor);

    /** {@link #inputs} where each lane has a left example of its own, {@code leftStep} further for each place: the same values. */
    void laneInputs(A[] left, int leftAt, int leftStep, A[] right, int rightAt, int rightStep, A to, int at, int n, double factor);

    /** The product of each value with itself, added up. */
    void squares(A from, int fromAt, A to, int at, int n, boolean first);

    /** How many vectors meet those of a panel at once. */
    int TOGETHER = 4;

    /** How many vectors stand side by side in {@link InnerProducts}: a multiple of the lanes and of {@link #TOGETHER}. */
    default int panel() {
        return 3 * lanes() % TOGETHER == 0 ? 3 * lanes() : 3 * lanes() * TOGETHER;
    }

    /**
     * The inner products of {@link #TOGETHER} vectors of a panel with all of another, over some channels: one row for each.
     *
     * @param leftAt  where the first channel of the first of them stands
     * @param rightAt where the first channel of the other panel stands
     * @param at      where the first row goes, the others {@code line} values further each
     * @param first   whether the sums begin here, or go on from what is there
     * @param factor  what they are multiplied by then; 1 where they are to go on
     */
    void inner(A left, int leftAt, A right, int rightAt, int channels, A to, int at, int line, boolean first, double factor);

    /**
     * A product of two matrices, row by row: each value is one sum of fused multiplications over {@code depth}, from first to last. Value
     * (r, d) of the left one stands at {@code leftAt + r leftLine + d leftStep}.
     *
     * @param depth columns of the left matrix, rows of the right one
     * @param count rows of the result
     * @param n     places of a row of the right matrix and of the result
     */
    void multiply(A left, int leftAt, int leftLine, int leftStep, A right, int rightAt, int rightLine, int depth, A to, int at, int line,
            int count, int n);

    /** Multiplies a row by a number. */
    void scale(A k, int at, int n, double factor);

    /**
     * The sums of K and of Θ over a window, then {@code K' = scale K + bias} and {@code Θ' = fromT Θ + (fromK K + biasT)} by fused
     * multiplications: first the sum over rows, first to last, then over {@code taps} places in a row.
     *
     * @param sources where the first place of the window of the first place stands, in each of its rows
     * @param step    places from one window to the next
     */
    void window(A k, A t, int[] sources, int taps, int step, A toK, A toT, int at, int n, Affine map);

    /**
     * {@link #window} of 3 × 3 in two rows, one below the other: the same values, with fewer looks at memory where that takes less time.
     *
     * @param sources where the first place of the window of the first place stands, in each of the four rows that the windows see
     * @param at      the first place of the upper row
     * @param next    that of the lower one
     */
    default void twoWindows(A k, A t, int[] sources, A toK, A toT, int at, int next, int n, Affine map) {
        window(k, t, new int[] {sources[0], sources[1], sources[2]}, 3, 1, toK, toT, at, n, map);
        window(k, t, new int[] {sources[1], sources[2], sources[3]}, 3, 1, toK, toT, next, n, map);
    }

    /** The window where K alone is asked for: its values are those that it has beside Θ, bit for bit. */
    void window(A k, int[] sources, int taps, int step, A toK, int at, int n, Affine map);

    /**
     * {@link #window} of 3 × 3 where the right columns of a place's lanes lie in images without a gap between them: of the places before
     * and behind it, only what lies in the same image counts.
     *
     * @param masks one further for each lane, and for each place, from {@code maskAt} on: 0 where a right column is the first of its
     *              image, else 1
     */
    void touching(A k, A t, int[] sources, A toK, A toT, int at, int n, Affine map, A masks, int maskAt);

    /** {@link #touching} where Θ is 0 before it, and is not looked at. */
    void touchingFirst(A k, int[] sources, A toK, A toT, int at, int n, Affine map, A masks, int maskAt);

    /** K alone: its values are those that it has beside Θ, bit for bit. */
    void touching(A k, int[] sources, A toK, int at, int n, Affine map, A masks, int maskAt);

    /** {@code Θ' = fromK K + fromT Θ + biasT} and {@code K' = scale K + bias}. */
    void linear(A k, A t, int at, int n, Affine map);

    /** K alone. */
    void linear(A k, int at, int n, Affine map);

    /** Adds K and Θ behind a linear map without a bias to another row. */
    void accumulate(A k, A t, int at, A toK, A toT, int to, int n, Affine map);

    /** K alone. */
    void accumulate(A k, int at, A toK, int to, int n, Affine map);

    /** A linear map of K and Θ. */
    record Affine(double scale, double bias, double fromK, double fromT, double biasT) {

        /** Leaves both as they are. */
        public static final Affine SAME = new Affine(1, 0, 0, 1, 0);

        /** What is left of it, without biases, where K has been multiplied, and Θ too or there was none. */
        public Affine afterScale() {
            return new Affine(1, 0, fromK / scale, 1, 0);
        }

        /** This map and then another. */
        public Affine then(Affine next) {
            return new Affine(next.scale * scale, next.scale * bias + next.bias, next.fromK * scale + next.fromT * fromK,
                    next.fromT * fromT, next.fromK * bias + next.fromT * biasT + next.biasT);
        }
    }

    /**
     * K' and Θ' after an activation; q and g are the features of both sides: a variance and {@link Arc#inverseRoot} of it.
     *
     * @param rest the slope where one of the two variances is 0, for each value of the right side: {@link Arc#flat}, or 0 where there is no
     *             position; then K' and Θ' are 0
     */
    void activate(Arc form, A k, A t, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, A rest, int rightAt, int rightStep);

    /** {@link #linear}, then {@link #activate}: the same values, in one loop where that takes less time. */
    default void activate(Affine map, Arc form, A k, A t, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, A rest,
            int rightAt, int rightStep) {
        linear(k, t, at, n, map);
        activate(form, k, t, at, n, q1, g1, leftAt, leftStep, q2, g2, rest, rightAt, rightStep);
    }

    /** K alone: 0 where a variance is 0, so there the slope is not needed. */
    void activate(Arc form, A k, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, int rightAt, int rightStep);

    /**
     * {@link #activate} where each lane has a left example of its own, {@code leftStep} further for each place, and no position is missing:
     * the same values.
     */
    void laneActivate(Arc form, A k, A t, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, A rest, int rightAt,
            int rightStep);

    /** K alone. */
    void laneActivate(Arc form, A k, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, int rightAt, int rightStep);

    /** The activation for each value with itself: K is the variance. Writes its features. */
    void own(Arc form, A k, A t, int at, int n, A q, A g, A rest, int featuresAt);

    /**
     * K' and Θ' by a {@link Series}.
     *
     * @param t     Θ; null for K alone
     * @param g1    inverse deviations of the left side, from {@code leftAt} on
     * @param c1    the values of the left side's series, the first of them from {@code from1} on
     */
    void series(Series.Powers powers, A k, @Nullable A t, int at, int n, A g1, int leftAt, Terms<A> c1, int from1, int leftStep, A g2,
            int rightAt, Terms<A> c2, int from2, int rightStep);

    /** The series for each value with itself; one array for each of its values. */
    void ownSeries(Series.Powers powers, A k, A t, int at, int n, A g, A[] c, int featuresAt);

    /** This many arrays, none of them made yet. */
    A[] arrays(int count);

    /** Whether numbers have 24 bits, not 53. */
    boolean isSingle();

    /** Multiplies K and Θ by the factors of both sides, where they stand or to another place. */
    void weigh(A k, A t, int at, A toK, A toT, int to, int n, A f1, int leftAt, int leftStep, A f2, int rightAt, int rightStep);

    /** K alone. */
    void weigh(A k, int at, A toK, int to, int n, A f1, int leftAt, int leftStep, A f2, int rightAt, int rightStep);

    /** The factor {@code 1/√(ε + q)} of each variance; K and Θ are multiplied by it twice. */
    void ownWeigh(double epsilon, A k, A t, int at, int n, A f, int featuresAt);

    /** Adds a row to another. */
    void add(A from, A to, int at, int n);

    /** Multiplies K and Θ by masks of 0 and 1, {@code maskStep} further for each place. */
    void mask(A k, A t, int at, A masks, int maskAt, int maskStep, int n);

    /** K alone. */
    void mask(A k, int at, A masks, int maskAt, int maskStep, int n);

    /** The sum over the places of a row, lane by lane. */
    void sum(A k, int at, int n, A to);

    /** The sums of K over the places of two masks, then those of Θ, lane by lane; masks of 0 and 1, one further for each place. */
    void sums(A k, A t, int at, A one, A other, int maskAt, int n, A to);

    /**
     * What any activation does, by its expectations in float64.
     *
     * @param t Θ; null where K alone is asked for
     */
    default void expectations(Nonlinearity phi, Pairs pairs, A k, @Nullable A t, int at, int n, A q1, int leftAt, int leftStep, A q2,
            int rightAt, int rightStep) {
        int lanes = lanes();
        double[] left = pairs.work;
        for (int x = 0; x < n; x++) {
            get(q1, leftAt + x * leftStep, left, 0, 1);
            java.util.Arrays.fill(pairs.q11, x * lanes, (x + 1) * lanes, left[0]);
            get(q2, rightAt + x * rightStep, pairs.q22, x * lanes, lanes);
        }
        taken(phi, pairs, k, t, at, n);
    }

    /** The expectations for each value with itself; writes the variances. */
    default void ownExpectations(Nonlinearity phi, Pairs pairs, A k, A t, int at, int n, A q, int featuresAt) {
        System.arraycopy(k, at, q, featuresAt, n * lanes());
        get(k, at, pairs.q11, 0, n * lanes());
        get(k, at, pairs.q22, 0, n * lanes());
        taken(phi, pairs, k, t, at, n);
    }

    private void taken(Nonlinearity phi, Pairs pairs, A k, @Nullable A t, int at, int n) {
        pairs.n = n * lanes();
        get(k, at, pairs.q12, 0, pairs.n);
        phi.expectations(pairs);
        put(pairs.value, 0, k, at, pairs.n);
        if (t == null) {
            return;
        }
        get(t, at, pairs.work, 0, pairs.n);
        for (int i = 0; i < pairs.n; i++) {
            pairs.work[i] *= pairs.slope[i];
        }
        put(pairs.work, 0, t, at, pairs.n);
    }
}
