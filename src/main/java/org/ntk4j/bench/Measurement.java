package org.ntk4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * One number of a check.
 *
 * @param what   what was measured or compared
 * @param device where: {@code cpu}, {@code gpu}
 * @param value  the number
 * @param unit   {@code s}, {@code GFLOP/s}, {@code MiB}; {@code error} for a relative difference
 * @param limit  what it must not exceed; empty where nothing is asked
 */
public record Measurement(String what, String device, double value, String unit, Optional<Double> limit) {

    private static final String MARK = "figure ";

    /** A number that only tells. */
    public static Measurement of(String what, String device, double value, String unit) {
        return new Measurement(what, device, value, unit, Optional.empty());
    }

    /** A difference that must be small; NaN is not. */
    public static Measurement error(String what, String device, double value, double limit) {
        return new Measurement(what, device, value, "error", Optional.of(limit));
    }

    /** Whether it is within its limit. */
    public boolean holds() {
        return limit.isEmpty() || value <= limit.get();
    }

    /** A line of a part's output. */
    public String line() {
        JsonObject json = new JsonObject();
        json.addProperty("what", what);
        json.addProperty("device", device);
        // JSON has no NaN and no infinity.
        json.addProperty("value", String.valueOf(value));
        json.addProperty("unit", unit);
        limit.ifPresent(l -> json.addProperty("limit", String.valueOf(l)));
        return MARK + new Gson().toJson(json);
    }

    /** A line of a part's output read back; empty if it is something else. */
    public static Optional<Measurement> read(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        JsonObject json = new Gson().fromJson(line.substring(MARK.length()), JsonObject.class);
        Optional<Double> limit = json.has("limit") ? Optional.of(json.get("limit").getAsDouble()) : Optional.empty();
        return Optional.of(new Measurement(json.get("what").getAsString(), json.get("device").getAsString(),
                Double.parseDouble(json.get("value").getAsString()),
                json.get("unit").getAsString(), limit));
    }

    /** {@code 3.1e-12 (at most 1e-10)}, {@code 0.042 s}. */
    @Override
    public String toString() {
        return limit.map(l -> String.format(Locale.ROOT, "%.1e (at most %.0e)", value, l))
                .orElseGet(() -> String.format(Locale.ROOT, "%.4g %s", value, unit));
    }
}
