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
    private final Map<Integer, Result> shared = new HashMap<>();
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

    /** What a block gives for all outputs alike. */
    Result shared(int index) {
        return shared.computeIfAbsent(index, i -> graph.shared(x, from(i), from(i) + count(i)));
    }

    /** What a block gives for output c; unless all are kept, those of other outputs are dropped. */
    Result output(int index, int c) {
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
        Result made = graph.output(x, from(index), from(index) + count(index), c);
        passes.put(key, made);
        return made;
    }

    /** The tiles with this block are done for now: unless all are kept, it is dropped. */
    void release(int index) {
        if (keep) {
            return;
        }
        passes.entrySet().removeIf(e -> {
            boolean own = e.getKey() / graph.outputs() == index;
            if (own) {
                e.getValue().close();
            }
            return own;
        });
        Result r = shared.remove(index);
        if (r != null) {
            r.close();
        }
    }

    @Override
    public void close() {
        passes.values().forEach(Result::close);
        passes.clear();
        shared.values().forEach(Result::close);
        shared.clear();
    }
}
