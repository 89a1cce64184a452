package org.ntk4j.result;

import java.util.Arrays;
import java.util.Optional;
import org.ntk4j.base.Failure;

/**
 * The name of a number: a quantity, or an end of its 95 % interval; of a whole, of a layer, or of a direction.
 *
 * @param end  which of value and interval
 * @param part {@code /1.dense} for a layer, {@code .3} for what is counted from 0, empty for the whole
 */
public record Metric(Quantity quantity, End end, String part) {

    /** The value itself, or an end of its 95 % interval. */
    public enum End {
        /** The value. */
        VALUE(""),
        /** The lower end. */
        LOW("Low"),
        /** The upper end. */
        HIGH("High");

        private final String suffix;

        End(String suffix) {
            this.suffix = suffix;
        }
    }

    /**
     * The metric with this word.
     *
     * @throws Failure if there is none
     */
    public static Metric of(String word) {
        String name = word.split("[./]", 2)[0];
        return Arrays.stream(Quantity.values()).flatMap(quantity -> Arrays.stream(End.values())
                .filter(end -> name.equals(quantity + end.suffix)).map(end -> new Metric(quantity, end, word.substring(name.length()))))
                .findFirst().orElseThrow(() -> Failure.input("metric '" + word + "' is not known"));
    }

    /** The lower end of its interval. */
    public Metric low() {
        return new Metric(quantity, End.LOW, part);
    }

    /** The upper end of its interval. */
    public Metric high() {
        return new Metric(quantity, End.HIGH, part);
    }

    /** The layer that it speaks of, if it speaks of one. */
    public Optional<String> layer() {
        return part.startsWith("/") ? Optional.of(part.substring(1)) : Optional.empty();
    }

    /** The word in CSV. */
    @Override
    public String toString() {
        return quantity + end.suffix + part;
    }
}
