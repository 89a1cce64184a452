package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;

class DrawTest {

    private static final int[] DIGITS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    private static int[] labels(int count) {
        return IntStream.range(0, count).map(i -> (i * 7 + i / 13) % 10).toArray();
    }

    private static int[] perClass(int[] labels, int[] drawn) {
        int[] counts = new int[10];
        Arrays.stream(drawn).forEach(i -> counts[labels[i]]++);
        return counts;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10, 15, 99, 100, 333, 500})
    void draws_every_class_as_equally_as_the_number_allows(int count) {
        int[] labels = labels(1000);
        int[] drawn = Draw.balanced(labels, DIGITS, count, 3, "examples");
        assertThat(drawn).hasSize(count).doesNotHaveDuplicates();
        int[] counts = perClass(labels, drawn);
        assertThat(Arrays.stream(counts).max().getAsInt() - Arrays.stream(counts).min().getAsInt()).isLessThanOrEqualTo(1);
    }

    @Test
    void lets_the_others_fill_up_where_a_class_has_too_few() {
        int[] labels = new int[60];
        Arrays.fill(labels, 20, 25, 1);
        Arrays.fill(labels, 25, 60, 2);
        int[] counts = perClass(labels, Draw.balanced(labels, new int[] {0, 1, 2}, 40, 0, "examples"));
        assertThat(counts[1]).isEqualTo(5);
        assertThat(counts[0] + counts[2]).isEqualTo(35);
        assertThat(Math.abs(counts[0] - counts[2])).isEqualTo(1);
        assertThat(perClass(labels, Draw.balanced(labels, new int[] {0, 1, 2}, 60, 0, "examples"))).startsWith(20, 5, 35);
    }

    @Test
    void draws_only_the_classes_wanted() {
        int[] labels = labels(500);
        int[] drawn = Draw.balanced(labels, new int[] {8, 3}, 20, 0, "examples");
        assertThat(Arrays.stream(drawn).map(i -> labels[i]).boxed().toList()).containsOnly(3, 8);
        assertThat(perClass(labels, drawn)[3]).isEqualTo(10);
    }

    @Test
    void depends_on_the_seed_alone() {
        int[] labels = labels(500);
        assertThat(Draw.balanced(labels, DIGITS, 50, 4, "")).isEqualTo(Draw.balanced(labels, DIGITS, 50, 4, ""));
        assertThat(Draw.balanced(labels, DIGITS, 50, 4, "")).isNotEqualTo(Draw.balanced(labels, DIGITS, 50, 5, ""));
    }

    /** Written down once: a change would change every result that was ever made with a seed. */
    @Test
    void draws_the_same_for_ever() {
        assertThat(Draw.balanced(labels(500), DIGITS, 5, 0, "")).containsExactly(59, 78, 228, 145, 395);
    }

    @Test
    void draws_less_as_a_part_of_more() {
        int[] labels = labels(500);
        Set<Integer> more = set(Draw.balanced(labels, DIGITS, 200, 9, ""));
        assertThat(more).containsAll(set(Draw.balanced(labels, DIGITS, 73, 9, "")));
    }

    private static Set<Integer> set(int[] values) {
        return Arrays.stream(values).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shuffles_the_order() {
        int[] labels = new int[1000];
        Arrays.setAll(labels, i -> i / 100);
        int[] drawn = Draw.balanced(labels, DIGITS, 1000, 0, "");
        long neighbours = IntStream.range(1, 1000).filter(i -> labels[drawn[i]] == labels[drawn[i - 1]]).count();
        assertThat(neighbours).isBetween(60L, 140L);
    }

    @Test
    void says_how_many_there_are() {
        assertThatThrownBy(() -> Draw.balanced(labels(500), DIGITS, 501, 0, "examples of x")).isInstanceOf(Failure.class)
                .hasMessage("501 examples of x were asked for; there are 500");
    }
}
