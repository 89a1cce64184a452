package org.ntk4j.finite;

import java.util.HashMap;
import java.util.Map;
import org.ntk4j.data.Inputs;
import org.tensorflow.Result;

/** The forward and backward passes of a set of inputs, block by block: computed when asked for, kept or not. */
final class BackwardPasses implements AutoCloseable {

    private final TangentGraph graph;
    private final Inputs x;
    private final int block;
    private final boolean keep;
    private final Map<Integer, Result> inputs = new HashMap<>();
    private final Map<Long, Result> passes = new HashMap<>();

    BackwardPasses(TangentGraph graph, Inputs x, int block, boolean keep) {
        this.graph = graph;
        this.x = x;
        this.block = block;
        this.keep = keep;
    }

    int blocks() {
        return (x.count() + block - 1) / block;
    }

    int from(int index) {
        return index * block;
    }

    int count(int index) {
        return Math.min(x.count(), from(index) + block) - from(index);
    }

    /** The inputs of the maps for a block. */
    Result inputs(int index) {
        return inputs.computeIfAbsent(index, i -> graph.inputs(x, from(i), from(i) + count(i)));
    }

    /** The backward pass of output c for a block; unless they are kept, the one of another output is dropped. */
    Result pass(int index, int c) {
        long key = (long) index * graph.outputs() + c;
        Result found = passes.get(key);
        if (found != null) {
            return found;
        }
        if (!keep) {
            passes.entrySet().removeIf(e -> {
                boolean other = e.getKey() % graph.outputs() != c;
                if (other) {
                    e.getValue().close();
                }
                return other;
            });
        }
        Result made = graph.backward(x, from(index), from(index) + count(index), c);
        passes.put(key, made);
        return made;
    }

    /** A tile with this block is done. */
    void release(int index) {
        if (!keep) {
            drop();
            Result r = inputs.remove(index);
            if (r != null) {
                r.close();
            }
        }
    }

    private void drop() {
        passes.values().forEach(Result::close);
        passes.clear();
    }

    @Override
    public void close() {
        drop();
        inputs.values().stream().filter(r -> r != null).forEach(Result::close);
        inputs.clear();
    }
}
