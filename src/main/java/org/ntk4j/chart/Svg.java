package org.ntk4j.chart;

import java.util.Map;

/** Pictures that stand alone. */
final class Svg {

    private Svg() {
    }

    /** The picture with a title and a description for readers who cannot see it. */
    static String described(String svg, String title, String words) {
        int end = svg.indexOf('>', svg.indexOf("<svg"));
        String head = svg.substring(0, end);
        return head + " role=\"img\">\n" + Template.svgWords(Map.of("title", title, "words", words)) + svg.substring(end + 1);
    }
}
