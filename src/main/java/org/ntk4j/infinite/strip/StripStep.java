package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Series;
import org.ntk4j.layer.Serial;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/** What a network without positions does to K and Θ of a pair, given both examples with themselves. */
public sealed interface StripStep {

    /** A linear map. */
    record Linear(Rows.Affine map) implements StripStep {

        /** This map with weights that are not trained: they add nothing to Θ. */
        Linear frozen() {
            return new Linear(new Rows.Affine(map.scale(), map.bias(), 0, map.fromT(), 0));
        }
    }

    /**
     * An activation.
     *
     * @param form  its closed form for rows; null where it has none
     * @param where its name for messages
     */
    record Activate(Nonlinearity phi, @Nullable Arc form, String where) implements StripStep {

        /** What stands for a closed form, if it has none. */
        Optional<Series> series(Rows<?> rows) {
            return form == null ? phi.series(rows.isSingle()) : Optional.empty();
        }
    }

    /** Layer normalization. */
    record Normalize(double epsilon) implements StripStep {
    }

    /** Dropout: only an example with itself is changed. */
    record Drop(double keep) implements StripStep {
    }

    /** Several ways from here on, and their weighted sum. */
    record Sum(List<List<StripStep>> ways, double[] weights) implements StripStep {
    }

    /** Several ways from here on, and their product: {@code K = Π K_i}, {@code Θ = Σ_i Θ_i Π_{j≠i} K_j}. */
    record Product(List<List<StripStep>> ways) implements StripStep {
    }

    /** The ways that begin here, if there are several. */
    default List<List<StripStep>> ways() {
        return List.of();
    }

    /** The steps of a network; empty if its inputs have positions, or its layers refuse them. */
    static Optional<List<StripStep>> of(Serial network, Shape in) {
        return in.isVector() ? StripMoments.steps(network, in) : Optional.empty();
    }

    /** The steps of a network of linear maps and activations one after the other. */
    static Optional<List<StripStep>> chain(Serial network, Shape in) {
        return of(network, in).filter(steps -> steps.stream().allMatch(s -> s instanceof Linear || s instanceof Activate));
    }
}
