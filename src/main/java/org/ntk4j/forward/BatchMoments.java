package org.ntk4j.forward;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** Where batch normalization takes the means and variances of its channels from: saved numbers, or the examples that go through. */
public final class BatchMoments {

    /** {@code [channels]} each. */
    public record Pair(Operand<TFloating> mean, Operand<TFloating> variance) {
    }

    private final boolean measured;
    private final Map<String, Pair> byPath;

    private BatchMoments(boolean measured, Map<String, Pair> byPath) {
        this.measured = measured;
        this.byPath = byPath;
    }

    /** Those that are saved with the weights: examples do not mix. */
    public static BatchMoments saved() {
        return new BatchMoments(false, Map.of());
    }

    /** Those of the examples that go through, which are kept. */
    public static BatchMoments measured() {
        return new BatchMoments(true, new LinkedHashMap<>());
    }

    /** Those that were measured in another pass. */
    public BatchMoments known() {
        return new BatchMoments(false, byPath);
    }

    /** What was measured, by the path of the layer. */
    public Map<String, Pair> byPath() {
        return byPath;
    }

    Pair of(String path, Supplier<Pair> ofExamples, Supplier<Pair> saved) {
        if (measured) {
            return byPath.computeIfAbsent(path, p -> ofExamples.get());
        }
        @Nullable Pair known = byPath.get(path);
        return known == null ? saved.get() : known;
    }
}
