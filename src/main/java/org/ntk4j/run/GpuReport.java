package org.ntk4j.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.ntk4j.base.Machine;
import org.ntk4j.bench.DevicePart;
import org.ntk4j.bench.Measurement;
import org.ntk4j.files.Table;

/** The outcomes of {@code scripts/gpu-check} as one table and one JSON. */
final class GpuReport {

    static final String JSON = "gpu-check.json";
    static final String TABLE = "gpu-check.txt";
    private static final int WIDTH = 140;

    private final String device;
    private final List<CheckedPart> outcomes = new ArrayList<>();

    GpuReport(String device) {
        this.device = device;
    }

    void add(CheckedPart outcome) {
        outcomes.add(outcome);
    }

    boolean failed() {
        return outcomes.stream().anyMatch(CheckedPart::failed);
    }

    /** Both files, also before the last part: what is there then is not lost. */
    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(JSON), json());
        Files.writeString(folder.resolve(TABLE), table());
    }

    /** Checks, then times on both devices, then the parts with their ends. */
    String table() {
        List<List<Object>> checks = new ArrayList<>();
        List<List<Object>> parts = new ArrayList<>();
        for (CheckedPart o : outcomes) {
            o.figures().stream().filter(f -> f.unit().equals("error"))
                    .forEach(f -> checks.add(List.of(f.what(), f.value(), f.limit().<Object>map(l -> l).orElse(""),
                            f.limit().isEmpty() ? "" : f.holds() ? "yes" : "NO")));
            parts.add(List.of(o.title(), o.device(), String.format(Locale.ROOT, "%.1f", o.seconds()),
                    o.memory() == 0 ? "" : String.valueOf(o.memory()),
                    o.ended().isEmpty() ? o.failed() ? "a figure is beyond its limit" : "done" : o.ended()));
        }
        return text(List.of("difference from the CPU or golden value", "relative", "limit", "holds"), checks) + System.lineSeparator()
                + text(List.of("case", "gpu first s", "gpu s", "cpu s", "cpu / gpu", "gpu GFLOP/s", "of its product rate",
                        "gpu process MiB"), times()) + System.lineSeparator()
                + text(List.of("part", "device", "seconds", "GPU MiB", "end"), parts);
    }

    private static String text(List<String> columns, List<List<Object>> rows) {
        return rows.isEmpty() ? "" : new Table(columns, rows).text(WIDTH);
    }

    private List<List<Object>> times() {
        List<List<Object>> rows = new ArrayList<>();
        outcomes.stream().flatMap(o -> o.figures().stream()).filter(f -> f.unit().equals("GFLOP/s"))
                .forEach(f -> rows.add(List.of(f.what() + ", " + f.device(), "", "", "", "", f.value(), "", "")));
        double rate = value("products float32", "gpu").orElse(Double.NaN);
        for (String title : DevicePart.cases()) {
            OptionalDouble there = value(title, "gpu");
            OptionalDouble here = value(title, "cpu");
            if (there.isPresent() || here.isPresent()) {
                double speed = DevicePart.operations(title) / there.orElse(Double.NaN) / 1e9;
                rows.add(List.of(title, value(title + " first", "gpu").orElse(Double.NaN), there.orElse(Double.NaN),
                        here.orElse(Double.NaN),
                        here.orElse(Double.NaN) / there.orElse(Double.NaN), speed == 0 ? Double.NaN : speed,
                        speed > 0 && rate > 0 ? Math.round(100 * speed / rate) + " %" : "",
                                value(title + " memory", "gpu").orElse(Double.NaN)));
            }
        }
        return rows;
    }

    private OptionalDouble value(String what, String onDevice) {
        return outcomes.stream().flatMap(o -> o.figures().stream()).filter(f -> f.what().equals(what) && f.device().equals(onDevice))
                .mapToDouble(Measurement::value).findFirst();
    }

    private String json() {
        JsonObject all = new JsonObject();
        Machine machine = Machine.here();
        all.addProperty("cpu", machine.cpu());
        all.addProperty("cores", machine.cores());
        all.addProperty("memory", machine.memory());
        all.addProperty("system", machine.system());
        all.addProperty("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        Machine.versions().forEach(all::addProperty);
        all.addProperty("device", device);
        all.addProperty("failed", failed());
        JsonArray parts = new JsonArray();
        for (CheckedPart o : outcomes) {
            JsonObject part = new JsonObject();
            part.addProperty("part", o.title());
            part.addProperty("device", o.device());
            part.addProperty("seconds", o.seconds());
            part.addProperty("end", o.ended());
            part.addProperty("gpuMiB", o.memory());
            JsonArray lines = new JsonArray();
            o.lines().forEach(lines::add);
            part.add("lines", lines);
            JsonArray figures = new JsonArray();
            o.figures().forEach(f -> figures.add(json(f)));
            part.add("figures", figures);
            parts.add(part);
        }
        all.add("parts", parts);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all) + "\n";
    }

    private static JsonObject json(Measurement f) {
        JsonObject json = new JsonObject();
        json.addProperty("what", f.what());
        json.addProperty("device", f.device());
        if (Double.isFinite(f.value())) {
            json.addProperty("value", f.value());
        } else {
            json.addProperty("value", String.valueOf(f.value()));
        }
        json.addProperty("unit", f.unit());
        f.limit().ifPresent(l -> {
            json.addProperty("limit", l);
            json.addProperty("holds", f.holds());
        });
        return json;
    }
}
