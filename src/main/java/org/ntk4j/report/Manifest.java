package org.ntk4j.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Machine;

/**
 * Where the results of a run come from: {@code manifest.json}.
 *
 * @param command  the command line as it was given
 * @param versions the version of each program, by name
 * @param machine  what it ran on
 * @param device   {@code cpu}, {@code gpu:0}, …
 * @param seeds    the seeds of initial weights and batches
 * @param data     the examples drawn, by split: their indices in the source
 * @param started  when the run began
 * @param ended    when it ended
 * @param status   how it ended
 * @param more     anything else, by name: texts, numbers, lists, maps
 */
public record Manifest(List<String> command, Map<String, String> versions, Machine machine, String device, List<Long> seeds,
                       Map<String, int[]> data, Instant started, Optional<Instant> ended, Status status, Map<String, Object> more) {

    public Manifest {
        command = List.copyOf(command);
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        seeds = List.copyOf(seeds);
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** The manifest of a run of this process that begins now. */
    public static Manifest begin(List<String> command, String device, List<Long> seeds, Instant now) {
        return new Manifest(command, Machine.versions(), Machine.here(), device, seeds, Map.of(), now, Optional.empty(), Status.RUNNING,
                Map.of());
    }

    /** This manifest with the indices that were drawn for a split. */
    public Manifest withData(String split, int[] indices) {
        Map<String, int[]> all = new LinkedHashMap<>(data);
        all.put(split, indices.clone());
        return new Manifest(command, versions, machine, device, seeds, all, started, ended, status, more);
    }

    /** This manifest with one more entry. */
    public Manifest with(String key, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.put(key, value);
        return new Manifest(command, versions, machine, device, seeds, data, started, ended, status, all);
    }

    /** This manifest with the version of one more program. */
    public Manifest withVersion(String program, String version) {
        Map<String, String> all = new LinkedHashMap<>(versions);
        all.put(program, version);
        return new Manifest(command, all, machine, device, seeds, data, started, ended, status, more);
    }

    /** The manifest of a run that has ended. */
    public Manifest ended(Status how, Instant when) {
        return new Manifest(command, versions, machine, device, seeds, data, started, Optional.of(when), how, more);
    }

    /** JSON; times are ISO 8601 in UTC, a NaN or an infinity is written as a text. */
    public String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("status", status.toString());
        all.put("command", command);
        all.put("started", started.truncatedTo(ChronoUnit.MILLIS).toString());
        all.put("ended", ended.map(t -> t.truncatedTo(ChronoUnit.MILLIS).toString()).orElse(null));
        all.put("versions", versions);
        Map<String, Object> hardware = new LinkedHashMap<>();
        hardware.put("cpu", machine.cpu());
        hardware.put("cores", machine.cores());
        hardware.put("memoryBytes", machine.memory());
        hardware.put("system", machine.system());
        all.put("machine", hardware);
        all.put("device", device);
        all.put("seeds", seeds);
        all.put("data", data);
        more.forEach(all::putIfAbsent);
        return Json.write(all);
    }
}
