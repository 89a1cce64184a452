package org.ntk4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Mistakes;

/** How inputs are scaled. */
enum Normalization {
    /**
     * Each input to the norm √size, so that its values have mean square 1; an input of zeros stays as it is. Padding stays padding
     * and does not count: a sentence of n real positions has the norm √(n × channels).
     */
    UNIT {
        @Override
        UnaryOperator<double[]> fit(Supplier<double[]> train) {
            return input -> {
                double square = real(input).map(v -> v * v).sum();
                double scale = square == 0 ? 1 : Math.sqrt(real(input).count() / square);
                return Arrays.stream(input).map(v -> v * scale).toArray();
            };
        }
    },
    /**
     * All inputs less the mean of the training set, over its standard deviation: one number each, over all values of all
     * drawn training inputs but padding. Where the deviation is 0 it counts as 1.
     */
    STANDARD {
        @Override
        UnaryOperator<double[]> fit(Supplier<double[]> train) {
            double[] values = real(train.get()).toArray();
            double mean = Arrays.stream(values).sum() / values.length;
            double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
            double deviation = variance == 0 ? 1 : Math.sqrt(variance);
            return input -> Arrays.stream(input).map(v -> (v - mean) / deviation).toArray();
        }
    },
    /** As they are; pixels are numbers from 0 to 1. */
    NONE {
        @Override
        UnaryOperator<double[]> fit(Supplier<double[]> train) {
            return input -> input;
        }
    };

    private static DoubleStream real(double[] values) {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v));
    }

    /** The words of the grammar. */
    static final List<String> WORDS = Arrays.stream(values()).map(Normalization::toString).toList();

    /** What is done to one input. {@code train} gives all values of the training inputs, unscaled. */
    abstract UnaryOperator<double[]> fit(Supplier<double[]> train);

    static Normalization of(String word) {
        if (!WORDS.contains(word)) {
            throw Failure.input("normalize: '" + word + "' is not known" + Mistakes.suggestion(word, WORDS));
        }
        return values()[WORDS.indexOf(word)];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
