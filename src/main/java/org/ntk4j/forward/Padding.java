package org.ntk4j.forward;

import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.data.Inputs;
import org.ntk4j.positions.Graphs;

/**
 * What a graph has to know of its inputs before it sees them: which of their positions are padding (all NaN), and their own graphs.
 *
 * @param kinds  the different ways in which inputs are padded; none: no input is
 * @param graphs the graphs that belong to the inputs; null: there are none
 */
public record Padding(List<Padded> kinds, @Nullable Graphs graphs) {

    /** No padding, no graphs. */
    public static final Padding NONE = new Padding(List.of(), null);

    /** No padding, and graphs that are not known yet: for plans. */
    public static final Padding WITH_GRAPHS = new Padding(List.of(), new Graphs(List.of(), 0));

    /** That of some inputs. */
    public static Padding of(Inputs x) {
        return new Padding(x.hasPadding() ? kinds(x) : List.of(), x.graphs().orElse(null));
    }

    private static List<Padded> kinds(Inputs x) {
        int positions = x.shape().positions();
        Set<Padded> kinds = new LinkedHashSet<>();
        for (int i = 0; i < x.count(); i++) {
            BitSet real = new BitSet(positions);
            for (int p = 0; p < positions; p++) {
                real.set(p, x.isReal(i, p));
            }
            kinds.add(new Padded(positions, real));
        }
        return List.copyOf(kinds);
    }

    /** Whether there is any padding. */
    public boolean any() {
        return !kinds.isEmpty();
    }

    /** That of both. */
    public Padding and(Padding other) {
        return new Padding(Stream.concat(kinds.stream(), other.kinds.stream()).distinct().toList(),
                graphs == null ? null : other.graphs == null ? null : graphs.and(other.graphs));
    }
}
