package org.ntk4j.study.option;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Options;

/**
 * What YAML has under {@code statistics}: tangent kernels of finite networks are not stored, and what is to be said of them is estimated
 * from some of their rows and from products with vectors.
 *
 * @param samples rows that are read, at least 2
 * @param probes  vectors of signs for the effective rank, each with some forty products through the network; 0: it is left out
 */
public record StatisticsOption(int samples, int probes) {

    private static final int SAMPLES = 256;

    public StatisticsOption {
        if (samples < 2) {
            throw Failure.input("statistics: samples must be at least 2, not " + samples);
        }
        if (probes < 0 || probes == 1) {
            throw Failure.input("statistics: probes must be 0 or at least 2, not " + probes);
        }
    }

    /** Reads what stands under {@code statistics}; empty where nothing does. */
    public static Optional<StatisticsOption> read(Options o) {
        if (o.entry("statistics").isEmpty()) {
            return Optional.empty();
        }
        Options inside = o.nested("statistics");
        int samples = inside.integer("samples", SAMPLES, 2, Integer.MAX_VALUE);
        int probes = inside.integer("probes", 0, 0, Integer.MAX_VALUE);
        if (probes == 1) {
            inside.mistake("probes", "one vector has no standard error; allowed: 0, or 2 and more");
        }
        inside.finish();
        return Optional.of(new StatisticsOption(samples, probes == 1 ? 0 : probes));
    }

    /** As in YAML. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("samples", samples);
        map.put("probes", probes);
        return map;
    }
}
