package org.ntk4j.panel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Words;

/** What was run: the definition, the network, the machine, the notes. */
final class Setup {

    private Setup() {
    }

    static Optional<Panel> of(RunTables tables) {
        List<List<String>> rows = new ArrayList<>();
        boolean several = tables.runs().size() > 1;
        Panel panel = Panel.of("setup", "What was run", "");
        for (RunFiles run : tables.runs()) {
            String of = several ? " (" + run.name() + ")" : "";
            facts(run).forEach(fact -> rows.add(List.of(fact.get(0) + of, fact.get(1))));
            panel = text(panel, "The definition as given" + of, run.text("config.yaml"));
            panel = text(panel, "The definition with every default" + of, run.text("resolved.yaml"));
            panel = text(panel, "The network, layer by layer" + of, network(run.manifest()));
            panel = text(panel, "What the run said on its way" + of, run.text("log.txt"));
        }
        if (rows.isEmpty() && panel.texts().isEmpty()) {
            return Optional.empty();
        }
        String sentence = several ? tables.runs().size() + " runs: " + Words.list(tables.runs().stream().map(RunFiles::name).toList())
                + "."
                : sentence(tables.runs().get(0));
        return Optional.of(new Panel("setup", "What was run", sentence, List.of(), List.of(), "manifest.json", "the whole file",
                new DataTable(List.of("what", "value"), rows), panel.texts()));
    }

    private static Panel text(Panel panel, String heading, String body) {
        return body.isBlank() ? panel : panel.and(heading, body.strip());
    }

    private static String network(JsonObject manifest) {
        JsonElement lines = manifest.get("network");
        if (!(lines instanceof JsonArray array)) {
            return "";
        }
        List<String> text = new ArrayList<>();
        array.forEach(line -> text.add(line.getAsString()));
        return String.join("\n", text);
    }

    private static String sentence(RunFiles run) {
        JsonObject manifest = run.manifest();
        String took = took(manifest).map(t -> ", took " + t).orElse("");
        return run.name() + ": " + HtmlReport.text(manifest, "status").orElse("without a manifest") + took + ".";
    }

    private static Optional<String> took(JsonObject manifest) {
        try {
            Optional<String> from = HtmlReport.text(manifest, "started");
            Optional<String> to = HtmlReport.text(manifest, "ended");
            return from.isEmpty() || to.isEmpty() ? Optional.empty()
                    : Optional.of(words(Duration.between(Instant.parse(from.get()), Instant.parse(to.get()))));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String words(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 60 ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0) : seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s" : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    private static List<List<String>> facts(RunFiles run) {
        JsonObject manifest = run.manifest();
        List<List<String>> facts = new ArrayList<>();
        HtmlReport.text(manifest, "status").ifPresent(s -> facts.add(List.of("status", s)));
        if (manifest.get("command") instanceof JsonArray command) {
            List<String> words = new ArrayList<>();
            command.forEach(w -> words.add(w.getAsString()));
            facts.add(List.of("command", String.join(" ", words)));
        }
        HtmlReport.text(manifest, "started").ifPresent(s -> facts.add(List.of("started", s)));
        took(manifest).ifPresent(t -> facts.add(List.of("time", t)));
        if (manifest.get("versions") instanceof JsonObject versions) {
            for (Map.Entry<String, JsonElement> version : versions.entrySet()) {
                facts.add(List.of(version.getKey(), version.getValue().getAsString()));
            }
        }
        if (manifest.get("machine") instanceof JsonObject machine) {
            for (Map.Entry<String, JsonElement> part : machine.entrySet()) {
                boolean memory = part.getKey().equals("memoryBytes");
                facts.add(List.of(memory ? "memory" : part.getKey(),
                        memory ? Words.number(part.getValue().getAsDouble() / (1L << 30)) + " GiB" : part.getValue().getAsString()));
            }
        }
        HtmlReport.text(manifest, "device").ifPresent(d -> facts.add(List.of("device", d)));
        if (manifest.get("data") instanceof JsonObject data) {
            for (Map.Entry<String, JsonElement> split : data.entrySet()) {
                facts.add(List.of("examples, " + split.getKey(), String.valueOf(split.getValue().getAsJsonArray().size())));
            }
        }
        return facts;
    }
}
