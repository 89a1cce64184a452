package org.ntk4j.chart;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A small picture of a fixed size, made from a template.
 *
 * @param template its name
 * @param values   what is filled in
 * @param width    in pixels
 * @param height   in pixels
 */
public record Thumbnail(String template, Map<String, Object> values, int width, int height) {

    /** The picture, at a place within another. */
    String svg(int x, int y) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put("x", x);
        all.put("y", y);
        all.put("width", width);
        all.put("height", height);
        return Template.render(template, all);
    }
}
