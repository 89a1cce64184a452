package org.ntk4j.chain;

import java.util.List;

/**
 * The way back through a {@link Chain} for some examples and several outputs at once. At the last map {@code δ_c(p, j) = s(p, j) R(c, j)}
 * with the same s for all outputs; from map to map {@code δ_c(q, i) = Σ_{p, j} δ_c(p, j) W(o, i, j)} over the positions p that see q at
 * some offset o where the unit i is on at q, and 0 where it is off. It is off for all outputs then: at the next map it is left out, as half
 * of the units of a wide network are. The tangent kernels that come of δ: Novak, Sohl-Dickstein and Schoenholz 2022.
 *
 * <p>One belongs to one thread.
 *
 * @param <A> {@code double[]} or {@code float[]}
 */
public interface WayBack<A> {

    /**
     * What outputs are made of at the last map.
     *
     * @param slope s, {@code [example, position, channel]}
     * @param rows  R, {@code [output, channel]}
     */
    record Start<A>(A slope, A rows) {
    }

    /** Takes what was found for an example; arrays are used again afterwards. */
    interface Taker<A> {

        /** δ of an output: {@code [position, channel]} from a place on. */
        void deltas(int link, int output, int example, A values, int at, int count);

        /** {@code Σ_p δ_c(p, j) h(source(o, p), i)}: {@code [output, j, o, i]}. */
        void gradients(int link, int example, A values, int count);

        /** {@code Σ_p δ_c(p, j)}: {@code [output, j]}. */
        void biases(int link, int example, A values, int count);
    }

    /**
     * Goes back with some examples.
     *
     * @param examples how many, {@link Chain#together} at most
     * @param images   what comes into each map, {@code [example, position before, channel]}: behind the first one with a rectifier
     */
    void run(int examples, Start<A> start, List<A> images, Taker<A> taker);
}
