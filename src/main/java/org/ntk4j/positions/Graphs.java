package org.ntk4j.positions;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.ntk4j.base.Failure;

/**
 * The graphs of a run of examples.
 *
 * @param edges of each example
 * @param first the number of the first of them among all examples, for messages
 */
public record Graphs(List<Edges> edges, int first) {

    private static final int MOST_REPORTED = 10;

    public Graphs {
        edges = List.copyOf(edges);
    }

    /** Which positions of an example are real. */
    public interface Real {
        /** Whether a position of an example is no padding. */
        boolean at(int example, int position);
    }

    /**
     * The graphs of all examples.
     *
     * @throws Failure with one line for each edge that does not fit
     */
    public static Graphs of(List<Edges> edges, int positions, Real real) {
        List<String> mistakes = new ArrayList<>();
        for (int i = 0; i < edges.size() && mistakes.size() < MOST_REPORTED; i++) {
            int example = i;
            IntPredicate own = p -> real.at(example, p);
            Edges e = edges.get(i);
            for (int k = 0; k < e.count() && mistakes.size() < MOST_REPORTED; k++) {
                String wrong = Edges.wrong(e.tails()[k], e.heads()[k], e.weights()[k], positions, own);
                if (wrong != null) {
                    mistakes.add("example " + i + ": " + wrong);
                }
            }
        }
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        return new Graphs(edges, 0);
    }

    /**
     * The edges of an example.
     *
     * @throws Failure if there is no such example
     */
    public Edges of(int example) {
        if (example < 0 || example >= edges.size()) {
            throw Failure.input("there is no graph " + example + " among " + edges.size() + ", counted from 0");
        }
        return edges.get(example);
    }

    /** How many examples. */
    public int count() {
        return edges.size();
    }

    /** Examples {@code from … to}. */
    public Graphs slice(int from, int to) {
        return new Graphs(edges.subList(from, to), first + from);
    }

    /** These and others behind them. */
    public Graphs and(Graphs others) {
        List<Edges> all = new ArrayList<>(edges);
        all.addAll(others.edges);
        return new Graphs(all, first);
    }

    /**
     * The graphs, if a rule can aggregate over all of them.
     *
     * @param where the layer, for messages
     * @throws Failure naming the example and its edge
     */
    public Graphs checked(Aggregation rule, String where) {
        for (int i = 0; i < edges.size(); i++) {
            String wrong = rule.wrong(edges.get(i), first + i);
            if (wrong != null) {
                throw Failure.input(where + ": " + wrong);
            }
        }
        return this;
    }
}
