package org.ntk4j.study;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ntk4j.study.option.Sweep;

/** The points of a sweep: one definition for each combination of the swept values, the last path running fastest. */
final class SweepPoints {

    private SweepPoints() {
    }

    static List<Definition.Point> of(Definition definition) {
        List<Definition.Point> points = List.of(new Definition.Point(definition.with(Keys.SWEEP, Sweep.NONE), Map.of()));
        for (Map.Entry<String, List<Object>> axis : definition.sweep().axes().entrySet()) {
            points = along(axis.getKey(), axis.getValue(), points);
        }
        return points;
    }

    /** Each point with each value of a path. */
    private static List<Definition.Point> along(String path, List<Object> values, List<Definition.Point> points) {
        Key<?> key = Keys.at(path).orElseThrow();
        // Points that have the same value of this key so far share what the change makes of it: it is read once.
        IdentityHashMap<Object, List<Object>> changed = new IdentityHashMap<>();
        List<Definition.Point> more = new ArrayList<>();
        for (Definition.Point point : points) {
            List<Object> own = changed.computeIfAbsent(point.definition().get(key),
                    before -> values.stream().<Object>map(value -> point.definition().with(path, value).get(key)).toList());
            for (int i = 0; i < own.size(); i++) {
                Map<String, String> swept = new LinkedHashMap<>(point.swept());
                if (!path.equals(Sweep.SEED)) {
                    swept.put(path, Sweep.text(values.get(i)));
                }
                more.add(new Definition.Point(point.definition().with(key, own.get(i)), swept));
            }
        }
        return more;
    }
}
