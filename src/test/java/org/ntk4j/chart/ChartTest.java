package org.ntk4j.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ChartTest {

    private static final Chart CHART = Chart.of(Plot.of("a <b> & c", Axis.log("steps"), Axis.log("loss"),
            List.of(Curve.of(Ink.of("network"), Curve.Style.LINE,
                    List.of(Point.of(0, 1), Point.of(1, 0.5), Point.of(10, Double.NaN), Point.of(100, 1.0 / 3))),
                    Curve.of(Ink.of("regression.infinite"), Curve.Style.INTERVALS,
                            List.of(Point.of(1, 2), Point.of(1, 3), Point.of(2, 2), Point.of(2, 3))))).with(Rule.moment(50, "end")),
            Plot.of("words", Axis.linear("x"), Axis.words("", List.of("first", "second")),
                    List.of(Curve.of(Ink.of("labels"), Curve.Style.POINTS, List.of(new Point(1, 0, "one")))))
    );

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    @Test
    void an_option_says_what_is_drawn() {
        JsonObject option = JsonParser.parseString(CHART.json()).getAsJsonObject();
        assertThat(option.getAsJsonArray("series")).hasSize(4);
        JsonObject network = option.getAsJsonArray("series").get(0).getAsJsonObject();
        assertThat(network.get("name").getAsString()).isEqualTo("NN_T");
        assertThat(network.getAsJsonArray("data").toString()).as("what has no logarithm is a gap")
                .isEqualTo("[[\"-\",\"-\"],[1,0.5],[\"-\",\"-\"],[100,0.333333]]");
        assertThat(option.getAsJsonArray("series").get(1).getAsJsonObject().getAsJsonArray("data").toString())
                .isEqualTo("[[1,2],[1,3],[\"-\",\"-\"],[2,2],[2,3],[\"-\",\"-\"]]");
        assertThat(option.getAsJsonArray("xAxis").get(0).getAsJsonObject().get("type").getAsString()).isEqualTo("log");
        assertThat(option.getAsJsonObject("legend").getAsJsonArray("data").toString()).isEqualTo("[\"NN_T\",\"f_∞\",\"labels\"]");
    }

    @Test
    void json_can_stand_inside_html() {
        assertThat(CHART.json()).doesNotContain("<").contains("\\u003cb\\u003e");
    }

    @Test
    void is_drawn_as_svg_without_a_browser() throws Exception {
        String svg = CHART.svg("a <title>", "words & more", 800);
        Document document = xml(svg);
        assertThat(document.getDocumentElement().getAttribute("width")).isEqualTo("800");
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent()).isEqualTo("words & more");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < document.getElementsByTagName("text").getLength(); i++) {
            texts.add(document.getElementsByTagName("text").item(i).getTextContent());
        }
        assertThat(texts).contains("a <b> & c", "steps", "loss", "10", "100", "first", "second", "NN_T", "f_∞", "end");
        assertThat(svg).contains("#D55E00").contains("stroke=\"#000");
    }

    @Test
    void plots_stand_below_each_other_where_it_is_narrow() throws Exception {
        int wide = Integer.parseInt(xml(CHART.svg("", "", 800)).getDocumentElement().getAttribute("height"));
        int narrow = Integer.parseInt(xml(CHART.svg("", "", 360)).getDocumentElement().getAttribute("height"));
        assertThat(narrow).isGreaterThanOrEqualTo(wide + 290);
    }

    @Test
    void a_heat_map_has_a_pixel_for_each_value_and_a_scale() throws Exception {
        HeatMap map = new HeatMap("K < 1", new double[][] {{0, 1}, {1, 2}}, List.of("a", "b"), List.of("<i>", "b"), 0, 2, false);
        Document document = xml(new Thumbnails(List.of(map.tile())).svg("title", "words", 300));
        assertThat(document.getElementsByTagName("image").getLength()).isEqualTo(2);
        assertThat(document.getDocumentElement().getTextContent()).contains("K < 1").contains("<i>").contains("2.00");
        String png = ((org.w3c.dom.Element) document.getElementsByTagName("image").item(0)).getAttribute("href");
        byte[] bytes = java.util.Base64.getDecoder().decode(png.substring(png.indexOf(',') + 1));
        java.awt.image.BufferedImage image = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(bytes));
        assertThat(image.getWidth()).isEqualTo(2);
        assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xF6FAFD);
        assertThat(image.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0x001A2C);
    }

    @Test
    void numbers_are_short() {
        assertThat(List.of(Words.number(0.065712), Words.number(1487), Words.number(-0.5), Words.number(2.1e-7), Words.number(0),
                Words.number(Double.NaN), Words.number(0.99999),
                Words.whole(1487), Words.percent(0.0271), Words.number(1e7)))
                .containsExactly("0.0657", "1487", "−0.500", "2.10e-7", "0", "–", "1.00", "1487", "2.7 %", "1.00e7");
        assertThat(Words.wrapped("one two three", 7)).containsExactly("one two", "three");
        assertThat(Words.wrapped("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
    }
}
