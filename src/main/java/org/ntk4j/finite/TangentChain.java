package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.chain.Chain;
import org.ntk4j.chain.Link;
import org.ntk4j.chain.WayBack;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.kernel.Workers;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.family.TFloating;

/**
 * δ and gradients of the maps of a {@link Chain}, found outside of the graph from what its forward pass gives. They go where the products
 * take them from.
 *
 * @param <A> {@code double[]} or {@code float[]}
 */
final class TangentChain<A> {

    /** What is found at a map, for which of the outputs that go back together; 0 where it is for all. */
    private record Found(Chain.Wish what, int link, int output) {
    }

    /** Where it goes: which node, and how far two examples lie apart there. */
    private record Place(int node, int stride) {
    }

    /** What a thread works with. */
    private record Room<A>(WayBack<A> way, List<A> images, A slope) {
    }

    private final ChainValues<A> values;
    private final CompiledNetwork compiled;
    private final Chain chain;
    private final List<LinearMap> maps;
    private final LinearMap readout;
    /** δ at the last map is that times the readout's weights; null: the readout itself is the last map. */
    private final @Nullable Operand<TFloating> slope;
    private final int together;
    private final int threads;
    private final List<Operand<TFloating>> needed = new ArrayList<>();
    private final Map<Found, Place> places = new HashMap<>();
    private final List<A> weights = new ArrayList<>();
    private final Deque<Room<A>> rooms = new ConcurrentLinkedDeque<>();
    private A outputs;

    /** @param slope what the δ of all outputs have in common at the last hidden map; null: there is no such map */
    static TangentChain<?> of(CompiledNetwork compiled, TangentMaps maps, Chain chain, @Nullable Operand<TFloating> slope,
            TangentPlan plan) {
        return new TangentChain<>(ChainValues.of(compiled.precision()), compiled, maps, chain, slope, plan);
    }

    private TangentChain(ChainValues<A> values, CompiledNetwork compiled, TangentMaps maps, Chain chain,
            @Nullable Operand<TFloating> slope, TangentPlan plan) {
        this.values = values;
        this.compiled = compiled;
        this.chain = chain;
        this.maps = maps.pass().maps().subList(0, chain.links().size()).stream().map(LinearMap.class::cast).toList();
        this.readout = Objects.requireNonNull(maps.readout());
        this.slope = slope;
        this.together = plan.together();
        this.threads = plan.threads();
        // What is fed cannot be fetched by its own name.
        this.maps.subList(chain.firstImage(), this.maps.size()).forEach(m -> needed.add(compiled.tf().identity(m.input().value())));
        if (slope != null) {
            needed.add(slope);
        }
        this.outputs = values.room(0);
    }

    /** The bytes of Java's heap that it takes. */
    static long bytes(Chain chain, int together, Precision precision, int threads) {
        long weights = 0;
        for (Link link : chain.links()) {
            // As they come, and as they are put.
            weights += (long) precision.bytes() * link.in() * link.out() + ChainValues.bytes(precision, link);
        }
        return weights + threads * bytesOfThread(chain, together, precision);
    }

    /** Those of each thread. */
    static long bytesOfThread(Chain chain, int together, Precision precision) {
        long images = 0;
        for (Link link : chain.links()) {
            images += (long) precision.bytes() * (link.before() * (long) link.channels() + link.after() * (long) link.out());
        }
        return ChainValues.bytes(precision, chain, together) + chain.together() * images;
    }

    /** Where δ of an output goes. */
    void putDeltas(int link, int output, int node, TangentProducts.Node to) {
        places.put(new Found(Chain.Wish.DELTAS, link, output), new Place(node, to.stride()));
    }

    /** Where the gradients of the weights of all outputs go. */
    void putGradients(int link, int node, TangentProducts.Node to) {
        places.put(new Found(Chain.Wish.GRADIENTS, link, 0), new Place(node, to.stride()));
    }

    /** Where those of the biases go. */
    void putBiases(int link, int node, TangentProducts.Node to) {
        places.put(new Found(Chain.Wish.GRADIENTS_WITH_BIASES, link, 0), new Place(node, to.stride()));
    }

