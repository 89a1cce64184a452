package org.ntk4j.infinite.plane.step;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.rows.SeriesRows;
import org.ntk4j.rows.Terms;

/**
 * What is known of an image, or of several in lanes or side by side: its channels and the features of its variances before each step that
 * looks at them.
 *
 * @param real    1 where a position is and 0 where padding is, laid out as the channels are; null: there is no padding
 * @param rest    the slopes where a variance is 0; of a series the largest correlations
 * @param terms   the coefficients of series; none where the step is no series
 * @param written where the coefficients of images in lanes are written
 * @param input   how the channels lie
 * @param layout  how the features of each step lie
 */
public record PlaneImage<A>(List<A> channels, @Nullable A real, List<A> q, List<A> g, List<A> rest, List<Terms<A>> terms,
        List<Terms.Planes<A>> written, Layout input, List<Layout> layout) {

    /** How the rows and places of an array lie: values from one row to the next, from one place to the next, and before the first. */
    public record Layout(int line, int step, int begin) {

        int at(int row) {
            return row * line + begin;
        }
    }

    /** All arrays laid out alike, whatever is left of the image. */
    public PlaneImage(List<A> channels, @Nullable A real, List<A> q, List<A> g, List<A> rest, List<Terms<A>> terms,
            List<Terms.Planes<A>> written, Layout layout) {
        this(channels, real, q, g, rest, terms, written, layout, Collections.nCopies(q.size(), layout));
    }

    /** What a step by series needs of a row. */
    SeriesRows.Side<A> side(int look, int row) {
        Layout lies = layout.get(look);
        return new SeriesRows.Side<>(q.get(look), g.get(look), rest.get(look), lies.at(row), lies.step, terms.get(look),
                terms.get(look).at(row, 0) + lies.begin);
    }
}
