package org.ntk4j.moment.graph;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.moment.Merging;
import org.ntk4j.moment.Span;

/** Puts the branches of a network together in a graph; see {@link Merging}. */
final class GraphMerging {

    private GraphMerging() {
    }

    /** Weighted sums of K, Θ and means. */
    static GraphMoments sum(List<GraphMoments> branches, double[] weights) {
        return merged(branches, blocks -> {
            GraphTerm k = GraphTerm.sum(IntStream.range(0, weights.length).mapToObj(i -> blocks.get(i).k().times(weights[i])).toList());
            List<GraphTerm> t = IntStream.range(0, weights.length).filter(i -> blocks.get(i).t() != null)
                    .mapToObj(i -> blocks.get(i).tOrZero().times(weights[i])).toList();
            return blocks.get(0).with(k, t.isEmpty() ? null : GraphTerm.sum(t));
        }, sides -> {
            List<GraphTerm> means = IntStream.range(0, weights.length).filter(i -> sides.get(i).mean() != null)
                    .mapToObj(i -> Objects.requireNonNull(sides.get(i).mean()).times(weights[i])).toList();
            return means.isEmpty() ? null : GraphTerm.sum(means);
        });
    }

    /** {@code K = Π K_i}, {@code Θ = Σ_i Θ_i Π_{j≠i} K_j}; means multiply. */
    static GraphMoments product(List<GraphMoments> branches) {
        return merged(branches, blocks -> {
            GraphTerm k = blocks.get(0).k();
            GraphTerm t = blocks.get(0).tOrZero();
            for (GraphBlock b : blocks.subList(1, blocks.size())) {
                t = b.t() == null ? t.times(b.k()) : t.times(b.k()).plus(k.times(b.t()));
                k = k.times(b.k());
            }
            return blocks.get(0).with(k, t);
        }, sides -> sides.stream().anyMatch(s -> s.mean() == null)
                ? null : sides.stream().map(side -> Objects.requireNonNull(side.mean())).reduce(GraphTerm::times).orElseThrow());
    }

    private interface OfBlocks {
        GraphBlock merge(List<GraphBlock> blocks);
    }

    private interface OfMeans {
        @Nullable GraphTerm merge(List<GraphSide> sides);
    }

    private static GraphMoments merged(List<GraphMoments> all, OfBlocks merge, OfMeans means) {
        boolean shared = all.stream().allMatch(m -> m.self1() == m.self2());
        boolean equal = all.stream().anyMatch(m -> m.cross().span() == Span.EQUAL);
        List<GraphMoments> same = equal ? all.stream().map(GraphMoments::equalPositions).toList() : all;
        GraphOwn s1 = merged(merge, same.stream().map(GraphMoments::self1).toList());
        GraphSide sides1 = all.get(0).side1().withMean(means.merge(all.stream().map(GraphMoments::side1).toList()));
        return new GraphMoments(merge.merge(same.stream().map(GraphMoments::cross).toList()), s1,
                shared ? s1 : merged(merge, same.stream().map(GraphMoments::self2).toList()), sides1,
                shared ? sides1 : all.get(0).side2().withMean(means.merge(all.stream().map(GraphMoments::side2).toList())),
                        all.get(0).watch());
    }

    private static GraphOwn merged(OfBlocks merge, List<GraphOwn> owns) {
        GraphBlock merged = merge.merge(owns.stream().map(GraphOwn::all).toList());
        return new GraphOwn(merged, merged.span() == Span.EQUAL ? merged : merge.merge(owns.stream().map(GraphOwn::equal).toList()));
    }
}
