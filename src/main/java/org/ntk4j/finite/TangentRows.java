package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.types.family.TFloating;

/**
 * What a tile of examples brings into the products: the forward and backward passes of one side for some outputs, block by
 * block put together in native memory, which is used again for the next tile and the next outputs.
 */
final class TangentRows implements AutoCloseable {

    private final TangentGraph graph;
    private final Inputs x;
    private final TangentPlan plan;
    /** For each node, for each output that it has one for. */
    private final List<List<Tensor>> kept = new ArrayList<>();
    /** Tensors for what comes from outside of the graph; null where something comes from the graph. */
    private final List<@Nullable Tensor> own = new ArrayList<>();
    /** Where a tile goes through the network in one block, that is what is kept: there is nothing to put together. */
    private final List<Result> whole = new ArrayList<>();
    private int tile = -1;
    private int pass = -1;

    TangentRows(TangentGraph graph, Inputs x, TangentPlan plan) {
        this.graph = graph;
        this.x = x;
        this.plan = plan;
    }

    int tiles() {
        return (x.count() + plan.tile() - 1) / plan.tile();
    }

    int from(int index) {
        return index * plan.tile();
    }

    int count(int index) {
        return Math.min(x.count(), from(index) + plan.tile()) - from(index);
    }

    /** Makes it hold a tile and the outputs of a pass. */
    void fill(int wantedTile, int wantedPass, Monitor monitor) {
        if (tile == wantedTile && pass == wantedPass) {
            return;
        }
        if (own.isEmpty()) {
            graph.nodes().forEach(n -> own.add(n.values().isEmpty() ? empty(n) : null));
        }
        if (plan.block() == plan.tile()) {
            take(wantedTile, wantedPass, monitor);
        } else {
            putTogether(wantedTile, wantedPass, monitor);
        }
        tile = wantedTile;
        pass = wantedPass;
    }

    /** What all outputs share is only needed with the first of them. */
    private List<Integer> wanted(int wantedPass) {
        return IntStream.range(0, graph.nodes().size()).filter(i -> !graph.nodes().get(i).values().isEmpty())
                .filter(i -> wantedPass == 0 || !graph.nodes().get(i).once()).boxed().toList();
    }

    private void take(int wantedTile, int wantedPass, Monitor monitor) {
        List<Integer> wanted = wanted(wantedPass);
        List<Operand<TFloating>> values = wanted.stream().flatMap(i -> graph.nodes().get(i).spaced().stream()).toList();
        if (wantedPass == 0) {
            letGo();
            graph.nodes().forEach(n -> kept.add(List.of()));
        }
        Result block = run(values, wantedTile, from(wantedTile), from(wantedTile) + count(wantedTile), wantedPass, monitor);
        int at = 0;
        for (int i : wanted) {
            List<Tensor> some = new ArrayList<>();
            for (int v = 0; v < graph.nodes().get(i).spaced().size(); v++) {
                some.add(block.get(at++));
            }
            kept.set(i, some);
        }
        // Of the outputs before nothing is left; what they share came with the first of them.
        while (whole.size() > 1) {
            whole.remove(1).close();
        }
        whole.add(block);
    }

    private void putTogether(int wantedTile, int wantedPass, Monitor monitor) {
        List<TangentProducts.Node> nodes = graph.nodes();
        if (kept.isEmpty()) {
            nodes.forEach(n -> kept.add(n.values().stream().map(v -> empty(n)).toList()));
        }
        List<Integer> wanted = wanted(wantedPass);
        List<Operand<TFloating>> values = wanted.stream().flatMap(i -> nodes.get(i).values().stream()).toList();
        int end = from(wantedTile) + count(wantedTile);
        for (int from = from(wantedTile); from < end; from += plan.block()) {
            try (Result block = run(values, wantedTile, from, Math.min(end, from + plan.block()), wantedPass, monitor)) {
                int at = 0;
                for (int i : wanted) {
                    for (Tensor target : kept.get(i)) {
                        copy(block.get(at++), target, nodes.get(i), from - from(wantedTile));
                    }
                }
            }
        }
    }

    /** These values; what comes from outside of the graph is where it belongs then. */
    private Result run(List<Operand<TFloating>> values, int wantedTile, int from, int to, int wantedPass, Monitor monitor) {
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped while computing a tangent kernel");
        }
        TangentChain<?> chain = graph.chain();
        if (chain == null) {
            return graph.run(values, x, from, to, wantedPass);
        }
        List<Operand<TFloating>> all = new ArrayList<>(values);
        all.addAll(chain.needed());
        Result result = graph.run(all, x, from, to, wantedPass);
        List<Tensor> given = IntStream.range(values.size(), all.size()).mapToObj(result::get).toList();
        try {
            chain.fill(given, to - from, wantedPass * plan.together(), graph.outputsOf(wantedPass), node -> get(node, 0),
                    from - from(wantedTile), monitor);
        } catch (Throwable e) {
            result.close();
            throw e;
        }
        // The rest may be kept as long as the tile is: these are needed no more.
        given.forEach(Tensor::close);
        return result;
    }

    private Tensor empty(TangentProducts.Node node) {
        Tensor tensor = Tensors.room(graph.precision(), plan.tile(), node.stride());
        if (node.stride() > node.columns()) {
            int gap = (node.stride() - node.columns()) * graph.precision().bytes();
            ByteDataBuffer bytes = tensor.asRawTensor().data();
            byte[] zeros = new byte[gap];
            for (long row = 0; row < plan.tile(); row++) {
                bytes.offset((row * node.stride() + node.columns()) * graph.precision().bytes()).write(zeros);
            }
        }
        return tensor;
    }

    private void copy(Tensor block, Tensor target, TangentProducts.Node node, int at) {
        ByteDataBuffer from = block.asRawTensor().data();
        ByteDataBuffer to = target.asRawTensor().data();
        int bytes = graph.precision().bytes();
        long stride = (long) node.stride() * bytes;
        long length = (long) node.columns() * bytes;
        long count = block.shape().get(0);
        if (stride == length) {
            from.copyTo(to.offset(at * stride), count * length);
            return;
        }
        for (long row = 0; row < count; row++) {
            from.offset(row * length).copyTo(to.offset((at + row) * stride), length);
        }
    }

    /** What is kept for a node and the c-th output of the pass. */
    Tensor get(int node, int c) {
        Tensor ours = own.get(node);
        if (ours != null) {
            return ours;
        }
        List<Tensor> values = kept.get(node);
        return values.get(values.size() == 1 ? 0 : c);
    }

    @Override
    public void close() {
        letGo();
        own.stream().flatMap(Stream::ofNullable).forEach(Tensor::close);
        own.clear();
    }

    private void letGo() {
        if (whole.isEmpty()) {
            kept.forEach(values -> values.forEach(Tensor::close));
        }
        whole.forEach(Result::close);
        whole.clear();
        kept.clear();
    }
}
