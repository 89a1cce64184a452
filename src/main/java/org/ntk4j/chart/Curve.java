package org.ntk4j.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What is drawn of one subject in a plot.
 *
 * @param name   as in the legend; curves of one name are switched on and off together
 * @param style  line, points, both, or intervals
 * @param points in the order in which they are joined
 */
public record Curve(String name, Ink ink, Style style, List<Point> points) {

    /** How points are drawn. */
    public enum Style {
        /** Joined by a line. */
        LINE,
        /** A thin, pale line. */
        THIN,
        /** A marker for each. */
        POINTS,
        /** A small pale marker for each of many. */
        CLOUD,
        /** Joined by a line, with a marker for each. */
        MARKED,
        /** Two points each are the ends of a bar. */
        INTERVALS
    }

    public Curve {
        points = List.copyOf(points);
    }

    /** A curve with the name of its subject. */
    public static Curve of(Ink ink, Style style, List<Point> points) {
        return new Curve(ink.symbol(), ink, style, points);
    }

    /** A curve of one's own, in the n-th colour. */
    public static Curve of(int nth, String name, Style style, double[] x, double[] y) {
        return of(Ink.nth(nth, name), style, IntStream.range(0, x.length).mapToObj(i -> Point.of(x[i], y[i])).toList());
    }

    boolean isEmpty() {
        return points.stream().allMatch(p -> Double.isNaN(p.x()) || Double.isNaN(p.y()));
    }

    /** As the chart library reads it; a point that a logarithmic axis cannot show is left out. */
    Map<String, Object> option(int plot, boolean logX, boolean logY) {
        boolean lines = style != Style.POINTS && style != Style.CLOUD;
        Map<String, Object> option = new LinkedHashMap<>();
        option.put("type", lines ? "line" : "scatter");
        option.put("name", name);
        option.put("xAxisIndex", plot);
        option.put("yAxisIndex", plot);
        option.put("symbol", lines && style != Style.MARKED ? "none" : ink.marker());
        option.put("symbolSize", switch (style) {
            case CLOUD -> 4;
            case POINTS -> 11;
            default -> 7;
        });
        option.put("itemStyle", style == Style.CLOUD ? Map.of("color", ink.colour(), "opacity", 0.45) : Map.of("color", ink.colour()));
        if (lines) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("color", ink.colour());
            line.put("width", style == Style.THIN ? 1.3 : 2);
            line.put("type", ink.dash().isEmpty() || style == Style.INTERVALS ? "solid" : ink.dash());
            if (style == Style.THIN) {
                line.put("opacity", 0.75);
            }
            option.put("lineStyle", line);
            option.put("showSymbol", style == Style.MARKED);
        }
        option.put("data", data(logX, logY));
        return option;
    }

    private List<Object> data(boolean logX, boolean logY) {
        List<Object> data = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point p = points.get(i);
            boolean drawn = Double.isFinite(p.x()) && Double.isFinite(p.y()) && !(logX && p.x() <= 0) && !(logY && p.y() <= 0);
            if (drawn) {
                List<Double> place = List.of(p.x(), p.y());
                data.add(p.label().isEmpty() ? place : Map.of("value", place, "name", p.label()));
            }
            if (!drawn && style != Style.POINTS && style != Style.CLOUD || style == Style.INTERVALS && i % 2 == 1) {
                data.add(List.of("-", "-"));
            }
        }
        return data;
    }
}
