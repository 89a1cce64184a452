package org.ntk4j.gaussian;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * An op of a TensorFlow graph whose values are real numbers, with arithmetic on it: formulas read as they are written. Shapes are
 * broadcast; numbers are of the op's own type.
 *
 * @param tf where ops are added
 * @param op the values
 */
public record GraphTerm(Ops tf, Operand<TFloating> op) {

    private GraphTerm with(Operand<TFloating> other) {
        return new GraphTerm(tf, other);
    }

    /** Whether its values are float32. */
    public boolean single() {
        return op.type() == (Class<?>) TFloat32.class;
    }

    /** A number of the same type. */
    public GraphTerm number(double value) {
        return with(floating(single() ? tf.constant((float) value) : tf.constant(value)));
    }

    /** Numbers of the same type, in C order. */
    public GraphTerm numbers(double[] values, int... shape) {
        return with(tf.reshape(tf.dtypes.cast(tf.constant(values), op.type()), tf.constant(shape)));
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloating> floating(Operand<?> constant) {
        return (Operand<TFloating>) constant;
    }

    /** The sum. */
    public GraphTerm plus(GraphTerm other) {
        return with(tf.math.add(op, other.op));
    }

    /** The sum with a number. */
    public GraphTerm plus(double number) {
        return number == 0 ? this : plus(number(number));
    }

    /** The difference. */
    public GraphTerm minus(GraphTerm other) {
        return with(tf.math.sub(op, other.op));
    }

    /** The product. */
    public GraphTerm times(GraphTerm other) {
        return with(tf.math.mul(op, other.op));
    }

    /** The product with a number. */
    public GraphTerm times(double number) {
        return number == 1 ? this : times(number(number));
    }

    /** The quotient. */
    public GraphTerm over(GraphTerm other) {
        return with(tf.math.div(op, other.op));
    }

    /** A number divided by it. */
    public GraphTerm under(double number) {
        return number(number).over(this);
    }

    /** Its square. */
    public GraphTerm square() {
        return with(tf.math.square(op));
    }

    /** Its square root. */
    public GraphTerm sqrt() {
        return with(tf.math.sqrt(op));
    }

    /** A whole power from 1 up. */
    public GraphTerm power(int exponent) {
        return exponent == 1 ? this : exponent % 2 == 0 ? square().power(exponent / 2) : times(power(exponent - 1));
    }

    /** Its arc tangent. */
    public GraphTerm atan() {
        return with(tf.math.atan(op));
    }

    /** e to its power. */
    public GraphTerm exp() {
        return with(tf.math.exp(op));
    }

    /** e to its power, less 1. */
    public GraphTerm expm1() {
        return with(tf.math.expm1(op));
    }

    /** −1, 0 or 1. */
    public GraphTerm sign() {
        return with(tf.math.sign(op));
    }

    /** Its absolute value. */
    public GraphTerm abs() {
        return with(tf.math.abs(op));
    }

    /** It, or this number where it is less. */
    public GraphTerm atLeast(double number) {
        return with(number == 0 ? tf.nn.relu(op) : tf.math.maximum(op, number(number).op));
    }

    /** It, or the end of this range that is nearer. */
    public GraphTerm within(double least, double most) {
        return with(tf.clipByValue(op, number(least).op, number(most).op));
    }

    /** The softmax over its last axis. */
    public GraphTerm softmax() {
        return with(tf.nn.softmax(op));
    }

    /** The sum over these axes, which go. */
    public GraphTerm sum(int... axes) {
        return with(tf.reduceSum(op, tf.constant(axes)));
    }

    /** These values in another shape; a size of −1 is what is left over. */
    public GraphTerm shaped(int... shape) {
        return with(tf.reshape(op, tf.constant(shape)));
    }

    /** The sum of some terms of one shape. */
    public static GraphTerm sum(List<GraphTerm> terms) {
        GraphTerm first = terms.get(0);
        return terms.size() == 1 ? first : first.with(first.tf.math.addN(terms.stream().map(GraphTerm::op).toList()));
    }
}
