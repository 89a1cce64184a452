package org.ntk4j.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Writes JSON for people: one field a line, but a list of plain values on a single one. A NaN or an infinity becomes a text. */
final class Json {

    private static final String INDENT = "  ";

    private Json() {
    }

    /** Maps, iterables, arrays of int, long or double, optionals, numbers, truth values; anything else by its {@code toString}. */
    static String write(Object value) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent(INDENT);
            json.setHtmlSafe(false);
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void write(JsonWriter json, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.name(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.endObject();
        } else if (value instanceof Iterable<?> values) {
            list(json, StreamSupport.stream(values.spliterator(), false).toList());
        } else if (value instanceof int[] numbers) {
            list(json, Arrays.stream(numbers).boxed().toList());
        } else if (value instanceof long[] numbers) {
            list(json, Arrays.stream(numbers).boxed().toList());
        } else if (value instanceof double[] numbers) {
            list(json, Arrays.stream(numbers).boxed().toList());
        } else if (value instanceof Optional<?> optional) {
            write(json, optional.orElse(null));
        } else if (value == null) {
            json.nullValue();
        } else if (value instanceof Boolean b) {
            json.value(b);
        } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            json.value(number);
        } else {
            json.value(value.toString());
        }
    }

    private static void list(JsonWriter json, List<?> items) throws IOException {
        boolean nested = items.stream().anyMatch(i -> i instanceof Map || i instanceof Iterable || i != null && i.getClass().isArray());
        json.beginArray();
        json.setIndent(nested ? INDENT : "");
        for (Object item : items) {
            write(json, item);
        }
        json.endArray();
        json.setIndent(INDENT);
    }
}
