package org.ntk4j.chart;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * A matrix as a picture, one pixel a value.
 *
 * @param title      what it is
 * @param values     row by row
 * @param rowGroups  the name of each row's group; rows of one group stand together
 * @param groups     the name of each column's group
 * @param low        the value of the first colour
 * @param high       that of the last
 * @param difference whether the colours diverge from the middle
 */
public record HeatMap(String title, double[][] values, List<String> rowGroups, List<String> groups, double low, double high,
        boolean difference) {

    private static final int SIDE = 240;
    private static final int LEFT = 46;
    private static final int TOP = 26;
    private static final int BELOW = 62;
    private static final int BAR = 9;
    /** Beyond this, lines between groups hide what is in them. */
    private static final int MOST_LINES = 30;

    /** From pale to dark: one hue, so that brightness alone tells. */
    private static final List<Integer> ONE_WAY = List.of(0xF6FAFD, 0xA6CBE3, 0x4B96C6, 0x0072B2, 0x00456E, 0x001A2C);
    /** Blue below, vermillion above (Okabe and Ito). */
    private static final List<Integer> TWO_WAYS = List.of(0x00395A, 0x0072B2, 0x8FBFDC, 0xF7F7F7, 0xEDB184, 0xD55E00, 0x6B2F00);

    /** The picture with a scale and, where the pointer stands, the value. */
    public Thumbnail tile() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("title", title);
        model.put("png", png(values));
        model.put("bar", png(new double[][] {scale()}));
        model.put("left", LEFT);
        model.put("top", TOP);
        model.put("side", SIDE);
        model.put("bottom", TOP + SIDE);
        model.put("under", TOP + SIDE + 13);
        model.put("barTop", TOP + SIDE + 28);
        model.put("barHeight", BAR);
        model.put("numbersTop", TOP + SIDE + 28 + BAR + 13);
        model.put("right", LEFT + SIDE);
        model.put("low", Words.number(low));
        model.put("high", Words.number(high));
        model.put("rows", marks(rowGroups));
        model.put("columns", marks(groups));
        model.put("rowCount", values.length);
        model.put("columnCount", values[0].length);
        model.put("rowGroups", String.join("|", rowGroups.stream().map(g -> g.replace('|', '/')).toList()));
        model.put("columnGroups", String.join("|", groups.stream().map(g -> g.replace('|', '/')).toList()));
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        Arrays.stream(values).flatMapToDouble(Arrays::stream).forEach(v -> {
            range[0] = Math.min(range[0], v);
            range[1] = Math.max(range[1], v);
        });
        model.put("from", range[0]);
        model.put("to", range[1]);
        model.put("values", packed(range[0], range[1]));
        return new Thumbnail("heatmap.svg", model, LEFT + SIDE + 8, TOP + SIDE + BELOW);
    }

    private double[] scale() {
        double[] scale = new double[128];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = low + (high - low) * i / (scale.length - 1);
        }
        return scale;
    }

    /** Where each group begins and its name in the middle, in pixels; a name without room is left out. */
    private List<Map<String, Object>> marks(List<String> names) {
        List<Map<String, Object>> marks = new ArrayList<>();
        double each = (double) SIDE / names.size();
        double free = 0;
        boolean lines = names.stream().distinct().count() <= MOST_LINES;
        for (int from = 0; from < names.size(); ) {
            int to = from;
            while (to < names.size() && names.get(to).equals(names.get(from))) {
                to++;
            }
            double middle = (from + to) / 2.0 * each;
            String name = names.get(from).length() > 7 ? names.get(from).substring(0, 6) + "…" : names.get(from);
            boolean room = middle - 5 >= free;
            marks.add(Map.of("at", TOP + from * each, "across", LEFT + from * each, "middle", TOP + middle + 4, "middleAcross",
                    LEFT + middle, "name", room ? name : "", "first", from == 0 || !lines));
            free = room ? middle + Math.max(8, name.length() * 6.5) : free;
            from = to;
        }
        return marks;
    }

    /** 16 bits a value, between the smallest and the largest, base64. */
    private String packed(double from, double to) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * values[0].length * 2);
        for (double[] row : values) {
            for (double value : row) {
                bytes.putShort((short) Math.round(to > from ? (value - from) / (to - from) * 65535 : 0));
            }
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private String png(double[][] of) {
        BufferedImage image = new BufferedImage(of[0].length, of.length, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < of.length; i++) {
            for (int j = 0; j < of[i].length; j++) {
                double share = high > low ? (of[i][j] - low) / (high - low) : 0.5;
                image.setRGB(j, i, colour(Math.max(0, Math.min(1, share)), difference ? TWO_WAYS : ONE_WAY));
            }
        }
        return base64(image);
    }

    /** A picture as PNG in base64. */
    static String base64(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static int colour(double share, List<Integer> stops) {
        double place = share * (stops.size() - 1);
        int below = Math.min((int) place, stops.size() - 2);
        Color a = new Color(stops.get(below));
        Color b = new Color(stops.get(below + 1));
        double t = place - below;
        return new Color(mix(a.getRed(), b.getRed(), t), mix(a.getGreen(), b.getGreen(), t), mix(a.getBlue(), b.getBlue(), t)).getRGB();
    }

    private static int mix(int a, int b, double t) {
        return (int) Math.round(a + (b - a) * t);
    }
}
