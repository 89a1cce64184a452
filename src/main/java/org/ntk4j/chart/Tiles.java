package org.ntk4j.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small pictures side by side, as many in a row as fit. */
public record Tiles(List<Tile> tiles) implements Figure {

    private static final int GAP = 16;

    public Tiles {
        tiles = List.copyOf(tiles);
    }

    @Override
    public String svg(String title, String words, int width) {
        int x = 0;
        int y = 0;
        int rowHeight = 0;
        List<String> placed = new ArrayList<>();
        for (Tile tile : tiles) {
            if (x > 0 && x + tile.width() > width) {
                x = 0;
                y += rowHeight + GAP;
                rowHeight = 0;
            }
            placed.add(tile.svg(x, y));
            x += tile.width() + GAP;
            rowHeight = Math.max(rowHeight, tile.height());
        }
        return Template.render("picture.svg", Map.of("width", width, "height", y + rowHeight, "title", title, "words", words, "parts",
                placed));
    }
}
