package org.ntk4j.finite;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;

/**
 * When training ends: at whichever comes first. What is not given has its default: a train loss of 1e-4, 20,000 steps.
 *
 * @param trainLoss     the loss on the training set
 * @param maxSteps      the most steps
 * @param trainAccuracy the accuracy on the training set, 0 to 1
 * @param maxTime       the longest time
 */
public record Until(OptionalDouble trainLoss, OptionalInt maxSteps, OptionalDouble trainAccuracy, Optional<Duration> maxTime) {

    private static final double DEFAULT_LOSS = 1e-4;
    private static final int DEFAULT_STEPS = 20_000;
    private static final int MOST_STEPS = 100_000_000;

    public Until {
        if (trainLoss.isPresent() && !(trainLoss.getAsDouble() >= 0)) {
            throw Failure.input("trainLoss of " + trainLoss.getAsDouble() + " is not a number from 0");
        }
        if (maxSteps.isPresent() && (maxSteps.getAsInt() < 0 || maxSteps.getAsInt() > MOST_STEPS)) {
            throw Failure.input("maxSteps of " + maxSteps.getAsInt() + " is not a whole number from 0 to " + MOST_STEPS);
        }
        if (trainAccuracy.isPresent() && !(trainAccuracy.getAsDouble() >= 0 && trainAccuracy.getAsDouble() <= 1)) {
            throw Failure.input("trainAccuracy of " + trainAccuracy.getAsDouble() + " is not a number from 0 to 1");
        }
        if (maxTime.isPresent() && (maxTime.get().isNegative() || maxTime.get().isZero())) {
            throw Failure.input("maxTime must be above 0");
        }
    }

    /** The defaults alone. */
    public static Until defaults() {
        return new Until(OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.empty(), Optional.empty());
    }

    /** This or the other, whichever comes first; where both say something of one kind, the earlier. */
    public Until or(Until other) {
        Required.value(other, "other");
        return new Until(
                trainLoss.isPresent() && other.trainLoss.isPresent()
                        ? OptionalDouble.of(Math.max(trainLoss.getAsDouble(), other.trainLoss.getAsDouble())) : trainLoss.isPresent()
                                ? trainLoss : other.trainLoss,
                maxSteps.isPresent() && other.maxSteps.isPresent()
                        ? OptionalInt.of(Math.min(maxSteps.getAsInt(), other.maxSteps.getAsInt())) : maxSteps.isPresent()
                                ? maxSteps : other.maxSteps,
                trainAccuracy.isPresent() && other.trainAccuracy.isPresent()
                        ? OptionalDouble.of(Math.min(trainAccuracy.getAsDouble(), other.trainAccuracy.getAsDouble()))
                        : trainAccuracy.isPresent() ? trainAccuracy : other.trainAccuracy,
                maxTime.isPresent() && other.maxTime.isPresent()
                        ? Optional.of(maxTime.get().compareTo(other.maxTime.get()) < 0 ? maxTime.get() : other.maxTime.get())
                        : maxTime.isPresent() ? maxTime : other.maxTime);
    }

    /** The train loss at which to stop. */
    public double loss() {
        return trainLoss.orElse(DEFAULT_LOSS);
    }

    /** The largest number of steps. */
    public int steps() {
        return maxSteps.orElse(DEFAULT_STEPS);
    }

    static Until read(Options o) {
        OptionalDouble loss = o.optionalReal("trainLoss", 0, Double.MAX_VALUE);
        OptionalInt steps = o.optionalInteger("maxSteps", 0, MOST_STEPS);
        OptionalDouble accuracy = o.optionalReal("trainAccuracy", 0, 1);
        Optional<Duration> time = o.entry("maxTime").flatMap(e -> time(e, o));
        o.finish();
        return new Until(loss, steps, accuracy, time);
    }

    private static Optional<Duration> time(Entry e, Options o) {
        String text = e instanceof Entry.Scalar s ? s.text() : "";
        if (text.equals("none")) {
            return Optional.empty();
        }
        try {
            return Optional.of(duration(text));
        } catch (Failure failure) {
            o.mistake("maxTime", e.describe() + " is not a time; allowed: 90s, 5m, 1.5h, or a number of seconds");
            return Optional.empty();
        }
    }

    /**
     * Reads a time.
     *
     * @param text {@code 90s}, {@code 5m}, {@code 1.5h}, or a number of seconds
     */
    public static Duration duration(String text) {
        Required.value(text, "text");
        if (!text.matches("\\d{1,9}(\\.\\d{1,6})?[smhd]?") || Double.parseDouble(text.replaceAll("[smhd]", "")) == 0) {
            throw Failure.input("'" + text + "' is not a time; allowed: 90s, 5m, 1.5h, or a number of seconds");
        }
        double number = Double.parseDouble(text.replaceAll("[smhd]", ""));
        double unit = switch (text.charAt(text.length() - 1)) {
            case 'm' -> 60;
            case 'h' -> 3600;
            case 'd' -> 86_400;
            default -> 1;
        };
        return Duration.ofMillis(Math.max(1, Math.round(number * unit * 1000)));
    }

    /** With every default, as in YAML. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("trainLoss", loss());
        map.put("maxSteps", steps());
        map.put("trainAccuracy", trainAccuracy.isPresent() ? (Object) trainAccuracy.getAsDouble() : "none");
        map.put("maxTime", maxTime.isPresent() ? (Object) (maxTime.get().toMillis() / 1000.0 + "s") : "none");
        return map;
    }
}
