package org.ntk4j.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ntk4j.files.Table;

/**
 * The numbers of {@code results.csv} with one row a cell: a column for each {@code METRIC:SUBJECT:REFERENCE:SPLIT:AT}, in the order in
 * which they first appear. Where {@code at} is {@code step}, the step itself stands in its place, so that no two numbers share a column.
 */
final class Wide {

    private Wide() {
    }

    /**
     * The table.
     *
     * @param paths the swept paths, seed apart
     */
    static Table of(String run, List<String> paths, List<CellResult> cells) {
        List<Map<String, Double>> values = cells.stream().map(Wide::values).toList();
        Set<String> names = new LinkedHashSet<>();
        values.forEach(v -> names.addAll(v.keySet()));
        List<String> columns = new ArrayList<>(List.of("run", "seed"));
        columns.addAll(paths);
        columns.addAll(names);
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            List<Object> row = new ArrayList<>(List.of(run, cells.get(i).seed()));
            Map<String, String> swept = cells.get(i).swept();
            paths.forEach(path -> row.add(swept.get(path)));
            Map<String, Double> found = values.get(i);
            names.forEach(name -> row.add(found.get(name)));
            rows.add(row);
        }
        return new Table(columns, rows);
    }

    private static Map<String, Double> values(CellResult cell) {
        String last = Summary.lastStep(cell);
        Map<String, Double> values = new LinkedHashMap<>();
        for (Row r : cell.rows()) {
            String at = At.of(r.subject(), r.step(), r.metric(), last);
            values.put(String.join(":", r.metric(), r.subject(), r.reference(), r.split(), at.equals(At.STEP) ? r.step() : at), r.value());
        }
        return values;
    }
}
