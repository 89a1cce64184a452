package org.ntk4j.activation;

import java.util.function.DoubleUnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A function of which only the values are known, as TensorFlow ops: from −64 to 64 a cubic polynomial through four points on each
 * cell of 1/128, so that values of smooth functions are right to about 1e-11, derivatives to about 1e-8, and kinks at multiples of
 * 1/128 are kept; beyond, the straight line where the function goes on as one to a millionth, else NaN, so that nothing is made up.
 */
final class Tabulated implements GivenFunction.Twin {

    private static final double RANGE = 64;
    private static final int CELLS = 16_384;
    private static final double CELL = 2 * RANGE / CELLS;
    private static final int COEFFICIENTS = 4;
    private static final double STRAIGHT = 1e-6;

    private final double[][] table = new double[CELLS + 2][];
    private final double[] left = new double[CELLS + 2];

    Tabulated(DoubleUnaryOperator function) {
        for (int i = 0; i < table.length; i++) {
            left[i] = -RANGE + (i - 1) * CELL;
            table[i] = i == 0 ? line(function, -RANGE, -1) : i == CELLS + 1 ? line(function, RANGE, 1) : cubic(function, left[i]);
        }
    }

    /** Coefficients, lowest first, of the cubic through the ends of a cell and the points between at a third and two. */
    private static double[] cubic(DoubleUnaryOperator function, double from) {
        double f0 = function.applyAsDouble(from);
        double f1 = function.applyAsDouble(from + CELL / 3);
        double f2 = function.applyAsDouble(from + CELL * 2 / 3);
        double f3 = function.applyAsDouble(from + CELL);
        double d1 = f1 - f0;
        double d2 = f2 - 2 * f1 + f0;
        double d3 = f3 - 3 * f2 + 3 * f1 - f0;
        // Newton's form at s = 3 t, written out in powers of t.
        return new double[] {f0, 3 * d1 - 1.5 * d2 + d3, 4.5 * d2 - 4.5 * d3, 4.5 * d3};
    }

    /** The straight line beyond an end, as a cell of its own; NaN where the function is none there. */
    private static double[] line(DoubleUnaryOperator function, double end, int side) {
        double at = function.applyAsDouble(end);
        double slope = (function.applyAsDouble(2 * end) - at) / end;
        double far = function.applyAsDouble(8 * end);
        double inside = (at - function.applyAsDouble(end - side * CELL)) / (side * CELL);
        double size = 1 + Math.abs(slope);
        boolean straight = Math.abs(at + slope * 7 * end - far) <= STRAIGHT * RANGE * size && Math.abs(inside - slope) <= STRAIGHT * size;
        if (!straight) {
            return new double[] {Double.NaN, Double.NaN, 0, 0};
        }
        return new double[] {side < 0 ? at - slope * CELL : at, slope * CELL, 0, 0};
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Class<TFloating> type = x.asOutput().type();
        Operand<TFloating> place = tf.math.floor(tf.math.mul(tf.math.add(tf.stopGradient(x), number(tf, RANGE, type)),
                number(tf, 1 / CELL, type)));
        Operand<TFloating> within = tf.math.minimum(tf.math.maximum(place, number(tf, -1, type)), number(tf, CELLS, type));
        Operand<TInt32> cell = tf.dtypes.cast(tf.math.add(within, number(tf, 1, type)), TInt32.class);
        Operand<TFloating> t = tf.math.mul(tf.math.sub(x, column(tf, left, cell, type)), number(tf, 1 / CELL, type));
        Operand<TFloating> value = column(tf, coefficients(COEFFICIENTS - 1), cell, type);
        for (int power = COEFFICIENTS - 2; power >= 0; power--) {
            value = tf.math.add(tf.math.mul(value, t), column(tf, coefficients(power), cell, type));
        }
        return value;
    }

    private double[] coefficients(int power) {
        double[] column = new double[table.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = table[i][power];
        }
        return column;
    }

    private static Operand<TFloating> column(Ops tf, double[] values, Operand<TInt32> cell, Class<TFloating> type) {
        Gather<TFloating> gathered = tf.gather(tf.dtypes.cast(tf.constant(values), type), cell, tf.constant(0));
        return tf.stopGradient(gathered);
    }

    private static Operand<TFloating> number(Ops tf, double value, Class<TFloating> type) {
        return tf.dtypes.cast(tf.constant(value), type);
    }
}
