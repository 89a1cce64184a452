package org.ntk4j.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the figures of a panel into one picture. */
final class Pictures {

    private static final Pattern HEIGHT = Pattern.compile("<svg[^>]*? height=\"([0-9.]+)\"");
    private static final int TITLE = 30;
    private static final double LETTER = 8.3;

    private Pictures() {
    }

    static String stacked(Panel panel, int width) {
        List<Map<String, Object>> parts = new ArrayList<>();
        List<Map<String, Object>> lines = new ArrayList<>();
        int y = 0;
        for (String line : Words.wrapped(panel.title(), (int) (width / LETTER))) {
            y += 20;
            lines.add(Map.of("y", y, "text", line));
        }
        y += TITLE - 20;
        for (Figure figure : panel.figures()) {
            String svg = figure.svg(panel.title(), panel.sentence(), width);
            Matcher height = HEIGHT.matcher(svg);
            if (!height.find()) {
                throw new IllegalStateException("a picture without a height");
            }
            parts.add(Map.of("y", y, "svg", svg.substring(svg.indexOf("<svg"))));
            y += (int) Math.ceil(Double.parseDouble(height.group(1)));
        }
        return Template.render("panel.svg", Map.of("width", width, "height", y, "title", panel.title(), "words", panel.sentence(), "lines",
                lines, "parts", parts));
    }
}