    /** Takes the weights as they are now. */
    void load() {
        weights.clear();
        rooms.clear();
        Session.Runner runner = compiled.session().runner();
        maps.forEach(m -> runner.fetch(m.weights()));
        if (slope != null) {
            runner.fetch(readout.weights());
        }
        try (var given = runner.run()) {
            for (int l = 0; l < maps.size(); l++) {
                Link link = chain.links().get(l);
                weights.add(l <= chain.first() ? values.room(0)
                        : values.turned(link, all(given.get(l)), maps.get(l).scale(), threads));
            }
            outputs = slope == null ? values.room(0) : all(given.get(maps.size()));
        }
    }

    private A all(Tensor tensor) {
        int count = Math.toIntExact(tensor.shape().size());
        A all = values.room(count);
        values.read(tensor, 0, all, count);
        return all;
    }

    /** What is needed of a forward pass. */
    List<Operand<TFloating>> needed() {
        return needed;
    }

    /**
     * Goes back with some examples.
     *
     * @param given    what was {@link #needed}
     * @param examples how many they are
     * @param first    the first output
     * @param count    how many outputs, not more than go back together
     * @param kept     the tensor of a node
     * @param at       the row of the first example there
     */
    void fill(List<Tensor> given, int examples, int first, int count, IntFunction<Tensor> kept, int at, Monitor monitor) {
        A rows = rows(first, count);
        int some = chain.together();
        Workers.each(threads, (examples + some - 1) / some, "tangent kernel", portion -> {
            if (monitor.cancelled()) {
                throw Failure.cancelled("stopped while computing a tangent kernel");
            }
            Room<A> room = Objects.requireNonNullElseGet(rooms.poll(), this::room);
            int from = portion * some;
            int size = Math.min(some, examples - from);
            for (int l = chain.firstImage(); l < maps.size(); l++) {
                read(given.get(l - chain.firstImage()), from, size, examples, room.images.get(l));
            }
            if (slope != null) {
                read(given.get(given.size() - 1), from, size, examples, room.slope);
            }
            room.way.run(size, new WayBack.Start<>(room.slope, rows), room.images, new Writer(kept, at + from));
            rooms.add(room);
        });
    }

    private void read(Tensor tensor, int from, int size, int examples, A to) {
        int each = Math.toIntExact(tensor.shape().size() / examples);
        values.read(tensor, (long) from * each, to, size * each);
    }

    /** R: the readout's weights of each output, or, where the readout is the last map, the outputs themselves. */
    private A rows(int first, int count) {
        int n = chain.links().get(chain.links().size() - 1).out();
        A rows = values.room(together * n);
        for (int c = 0; c < count; c++) {
            if (slope == null) {
                values.set(rows, c * n + first + c, 1);
            }
            for (int j = 0; slope != null && j < n; j++) {
                values.set(rows, c * n + j, readout.scale() * values.get(outputs, j * readout.out() + first + c));
            }
        }
        return rows;
    }

    private Room<A> room() {
        List<A> images = new ArrayList<>();
        for (int l = 0; l < maps.size(); l++) {
            Link link = chain.links().get(l);
            images.add(values.room(l < chain.firstImage() ? 0 : chain.together() * link.before() * link.channels()));
        }
        Link last = chain.links().get(maps.size() - 1);
        A ones = values.room(chain.together() * last.after() * last.out());
        for (int i = 0; slope == null && i < chain.together() * last.after() * last.out(); i++) {
            values.set(ones, i, 1);
        }
        return new Room<>(values.wayBack(chain, weights, together), images, ones);
    }

    private final class Writer implements WayBack.Taker<A> {

        private final IntFunction<Tensor> kept;
        private final int at;

        Writer(IntFunction<Tensor> kept, int at) {
            this.kept = kept;
            this.at = at;
        }

        private void write(Found found, int example, A from, int start, int count) {
            Place place = Objects.requireNonNull(places.get(found));
            values.write(from, start, count, kept.apply(place.node), (long) (at + example) * place.stride);
        }

        @Override
        public void deltas(int link, int output, int example, A from, int start, int count) {
            write(new Found(Chain.Wish.DELTAS, link, output), example, from, start, count);
        }

        @Override
        public void gradients(int link, int example, A from, int count) {
            write(new Found(Chain.Wish.GRADIENTS, link, 0), example, from, 0, count);
        }

        @Override
        public void biases(int link, int example, A from, int count) {
            write(new Found(Chain.Wish.GRADIENTS_WITH_BIASES, link, 0), example, from, 0, count);
        }
    }
}
