package org.ntk4j.activation;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A function of one's own, given in Java: at infinite width by quadrature, at finite width by its TensorFlow twin, or, where
 * none is given, from a table of its values ({@link Tabulated}). Two of them are equal if their functions are the same objects.
 */
public final class GivenFunction extends ByQuadrature {

    private final DoubleUnaryOperator function;
    private final @Nullable Twin twin;

    /** A function as TensorFlow ops with gradients: {@code (tf, x) -> tf.math.tanh(x)}. */
    @FunctionalInterface
    public interface Twin {

        /** φ of a tensor, value by value. */
        Operand<TFloating> apply(Ops tf, Operand<TFloating> x);
    }

    private GivenFunction(DoubleUnaryOperator function, @Nullable Twin twin) {
        this.function = function;
        this.twin = twin;
    }

    /** For both widths, at finite width from a table of its values. */
    public static GivenFunction of(DoubleUnaryOperator function) {
        Required.value(function, "function");
        return new GivenFunction(Objects.requireNonNull(function, "function"), null);
    }

    /** For both widths. */
    public static GivenFunction of(DoubleUnaryOperator function, Twin twin) {
        Required.value(function, "function");
        Required.value(twin, "twin");
        return new GivenFunction(Objects.requireNonNull(function, "function"), Objects.requireNonNull(twin, "twin"));
    }

    @Override
    public String name() {
        return "function";
    }

    /** Itself: it cannot be written down. */
    @Override
    public Object toYaml() {
        return this;
    }

    @Override
    public double value(double x) {
        return function.applyAsDouble(x);
    }

    @Override
    Quadrature made() {
        return Quadrature.of(function);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return (twin == null ? new Tabulated(function) : twin).apply(tf, x);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GivenFunction f && f.function == function && f.twin == twin;
    }

    @Override
    public int hashCode() {
        return Objects.hash(function, twin);
    }
}
