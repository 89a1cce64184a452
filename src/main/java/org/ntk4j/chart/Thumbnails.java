package org.ntk4j.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small pictures side by side, as many in a row as fit. */
public record Thumbnails(List<Thumbnail> pictures) implements Figure {

    private static final int GAP = 16;

    public Thumbnails {
        pictures = List.copyOf(pictures);
    }

    @Override
    public String svg(String title, String words, int width) {
        int x = 0;
        int y = 0;
        int rowHeight = 0;
        List<String> placed = new ArrayList<>();
        for (Thumbnail picture : pictures) {
            if (x > 0 && x + picture.width() > width) {
                x = 0;
                y += rowHeight + GAP;
                rowHeight = 0;
            }
            placed.add(picture.svg(x, y));
            x += picture.width() + GAP;
            rowHeight = Math.max(rowHeight, picture.height());
        }
        return Template.render("picture.svg", Map.of("width", width, "height", y + rowHeight, "title", title, "words", words, "parts",
                placed));
    }
}
