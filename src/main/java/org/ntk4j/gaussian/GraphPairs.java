package org.ntk4j.gaussian;

/**
 * Pairs (u, v) of Gaussian preactivations with zero mean, for an activation to take expectations over in a graph. The variances have
 * fewer values than the covariance, to whose shape they are broadcast: what needs one of them alone costs next to nothing.
 *
 * @param q11 variance of u
 * @param q22 variance of v
 * @param q12 their covariance
 */
public record GraphPairs(GraphTerm q11, GraphTerm q22, GraphTerm q12) {

    /** Four units in the last place. */
    private static final double ROUNDING = 0x1p-50;

    /** {@code q11 q22 − q12²}, never below 0; exactly 0 for equal inputs. */
    public GraphTerm minor() {
        // A value may differ in its last digit where a CPU's vector instructions end: equal inputs have to stay equal.
        GraphTerm least = q12.single() ? q11 : q11.times(1 - ROUNDING);
        return least.times(q22).minus(q12.square()).atLeast(0);
    }

    /** √(q11 q22); exactly the variance for equal inputs. */
    public GraphTerm amplitude() {
        return q11.times(q22).sqrt();
    }

    /** √q11 √q22, with a positive number in place of 0: to divide by, where what is divided is 0 as well. */
    public GraphTerm divisor() {
        // Less than the root of any variance that is computed here.
        double least = q12.single() ? 1e-12 : 1e-70;
        return q11.sqrt().atLeast(least).times(q22.sqrt().atLeast(least));
    }

    /**
     * Half of arcsin ρ: {@code arctan(q12 / (√(q11 q22 − q12²) + √(q11 q22)))}, whose argument stays within [−1, 1].
     *
     * @param root √ of {@link #minor()}
     */
    public GraphTerm halfArcsine(GraphTerm root) {
        return arctangent(q12, root, divisor());
    }

    /** {@code arctan(x / (root + g))}; an argument beyond ±1 is rounding. */
    public static GraphTerm arctangent(GraphTerm x, GraphTerm root, GraphTerm g) {
        return x.over(root.plus(g)).within(-1, 1).atan();
    }

    /** The expectations of a function with one bend, as {@link Arc.Bend} says them. */
    public GraphForm.Expectations bend(Arc.Bend form) {
        GraphTerm root = minor().sqrt();
        GraphTerm slope = halfArcsine(root).times(2 * form.bend()).plus(form.flat());
        return new GraphForm.Expectations(root.times(form.bend()).plus(slope.times(q12)), slope);
    }
}
