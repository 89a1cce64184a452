package org.ntk4j.chart;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plots side by side with one legend. {@link #json} is an option of Apache ECharts without places: where each plot stands depends on
 * the width, which the page and {@link #svg} know.
 *
 * @param height of each plot in pixels
 */
public record Chart(List<Plot> plots, int height) implements Figure {

    /** Signs that could end a script are escaped, so that the JSON can stand inside HTML. */
    private static final Gson GSON = new GsonBuilder().create();

    public Chart {
        plots = plots.stream().filter(p -> !p.isEmpty()).toList();
    }

    /** Plots of the usual height. */
    public static Chart of(Plot... plots) {
        return new Chart(List.of(plots), 290);
    }

    /** Whether no plot has a curve. */
    public boolean isEmpty() {
        return plots.isEmpty();
    }

    /** The option of the chart library: maps, lists, texts and numbers. */
    public Map<String, Object> option() {
        List<Object> titles = new ArrayList<>();
        List<Object> grids = new ArrayList<>();
        List<Object> xAxes = new ArrayList<>();
        List<Object> yAxes = new ArrayList<>();
        List<Object> series = new ArrayList<>();
        for (int i = 0; i < plots.size(); i++) {
            Plot plot = plots.get(i);
            titles.add(Map.of("text", plot.title()));
            grids.add(Map.of());
            xAxes.add(plot.x().option(i, false));
            yAxes.add(plot.y().option(i, true));
            for (Curve curve : plot.curves()) {
                series.add(curve.option(i, plot.x().isLog(), plot.y().isLog()));
            }
            if (!plot.rules().isEmpty()) {
                series.add(rules(i, plot.rules()));
            }
        }
        Map<String, Object> option = new LinkedHashMap<>();
        option.put("title", titles);
        option.put("grid", grids);
        option.put("xAxis", xAxes);
        option.put("yAxis", yAxes);
        option.put("legend", Map.of("data", plots.stream().flatMap(p -> p.curves().stream()).map(Curve::name).filter(n -> !n.isEmpty())
                .distinct().toList()));
        option.put("series", series);
        return option;
    }

    private static Map<String, Object> rules(int plot, List<Rule> rules) {
        Map<String, Object> lines = new LinkedHashMap<>();
        lines.put("silent", true);
        lines.put("symbol", "none");
        lines.put("lineStyle", Map.of("color", Ink.GREY, "type", "dashed", "width", 1));
        lines.put("data", rules.stream().map(Rule::option).toList());
        Map<String, Object> series = new LinkedHashMap<>();
        series.put("type", "line");
        series.put("xAxisIndex", plot);
        series.put("yAxisIndex", plot);
        series.put("data", List.of());
        series.put("markLine", lines);
        return series;
    }

    /** {@link #option} as JSON, in numbers as short as a picture needs. */
    public String json() {
        return GSON.toJson(rounded(option()));
    }

    /** Six digits are more than a screen shows. */
    private static Object rounded(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> all = new LinkedHashMap<>();
            map.forEach((key, each) -> all.put(key, rounded(each)));
            return all;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Chart::rounded).toList();
        }
        if (value instanceof Double d) {
            double six = Double.isFinite(d) && d != 0 ? new java.math.BigDecimal(d).round(new java.math.MathContext(6)).doubleValue() : d;
            return six == Math.rint(six) && Math.abs(six) < 1e15 ? (Object) (long) six : (Object) six;
        }
        return value;
    }

    @Override
    public String svg(String title, String words, int width) {
        return Svg.described(Echarts.svg(json(), width, height), title, words);
    }
}
