package org.ntk4j.study.finding;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.function.Function;
import org.ntk4j.result.Metric;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/** A finished cell as it is stored until the study is done, in JSON; words stand in it as in the tables. */
public final class StoredCell {

    // Where there are no classes the accuracy is no number.
    public static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues()
            .registerTypeAdapter(Subject.class, new Word<>(Subject::of)).registerTypeAdapter(SplitName.class, new Word<>(SplitName::of))
            .registerTypeAdapter(Step.class, new Word<>(Step::of)).registerTypeAdapter(Metric.class, new Word<>(Metric::of)).create();

    private StoredCell() {
    }

    public static String write(CellResult cell) {
        return GSON.toJson(cell);
    }

    public static CellResult read(String text) {
        return GSON.fromJson(text, CellResult.class);
    }

    private static final class Word<T> extends TypeAdapter<T> {
        private final Function<String, T> of;

        Word(Function<String, T> of) {
            this.of = of;
        }

        @Override
        public void write(JsonWriter out, T value) throws IOException {
            out.value(value.toString());
        }

        @Override
        public T read(JsonReader in) throws IOException {
            return of.apply(in.nextString());
        }
    }
}
