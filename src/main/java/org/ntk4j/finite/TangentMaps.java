package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Precision;
import org.ntk4j.chain.Chain;
import org.ntk4j.chain.Link;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.forward.Signal;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.forward.UnsharedMap;
import org.ntk4j.forward.WordMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * What the recorded maps are to a tangent kernel. For the mean over outputs two maps at the end need no backward pass for each
 * output: the readout, whose δ_c is a unit vector, and the hidden map before it where each channel goes to the readout by
 * itself (through activations and pooling): its {@code δ_c[p, j] = s[p, j]·W_jc} with the same s for all outputs.
 *
 * @param pass    the forward pass
 * @param full    whether outputs are wanted one by one
 * @param readout the last map; null if it is one of the others
 * @param hidden  the map before; null if it is one of the others
 * @param ends    whether readout and hidden map are wanted themselves
 * @param others  all other maps that are wanted: δ is needed for each output
 * @param ways    how each is done: others, hidden, readout, as far as they are wanted
 * @param chain   what is taken back outside of TensorFlow; null: nothing
 */
record TangentMaps(CompiledNetwork.Pass pass, boolean full, @Nullable LinearMap readout, @Nullable LinearMap hidden, Ends ends,
        List<TrainedMap> others, List<Contraction> ways, @Nullable Chain chain) {

    /** Weights of a chain have to be turned once: not for a few examples. */
    private static final int FEW = 64;
    /** A way back of a chain takes about as long as by TensorFlow where it has this many times the operations. */
    private static final double WORTH = 0.8;

    /** Whether the readout and the hidden map before it count. */
    record Ends(boolean readout, boolean hidden) {
    }

    /**
     * @param wanted   which maps count
     * @param pairs    of how many pairs of examples the kernel is
     * @param examples from how many examples
     * @param forced   the way to take for all maps; null: the cheaper for each
     */
    static TangentMaps of(CompiledNetwork.Pass pass, boolean full, Predicate<TrainedMap> wanted, double pairs, double examples,
            Contraction.@Nullable Way forced) {
        List<TrainedMap> maps = pass.maps();
        int last = maps.size() - 1;
        LinearMap readout = !full && last >= 0 && pass.origin() == Signal.Origin.MAP && maps.get(last) instanceof LinearMap m
                && m.positions() == 1 ? m : null;
        LinearMap hidden = readout != null && last >= 1
                && (readout.source() == Signal.Origin.CHANNELWISE || readout.source() == Signal.Origin.RECTIFIED)
                && maps.get(last - 1) instanceof LinearMap m && m.out() == readout.in() ? m : null;
        List<TrainedMap> others = maps.subList(0, last + 1 - (readout == null ? 0 : 1) - (hidden == null ? 0 : 1)).stream().filter(wanted)
                .toList();
        Ends ends = new Ends(readout != null && wanted.test(readout), hidden != null && wanted.test(hidden));
        List<Contraction> ways = new ArrayList<>();
        others.forEach(m -> ways.add(Contraction.of(m, pass.count(), pairs, examples, forced)));
        if (hidden != null && ends.hidden) {
            ways.add(Contraction.of(hidden, 1, pairs, examples, forced));
        }
        if (readout != null && ends.readout) {
            ways.add(Contraction.readout(readout, pairs));
        }
        return new TangentMaps(pass, full, readout, hidden, ends, others, List.copyOf(ways), null);
    }

    /** These with their chain, if they are one that arrays can hold. */
    TangentMaps chained() {
        LinearMap end = hidden == null ? readout : hidden;
        if (end == null || others.isEmpty()) {
            return this;
        }
        List<Link> links = new ArrayList<>();
        List<Chain.Wish> wants = new ArrayList<>();
        for (TrainedMap map : pass.maps().subList(0, pass.maps().indexOf(end) + 1)) {
            boolean follows = map instanceof LinearMap m && m.input().mask() == null
                    && (links.isEmpty() || m.input().origin() == Signal.Origin.RECTIFIED);
            if (!follows) {
                return this;
            }
            LinearMap linear = (LinearMap) map;
            links.add(link(linear));
            if (map != end) {
                wants.add(wish(linear));
            }
        }
        Chain way = new Chain(links, wants);
        return way.fits(pass.count()) ? new TangentMaps(pass, full, readout, hidden, ends, others, ways, way) : this;
    }

    /** Whether there is a chain, and it takes less time than TensorFlow: for many outputs of a wide network. */
    boolean isChainFaster(double examples, Precision precision) {
        int k = pass.count();
        return chain != null && examples * chain.links().get(0).after() >= FEW && backward(k, precision) < WORTH * k * backward();
    }

    private static Link link(LinearMap map) {
        Shape shape = map.input().shape();
        Stencil stencil = map.stencil();
        int[][] itself = {IntStream.range(0, map.positions()).toArray()};
        return new Link(stencil == null ? itself : stencil.whole(shape), shape.positions(), shape.channels(), map.out());
    }

    private Chain.Wish wish(LinearMap map) {
        int i = others.indexOf(map);
        if (i < 0) {
            return Chain.Wish.NOTHING;
        }
        return way(i) == Contraction.Way.GRAM ? Chain.Wish.DELTAS
                : map.tangentBias() == 0 ? Chain.Wish.GRADIENTS : Chain.Wish.GRADIENTS_WITH_BIASES;
    }

    /** How the i-th of the others is done. */
    Contraction.Way way(int i) {
        return ways.get(i).way();
    }

    /** How the hidden map is done. */
    Contraction.Way wayOfHidden() {
        return ways.get(others.size()).way();
    }

    /** Operations of a forward pass of one example. */
    double forward() {
        return pass.maps().stream().mapToDouble(TangentMaps::operations).sum();
    }

    /** Operations of a backward pass of one example and output, down to the first of the others. */
    double backward() {
        if (others.isEmpty()) {
            return 0;
        }
        int from = pass.maps().indexOf(others.get(0)) + 1;
        int to = pass.maps().size() - (hidden != null ? 1 : 0);
        return pass.maps().subList(Math.min(from, to), to).stream().mapToDouble(TangentMaps::operations).sum();
    }

    /** Operations of the way back of one example for some outputs. */
    double backward(int outputs, Precision precision) {
        return chain == null ? outputs * backward() : chain.operations(outputs, precision == Precision.FLOAT32);
    }

    private static double operations(TrainedMap map) {
        return 2.0 * map.positions() * map.in() * map.out();
    }

    /** Values of an example that are alive during a run, beside what is kept: activations, patches, and δ of this many outputs. */
    long valuesAlive(int together) {
        long values = 0;
        for (TrainedMap map : pass.maps()) {
            values += map.positions() * (map.in() + 4L * map.out());
        }
        if (chain != null) {
            // What comes into its maps is asked for.
            return values + pass.maps().stream().mapToLong(m -> (long) m.positions() * m.out()).sum();
        }
        // Each δ is there twice or more: before and after an activation, and beside the others.
        return values + together * others.stream().mapToLong(m -> 4L * m.positions() * m.out()).sum();
    }

    /** Values of an example that are kept for the products. */
    long valuesKept(int together) {
        long values = readout != null && ends.readout ? readout.in() : 0;
        if (hidden != null && ends.hidden) {
            values += kept(hidden, wayOfHidden(), 1);
        }
        for (int i = 0; i < others.size(); i++) {
            values += kept(others.get(i), way(i), together);
        }
        return values;
    }

    private static long kept(TrainedMap given, Contraction.Way way, long outputs) {
        TrainedMap map = given.whole();
        long positions = map.positions();
        if (map instanceof LinearMap m) {
            return way == Contraction.Way.GRAM ? positions * (m.in() + outputs * m.out()) : outputs * m.out() * (m.in() + 1L);
        }
        if (map instanceof UnsharedMap m) {
            return positions * (way == Contraction.Way.GRAM ? m.in() + outputs * m.out() : outputs * m.out() * (m.in() + 1L));
        }
        return (map instanceof WordMap ? positions : 0) + outputs * positions * map.out();
    }

    /** Values of a pair of examples that are alive during a product. */
    long valuesOfPair() {
        long most = 1;
        for (Contraction c : ways) {
            most = Math.max(most, c.way() == Contraction.Way.GRAM ? (long) c.positions() * c.positions() : 1);
        }
        return 3 * most + ways.size() + pass.count();
    }
}
