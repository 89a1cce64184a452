package org.ntk4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Mistakes;

/** How inputs are scaled. Padding stays padding and never counts. Squares are taken of values near 1, so that none overflows. */
enum Normalization {
    /**
     * Each input to the norm √size, so that its values have mean square 1; an input of zeros stays as it is. A sentence of n real positions
     * has the norm √(n × channels).
     */
    UNIT("unit") {
        @Override
        UnaryOperator<double[]> fit(Supplier<Inputs> train) {
            return input -> {
                double unit = unit(input);
                double square = real(input).map(v -> v * unit).map(v -> v * v).sum();
                double scale = square == 0 ? 1 : Math.sqrt(real(input).count() / square);
                return Arrays.stream(input).map(v -> v * unit * scale).toArray();
            };
        }
    },
    /**
     * All inputs less the mean of the training set, over its standard deviation: one number each, over all values of all
     * drawn training inputs. Where the deviation is 0 it counts as 1.
     */
    STANDARD("standard") {
        @Override
        UnaryOperator<double[]> fit(Supplier<Inputs> train) {
            double[] values = train.get().values();
            Spread spread = Spread.of(real(values).toArray(), unit(values));
            return input -> Arrays.stream(input).map(v -> spread.apply(v, true)).toArray();
        }
    },
    /** Less the mean input of the training set: from each value the mean of the values at its place. */
    CENTRED("centred") {
        @Override
        UnaryOperator<double[]> fit(Supplier<Inputs> train) {
            Spread[] places = places(train.get());
            return input -> IntStream.range(0, input.length).mapToDouble(i -> places[i].apply(input[i], false)).toArray();
        }
    },
    /** Less the mean of the values at the same place in the training set, over their standard deviation; where that is 0 it counts as 1. */
    PER_PIXEL("perPixel") {
        @Override
        UnaryOperator<double[]> fit(Supplier<Inputs> train) {
            Spread[] places = places(train.get());
            return input -> IntStream.range(0, input.length).mapToDouble(i -> places[i].apply(input[i], true)).toArray();
        }
    },
    /** As they are; pixels are numbers from 0 to 1. */
    NONE("none") {
        @Override
        UnaryOperator<double[]> fit(Supplier<Inputs> train) {
            return input -> input;
        }
    };

    /** The words of the grammar. */
    static final List<String> WORDS = Arrays.stream(values()).map(Normalization::toString).toList();

    private final String word;

    Normalization(String word) {
        this.word = word;
    }

    private static DoubleStream real(double[] values) {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v));
    }

    /** A power of two that brings the largest of the values near 1: to multiply by it is exact. */
    private static double unit(double[] values) {
        double largest = real(values).map(Math::abs).max().orElse(0);
        return largest == 0 ? 1 : Math.scalb(1.0, -Math.getExponent(largest));
    }

    private static Spread[] places(Inputs inputs) {
        int size = inputs.shape().size();
        double[] values = inputs.values();
        double unit = unit(values);
        return IntStream.range(0, size)
                .mapToObj(place -> Spread.of(real(IntStream.range(0, inputs.count()).mapToDouble(i -> values[i * size + place]).toArray())
                        .toArray(), unit))
                .toArray(Spread[]::new);
    }

    /** Mean and standard deviation of some values, in units of {@code 1/unit}. */
    private record Spread(double unit, double mean, double deviation) {

        static Spread of(double[] values, double unit) {
            double mean = values.length == 0 ? 0 : Arrays.stream(values).map(v -> v * unit).sum() / values.length;
            double variance = Arrays.stream(values).map(v -> (v * unit - mean) * (v * unit - mean)).sum() / Math.max(1, values.length);
            boolean constant = Arrays.stream(values).allMatch(v -> v == values[0]);
            return constant ? new Spread(unit, values.length == 0 ? 0 : values[0] * unit, unit)
                    : new Spread(unit, mean, variance == 0 ? unit : Math.sqrt(variance));
        }

        double apply(double value, boolean divided) {
            return divided ? (value * unit - mean) / deviation : value - mean / unit;
        }
    }

    /** What is done to one input. {@code train} gives the training inputs, unscaled. */
    abstract UnaryOperator<double[]> fit(Supplier<Inputs> train);

    static Normalization of(String word) {
        if (!WORDS.contains(word)) {
            throw Failure.input("normalize: '" + word + "' is not known" + Mistakes.suggestion(word, WORDS));
        }
        return values()[WORDS.indexOf(word)];
    }

    @Override
    public String toString() {
        return word;
    }
}
