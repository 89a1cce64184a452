package org.ntk4j.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * A layer: one file that shows its two faces side by side, what it does at finite width and what it does to the covariance
 * at infinite width. To add one: a file like {@link Dense}, and its line in the grammar ({@code network.Grammar}).
 */
public interface Layer {

    /** Its name in the grammar. */
    String name();

    /** Its options with every default written out, by their names in the grammar; many have none. */
    default Map<String, Object> options() {
        return Map.of();
    }

    /** Its name and options on one line, without the lists of layers that it holds. */
    default String line() {
        Map<String, Object> options = new LinkedHashMap<>(options());
        lists().keySet().forEach(name -> options.remove(name.split("\\.")[0]));
        return options.isEmpty() ? name() : name() + " " + String.valueOf(options).replace('=', ' ');
    }

    /**
     * The shape of what it gives for inputs of shape {@code in}.
     *
     * @throws org.ntk4j.base.Failure if such inputs do not fit, in the user's words
     */
    Shape outputShape(Shape in);

    /** Its weights for inputs of shape {@code in}, in the order in which they are drawn; none for most. */
    default List<Weights> weights(Shape in) {
        return List.of();
    }

    /** Finite width: TensorFlow ops on a batch. */
    Signal forward(Forward f, Signal x);

    /** Infinite width: the covariance and tangent kernel after this layer, from those before. */
    Covariance kernel(Covariance c);

    /** What of its definition the infinite width depends on: layers with equal keys have equal kernels. */
    default Object infiniteKey() {
        return toYaml();
    }

    /** Which pairs of positions it needs to know, if those are needed after it. */
    default Span needs(Shape in, Span after) {
        return after;
    }

    /** What it does to the pairs of positions of one offset, if it keeps to them. */
    default Optional<PlaneStep> plane(Shape in) {
        return Optional.empty();
    }

    /** How it reduces all positions to one, if it does. */
    default Optional<Ending> ending() {
        return Optional.empty();
    }

    /** The layers that it consists of, one after the other: those of a list, not the list itself. */
    default Stream<Layer> parts() {
        return Stream.of(this);
    }

    /** Whether its weights are the same at all positions. */
    default boolean isShared() {
        return true;
    }

    /** Whether it is a linear map, and of which kind. */
    default Linearity linearity() {
        return Linearity.NONE;
    }

    /** This layer with another number of outputs, if it is a readout: a dense layer, or a list that ends in one. */
    default Optional<? extends Layer> readout(IntUnaryOperator outputs) {
        return Optional.empty();
    }

    /**
     * Passes the variance of a network on through this layer; false where that has no meaning: in layers with branches and in attention.
     */
    default boolean propagate(Propagation way) {
        return lists().isEmpty();
    }

    /** How many different words it reads, if its inputs are indices of words. */
    default OptionalInt words() {
        return OptionalInt.empty();
    }

    /** Remarks on its kernel at infinite width: how it was estimated, and with which error, where there is no closed form. */
    default List<String> notes() {
        return List.of();
    }

    /** Whether its kernels at infinite width are those of a network with noise, which the finite one is without. */
    default boolean isNoisy() {
        return lists().values().stream().anyMatch(Serial::isNoisy);
    }

    /** Why no finite network can have it, and what to do instead; empty for all layers but maps of kernels. */
    default Optional<String> infiniteOnly() {
        return lists().values().stream().flatMap(list -> list.infiniteOnly().stream()).findFirst();
    }

    /** Why it has no closed form at infinite width, and what to do instead; empty for most layers. */
    default Optional<String> finiteOnly() {
        return lists().values().stream().flatMap(list -> list.finiteOnly().stream()).findFirst();
    }

    /** This layer with its own widths {@code factor} times as large, which makes them about {@code width}. */
    default Layer widened(int factor, int width) {
        return this;
    }

    /** This layer in another parameterization; a layer that has no choice stays as it is. */
    default Layer parameterized(Parameterization other) {
        return this;
    }

    /** The lists of layers that it is made of, by their names in its path; none for most. */
    default Map<String, Serial> lists() {
        return Map.of();
    }

    /** How many layers it is, itself and all inside, as often as they are repeated; {@link Integer#MAX_VALUE} stands for more. */
    default int count() {
        return (int) Math.min(Integer.MAX_VALUE, 1 + lists().values().stream().mapToLong(Serial::count).sum());
    }

    /** This layer with a change made to it, or, if it is made of layers, to each of those. */
    default Layer rebuilt(UnaryOperator<Layer> change) {
        return change.apply(this);
    }

    /** As it is written in YAML: a bare name, or a map with one key. */
    default Object toYaml() {
        return options().isEmpty() ? name() : Map.of(name(), options());
    }
}
