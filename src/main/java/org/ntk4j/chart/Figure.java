package org.ntk4j.chart;

/** What a panel shows: plots, or small pictures. */
public sealed interface Figure permits Chart, Thumbnails {

    /**
     * A picture that stands alone, on white.
     *
     * @param title in a few words, for readers who cannot see it
     * @param words the same at length
     * @param width in pixels; the height follows
     */
    String svg(String title, String words, int width);
}
